//! How functions are written: their names, their arguments, the texts of `Fn::Sub`.
//! It does not know what they return.

use std::ops::Range;

use crate::source::{Node, Span};

/// Part of a template text of `Fn::Sub`: characters, or the name of a variable.
pub(crate) enum SubPart<'s> {
    Text(&'s str, usize),
    Variable(&'s str, Range<usize>),
}

/// Exactly `N` items of a list.
pub(crate) fn items<const N: usize>(node: Node<'_>) -> Option<[Node<'_>; N]> {
    let items: Vec<_> = node.items().take(N + 1).collect();
    items.try_into().ok()
}

/// The literal arguments of `Fn::GetAtt`: logical id and attribute.
pub(crate) fn attribute_path(argument: Node<'_>) -> Option<(&str, &str)> {
    match argument.as_str() {
        Some(path) => path.split_once('.'),
        None => {
            let [id, attribute] = items(argument)?;
            Some((id.as_str()?, attribute.as_str()?))
        }
    }
}

/// Cuts the template text of `Fn::Sub` into characters and variables; `${!name}` is plain `${name}`.
pub(crate) fn segments(source: &str) -> Vec<SubPart<'_>> {
    let mut segments = Vec::new();
    let mut start = 0;
    // Most texts are short: to look at each pair of bytes takes less than to prepare a search.
    let opening = |start: usize| {
        let mut pairs = source.as_bytes()[start..].windows(2);
        pairs.position(|pair| pair == b"${").map(|at| start + at)
    };
    while let Some(open) = opening(start) {
        let Some(close) = source[open..].find('}').map(|close| open + close) else {
            break;
        };
        let name = &source[open + 2..close];
        let text_end = if name.starts_with('!') {
            open + 2
        } else {
            open
        };
        if text_end > start {
            segments.push(SubPart::Text(&source[start..text_end], start));
        }
        if name.starts_with('!') {
            start = open + 3;
        } else {
            segments.push(SubPart::Variable(name.trim(), open..close + 1));
            start = close + 1;
            continue;
        }
        segments.push(SubPart::Text(&source[start..=close], start));
        start = close + 1;
    }
    if start < source.len() {
        segments.push(SubPart::Text(&source[start..], start));
    }
    segments
}

/// The name of a function and what it is given, if the node is nothing but that function.
pub(crate) struct FunctionCall<'t> {
    /// `Ref`, or a name that starts with `Fn::`.
    pub(crate) name: &'t str,
    /// `None` when other members stand beside the function.
    pub(crate) argument: Option<Node<'t>>,
    /// Where the function stands.
    pub(crate) span: Span,
}

/// The function that a mapping is, if it is one.
///
/// A function beside other members, such as `Fn::Transform`, can change all of them.
pub(crate) fn call(node: Node<'_>) -> Option<FunctionCall<'_>> {
    let mut members = node.members();
    let count = members.len();
    let found = members
        .find(|member| (count == 1 && member.key == "Ref") || member.key.starts_with("Fn::"))?;
    Some(FunctionCall {
        name: found.key,
        argument: (count == 1).then_some(found.value),
        span: node.span(),
    })
}

/// Why nothing is known of what stands beside a function, such as `Fn::Transform`.
pub(crate) fn changes_what_is_beside(name: &str) -> String {
    format!("`{name}` can change what stands beside it")
}

/// Whether parameters, conditions or the place of the stack have a part in a value: a function stands in it that does more
/// than to put texts together. The parser bounds the depth.
pub(crate) fn computes(node: Node<'_>) -> bool {
    let any = |node: Node<'_>| {
        node.items().any(computes) || node.members().any(|member| computes(member.value))
    };
    let has_variable = |text: &str| {
        let is_variable = |part: &SubPart<'_>| matches!(part, SubPart::Variable(..));
        segments(text).iter().any(is_variable)
    };
    match call(node) {
        None => any(node),
        Some(FunctionCall {
            name: "Fn::Join" | "Fn::ToJsonString",
            argument: Some(argument),
            ..
        }) => any(argument),
        Some(FunctionCall {
            name: "Fn::Sub",
            argument: Some(argument),
            ..
        }) => argument.as_str().is_none_or(has_variable),
        Some(_) => true,
    }
}

/// Conditions that `Fn::And` and `Fn::Or` take.
pub(crate) const PARTS: std::ops::RangeInclusive<usize> = 2..=10;

/// The type of parameters that `Fn::RefAll` stands for.
pub(crate) fn all_of(node: Node<'_>) -> Option<&str> {
    let mut members = node.members();
    match (members.next(), members.next()) {
        (Some(only), None) if only.key == "Fn::RefAll" => only.value.as_str(),
        _ => None,
    }
}
