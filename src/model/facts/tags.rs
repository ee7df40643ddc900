//! Which required tags a repository lacks.
//! It does not know where a tag was put on: on the repository or on its stack.

use super::leaf::{self, Leaf};
use crate::model::{Data, Document, NodeId, Unknown, Value};
use crate::model::{Repository, RequiredTag};
use crate::source::Span;

/// What is certain about one required tag.
enum Finding<'v> {
    Fulfilled,
    Wrong(Span, String),
    Unknown(Span, &'v Unknown),
}

/// Adds `[{key, problem}]`: required tags that are missing or have a value that is not allowed.
pub(super) fn missing(
    document: &mut Document,
    repository: &Repository,
    required: &[RequiredTag],
) -> NodeId {
    let tags = repository.document.value(repository.tags);
    let mut found = Vec::new();
    let mut doubt = None;
    for tag in required {
        match examine(tags, tag) {
            Finding::Fulfilled => {}
            Finding::Wrong(span, problem) => {
                let key = document.string(&tag.key.value, tag.key.span);
                let problem = document.string(&problem, span);
                found.push(document.object(&[("key", key), ("problem", problem)], span));
            }
            Finding::Unknown(span, unknown) => doubt = doubt.or(Some((span, unknown))),
        }
    }
    match doubt {
        Some((span, unknown)) if found.is_empty() => {
            let unknown = Unknown::because(unknown.reason.as_str());
            document.unknown(unknown, span)
        }
        _ => document.array(&found, tags.span()),
    }
}

fn examine<'v>(tags: Value<'v>, required: &RequiredTag) -> Finding<'v> {
    let wanted = required.key.value.as_str();
    if let Data::Unknown(unknown) = tags.data() {
        return Finding::Unknown(tags.span(), unknown);
    }
    let mut doubt = None;
    let mut near = None;
    for tag in tags.items() {
        let key = match tag.as_unknown() {
            Some(unknown) => Leaf::Unknown(unknown),
            None => leaf::member_text(tag, "key"),
        };
        match key {
            Leaf::Known(key) if key == wanted => return examine_value(tag, required),
            Leaf::Known(key) if key.eq_ignore_ascii_case(wanted) => near = Some(key),
            Leaf::Unknown(unknown) => {
                let possible = unknown
                    .shape
                    .as_ref()
                    .is_none_or(|shape| shape.admits(wanted));
                doubt = doubt.or(possible.then_some((tag.span(), unknown)));
            }
            _ => {}
        }
    }
    match (doubt, near) {
        (Some((span, unknown)), _) => Finding::Unknown(span, unknown),
        (None, Some(near)) => Finding::Wrong(
            tags.span(),
            format!("has no tag `{wanted}`, only `{near}` in other letter case"),
        ),
        (None, None) => Finding::Wrong(tags.span(), format!("has no tag `{wanted}`")),
    }
}

fn examine_value<'v>(tag: Value<'v>, required: &RequiredTag) -> Finding<'v> {
    let Some(node) = tag.get("value") else {
        return Finding::Fulfilled;
    };
    let free = required.values.is_empty() && required.pattern.is_none();
    let wanted = &required.key.value;
    match leaf::text(node) {
        _ if free => Finding::Fulfilled,
        Leaf::Known(text) => value_fault(text, required).map_or(Finding::Fulfilled, |fault| {
            Finding::Wrong(
                node.span(),
                format!("has the tag `{wanted}` with `{text}`, expected {fault}"),
            )
        }),
        Leaf::Unknown(unknown) => {
            let admits = |text: &str| {
                unknown
                    .shape
                    .as_ref()
                    .is_none_or(|shape| shape.admits(text))
            };
            let possible = required.values.is_empty()
                || required.values.iter().any(|value| admits(&value.value));
            if possible {
                return Finding::Unknown(node.span(), unknown);
            }
            let fault = one_of(required);
            let problem = format!("has the tag `{wanted}` with another value than {fault}");
            Finding::Wrong(node.span(), problem)
        }
        Leaf::Absent | Leaf::Other => {
            let problem = format!("has the tag `{wanted}` without a value");
            Finding::Wrong(node.span(), problem)
        }
    }
}

/// What was expected instead of `text`.
fn value_fault(text: &str, required: &RequiredTag) -> Option<String> {
    if !required.values.is_empty() && !required.values.iter().any(|value| value.value == text) {
        return Some(one_of(required));
    }
    let pattern = &required.pattern.as_ref()?.value;
    (!pattern.matches(text)).then(|| format!("a match of `{}`", pattern.as_str()))
}

fn one_of(required: &RequiredTag) -> String {
    let values: Vec<_> = required
        .values
        .iter()
        .map(|value| format!("`{}`", value.value))
        .collect();
    values.join(" or ")
}
