//! Nodes of JSON that was read from assembled text, with places in the outer file.
//! It does not know how the text was assembled.

use std::ops::Range;

use super::super::span::ByteRange;
use super::super::{Kind, Member, Node, Span, Tree};
use super::scalar::Scalar;
use super::text::{EmbeddedText, HOLE, bytes_of};

/// A node of embedded JSON. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Embedded<'a> {
    text: &'a EmbeddedText,
    node: Node<'a>,
}

/// A member of an embedded object.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedMember<'a> {
    text: &'a EmbeddedText,
    member: Member<'a>,
}

/// A part of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextPiece<'a> {
    /// Known characters, never empty.
    Text(&'a str),
    /// Something unknown: the index of its hole.
    Hole(usize),
}

impl EmbeddedText {
    /// The topmost node of a tree that [`EmbeddedText::parse_json`] filled.
    #[must_use]
    pub fn root<'a>(&'a self, tree: &'a Tree) -> Option<Embedded<'a>> {
        let node = tree.root(self.as_str())?;
        Some(Embedded { text: self, node })
    }
}

impl<'a> Embedded<'a> {
    /// What the node is. A hole that stands for a whole value counts as a string: ask
    /// [`Embedded::hole`] first.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.node.kind()
    }

    /// The index of the hole that stands for this whole value.
    #[must_use]
    pub fn hole(self) -> Option<usize> {
        let range = bytes_of(self.node.span());
        let holes = self.text.holes_within(range);
        let start = *self.text.holes.get(holes.start)?;
        (!holes.is_empty() && range == ByteRange::new(start, start + HOLE.len_utf8()))
            .then_some(holes.start)
    }

    /// Where the node stands in the outer file. For a string the quotes are part of it.
    #[must_use]
    pub fn span(self) -> Span {
        let ByteRange { start, end } = bytes_of(self.node.span());
        self.text.span(start..end)
    }

    /// The characters of a string without holes.
    #[must_use]
    pub fn as_str(self) -> Option<&'a str> {
        let known = self.text.holes_within(bytes_of(self.node.span()));
        self.node.as_str().filter(|_| known.is_empty())
    }

    /// The characters of a string without holes, of a number or of a boolean.
    #[must_use]
    pub fn as_text(self) -> Option<&'a str> {
        match self.node.kind() {
            Kind::String => self.as_str(),
            _ => self.node.as_text(),
        }
    }

    /// The parts of a string, in order; none for anything else, and for an empty string.
    #[must_use]
    pub fn pieces(self) -> Vec<TextPiece<'a>> {
        match (self.hole(), self.node.as_str()) {
            (Some(hole), _) => vec![TextPiece::Hole(hole)],
            (None, Some(known)) => {
                let range = bytes_of(self.node.span());
                pieces(self.text, range, known, || Scalar::of(self.node))
            }
            (None, None) => Vec::new(),
        }
    }

    /// Where the bytes `range` of [`Embedded::as_str`] stand in the outer file.
    #[must_use]
    pub fn part_span(self, range: Range<usize>) -> Span {
        match Scalar::of(self.node) {
            Some(scalar) => {
                let ByteRange { start, end } = bytes_of(scalar.span(range));
                self.text.span(start..end)
            }
            None => self.span(),
        }
    }

    /// Items of a list; none for anything else.
    pub fn items(self) -> impl ExactSizeIterator<Item = Embedded<'a>> + Clone {
        let text = self.text;
        self.node.items().map(move |node| Embedded { text, node })
    }

    /// Members of an object, in the order of the text; none for anything else.
    pub fn members(self) -> impl ExactSizeIterator<Item = EmbeddedMember<'a>> + Clone {
        let text = self.text;
        self.node
            .members()
            .map(move |member| EmbeddedMember { text, member })
    }

    /// The value of the member whose key is known to be `key`.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Embedded<'a>> {
        self.members()
            .find(|member| member.key() == Some(key))
            .map(EmbeddedMember::value)
    }
}

impl<'a> EmbeddedMember<'a> {
    /// The key, unless it has a hole.
    #[must_use]
    pub fn key(self) -> Option<&'a str> {
        let holes = self.text.holes_within(bytes_of(self.member.key_span));
        holes.is_empty().then_some(self.member.key)
    }

    /// The parts of the key, in order.
    #[must_use]
    pub fn key_pieces(self) -> Vec<TextPiece<'a>> {
        let range = bytes_of(self.member.key_span);
        pieces(self.text, range, self.member.key, || {
            Some(Scalar::of_key(&self.member))
        })
    }

    /// Where the key stands in the outer file, quotes included.
    #[must_use]
    pub fn key_span(self) -> Span {
        let ByteRange { start, end } = bytes_of(self.member.key_span);
        self.text.span(start..end)
    }

    /// The value.
    #[must_use]
    pub fn value(self) -> Embedded<'a> {
        Embedded {
            text: self.text,
            node: self.member.value,
        }
    }
}

/// Cuts the characters `known`, which stand at `range` of the assembled text, at the holes.
fn pieces<'a>(
    text: &EmbeddedText,
    range: ByteRange,
    known: &'a str,
    scalar: impl FnOnce() -> Option<Scalar<'a>>,
) -> Vec<TextPiece<'a>> {
    let holes = text.holes_within(range);
    let mut pieces = Vec::new();
    let mut from = 0;
    let scalar = if holes.is_empty() { None } else { scalar() };
    for hole in holes {
        let place = scalar
            .as_ref()
            .and_then(|scalar| scalar.offset_of(text.holes[hole]));
        let Some(at) = place.filter(|at| *at >= from) else {
            return vec![TextPiece::Hole(hole)];
        };
        push_known(&mut pieces, known.get(from..at));
        pieces.push(TextPiece::Hole(hole));
        from = at + HOLE.len_utf8();
    }
    push_known(&mut pieces, known.get(from..));
    pieces
}

fn push_known<'a>(pieces: &mut Vec<TextPiece<'a>>, known: Option<&'a str>) {
    if let Some(known) = known.filter(|known| !known.is_empty()) {
        pieces.push(TextPiece::Text(known));
    }
}
