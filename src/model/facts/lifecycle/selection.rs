//! What a rule wants of the tags of images, and images that are made up to meet it.
//! It does not know how rules affect each other.
//!
//! Further tags only make an image meet more rules. So the image of a rule that meets the fewest others has one
//! tag for each of the rule's patterns, and each of these tags has a character of no pattern in place of every
//! `*`: what takes it takes every image of the rule.

use super::super::leaf::{Answer, Leaf};
use super::doubt;
use super::grammar::Rule;
use super::words::COUNT;
use crate::model::glob::{self, Symbol};
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
    /// The pattern part by part, where it is open.
    symbols: Option<Symbols>,
    /// Whether it may well match nothing at all.
    is_hollow: bool,
    /// Whether no tag matches it.
    is_void: bool,
    /// Whether AWS does not say what it means.
    is_undocumented: bool,
    /// Whether it is one tag: a pattern without `*`.
    exact: Answer,
}

/// An open pattern part by part.
#[derive(Clone)]
struct Symbols {
    parts: Vec<Symbol>,
    /// Whether it is the beginning of a tag, in which AWS does not say what a `*` means.
    is_prefix: bool,
}

/// How `*` is read in the beginnings of tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stars {
    /// One way or the other.
    Open,
    /// Any characters, as in patterns.
    Wild,
    /// Itself, so that no tag begins like this.
    Plain,
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
    open: Option<Open>,
}

/// What is known of a tag that is not known whole.
#[derive(Clone)]
struct Open {
    pattern: String,
    symbols: Option<Symbols>,
    unknown: Unknown,
}

impl<'r, 'v> Selection<'r, 'v> {
    pub(super) fn of(rule: &'r Rule<'v>, stars: Stars) -> Self {
        let entries = match rule.list {
            Some((key, list)) => match list.data() {
                Data::Unknown(_) => Entry::read(key, list, stars).into_iter().collect(),
                _ => list
                    .items()
                    .filter_map(|item| Entry::read(key, item, stars))
                    .collect(),
            },
            None => Vec::new(),
        };
        Self { rule, entries }
    }

    /// Whether no image can have the tags that it wants.
    pub(super) fn is_void(&self) -> bool {
        self.entries.iter().any(|entry| entry.is_void)
    }

    /// Whether AWS does not say what one of its entries means.
    pub(super) fn has_stars(&self) -> bool {
        self.entries.iter().any(|entry| entry.is_undocumented)
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
    fn read(key: &str, value: Value<'_>, stars: Stars) -> Option<Self> {
        let is_prefix = key == PREFIXES;
        let pattern = |text: &str| match is_prefix {
            true => format!("{text}*"),
            false => text.to_owned(),
        };
        match value.data() {
            Data::String(text) => {
                let is_undocumented = is_prefix && text.contains('*');
                let open = is_undocumented && stars == Stars::Open;
                let reason = || format!("AWS does not say what `*` means in the prefix `{text}`");
                Some(Self {
                    pattern: pattern(text),
                    open: open.then(|| Unknown::because(reason())),
                    symbols: None,
                    is_hollow: open,
                    is_void: is_undocumented && stars == Stars::Plain,
                    is_undocumented,
                    exact: (!is_prefix && !text.contains('*')).into(),
                })
            }
            Data::Unknown(unknown) => {
                let known = unknown.shape.as_ref().map(glob::of_shape);
                let has_star = unknown.shape.as_ref().is_some_and(|shape| {
                    let is_star =
                        |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains('*'));
                    shape.0.iter().any(is_star)
                });
                let parts = unknown.shape.as_ref().and_then(glob::symbols);
                let parts = parts.filter(|_| !(is_prefix && has_star));
                Some(Self {
                    pattern: pattern(&known.unwrap_or_else(|| "*".to_owned())),
                    open: Some(doubt(unknown)),
                    symbols: parts.map(|mut parts| {
                        parts.extend(is_prefix.then_some(Symbol::Star));
                        Symbols { parts, is_prefix }
                    }),
                    is_hollow: is_prefix && has_star,
                    is_void: false,
                    is_undocumented: false,
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
        if self.is_void {
            return Answer::No;
        }
        if let Some(unknown) = &self.open {
            let open = tag.open.as_ref();
            let pair = self
                .symbols
                .as_ref()
                .zip(open.and_then(|open| open.symbols.as_ref()));
            if pair.is_some_and(|(own, other)| own.always_covers(other)) {
                return Answer::Yes;
            }
            // What fills the holes may be anything, a `*` included.
            let tag = open.map_or(&tag.text, |open| &open.pattern);
            return match glob::overlap(&self.pattern, tag) {
                true => Answer::Unknown(unknown.clone()),
                false => Answer::No,
            };
        }
        match &tag.open {
            _ if glob::matches(&self.pattern, &tag.text) => Answer::Yes,
            Some(open) if glob::overlap(&self.pattern, &open.pattern) => {
                Answer::Unknown(open.unknown.clone())
            }
            _ => Answer::No,
        }
    }
}

impl Symbols {
    /// Whether it takes every tag that the other one does, whatever is not known of both.
    fn always_covers(&self, other: &Self) -> bool {
        // A `*` in what is not known counts for one in patterns only.
        let reads_alike = self.is_prefix == other.is_prefix || !self.is_prefix;
        reads_alike && glob::always_covers(&self.parts, &other.parts)
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
            open.map(|unknown| Open {
                pattern: entry.pattern.clone(),
                symbols: entry.symbols.clone(),
                unknown,
            }),
        );
    }

    fn tag(&mut self, pattern: &str, open: Option<Open>) {
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
        let covers = |one: &String, other: &String| {
            one != other && glob::matches(&glob::fill(other, "*"), one.as_str())
        };
        let mut tags = Vec::with_capacity(all.len());
        for (at, tag) in all.iter().enumerate() {
            // Of two that say the same in other words, the first one stays.
            let twin = |(before, other): (usize, &&String)| {
                covers(other, tag) && (before < at || !covers(tag, other))
            };
            if !all.iter().enumerate().any(twin) {
                tags.push(*tag);
            }
        }
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
