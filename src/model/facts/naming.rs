//! What a repository's name is worth: grammar, the organisation's pattern, duplicates.
//! It does not know how a name was put together.

mod grammar;
mod standard;
mod suggested;
mod tools;

pub(super) use standard::{Start, may_begin};
pub use suggested::misses_standard;
pub(super) use suggested::{advice, base, logical_id, suggested, taken};
pub use tools::is_tool_owned;

use super::leaf::{self, Leaf};
use super::problems::Problems;
use super::{DuplicateName, Scope};
use crate::model::members;
use crate::model::{Document, Identifiers, NodeId, Of, Repository, Truth, Unknown, Value};
use crate::source::Span;
use grammar::{certain_fault, certainly_fine, fault, limited_fault};
use standard::{is_given, shape_fits};

/// Adds whether CloudFormation makes up the name.
pub(super) fn generated(document: &mut Document, name: Value<'_>) -> NodeId {
    match leaf::text(name) {
        Leaf::Absent => document.bool(true, name.span()),
        Leaf::Unknown(unknown) if unknown.maybe_absent => {
            let unknown = Unknown::because(unknown.reason.as_str());
            document.unknown(unknown, name.span())
        }
        _ => document.bool(false, name.span()),
    }
}

/// Adds what ECR refuses about the name.
pub(super) fn problems(document: &mut Document, repository: Of<'_, Repository>) -> NodeId {
    let value = repository.document.value(repository.own.settings.name);
    let span = value.span();
    let mut problems = Problems::new(document);
    match leaf::text(value) {
        Leaf::Known(name) => {
            if let Some(problem) = fault(name, repository.kind()) {
                problems.add(span, &problem);
            }
        }
        Leaf::Absent => {}
        Leaf::Unknown(unknown) => {
            let shape = unknown.shape.as_ref();
            let kind = repository.kind();
            let limited = || shape.and_then(|shape| limited_fault(shape, kind));
            if let Some(problem) = shape.and_then(certain_fault).or_else(limited) {
                problems.add(span, &problem);
            }
            if !shape.is_some_and(|shape| certainly_fine(shape, kind)) {
                problems.cannot_tell(unknown);
            }
        }
        Leaf::Other => problems.add(span, "is not a text"),
    }
    problems.finish(span)
}

/// Adds whether the name is one that the organisation's standard gives.
pub(super) fn conforms(document: &mut Document, name: Value<'_>, scope: &Scope<'_>) -> NodeId {
    let span = name.span();
    let Some(organisation) = scope.organisation else {
        return document.absent(span);
    };
    // What is declared under another name has a wrong one.
    if scope.taken.is_some() {
        return document.bool(false, span);
    }
    let Some(start) = Start::of(organisation) else {
        return document.absent(span);
    };
    let answer = match leaf::text(name) {
        Leaf::Absent => return document.absent(span),
        Leaf::Known(name) => is_given(name, organisation, start),
        Leaf::Unknown(unknown) => match &unknown.shape {
            Some(shape) => shape_fits(shape, unknown, start),
            None => Truth::Unknown(unknown.clone()),
        },
        Leaf::Other => Truth::False,
    };
    answer.write(document, span)
}

/// Adds the name that the standard wants for a declared repository.
pub(super) fn expected(document: &mut Document, scope: &Scope<'_>, span: Span) -> NodeId {
    let wanted = scope.declared.and_then(|declared| {
        let name = scope.organisation?.repository_name(&declared.base.value)?;
        Some((name, declared.base.span))
    });
    match wanted {
        Some((name, span)) => document.string(&name, span),
        None => document.absent(span),
    }
}

/// Adds one other repository of the run that has the same account, region and name, with the number of the others.
pub(super) fn same_name(
    document: &mut Document,
    repository: Of<'_, Repository>,
    duplicates: &[DuplicateName<'_>],
) -> NodeId {
    let name = repository.document.value(repository.own.settings.name);
    let duplicates: Vec<_> = duplicates
        .iter()
        .map(|duplicate| {
            if let Some(doubt) = duplicate.doubt {
                let other = other(duplicate);
                let label = format!("{other} may have the same name");
                let unknown = Unknown::because(doubt)
                    .maybe_absent()
                    .beside(duplicate.span, label);
                return document.unknown(unknown, name.span());
            }
            let logical_id = leaf::optional(document, duplicate.logical_id, duplicate.span);
            let stack = leaf::optional(document, duplicate.stack, duplicate.span);
            let both = document.string(&both(&repository.subject, duplicate), duplicate.span);
            let more = document.string(&more(duplicate.more), duplicate.span);
            let members = [
                (members::LOGICAL_ID.name(), logical_id),
                ("stack", stack),
                ("both", both),
                ("more", more),
            ];
            document.object(&members, duplicate.span)
        })
        .collect();
    document.array(&duplicates, name.span())
}

/// Another repository, in words that tell it from others.
fn other(duplicate: &DuplicateName<'_>) -> String {
    match (duplicate.logical_id, duplicate.stack) {
        (Some(id), Some(stack)) => format!("`{id}` of stack `{stack}`"),
        (Some(id), None) => format!("`{id}`"),
        (None, _) => "a live repository of the inputs".to_owned(),
    }
}

/// Two repositories with one name, in words that tell them apart.
fn both(subject: &Identifiers, duplicate: &DuplicateName<'_>) -> String {
    let (Some(own), Some(other)) = (subject.logical_id.as_deref(), duplicate.logical_id) else {
        return "two live repositories of the inputs".to_owned();
    };
    match (subject.stack.as_deref(), duplicate.stack) {
        (Some(stack), Some(there)) if stack != there => {
            format!("`{own}` of stack `{stack}` and `{other}` of stack `{there}`")
        }
        _ if own == other => format!("`{own}` and another `{other}`"),
        _ => format!("`{own}` and `{other}`"),
    }
}

/// The rest of those that have one name, in words that follow the first two.
fn more(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => ", as is one more".to_owned(),
        100.. => ", as are many more".to_owned(),
        _ => format!(", as are {count} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::{DuplicateName, Identifiers, both};

    #[test]
    fn repositories_with_one_name_are_told_apart() {
        for (own, other, stack, expected) in [
            (Some("A"), Some("B"), None, "`A` and `B`"),
            (Some("A"), Some("A"), None, "`A` and another `A`"),
            (Some("A"), Some("B"), Some("Blue"), "`A` and `B`"),
            (
                Some("A"),
                Some("A"),
                Some("Red"),
                "`A` of stack `Blue` and `A` of stack `Red`",
            ),
            (None, None, None, "two live repositories of the inputs"),
        ] {
            let subject = Identifiers {
                logical_id: own.map(str::to_owned),
                stack: stack.map(|_| "Blue".to_owned()),
                ..Identifiers::default()
            };
            let duplicate = DuplicateName {
                logical_id: other,
                stack,
                ..DuplicateName::default()
            };
            assert_eq!(both(&subject, &duplicate), expected);
        }
    }
}
