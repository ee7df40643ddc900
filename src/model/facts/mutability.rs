//! Which tags can be moved to another image, and what ECR refuses about it.
//! It does not know which tags matter unless it is told.

mod advice;

use super::cause::{self, Cause};
use super::leaf::{self, Answer, Leaf};
use super::problems::Problems;
use crate::model::glob;
use crate::model::{Data, Document, NodeId, Value};
use crate::model::{Declared, Repository};

/// ECR takes no more exclusion filters.
const MOST_FILTERS: usize = 5;

const MODES: [&str; 4] = [
    "MUTABLE",
    "IMMUTABLE",
    "MUTABLE_WITH_EXCLUSION",
    "IMMUTABLE_WITH_EXCLUSION",
];

/// Adds the effective mode: `MUTABLE` unless another is given.
pub(super) fn mode(document: &mut Document, repository: &Repository) -> NodeId {
    let value = repository.document.value(repository.tag_mutability);
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
    repository: &Repository,
    protected: &[Declared<String>],
) -> NodeId {
    let mode = repository.document.value(repository.tag_mutability);
    let filters = repository.document.value(repository.exclusion_filters);
    let advice = advice::describe(document, repository, (mode, filters), protected);
    let mutable = release_tags_mutable(mode, filters, protected).write(document, mode.span());
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

/// Whether a release tag can be overwritten. Release tags are the protected ones, and versions where
/// none is configured.
fn release_tags_mutable(
    mode: Value<'_>,
    filters: Value<'_>,
    protected: &[Declared<String>],
) -> Answer {
    match leaf::text(mode) {
        Leaf::Known("IMMUTABLE") => Answer::No,
        Leaf::Known("IMMUTABLE_WITH_EXCLUSION") => {
            any_filter(filters, |filter| admits_release(filter, protected))
        }
        Leaf::Known("MUTABLE_WITH_EXCLUSION") => {
            if protected.is_empty() {
                any_filter(filters, |filter| glob::covers(filter, "v*")).not()
            } else {
                protected.iter().fold(Answer::No, |sofar, tag| {
                    let covered = any_filter(filters, |filter| glob::covers(filter, &tag.value));
                    sofar.or(covered.not())
                })
            }
        }
        Leaf::Known(_) | Leaf::Absent => Answer::Yes,
        Leaf::Unknown(unknown) => Answer::Unknown(unknown.clone()),
        Leaf::Other => Answer::Unknown(leaf::misplaced("`ImageTagMutability`")),
    }
}

/// The first exclusion filter that takes a release tag out of an immutable repository.
pub(super) fn cause(repository: &Repository, protected: &[Declared<String>]) -> Option<Cause> {
    let mode = repository.document.value(repository.tag_mutability);
    if !matches!(leaf::text(mode), Leaf::Known("IMMUTABLE_WITH_EXCLUSION")) {
        return None;
    }
    let filters = repository.document.value(repository.exclusion_filters);
    let (span, filter) =
        cause::filters(filters).find(|(_, filter)| admits_release(filter, protected))?;
    Some(Cause {
        span,
        text: format!("the exclusion filter `{filter}` takes them out"),
        remedy: None,
    })
}

/// Whether some filter has a quality.
fn any_filter(filters: Value<'_>, quality: impl Fn(&str) -> bool) -> Answer {
    if let Some(unknown) = filters.as_unknown() {
        return Answer::Unknown(unknown.clone());
    }
    filters.items().fold(Answer::No, |sofar, entry| {
        let text = match entry.as_unknown() {
            Some(unknown) => Leaf::Unknown(unknown),
            None => leaf::member_text(entry, "filter"),
        };
        sofar.or(match text {
            Leaf::Known(filter) => quality(filter).into(),
            Leaf::Unknown(unknown) => Answer::Unknown(unknown.clone()),
            Leaf::Absent | Leaf::Other => Answer::No,
        })
    })
}

fn admits_release(filter: &str, protected: &[Declared<String>]) -> bool {
    if protected.is_empty() {
        return admits_version(filter);
    }
    protected
        .iter()
        .any(|tag| glob::overlap(filter, &tag.value))
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
