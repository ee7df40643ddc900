//! Which tags can be moved to another image, and what ECR refuses about it.
//! It does not know which tags matter unless it is told.

mod advice;
mod releases;

use self::releases::{MOST_FILTERS, Releases, fault, release_tags_mutable};
use super::cause::{self, Cause};
use super::leaf::{self, Leaf};
use super::problems::Problems;
use crate::model::glob;
use crate::model::members;
use crate::model::{Data, Document, MemberKey, NodeId, Value};
use crate::model::{Declared, Of, RepositorySettings};

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
    let advice = advice::describe(document, repository, mode, filters, &releases);
    let mutable = release_tags_mutable(mode, filters, &releases).write(document, mode.span());
    let problems = problems(document, mode, filters);
    document.object(
        &[
            ("release_tags_mutable", mutable),
            ("advice", advice),
            (members::PROBLEMS.name(), problems),
        ],
        mode.span(),
    )
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
    let span = |key: MemberKey| entry.get(key).map_or(entry.span(), Value::span);
    match leaf::member_text(entry, members::FILTER_TYPE) {
        Leaf::Known("WILDCARD") => {}
        Leaf::Unknown(unknown) => problems.cannot_tell(unknown),
        Leaf::Known(_) | Leaf::Absent | Leaf::Other => {
            problems.add(
                span(members::FILTER_TYPE),
                "the type of a filter is not `WILDCARD`",
            );
        }
    }
    match leaf::member_text(entry, members::FILTER) {
        Leaf::Known(filter) => {
            if let Some(text) = fault(filter) {
                problems.add(span(members::FILTER), &text);
            }
        }
        Leaf::Unknown(unknown) => problems.cannot_tell(unknown),
        Leaf::Absent | Leaf::Other => problems.add(span(members::FILTER), "a filter has no text"),
    }
}

#[cfg(test)]
mod tests {
    use super::releases::admits_version;

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
