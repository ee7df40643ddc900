//! Lists and mappings between brackets, in JSON and YAML: what comes to them, and what goes.
//! It does not know what they are about.

use std::ops::Range;

use super::text::{Edit, end_of_line, line_end, line_start, margin};
use super::written::{Fragment, json, yaml};
use crate::source::{Node, Syntax};

/// Edits that add members behind those that are there.
pub(super) fn insert(text: &str, node: Node<'_>, added: &[(String, Fragment)]) -> Vec<Edit> {
    let last = node.members().last().map(|member| {
        let end = member.value.span().end.max(member.key_span.end);
        member.key_span.start as usize..end as usize
    });
    put(text, node, last, NewParts::Members(added))
}

/// Edits that add items behind those that are there.
pub(super) fn append(text: &str, node: Node<'_>, items: &[Fragment]) -> Vec<Edit> {
    let last = node.items().last().map(|item| {
        let span = item.span();
        span.start as usize..span.end as usize
    });
    put(text, node, last, NewParts::Items(items))
}

/// What is put between brackets.
#[derive(Clone, Copy)]
enum NewParts<'a> {
    /// Into a list.
    Items(&'a [Fragment]),
    /// Into a mapping.
    Members(&'a [(String, Fragment)]),
}

impl NewParts<'_> {
    /// Each on one line.
    fn lines(self, syntax: Syntax) -> Vec<String> {
        match (self, syntax) {
            (Self::Items(items), Syntax::Json) => items.iter().map(json::line).collect(),
            (Self::Items(items), Syntax::Yaml) => items.iter().map(yaml::flow).collect(),
            (Self::Members(members), Syntax::Json) => {
                let members = members.iter();
                members
                    .map(|(key, value)| json::line_member(key, value))
                    .collect()
            }
            (Self::Members(members), Syntax::Yaml) => {
                let members = members.iter();
                members
                    .map(|(key, value)| yaml::flow_member(key, value))
                    .collect()
            }
        }
    }

    /// Each as JSON with lines of its own and this indentation a level.
    fn indented(self, step: &str) -> Vec<String> {
        match self {
            Self::Items(items) => {
                let items = items.iter();
                items.map(|item| json::indented(item, step)).collect()
            }
            Self::Members(members) => {
                let members = members.iter();
                members
                    .map(|(key, value)| json::indented_member(key, value, step))
                    .collect()
            }
        }
    }
}

/// Puts parts behind the last one.
fn put(text: &str, node: Node<'_>, last: Option<Range<usize>>, parts: NewParts<'_>) -> Vec<Edit> {
    let span = node.span();
    let (open, close) = (
        span.start as usize + 1,
        (span.end as usize).saturating_sub(1),
    );
    let syntax = Syntax::of_text(text);
    let line = || parts.lines(syntax).join(", ");
    let Some(last) = last else {
        return vec![(open..close, format!(" {} ", line()))];
    };
    let rest = text.get(last.end..close).unwrap_or_default();
    let own = margin(text, last.start);
    let is_alone = line_start(text, last.start) + own.len() == last.start;
    let comma = if rest.trim_start().starts_with(',') {
        ""
    } else {
        ","
    };
    if !(is_alone && rest.contains('\n')) {
        let comma = if comma.is_empty() { "" } else { ", " };
        return vec![(last.end..last.end, format!("{comma}{}", line()))];
    }
    let outer = margin(text, close);
    let step = own
        .strip_prefix(outer)
        .filter(|step| !step.is_empty())
        .unwrap_or("  ");
    let end = line_end(text);
    let spelled = match syntax {
        Syntax::Json => parts.indented(step),
        Syntax::Yaml => parts.lines(syntax),
    };
    let margin = format!("{end}{own}");
    let spelled = spelled.iter().map(|part| part.replace('\n', &margin));
    let spelled = spelled.map(|part| format!("{margin}{part}"));
    let spelled = spelled.collect::<Vec<_>>().join(",");
    let behind = end_of_line(text, last.end);
    match behind == last.end || comma.is_empty() {
        true => vec![(behind..behind, format!("{comma}{spelled}"))],
        // A comment stays with what it stands behind.
        false => vec![
            (last.end..last.end, comma.to_owned()),
            (behind..behind, spelled),
        ],
    }
}

/// Edits that take one of several parts out; `None` where a comment would go with it.
pub(super) fn remove(text: &str, parts: &[Range<usize>], index: usize) -> Option<Vec<Edit>> {
    let own = parts.get(index)?;
    let range = match (
        parts.get(index + 1),
        index.checked_sub(1).and_then(|it| parts.get(it)),
    ) {
        (Some(next), _) => own.start..next.start,
        (None, Some(before)) => before.end..own.end,
        (None, None) => return None,
    };
    let between = [range.start..own.start, own.end..range.end];
    let is_bare = |range: &Range<usize>| {
        let text = text.get(range.clone());
        text.is_some_and(|text| text.chars().all(|c| c.is_whitespace() || c == ','))
    };
    between
        .iter()
        .all(is_bare)
        .then(|| vec![(range, String::new())])
}
