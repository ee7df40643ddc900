//! The characters of a scalar or key, each with its place in the source.
//! It does not know what they are put together to.

use std::ops::Range;

use super::super::{Member, Node, Span};
use super::align::{self, CharacterRun};

/// The characters of a scalar or key, with the place of each in the source.
#[derive(Clone, Debug)]
pub struct Scalar<'t> {
    pub(super) text: &'t str,
    pub(super) runs: Vec<CharacterRun>,
}

impl<'t> Scalar<'t> {
    /// The characters of a string, number or boolean; nothing for other nodes.
    #[must_use]
    pub fn of(node: Node<'t>) -> Option<Self> {
        let text = node.as_text()?;
        Some(Self::new(node.source_text(), node.span(), text))
    }

    /// The characters of a key.
    #[must_use]
    pub fn of_key(member: &Member<'t>) -> Self {
        Self::new(member.value.source_text(), member.key_span, member.key)
    }

    fn new(source_text: &str, span: Span, text: &'t str) -> Self {
        // An alias and a rewritten word stand for characters that are elsewhere or nowhere; the
        // whole of them is then the place of each character.
        let runs = align::align(source_text, span, text)
            .unwrap_or_else(|| vec![CharacterRun::whole(0, span)]);
        Self { text, runs }
    }

    /// The characters, escapes and folding undone.
    #[must_use]
    pub fn as_str(&self) -> &'t str {
        self.text
    }

    /// Where the bytes `range` of [`Scalar::as_str`] stand in the source.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        align::span(&self.runs, self.text.len(), range)
    }

    /// Offset in the characters of what stands at `offset` of the source.
    pub(super) fn offset_of(&self, offset: usize) -> Option<usize> {
        align::inverse(&self.runs, offset)
    }
}
