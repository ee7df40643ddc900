//! Policies: mappings of the template, or JSON in a text of it.
//! It does not know what a policy says.

use std::sync::Arc;

use crate::input::cloudformation::expression::evaluate::{Evaluator, write_text};
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::value::{
    CharacterOrigin, JOINED, Resolved, Text, TextPart,
};
use crate::input::parse::doubled;
use crate::model::{
    self, CharacterSet, Data, Document, Functions, JsonText, NodeId, Shape, Spelling, TextLimits,
    Unknown,
};
use crate::source::embedded::{self, Embedded, Scalar, TextPiece, Trouble};
use crate::source::{Kind, Node, Tree};

impl<'t> Evaluator<'t, '_> {
    /// Writes a policy: a mapping of the template, or what its JSON text says.
    ///
    /// A text that is not JSON stays a text, at the first mistake in it. Functions inside of the JSON
    /// text are not functions: CloudFormation does not look there, so they stay plain mappings.
    pub(crate) fn write_policy(
        &self,
        document: &mut Document,
        slot: Slot<'t>,
        tree: &mut Tree,
    ) -> NodeId {
        match slot.value {
            Resolved::Json(node) => {
                let written = self.write(document, node);
                written.unwrap_or_else(|| document.absent(slot.place))
            }
            Resolved::Text(text) => {
                let policy = write_json(document, &text, tree);
                note_text(document, policy, &text);
                policy
            }
            Resolved::Node(node) if node.kind() == Kind::String => match Text::of(node) {
                Some(text) => {
                    let policy = write_json(document, &text, tree);
                    if is_read(document, policy) {
                        document.note_text(literal(node));
                    }
                    policy
                }
                None => self.write_any(document, slot),
            },
            _ => self.write_any(document, slot),
        }
    }
}

/// Notes the texts of the template that a policy was put together from.
fn note_text(document: &mut Document, policy: NodeId, text: &Text<'_>) {
    if !is_read(document, policy) {
        return;
    }
    let mut last = None;
    for part in &text.parts {
        let (node, functions) = match part {
            TextPart::Known {
                origin: CharacterOrigin::Scalar(node, _),
                ..
            } => (*node, Functions::Never),
            TextPart::Known {
                origin: CharacterOrigin::Substituted(node, _),
                ..
            } => (*node, Functions::Substituted),
            _ => continue,
        };
        if last.replace(node.id()) != Some(node.id()) {
            let text = literal(node);
            document.note_text(JsonText { functions, ..text });
        }
    }
    if last.is_none() {
        document.note_text(JsonText {
            span: text.span,
            spelling: Spelling::Fetched,
            functions: Functions::Never,
        });
    }
}

/// Whether a text was JSON.
fn is_read(document: &Document, policy: NodeId) -> bool {
    matches!(document.value(policy).data(), Data::Object | Data::Array)
}

/// A text that stands where a value belongs.
fn literal(node: Node<'_>) -> JsonText {
    let written = node.span().slice(node.source_text());
    let spelling = match written.as_bytes().first() {
        Some(b'"') => Spelling::Double,
        Some(b'\'') => Spelling::Single,
        Some(b'*') => Spelling::Fetched,
        _ => Spelling::Plain,
    };
    JsonText {
        span: node.span(),
        spelling,
        functions: match spelling == Spelling::Fetched || written.contains("${") {
            true => Functions::Never,
            false => Functions::Possible,
        },
    }
}

/// Reads a text as JSON and writes what it says.
fn write_json(document: &mut Document, text: &Text<'_>, tree: &mut Tree) -> NodeId {
    if matches!(text.parts.as_slice(), [TextPart::Hole { .. }]) {
        return write_text(document, text);
    }
    let (assembled, holes) = assemble(text);
    match assembled.parse_json(tree) {
        Ok(()) => match assembled.root(tree) {
            Some(root) => write_embedded(document, root, &holes),
            None => write_text(document, text),
        },
        Err(Trouble::Unknown(hole)) => {
            let unknown = Unknown::because(reason(&holes, hole)).with_shape(text.shape());
            document.unknown(unknown, text.span)
        }
        Err(Trouble::Doubled(problem)) => document.unknown(doubled(&problem), problem.span),
        Err(Trouble::Malformed(problem)) => {
            let span = match problem.span.is_empty() {
                true => text.span,
                false => problem.span,
            };
            document.string(&text.shape().to_string(), span)
        }
    }
}

/// The text for the reader of embedded JSON, and its holes in their order.
fn assemble<'p, 't>(text: &'p Text<'t>) -> (embedded::EmbeddedText, Vec<&'p TextPart<'t>>) {
    let mut assembled = embedded::EmbeddedText::default();
    let mut holes = Vec::new();
    let mut last: Option<(Node<'t>, Scalar<'t>)> = None;
    for part in &text.parts {
        match part {
            TextPart::Hole { span, .. } => {
                assembled.push_hole(*span);
                holes.push(part);
            }
            TextPart::Known { text, origin } => match *origin {
                CharacterOrigin::Computed(span) => assembled.push_computed(text, span),
                CharacterOrigin::Scalar(node, offset)
                | CharacterOrigin::Substituted(node, offset) => {
                    if last
                        .as_ref()
                        .is_none_or(|(known, _)| known.id() != node.id())
                    {
                        last = Scalar::of(node).map(|scalar| (node, scalar));
                    }
                    if let Some((_, scalar)) = &last {
                        assembled.push_part(scalar, offset..offset + text.len());
                    }
                }
            },
        }
    }
    (assembled, holes)
}

/// Writes a node of JSON text. Its depth is bounded by the limit that the parser enforces.
fn write_embedded(document: &mut Document, node: Embedded<'_>, holes: &[&TextPart<'_>]) -> NodeId {
    let span = node.span();
    if let Some(hole) = node.hole() {
        return document.unknown(Unknown::because(reason(holes, hole)), span);
    }
    match node.kind() {
        Kind::Null => document.null(span),
        Kind::Bool(value) => document.bool(value, span),
        Kind::Number => document.number(node.as_text().unwrap_or_default(), span),
        Kind::String => match node.as_str() {
            Some(text) => document.string(text, span),
            None => document.unknown(pieced(&node.pieces(), holes), span),
        },
        Kind::Array => {
            let items: Vec<_> = node
                .items()
                .map(|item| write_embedded(document, item, holes))
                .collect();
            document.array(&items, span)
        }
        Kind::Object => {
            let mut members = Vec::with_capacity(node.members().len());
            for member in node.members() {
                let Some(key) = member.key() else {
                    // Any member may hide behind a key that is not known.
                    return document.unknown(pieced(&member.key_pieces(), holes), span);
                };
                let value = write_embedded(document, member.value(), holes);
                members.push((key, member.key_span(), value));
            }
            document.object_as_written(&members, span)
        }
    }
}

/// A text with holes as an unknown value.
fn pieced(pieces: &[TextPiece<'_>], holes: &[&TextPart<'_>]) -> Unknown {
    let first = pieces.iter().find_map(|piece| match piece {
        TextPiece::Hole(hole) => Some(reason(holes, *hole)),
        TextPiece::Text(_) => None,
    });
    let shape = pieces.iter().map(|piece| match piece {
        TextPiece::Text(text) => model::Piece::Text((*text).to_owned()),
        TextPiece::Hole(hole) => {
            model::Piece::Hole(name(holes, *hole).to_owned(), limits(holes, *hole))
        }
    });
    let unknown = Unknown::because(first.unwrap_or_default());
    match pieces {
        // A delimiter such as `","` ends one text and begins the next one: nobody knows how many there are.
        [TextPiece::Hole(hole)] if name(holes, *hole) == JOINED => unknown,
        _ => unknown.with_shape(Shape(shape.collect())),
    }
}

fn reason<'p>(holes: &[&'p TextPart<'_>], hole: usize) -> &'p str {
    match holes.get(hole) {
        Some(TextPart::Hole { reason, .. }) => reason,
        _ => "",
    }
}

fn name<'p>(holes: &[&'p TextPart<'_>], hole: usize) -> &'p str {
    match holes.get(hole) {
        Some(TextPart::Hole { name, .. }) => name,
        _ => "",
    }
}

/// What limits the characters of a hole. What JSON writes in another way is not what fills it.
fn limits(holes: &[&TextPart<'_>], hole: usize) -> Option<Arc<TextLimits>> {
    let escaped = CharacterSet::of("\"\\");
    match holes.get(hole) {
        Some(TextPart::Hole { limits, .. }) => limits.clone().filter(|it| !it.may_hold(escaped)),
        _ => None,
    }
}
