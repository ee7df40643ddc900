//! Tags that must not move, and whether the mode and its filters let them.
//! It does not know what to write in their place.

use super::super::leaf::{self, Leaf};
use crate::model::glob;
use crate::model::members;
use crate::model::{Declared, ImageUse, Of, RepositorySettings, Truth, Unknown, Value};

/// ECR takes no more exclusion filters.
pub(super) const MOST_FILTERS: usize = 5;

/// Tags that must not move: the protected ones, or versions where none is configured; and those that are used.
pub(super) struct Releases<'r> {
    pub(super) protected: &'r [Declared<String>],
    /// Images with tags that are known.
    pub(super) used: Vec<(&'r str, &'r ImageUse)>,
}

impl<'r> Releases<'r> {
    pub(super) fn of(
        repository: Of<'r, RepositorySettings>,
        protected: &'r [Declared<String>],
    ) -> Self {
        let repository = repository.entity();
        let uses = repository.image_uses().iter();
        let used = uses.filter_map(|it| Some((it.certain_tag(&repository.document)?, it)));
        Self {
            protected,
            used: used.collect(),
        }
    }

    /// Whether a filter takes out any of them.
    pub(super) fn meet(&self, filter: &str) -> bool {
        self.meet_declared(filter) || self.used_in(filter).next().is_some()
    }

    /// Whether a filter takes out one that is protected, or a version where none is.
    pub(super) fn meet_declared(&self, filter: &str) -> bool {
        if self.protected.is_empty() {
            return admits_version(filter);
        }
        let mut protected = self.protected.iter();
        protected.any(|tag| glob::overlap(filter, &tag.value))
    }

    /// The tags that are used and that a filter takes out.
    pub(super) fn used_in(&self, filter: &str) -> impl Iterator<Item = (&'r str, &'r ImageUse)> {
        let used = self.used.iter().copied();
        used.filter(move |(tag, _)| glob::matches(filter, tag))
    }

    /// Whether filters take out all of them.
    pub(super) fn all_in(&self, filters: Value<'_>) -> Truth<Unknown> {
        let covered = |tag: &str| any_filter(filters, |filter| glob::covers(filter, tag));
        let declared = match self.protected.is_empty() {
            true => covered("v*"),
            false => {
                let protected = self.protected.iter();
                protected.fold(Truth::True, |sofar, tag| sofar.and(covered(&tag.value)))
            }
        };
        let used = self.used.iter();
        used.fold(declared, |sofar, (tag, _)| sofar.and(covered(tag)))
    }
}

/// Whether a release tag can be overwritten.
pub(super) fn release_tags_mutable(
    mode: Value<'_>,
    filters: Value<'_>,
    releases: &Releases<'_>,
) -> Truth<Unknown> {
    match leaf::text(mode) {
        Leaf::Known("IMMUTABLE") => Truth::False,
        Leaf::Known("IMMUTABLE_WITH_EXCLUSION") => {
            any_filter(filters, |filter| releases.meet(filter))
        }
        Leaf::Known("MUTABLE_WITH_EXCLUSION") => !releases.all_in(filters),
        Leaf::Known(_) | Leaf::Absent => Truth::True,
        Leaf::Unknown(unknown) => Truth::Unknown(unknown.clone()),
        Leaf::Other => Truth::Unknown(leaf::misplaced("`ImageTagMutability`")),
    }
}

/// Whether some filter has a quality.
pub(super) fn any_filter(filters: Value<'_>, quality: impl Fn(&str) -> bool) -> Truth<Unknown> {
    if let Some(unknown) = filters.as_unknown() {
        return Truth::Unknown(unknown.clone());
    }
    filters.items().fold(Truth::False, |sofar, entry| {
        let text = match entry.as_unknown() {
            Some(unknown) => Leaf::Unknown(unknown),
            None => leaf::member_text(entry, members::FILTER),
        };
        sofar.or(match text {
            Leaf::Known(filter) => quality(filter).into(),
            Leaf::Unknown(unknown) => Truth::Unknown(unknown.clone()),
            Leaf::Absent | Leaf::Other => Truth::False,
        })
    })
}

/// Whether a filter matches a tag such as `v1`, `1.2` or `v2.0.13`: digits and dots after an
/// optional `v`. `*-dev` does not, though it matches `v1-dev`, which is not a release.
pub(super) fn admits_version(filter: &str) -> bool {
    const START: u8 = 1;
    const AFTER_V: u8 = 2;
    const NUMBER: u8 = 4;
    let mut states = START;
    for letter in filter.chars() {
        let from = |state: u8| states & state != 0;
        states = match letter {
            '*' if from(START) => START | AFTER_V | NUMBER,
            '*' if from(AFTER_V) => AFTER_V | NUMBER,
            '*' => states,
            'v' if from(START) => AFTER_V,
            '0'..='9' if states != 0 => NUMBER,
            '.' if from(NUMBER) => NUMBER,
            _ => 0,
        };
    }
    states & NUMBER != 0
}

/// Why ECR refuses a filter.
pub(super) fn fault(filter: &str) -> Option<String> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "._*-".contains(letter);
    if let Some(letter) = filter.chars().find(|letter| !allowed(*letter)) {
        return Some(format!(
            "filter `{filter}` has `{letter}`, expected letters, digits, `.`, `_`, `-` and `*`"
        ));
    }
    if filter.is_empty() || filter.len() > 128 {
        let length = filter.len();
        return Some(format!(
            "a filter has {length} characters, expected 1 to 128"
        ));
    }
    (filter.matches('*').count() > 2).then(|| format!("filter `{filter}` has more than two `*`"))
}
