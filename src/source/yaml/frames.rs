//! What is open while YAML is read, what its anchors name, and how much aliases of it would repeat.
//! It does not know how anything is read.

use granit_parser::StructureStyle;

use super::super::arena::ArenaNodeId;
use super::super::span::ByteRange;
use super::super::stack::CollectionKind;

/// An open collection.
#[derive(Debug)]
pub(super) struct CollectionFrame {
    /// Offset of its first byte.
    pub(super) start: usize,
    /// Length of the stack of items or members when it was opened.
    pub(super) base: usize,
    /// Whether items or members stand in it.
    pub(super) kind: CollectionKind,
    /// Whether it is written between brackets.
    pub(super) style: StructureStyle,
    /// A key waits for its value.
    pub(super) has_key: bool,
    /// Its anchor, or 0.
    pub(super) anchor: usize,
    /// The short tag in front of it, and the place of that.
    pub(super) tag: Option<(String, ByteRange)>,
    /// How deep its content stands.
    pub(super) depth: usize,
    pub(super) weight: Weight,
}

impl CollectionFrame {
    /// The range of the whole collection.
    ///
    /// The parser ends a block collection at the next token, wherever that is; so its last child
    /// says where it ends.
    pub(super) fn span(&self, end: ByteRange, last_child: Option<usize>) -> ByteRange {
        let end = match self.style {
            StructureStyle::Flow => end.end,
            StructureStyle::Block => last_child.unwrap_or(end.start),
        };
        ByteRange::new(self.start, end.max(self.start))
    }
}

/// How much a node holds when every alias in it is followed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weight {
    /// Nodes.
    pub(super) nodes: u64,
    /// Levels.
    pub(super) height: usize,
}

impl Weight {
    /// The weight of a scalar, and of an empty collection.
    pub(super) const SCALAR: Self = Self {
        nodes: 1,
        height: 0,
    };

    /// The weight of a collection that holds just this.
    pub(super) fn within(self) -> Self {
        let mut outer = Self::SCALAR;
        outer.add(self);
        outer
    }

    /// Counts in a child.
    pub(super) fn add(&mut self, child: Self) {
        self.nodes = self.nodes.saturating_add(child.nodes);
        self.height = self.height.max(child.height + 1);
    }
}

/// The anchored nodes that are complete.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    targets: Vec<Option<(ArenaNodeId, Weight)>>,
    /// Nodes that aliases have repeated so far.
    pub(super) aliased: u64,
}

impl Anchors {
    pub(super) fn set(&mut self, anchor: usize, node: ArenaNodeId, weight: Weight) {
        if self.targets.len() <= anchor {
            self.targets.resize(anchor + 1, None);
        }
        self.targets[anchor] = Some((node, weight));
    }

    /// What an anchor names: nothing while it is open.
    pub(super) fn target(&self, anchor: usize) -> Option<(ArenaNodeId, Weight)> {
        self.targets.get(anchor).copied().flatten()
    }
}
