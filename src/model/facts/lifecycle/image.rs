//! Images that are made up, by their tags, some of which are known in part.
//! It does not know rules.

use super::doubt;
use crate::model::Unknown;
use crate::model::glob::{self, GlobSymbol};

/// Longest tag of the OCI distribution specification, in characters.
const LONGEST_TAG: usize = 128;

/// An open pattern part by part.
#[derive(Clone)]
pub(super) struct Symbols {
    pub(super) parts: Vec<GlobSymbol>,
    /// Whether it is the beginning of a tag, in which AWS does not say what a `*` means.
    pub(super) is_prefix: bool,
}

/// An image that is made up.
#[derive(Clone)]
pub(super) struct PlaceholderImage {
    pub(super) tags: Vec<Tag>,
    /// Why there may be no such image.
    pub(super) doubt: Option<Unknown>,
}

/// A tag of an image that is made up.
#[derive(Clone)]
pub(super) struct Tag {
    /// The tag, with a character of no pattern where it can be anything.
    pub(super) text: String,
    /// What it matches for certain, and why no more is known.
    pub(super) open: Option<OpenTag>,
}

/// What is known of a tag that is not known whole.
#[derive(Clone)]
pub(super) struct OpenTag {
    pub(super) pattern: String,
    pub(super) symbols: Option<Symbols>,
    pub(super) unknown: Unknown,
}

impl Symbols {
    /// Whether it takes every tag that the other one does, whatever is not known of both.
    pub(super) fn always_covers(&self, other: &Self) -> bool {
        // A `*` in what is not known counts for one in patterns only.
        let reads_alike = self.is_prefix == other.is_prefix || !self.is_prefix;
        reads_alike && glob::always_covers(&self.parts, &other.parts)
    }
}

impl PlaceholderImage {
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

    /// The image with a tag of which not everything is known.
    pub(super) fn and_unknown(mut self, unknown: &Unknown) -> Self {
        let shape = unknown.shape.as_ref();
        let pattern = shape.map_or_else(|| "*".to_owned(), glob::of_shape);
        let parts = shape.and_then(glob::symbols);
        let open = OpenTag {
            pattern: pattern.clone(),
            symbols: parts.map(|parts| Symbols {
                parts,
                is_prefix: false,
            }),
            unknown: doubt(unknown),
        };
        self.tag(&pattern, Some(open));
        self
    }

    /// How many tags it has.
    pub(super) fn len(&self) -> usize {
        self.tags.len()
    }

    /// Says why there may be no such image; the first reason is kept.
    pub(super) fn doubt(&mut self, doubt: Option<&Unknown>) {
        self.doubt = self.doubt.take().or_else(|| doubt.cloned());
    }

    /// Adds a tag that meets the pattern, of which no more may be known.
    pub(super) fn tag(&mut self, pattern: &str, open: Option<OpenTag>) {
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
            let duplicate = |(before, other): (usize, &&String)| {
                covers(other, tag) && (before < at || !covers(tag, other))
            };
            if !all.iter().enumerate().any(duplicate) {
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
