//! What every part of the reader of YAML works on: the text, the tree that is made, and what is open.
//! It does not know how any part of the text is read.

use std::borrow::Cow;

use super::super::arena::ArenaNodeId;
use super::super::node::{NodeBuilder, RawMember, ScalarText};
use super::super::span::ByteRange;
use super::super::stack::{CollectionKind, ParserStack};
use super::super::{Problem, SourceId, Span};
use super::frames::{Anchors, CollectionFrame};
use super::mend::RepairedText;

/// What a step of the reader yields: problems are rare and large, so they are boxed.
pub(super) type YamlResult<T> = Result<T, Box<Problem>>;

/// Turns the events of the YAML parser into nodes.
pub(super) struct YamlReader<'a, 't> {
    pub(super) text: &'a str,
    /// What the parser is shown in place of the text.
    pub(super) mended: Option<&'a RepairedText>,
    pub(super) source: SourceId,
    pub(super) builder: NodeBuilder<'t>,
    pub(super) stacks: ParserStack,
    /// The open collections, innermost last.
    pub(super) frames: Vec<CollectionFrame>,
    pub(super) anchors: Anchors,
    pub(super) root: Option<ArenaNodeId>,
    pub(super) documents: usize,
}

impl YamlReader<'_, '_> {
    /// Whether the next node is a key.
    pub(super) fn wants_key(&self) -> bool {
        self.frames
            .last()
            .is_some_and(|frame| frame.kind == CollectionKind::Object && !frame.has_key)
    }

    /// How deep the next node stands.
    pub(super) fn depth(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.depth)
    }

    /// The byte range of a span, on character boundaries of the text.
    pub(super) fn range(&self, span: &granit_parser::Span) -> ByteRange {
        let range = span.byte_range().unwrap_or_default();
        let start = range.start.min(self.text.len());
        let end = range.end.clamp(start, self.text.len());
        ByteRange {
            start: self.text.floor_char_boundary(start),
            end: self.text.floor_char_boundary(end),
        }
    }

    pub(super) fn span_of(&self, range: ByteRange) -> Span {
        Span::new(self.source, range.start, range.end)
    }

    /// Puts `value` into an object with the one member that the short tag at `span` stands for.
    pub(super) fn wrap(&mut self, name: &str, span: ByteRange, value: ArenaNodeId) -> ArenaNodeId {
        let key = long_form(name);
        let member = self.builder.member(RawMember {
            key: ScalarText::Decoded(&key),
            key_span: span,
            value,
        });
        let end = self.builder.span(value).end.max(span.end);
        self.builder
            .object(&[member], ByteRange::new(span.start, end))
    }
}

/// The key that a short tag stands for.
pub(super) fn long_form(name: &str) -> Cow<'_, str> {
    match name {
        "Ref" | "Condition" => Cow::Borrowed(name),
        _ => Cow::Owned(format!("Fn::{name}")),
    }
}
