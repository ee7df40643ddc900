//! What a rule wants of the tags of images, and images that are made up to meet it.
//! It does not know how rules affect each other.
//!
//! Further tags only make an image meet more rules. So the image of a rule that meets the fewest others has one
//! tag for each of the rule's patterns, and each of these tags has a character of no pattern in place of every
//! `*`: what takes it takes every image of the rule.

use super::super::leaf::Leaf;
use super::doubt;
use super::grammar::ParsedRule;
use super::image::{OpenTag, PlaceholderImage, Symbols, Tag};
use super::keys;
use super::words::COUNT;
use crate::model::glob::{self, GlobSymbol};
use crate::model::{Data, MemberKey, Piece, Truth, Unknown, Value};

/// The list whose entries are the beginnings of tags.
const PREFIXES: MemberKey = keys::TAG_PREFIX_LIST;

/// A rule together with what it wants of tags.
pub(super) struct Selection<'r, 'v> {
    pub(super) rule: &'r ParsedRule<'v>,
    entries: Vec<TagRequirement>,
}

/// What an image needs a tag for.
struct TagRequirement {
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
    exact: Truth<Unknown>,
}

/// How `*` is read in the beginnings of tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StarReading {
    /// One way or the other.
    Open,
    /// Any characters, as in patterns.
    Wild,
    /// Itself, so that no tag begins like this.
    Plain,
}

impl<'r, 'v> Selection<'r, 'v> {
    pub(super) fn of(rule: &'r ParsedRule<'v>, stars: StarReading) -> Self {
        let entries = match rule.list {
            Some((key, list)) => match list.data() {
                Data::Unknown(_) => TagRequirement::read(key, list, stars).into_iter().collect(),
                _ => list
                    .items()
                    .filter_map(|item| TagRequirement::read(key, item, stars))
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
    pub(super) fn meets(&self, image: &PlaceholderImage) -> Truth<Unknown> {
        match self.rule.status.leaf {
            Leaf::Known("any") => Truth::True,
            Leaf::Known("untagged") => image.tags.is_empty().into(),
            Leaf::Known("tagged") if self.entries.is_empty() => Truth::False,
            Leaf::Known("tagged") => {
                self.entries
                    .iter()
                    .fold(Truth::True, |sofar, entry| match sofar {
                        Truth::False => Truth::False,
                        sofar => sofar.and(entry.is_met_by(image)),
                    })
            }
            Leaf::Unknown(unknown) => Truth::Unknown(doubt(unknown)),
            Leaf::Known(_) | Leaf::Absent | Leaf::Other => Truth::False,
        }
    }

    /// Whether the rule counts images of which there is one at most, and so leaves that one alone.
    ///
    /// A tag is on one image at a time
    /// (<https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html>: one that is pushed again
    /// moves), and a rule that counts keeps one image at least. That an entry of `tagPatternList` without `*` is
    /// the tag itself is nowhere said, and what people rely on.
    pub(super) fn keeps_its_one_image(&self) -> Truth<Unknown> {
        let counts = match self.rule.count_type.leaf {
            Leaf::Known(COUNT) => Truth::True,
            Leaf::Unknown(unknown) => Truth::Unknown(doubt(unknown)),
            _ => return Truth::False,
        };
        let exact = self.entries.iter().map(|entry| entry.exact.clone());
        counts.and(exact.fold(Truth::False, Truth::or))
    }

    /// A tag that is on the one image that the rule may select.
    pub(super) fn exact_tag(&self) -> Option<&str> {
        let exact = |entry: &&TagRequirement| entry.exact.is_true();
        let entry = self.entries.iter().find(exact)?;
        Some(&entry.pattern)
    }

    /// The image of the rule that meets the fewest others; without tags unless the rule wants some.
    pub(super) fn image(&self) -> PlaceholderImage {
        let mut image = PlaceholderImage::untagged();
        for entry in &self.entries {
            entry.put_on(&mut image);
        }
        image
    }

    /// The image of both rules that meets the fewest others; `None` when there is none.
    ///
    /// `Err` says why that is not known.
    pub(super) fn shared(&self, other: &Self) -> Result<Option<PlaceholderImage>, Unknown> {
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
                other
                    .entries
                    .iter()
                    .for_each(|entry| entry.put_on(&mut image));
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

impl TagRequirement {
    /// An entry of a list, or a list of which nothing is known.
    fn read(key: MemberKey, value: Value<'_>, stars: StarReading) -> Option<Self> {
        let is_prefix = key == PREFIXES;
        let pattern = |text: &str| match is_prefix {
            true => format!("{text}*"),
            false => text.to_owned(),
        };
        match value.data() {
            Data::String(text) => {
                let is_undocumented = is_prefix && text.contains('*');
                let open = is_undocumented && stars == StarReading::Open;
                let reason = || format!("AWS does not say what `*` means in the prefix `{text}`");
                Some(Self {
                    pattern: pattern(text),
                    open: open.then(|| Unknown::because(reason())),
                    symbols: None,
                    is_hollow: open,
                    is_void: is_undocumented && stars == StarReading::Plain,
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
                        parts.extend(is_prefix.then_some(GlobSymbol::Star));
                        Symbols { parts, is_prefix }
                    }),
                    is_hollow: is_prefix && has_star,
                    is_void: false,
                    is_undocumented: false,
                    exact: match is_prefix || has_star {
                        true => Truth::False,
                        false => Truth::Unknown(doubt(unknown)),
                    },
                })
            }
            _ => None,
        }
    }

    /// Whether a tag of the image is what the entry asks for.
    fn is_met_by(&self, image: &PlaceholderImage) -> Truth<Unknown> {
        let mut met = Truth::False;
        for tag in &image.tags {
            met = met.or(self.fits(tag));
            if met.is_true() {
                break;
            }
        }
        met
    }

    /// Adds a tag that is what the entry asks for to an image.
    fn put_on(&self, image: &mut PlaceholderImage) {
        if self.is_hollow {
            image.doubt(self.open.as_ref());
        }
        let open = self.open.clone().map(|unknown| OpenTag {
            pattern: self.pattern.clone(),
            symbols: self.symbols.clone(),
            unknown,
        });
        image.tag(&self.pattern, open);
    }

    fn fits(&self, tag: &Tag) -> Truth<Unknown> {
        if self.is_void {
            return Truth::False;
        }
        if let Some(unknown) = &self.open {
            let open = tag.open.as_ref();
            let pair = self
                .symbols
                .as_ref()
                .zip(open.and_then(|open| open.symbols.as_ref()));
            if pair.is_some_and(|(own, other)| own.always_covers(other)) {
                return Truth::True;
            }
            // What fills the holes may be anything, a `*` included.
            let tag = open.map_or(&tag.text, |open| &open.pattern);
            return match glob::overlap(&self.pattern, tag) {
                true => Truth::Unknown(unknown.clone()),
                false => Truth::False,
            };
        }
        match &tag.open {
            _ if glob::matches(&self.pattern, &tag.text) => Truth::True,
            Some(open) if glob::overlap(&self.pattern, &open.pattern) => {
                Truth::Unknown(open.unknown.clone())
            }
            _ => Truth::False,
        }
    }
}
