//! What holds for every tree, whatever text it was made from.
//! It does not know which parser made the tree.

use ecrlint::source::embedded::{Embedded, Scalar, EmbeddedText};
use ecrlint::source::{Node, Problem, Span, Tree};

/// Every place lies within the text and on characters, children lie in order, embedded JSON too.
pub fn tree(tree: &Tree, text: &str) {
    for comment in tree.comments() {
        place(comment, text);
    }
    let mut nodes: Vec<Node<'_>> = tree.root(text).into_iter().collect();
    let mut inner = Tree::default();
    while let Some(node) = nodes.pop() {
        place(node.span(), text);
        if let Some(scalar) = Scalar::of(node) {
            let characters = scalar.as_str();
            for (at, char) in characters.char_indices().take(64) {
                place(scalar.span(at..at + char.len_utf8()), text);
            }
            embedded(node, &mut inner, text);
        }
        nodes.extend(node.items());
        for member in node.members() {
            place(member.key_span, text);
            nodes.push(member.value);
        }
    }
}

/// Both places of a problem lie within the text, and it is said in one line.
pub fn problem(problem: &Problem, text: &str) {
    place(problem.span, text);
    if let Some((span, _)) = &problem.related {
        place(*span, text);
    }
    let lines = [
        Some(&problem.title),
        Some(&problem.label),
        problem.help.as_ref(),
    ];
    for line in lines.into_iter().flatten() {
        assert!(!line.contains(char::is_control), "not one line: {line:?}");
    }
    assert!(!problem.title.is_empty());
}

fn embedded(node: Node<'_>, tree: &mut Tree, text: &str) {
    let mut assembled = EmbeddedText::default();
    assembled.push_node(node);
    assembled.push_hole(node.span());
    assembled.push_node(node);
    if assembled.parse_json(tree).is_err() {
        return;
    }
    let mut nodes: Vec<Embedded<'_>> = assembled.root(tree).into_iter().collect();
    while let Some(node) = nodes.pop() {
        place(node.span(), text);
        let _cut = node.pieces();
        nodes.extend(node.items());
        for member in node.members() {
            place(member.key_span(), text);
            nodes.push(member.value());
        }
    }
}

fn place(span: Span, text: &str) {
    let range = span.start as usize..span.end as usize;
    assert!(
        text.get(range.clone()).is_some(),
        "no place in the text: {range:?}"
    );
}
