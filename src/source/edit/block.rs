//! Lists and mappings of YAML over several lines: what comes to them, and what goes.
//! It does not know what they are about.

use super::amendment::LeaveReason;
use super::text::{Edit, end_of_line, is_flow, line_end, line_start};
use super::written::{Fragment, yaml};
use crate::source::{Kind, Node};

/// Edits that add members behind those that are there.
pub(super) fn insert(
    text: &str,
    root: Node<'_>,
    node: Node<'_>,
    added: &[(String, Fragment)],
) -> Result<Vec<Edit>, LeaveReason> {
    let first = node
        .members()
        .next()
        .ok_or("there is no member beside which to write")?;
    let last = node.members().last().unwrap_or(first);
    let pad = column(text, first.key_span.start as usize);
    let end = last.value.span().end.max(last.key_span.end) as usize;
    let members = added.iter().map(|(key, fragment)| {
        let member = Fragment::Map(vec![(key.clone(), fragment.clone())]);
        yaml::block_by(&member, step(root))
    });
    Ok(vec![behind(text, end, pad, members)])
}

/// Edits that add items behind those that are there.
pub(super) fn append(
    text: &str,
    root: Node<'_>,
    node: Node<'_>,
    items: &[Fragment],
) -> Result<Vec<Edit>, LeaveReason> {
    let first = node
        .items()
        .next()
        .ok_or("there is no item beside which to write")?;
    let last = node.items().last().unwrap_or(first);
    let dash = dash(text, first.span().start as usize).ok_or("its items stand in no plain way")?;
    let pad = column(text, dash);
    let items = items.iter();
    let items = items.map(|item| yaml::block_by(&Fragment::List(vec![item.clone()]), step(root)));
    Ok(vec![behind(text, last.span().end as usize, pad, items)])
}

/// Lines behind what ends at an offset.
fn behind(text: &str, end: usize, pad: usize, parts: impl Iterator<Item = String>) -> Edit {
    let at = end_of_line(text, text[..end].trim_end().len());
    let start = format!("{}{}", line_end(text), " ".repeat(pad));
    let lines = parts.map(|part| format!("{start}{}", part.replace('\n', &start)));
    (at..at, lines.collect())
}

/// Edits that take a member out; `None` where it stands in no lines of its own.
pub(super) fn without_member(text: &str, node: Node<'_>, index: usize) -> Option<Vec<Edit>> {
    let members: Vec<_> = node.members().collect();
    let own = members.get(index)?;
    let start = own.key_span.start as usize;
    let end = own.value.span().end.max(own.key_span.end) as usize;
    if is_first(text, start) {
        return Some(vec![lines(text, start, end)]);
    }
    // What follows takes its place behind the dash.
    let next = members.get(index + 1)?.key_span.start as usize;
    let between = text.get(end..next)?;
    between
        .trim()
        .is_empty()
        .then(|| vec![(start..next, String::new())])
}

/// Edits that take an item out; `None` where it stands in no lines of its own.
pub(super) fn without_item(text: &str, node: Node<'_>, index: usize) -> Option<Vec<Edit>> {
    let own = node.items().nth(index)?.span();
    let dash = dash(text, own.start as usize)?;
    is_first(text, dash).then(|| vec![lines(text, dash, own.end as usize)])
}

/// The whole lines of what stands in a range.
fn lines(text: &str, start: usize, end: usize) -> Edit {
    let start = line_start(text, start);
    let end = end_of_line(text, text[..end].trim_end().len().max(start));
    let rest = &text[end..];
    let line_break = rest.len()
        - rest
            .trim_start_matches('\r')
            .strip_prefix('\n')
            .unwrap_or(rest)
            .len();
    match line_break {
        // The last line ends without a line break, and so does the one before it then.
        0 => (
            text[..start].trim_end_matches(['\r', '\n']).len()..end,
            String::new(),
        ),
        length => (start..end + length, String::new()),
    }
}

/// The dash in front of an item in the same line, with nothing else between.
fn dash(text: &str, item: usize) -> Option<usize> {
    let before = text[..item].trim_end_matches(' ');
    before.ends_with('-').then(|| before.len() - 1)
}

/// Whether nothing but spaces stands before an offset in its line.
fn is_first(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at]
        .bytes()
        .all(|byte| byte == b' ')
}

fn column(text: &str, at: usize) -> usize {
    let line = text[line_start(text, at)..at].trim_start_matches('\u{feff}');
    line.chars().count()
}

/// Spaces a level: those before the first key below a key at the top.
fn step(root: Node<'_>) -> usize {
    let text = root.source_text();
    let is_block = |value: &Node<'_>| value.kind() == Kind::Object && !is_flow(text, *value);
    let mut blocks = root.members().map(|member| member.value).filter(is_block);
    let first = blocks.find_map(|value| {
        let first = value.members().next()?.key_span.start as usize;
        // What is inside of a short tag, or stands behind a dash, is not a level.
        is_first(text, first).then_some(first)
    });
    first.map_or(2, |at| column(text, at)).clamp(1, 8)
}
