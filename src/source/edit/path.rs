//! Ways from the top of a text to what stands at a place in it.
//! It does not know what is done there.

use super::super::{Kind, Node, Span};

/// A step from a value into one of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PathStep {
    /// The value of the member with this number, from 0.
    Member(usize),
    /// The key of the member with this number, from 0.
    Key(usize),
    /// The item with this number, from 0.
    Item(usize),
}

/// The way to the innermost value that holds a place, and that value where it is a scalar.
pub(super) fn to(root: Node<'_>, place: Span) -> (Vec<PathStep>, Option<Node<'_>>) {
    // Parts are compared by their offsets: a text that is read again has an id of its own.
    let holds = |span: Span| span.start <= place.start && place.end <= span.end;
    let (mut node, mut steps) = (root, Vec::new());
    'inward: loop {
        for (index, member) in node.members().enumerate() {
            if holds(member.key_span) {
                steps.push(PathStep::Key(index));
                return (steps, None);
            }
            if holds(member.value.span()) {
                steps.push(PathStep::Member(index));
                node = member.value;
                continue 'inward;
            }
        }
        for (index, item) in node.items().enumerate() {
            if holds(item.span()) {
                steps.push(PathStep::Item(index));
                node = item;
                continue 'inward;
            }
        }
        let is_scalar = !matches!(node.kind(), Kind::Object | Kind::Array);
        return (steps, is_scalar.then_some(node));
    }
}

/// What a way leads to.
pub(super) fn at<'t>(root: Node<'t>, steps: &[PathStep]) -> Option<Node<'t>> {
    steps.iter().try_fold(root, |node, step| match step {
        PathStep::Member(index) | PathStep::Key(index) => {
            node.members().nth(*index).map(|member| member.value)
        }
        PathStep::Item(index) => node.items().nth(*index),
    })
}

/// The number of the innermost step on a way at which a mapping has a member of this name.
pub(super) fn innermost_with(root: Node<'_>, steps: &[PathStep], name: &str) -> Option<usize> {
    let lengths = (0..=steps.len()).rev();
    let mut lengths = lengths.filter(|length| {
        let node = at(root, &steps[..*length]);
        node.is_some_and(|node| node.get(name).is_some())
    });
    lengths.next()
}

/// Whether anything in a text stands for what is elsewhere in it.
pub(super) fn has_alias(root: Node<'_>) -> bool {
    let text = root.source_text();
    let is_alias = |node: Node<'_>| node.span().slice(text).starts_with('*');
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        if is_alias(node) {
            return true;
        }
        open.extend(node.members().map(|member| member.value));
        open.extend(node.items());
    }
    false
}
