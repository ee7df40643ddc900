//! What the tree of a text is made of: the names of its nodes, where their characters are, members of objects.
//! It does not know the tree.

use std::ops::Range;

use super::span::ByteRange;

/// Names a node of one tree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ArenaNodeId(pub(super) u32);

/// Where the characters of a scalar or key are kept, or the children of a list or mapping.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextRange {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Of characters: in the tree's own text when escapes or folding changed the text, else in the source itself.
    pub(super) decoded: bool,
}

impl TextRange {
    /// The range as one of indices.
    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A member of an object: its key, where that stands, and its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct ArenaMember {
    pub(super) key_span: (u32, u32),
    pub(super) key: TextRange,
    pub(super) value: ArenaNodeId,
}

/// Scalar text as a parser hands it over.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ScalarText<'a> {
    /// The bytes `start..end` of the source, unchanged.
    Source(usize, usize),
    /// Text that the source spells differently.
    Decoded(&'a str),
}

/// A member as a parser hands it over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawMember<'a> {
    pub(crate) key: ScalarText<'a>,
    pub(crate) key_span: ByteRange,
    pub(crate) value: ArenaNodeId,
}

/// A member that stands on a parser's stack until its object is complete.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PendingMember(pub(super) ArenaMember);

impl PendingMember {
    /// Gives the member its value, when the key had to be stored first.
    pub(crate) fn set_value(&mut self, value: ArenaNodeId) {
        self.0.value = value;
    }

    /// The value of the member.
    pub(crate) fn value(&self) -> ArenaNodeId {
        self.0.value
    }
}
