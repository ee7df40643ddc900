//! Which tags can be moved to another image, and what ECR refuses about it.
//! It does not know which tags matter unless it is told.

mod advice;

use super::cause::{self, Cause};
use super::leaf::{self, Leaf};
use super::problems::Problems;
use crate::model::glob;
use crate::model::{Data, Document, ImageUse, NodeId, Truth, Unknown, Value};
use crate::model::{Declared, Of, RepositorySettings};

/// ECR takes no more exclusion filters.
const MOST_FILTERS: usize = 5;

const MODES: [&str; 4] = [
    "MUTABLE",
    "IMMUTABLE",
    "MUTABLE_WITH_EXCLUSION",
    "IMMUTABLE_WITH_EXCLUSION",
];

/// Adds the effective mode: `MUTABLE` unless another is given.
pub(super) fn mode(document: &mut Document, repository: Of<'_, RepositorySettings>) -> NodeId {
    let value = repository.document.value(repository.own.tag_mutability);
    match value.data() {
        Data::Absent | Data::Null => {
            let mutable = document.string("MUTABLE", value.span());
            document.mark_default(mutable)
        }
        _ => value.id(),
    }
}

/// Adds `{release_tags_mutable, advice, problems}`.
pub(super) fn describe(
    document: &mut Document,
    repository: Of<'_, RepositorySettings>,
    protected: &[Declared<String>],
) -> NodeId {
    let mode = repository.document.value(repository.own.tag_mutability);
    let filters = repository.document.value(repository.own.exclusion_filters);
    let releases = Releases::of(repository, protected);
    let advice = advice::describe(document, repository, (mode, filters), &releases);
    let mutable = release_tags_mutable(mode, filters, &releases).write(document, mode.span());
    let problems = problems(document, mode, filters);
    document.object(
        &[
            ("release_tags_mutable", mutable),
            ("advice", advice),
            ("problems", problems),
        ],
        mode.span(),
    )
}

/// Tags that must not move: the protected ones, or versions where none is configured; and those that are used.
struct Releases<'r> {
    protected: &'r [Declared<String>],
    /// Images with tags that are known.
    used: Vec<(&'r str, &'r ImageUse)>,
}

impl<'r> Releases<'r> {
    fn of(repository: Of<'r, RepositorySettings>, protected: &'r [Declared<String>]) -> Self {
        let repository = repository.entity();
        let uses = repository.image_uses().iter();
        let used = uses.filter_map(|it| Some((it.certain_tag(&repository.document)?, it)));
        Self {
            protected,
            used: used.collect(),
        }
    }

    /// Whether a filter takes out any of them.
    fn meet(&self, filter: &str) -> bool {
        self.meet_declared(filter) || self.used_in(filter).next().is_some()
    }

    /// Whether a filter takes out one that is protected, or a version where none is.
    fn meet_declared(&self, filter: &str) -> bool {
        if self.protected.is_empty() {
            return admits_version(filter);
        }
        let mut protected = self.protected.iter();
        protected.any(|tag| glob::overlap(filter, &tag.value))
    }

    /// The tags that are used and that a filter takes out.
    fn used_in(&self, filter: &str) -> impl Iterator<Item = (&'r str, &'r ImageUse)> {
        let used = self.used.iter().copied();
        used.filter(move |(tag, _)| glob::matches(filter, tag))
    }

    /// Whether filters take out all of them.
    fn all_in(&self, filters: Value<'_>) -> Truth<Unknown> {
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
fn release_tags_mutable(
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

/// The first exclusion filter that takes a release tag out of an immutable repository; else the mode itself, where tags
/// that are used can be overwritten.
pub(super) fn cause(
    repository: Of<'_, RepositorySettings>,
    protected: &[Declared<String>],
) -> Option<Cause> {
    let mode = repository.document.value(repository.own.tag_mutability);
    let filters = repository.document.value(repository.own.exclusion_filters);
    let releases = Releases::of(repository, protected);
    let (span, text, used) = match leaf::text(mode) {
        Leaf::Known("IMMUTABLE_WITH_EXCLUSION") => {
            let (span, filter) =
                cause::filters(filters).find(|(_, filter)| releases.meet(filter))?;
            let used = releases.used_in(filter).next();
            let text = match used.filter(|_| !releases.meet_declared(filter)) {
                Some((tag, it)) => format!(
                    "the exclusion filter `{filter}` takes out `{tag}`, which `{}` uses",
                    it.logical_id
                ),
                None => format!("the exclusion filter `{filter}` takes them out"),
            };
            (span, text, used)
        }
        Leaf::Known("MUTABLE" | "MUTABLE_WITH_EXCLUSION") | Leaf::Absent => {
            let is_covered =
                |tag: &str| cause::filters(filters).any(|(_, it)| glob::matches(it, tag));
            let has_filters = leaf::text(mode).known() == Some("MUTABLE_WITH_EXCLUSION");
            let mut used = releases.used.iter();
            let (tag, it) = *used.find(|(tag, _)| !has_filters || !is_covered(tag))?;
            let text = format!("`{tag}` is one, which `{}` uses", it.logical_id);
            (mode.span(), text, Some((tag, it)))
        }
        _ => return None,
    };
    let remedy = used.map(|(tag, it)| {
        format!(
            "nobody can push `{tag}` again once it cannot be overwritten: where that is meant to happen, have `{}` name a \
             version or a digest first",
            it.logical_id
        )
    });
    Some(Cause {
        span,
        text,
        remedy,
        named: used.map(|(_, it)| it.place),
    })
}

/// Whether some filter has a quality.
fn any_filter(filters: Value<'_>, quality: impl Fn(&str) -> bool) -> Truth<Unknown> {
    if let Some(unknown) = filters.as_unknown() {
        return Truth::Unknown(unknown.clone());
    }
    filters.items().fold(Truth::False, |sofar, entry| {
        let text = match entry.as_unknown() {
            Some(unknown) => Leaf::Unknown(unknown),
            None => leaf::member_text(entry, "filter"),
        };
        sofar.or(match text {
            Leaf::Known(filter) => quality(filter).into(),
            Leaf::Unknown(unknown) => Truth::Unknown(unknown.clone()),
            Leaf::Absent | Leaf::Other => Truth::False,
        })
    })
}

/// Whether a filter matches a tag such as `v1`, `1.2` or `v2.0.13`: digits and dots after an
/// optional `v`. `*-dev` does not, though it matches `v1-dev`, which is no release.
fn admits_version(filter: &str) -> bool {
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

fn problems(document: &mut Document, mode: Value<'_>, filters: Value<'_>) -> NodeId {
    let mut problems = Problems::new(document);
    let with_exclusion = match leaf::text(mode) {
        Leaf::Known(text) if !MODES.contains(&text) => {
            let text = format!("`{text}` is none of `{}`", MODES.join("`, `"));
            problems.add(mode.span(), &text);
            None
        }
        Leaf::Known(text) => Some(text.ends_with("_WITH_EXCLUSION")),
        Leaf::Absent => Some(false),
        Leaf::Unknown(unknown) => {
            problems.cannot_tell(unknown);
            None
        }
        Leaf::Other => {
            problems.add(mode.span(), "the mutability is not a text");
            None
        }
    };
    presence(&mut problems, mode, filters, with_exclusion);
    for (index, entry) in filters.items().enumerate() {
        if index == MOST_FILTERS {
            let count = filters.items().len();
            let text =
                format!("there are {count} exclusion filters, expected at most {MOST_FILTERS}");
            problems.add(entry.span(), &text);
            break;
        }
        check_entry(&mut problems, entry);
    }
    problems.finish(mode.span())
}

/// Filters and a mode `…_WITH_EXCLUSION` need each other.
fn presence(
    problems: &mut Problems<'_>,
    mode: Value<'_>,
    filters: Value<'_>,
    with_exclusion: Option<bool>,
) {
    match (filters.data(), with_exclusion) {
        (Data::Unknown(unknown), _) => problems.cannot_tell(unknown),
        (Data::Absent | Data::Null, Some(true)) => {
            problems.add(mode.span(), "the mode needs exclusion filters");
        }
        (Data::Array, Some(true)) if filters.items().len() == 0 => {
            problems.add(filters.span(), "the mode needs exclusion filters");
        }
        (Data::Array, Some(false)) => problems.add(
            filters.span(),
            "exclusion filters need a mode that ends with `_WITH_EXCLUSION`",
        ),
        (Data::Absent | Data::Null | Data::Array, _) => {}
        _ => problems.add(filters.span(), "the exclusion filters are not a list"),
    }
}

fn check_entry(problems: &mut Problems<'_>, entry: Value<'_>) {
    if let Some(unknown) = entry.as_unknown() {
        return problems.cannot_tell(unknown);
    }
    let span = |key| entry.get(key).map_or(entry.span(), Value::span);
    match leaf::member_text(entry, "type") {
        Leaf::Known("WILDCARD") => {}
        Leaf::Unknown(unknown) => problems.cannot_tell(unknown),
        Leaf::Known(_) | Leaf::Absent | Leaf::Other => {
            problems.add(span("type"), "the type of a filter is not `WILDCARD`");
        }
    }
    match leaf::member_text(entry, "filter") {
        Leaf::Known(filter) => {
            if let Some(text) = fault(filter) {
                problems.add(span("filter"), &text);
            }
        }
        Leaf::Unknown(unknown) => problems.cannot_tell(unknown),
        Leaf::Absent | Leaf::Other => problems.add(span("filter"), "a filter has no text"),
    }
}

/// Why ECR refuses a filter.
fn fault(filter: &str) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::admits_version;

    #[test]
    fn versions_are_release_tags() {
        for filter in ["*", "v*", "v1*", "1.*", "*.0", "v1", "2"] {
            assert!(admits_version(filter), "{filter}");
        }
        for filter in ["dev-*", "*-dev", "latest", "cache*", "v", "pr-*", ""] {
            assert!(!admits_version(filter), "{filter}");
        }
    }
}
