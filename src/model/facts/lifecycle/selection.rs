//! What a rule wants of the tags of images, and images that are made up to meet it.
//! It does not know how rules affect each other.
//!
//! Further tags only make an image meet more rules. So the image of a rule that meets the fewest others has one
//! tag for each of the rule's patterns, and each of these tags has a character of no pattern in place of every
//! `*`: what takes it takes every image of the rule.

use super::super::glob;
use super::super::leaf::{Answer, Leaf};
use super::doubt;
use super::grammar::Rule;
use super::words::COUNT;
use crate::model::{Data, Piece, Unknown, Value};

/// Longest tag of the OCI distribution specification, in characters.
const LONGEST_TAG: usize = 128;

/// The list whose entries are the beginnings of tags.
const PREFIXES: &str = "tagPrefixList";

/// A rule together with what it wants of tags.
pub(super) struct Selection<'r, 'v> {
    pub(super) rule: &'r Rule<'v>,
    entries: Vec<Entry>,
}

/// What an image needs a tag for.
struct Entry {
    /// What the tag matches; more than that where it is open.
    pattern: String,
    /// Why the pattern is not known any better.
    open: Option<Unknown>,
    /// Whether it may well match nothing at all.
    is_hollow: bool,
    /// Whether it is one tag: a pattern without `*`.
    exact: Answer,
}

/// An image that is made up.
#[derive(Clone)]
pub(super) struct Image {
    tags: Vec<Tag>,
    /// Why there may be no such image.
    pub(super) doubt: Option<Unknown>,
}

/// A tag of an image that is made up.
#[derive(Clone)]
struct Tag {
    /// The tag, with a character of no pattern where it can be anything.
    text: String,
    /// What it matches for certain, and why no more is known.
    open: Option<(String, Unknown)>,
}

impl<'r, 'v> Selection<'r, 'v> {
    pub(super) fn of(rule: &'r Rule<'v>) -> Self {
        let entries = match rule.list {
            Some((key, list)) => match list.data() {
                Data::Unknown(_) => Entry::read(key, list).into_iter().collect(),
                _ => list
                    .items()
                    .filter_map(|item| Entry::read(key, item))
                    .collect(),
            },
            None => Vec::new(),
        };
        Self { rule, entries }
    }

    /// How many patterns it has.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the image meets what the rule wants of tags.
    pub(super) fn meets(&self, image: &Image) -> Answer {
        match self.rule.status.leaf {
            Leaf::Known("any") => Answer::Yes,
            Leaf::Known("untagged") => image.tags.is_empty().into(),
            Leaf::Known("tagged") if self.entries.is_empty() => Answer::No,
            Leaf::Known("tagged") => {
                self.entries
                    .iter()
                    .fold(Answer::Yes, |sofar, entry| match sofar {
                        Answer::No => Answer::No,
                        sofar => sofar.and(entry.is_met_by(image)),
                    })
            }
            Leaf::Unknown(unknown) => Answer::Unknown(doubt(unknown)),
            Leaf::Known(_) | Leaf::Absent | Leaf::Other => Answer::No,
        }
    }

    /// Whether the rule counts images of which there is one at most, and so leaves that one alone.
    ///
    /// A tag is on one image at a time
    /// (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html>: one that is pushed again
    /// moves), and a rule that counts keeps one image at least. That an entry of `tagPatternList` without `*` is
    /// the tag itself is nowhere said, and what people rely on.
    pub(super) fn keeps_its_one_image(&self) -> Answer {
        let counts = match self.rule.count_type.leaf {
            Leaf::Known(COUNT) => Answer::Yes,
            Leaf::Unknown(unknown) => Answer::Unknown(doubt(unknown)),
            _ => return Answer::No,
        };
        let exact = self.entries.iter().map(|entry| entry.exact.clone());
        counts.and(exact.fold(Answer::No, Answer::or))
    }

    /// A tag that is on the one image that the rule may select.
    pub(super) fn exact_tag(&self) -> Option<&str> {
        let exact = |entry: &&Entry| matches!(entry.exact, Answer::Yes);
        let entry = self.entries.iter().find(exact)?;
        Some(&entry.pattern)
    }

    /// The image of the rule that meets the fewest others; without tags unless the rule wants some.
    pub(super) fn image(&self) -> Image {
        let mut image = Image::untagged();
        for entry in &self.entries {
            image.add(entry);
        }
        image
    }

    /// The image of both rules that meets the fewest others; `None` when there is none.
    ///
    /// `Err` says why that is not known.
    pub(super) fn shared(&self, other: &Self) -> Result<Option<Image>, Unknown> {
        let words = match (self.rule.status.leaf, other.rule.status.leaf) {
            (Leaf::Unknown(unknown), _) | (_, Leaf::Unknown(unknown)) => {
                return Err(doubt(unknown));
            }
            (Leaf::Known(one), Leaf::Known(other)) => (one, other),
            _ => return Ok(None),
        };
        Ok(match words {
            ("untagged", "tagged") | ("tagged", "untagged") => None,
            _ => {
                let mut image = self.image();
                other.entries.iter().for_each(|entry| image.add(entry));
                Some(image)
            }
        })
    }

    /// Where the rule says which images it is about.
    pub(super) fn span(&self) -> crate::source::Span {
        let rule = self.rule;
        rule.list.map_or(rule.status.span, |(_, list)| list.span())
    }
}

impl Entry {
    /// An entry of a list, or a list of which nothing is known.
    fn read(key: &str, value: Value<'_>) -> Option<Self> {
        let is_prefix = key == PREFIXES;
        let pattern = |text: &str| match is_prefix {
            true => format!("{text}*"),
            false => text.to_owned(),
        };
        match value.data() {
            Data::String(text) if is_prefix && text.contains('*') => {
                let reason = format!("AWS does not say what `*` means in the prefix `{text}`");
                Some(Self {
                    pattern: pattern(text),
                    open: Some(Unknown::because(reason)),
                    is_hollow: true,
                    exact: Answer::No,
                })
            }
            Data::String(text) => Some(Self {
                pattern: pattern(text),
                open: None,
                is_hollow: false,
                exact: (!is_prefix && !text.contains('*')).into(),
            }),
            Data::Unknown(unknown) => {
                let known = unknown.shape.as_ref().map(glob::of_shape);
                let has_star = unknown.shape.as_ref().is_some_and(|shape| {
                    let is_star =
                        |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains('*'));
                    shape.0.iter().any(is_star)
                });
                Some(Self {
                    pattern: pattern(&known.unwrap_or_else(|| "*".to_owned())),
                    open: Some(doubt(unknown)),
                    is_hollow: is_prefix && has_star,
                    exact: match is_prefix || has_star {
                        true => Answer::No,
                        false => Answer::Unknown(doubt(unknown)),
                    },
                })
            }
            _ => None,
        }
    }

    /// Whether a tag of the image is what the entry asks for.
    fn is_met_by(&self, image: &Image) -> Answer {
        let mut met = Answer::No;
        for tag in &image.tags {
            met = met.or(self.fits(tag));
            if let Answer::Yes = met {
                break;
            }
        }
        met
    }

    fn fits(&self, tag: &Tag) -> Answer {
        if let Some(unknown) = &self.open {
            // What fills the holes may be anything, a `*` included.
            let tag = tag.open.as_ref().map_or(&tag.text, |(pattern, _)| pattern);
            return match glob::overlap(&self.pattern, tag) {
                true => Answer::Unknown(unknown.clone()),
                false => Answer::No,
            };
        }
        match &tag.open {
            _ if glob::matches(&self.pattern, &tag.text) => Answer::Yes,
            Some((pattern, unknown)) if glob::overlap(&self.pattern, pattern) => {
                Answer::Unknown(unknown.clone())
            }
            _ => Answer::No,
        }
    }
}

impl Image {
    pub(super) fn untagged() -> Self {
        Self {
            tags: Vec::new(),
            doubt: None,
        }
    }

    /// An image with a tag that only `*` matches.
    pub(super) fn fresh() -> Self {
        Self::untagged().and("*")
    }

    /// The image with a tag more: one that meets the pattern, and as few others as can be.
    pub(super) fn and(mut self, pattern: &str) -> Self {
        self.tag(pattern, None);
        self
    }

    fn add(&mut self, entry: &Entry) {
        let open = entry.open.clone();
        if entry.is_hollow {
            self.doubt = self.doubt.take().or_else(|| open.clone());
        }
        self.tag(
            &entry.pattern,
            open.map(|unknown| (entry.pattern.clone(), unknown)),
        );
    }

    fn tag(&mut self, pattern: &str, open: Option<(String, Unknown)>) {
        if !is_possible(pattern) && self.doubt.is_none() {
            let doubt = format!(
                "`{pattern}` fits no tag of the OCI specification, and AWS does not say whether ECR \
                 takes others"
            );
            self.doubt = Some(Unknown::because(doubt));
        }
        let text = glob::generic(pattern);
        self.tags.push(Tag { text, open });
    }

    /// The image with something readable in place of each `*`.
    pub(super) fn filled(&self, filling: &str) -> Self {
        let mut filled = Self::untagged();
        for tag in self.telling() {
            let text = glob::fill(&tag, filling);
            filled.tags.push(Tag { text, open: None });
        }
        filled
    }

    /// The tags without those for which a more special one does, too.
    fn telling(&self) -> Vec<String> {
        let all: Vec<&String> = self.tags.iter().map(|tag| &tag.text).collect();
        let mut tags = all.clone();
        tags.retain(|tag| {
            let twin = |other: &&String| {
                *other != *tag && glob::matches(&glob::fill(tag, "*"), other.as_str())
            };
            !all.iter().any(twin)
        });
        tags.dedup();
        tags.into_iter().cloned().collect()
    }

    /// Its tags in words.
    pub(super) fn words(&self) -> String {
        let tags = self.tags.iter().map(|tag| format!("`{}`", tag.text));
        tags.collect::<Vec<_>>().join(" and ")
    }
}

/// Whether the OCI distribution specification has a tag that fits: letters, digits, `_`, `.` and `-`, the
/// last two not in front (<https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests>).
fn is_possible(pattern: &str) -> bool {
    let literal = pattern.chars().filter(|letter| *letter != '*');
    let all_fit = literal
        .clone()
        .all(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(letter));
    all_fit
        && literal.count() <= LONGEST_TAG
        && !pattern.is_empty()
        && !pattern.starts_with(['.', '-'])
}
