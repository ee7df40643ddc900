//! Lists, mappings, anchors and aliases of YAML.
//! It does not know how scalars are spelled.

use super::super::arena::{ArenaNodeId, PendingMember};
use super::super::stack::MAX_DEPTH;
use super::{ByteRange, YamlReader, YamlResult};

/// Aliases may repeat this many nodes in one text, so that reading a tree stays cheap.
const MAX_ALIASED: u64 = 250_000;

/// An open collection.
#[derive(Debug)]
pub(super) struct CollectionFrame {
    /// Offset of its first byte.
    pub(super) start: usize,
    /// Length of the stack of items or members when it was opened.
    pub(super) base: usize,
    /// A mapping, else a list.
    pub(super) object: bool,
    /// Written between brackets.
    pub(super) flow: bool,
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

/// How much a node holds when every alias in it is followed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weight {
    /// Nodes.
    nodes: u64,
    /// Levels.
    height: usize,
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
    aliased: u64,
}

impl Anchors {
    pub(super) fn set(&mut self, anchor: usize, node: ArenaNodeId, weight: Weight) {
        if self.targets.len() <= anchor {
            self.targets.resize(anchor + 1, None);
        }
        self.targets[anchor] = Some((node, weight));
    }

    fn target(&self, anchor: usize) -> Option<(ArenaNodeId, Weight)> {
        self.targets.get(anchor).copied().flatten()
    }
}

impl YamlReader<'_, '_> {
    /// Finishes the innermost collection; `end` is the range of the event that ends it.
    pub(super) fn close(&mut self, end: ByteRange) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let node = if frame.object {
            self.close_mapping(&frame, end)
        } else {
            let items = &self.stacks.items[frame.base..];
            let last = items.last().map(|item| self.builder.span(*item).1);
            let node = self.builder.array(items, frame.span(end, last));
            self.stacks.items.truncate(frame.base);
            node
        };
        let (node, weight) = match &frame.tag {
            Some((name, span)) => (self.wrap(name, *span, node), frame.weight.within()),
            None => (node, frame.weight),
        };
        self.finish(node, weight, frame.anchor);
    }

    fn close_mapping(&mut self, frame: &CollectionFrame, end: ByteRange) -> ArenaNodeId {
        let (text, builder) = (self.text, &self.builder);
        let key = |member: &PendingMember| Some(builder.key_text(member, text));
        let double = self.stacks.duplicate(frame.base, key);
        let members = &self.stacks.members[frame.base..];
        let last = members.last().map(|member| {
            let value = self.builder.span(member.value()).1;
            value.max(self.builder.key_span(member).end as usize)
        });
        let node = self.builder.object(members, frame.span(end, last));
        if let Some((first, second)) = double {
            let pair = (&self.stacks.members[first], &self.stacks.members[second]);
            self.builder.mark_doubles(node, text, pair);
        }
        self.stacks.members.truncate(frame.base);
        node
    }

    /// Hands a complete node to its anchor and to the collection that it stands in.
    pub(super) fn finish(&mut self, node: ArenaNodeId, weight: Weight, anchor: usize) {
        if anchor != 0 {
            self.anchors.set(anchor, node, weight);
        }
        let Some(frame) = self.frames.last_mut() else {
            self.root = self.root.or(Some(node));
            return;
        };
        frame.weight.add(weight);
        if frame.object {
            frame.has_key = false;
            if let Some(member) = self.stacks.members.last_mut() {
                member.set_value(node);
            }
        } else {
            self.stacks.items.push(node);
        }
    }

    /// Adds an alias.
    pub(super) fn alias(&mut self, anchor: usize, range: ByteRange) -> YamlResult<()> {
        if self.wants_key() {
            return Err(self.complex_key(range));
        }
        let Some((target, weight)) = self.anchors.target(anchor) else {
            return Err(self.alias_of_itself(range));
        };
        self.anchors.aliased = self.anchors.aliased.saturating_add(weight.nodes);
        if self.anchors.aliased > MAX_ALIASED {
            return Err(self.too_many_aliases(range, MAX_ALIASED));
        }
        if self.depth() + weight.height > MAX_DEPTH {
            return Err(super::depth_problem(self.span_of(range)));
        }
        let node = self.builder.alias(target, range);
        self.finish(node, weight, 0);
        Ok(())
    }
}

impl CollectionFrame {
    /// The range of the whole collection.
    ///
    /// The parser ends a block collection at the next token, wherever that is; so its last child
    /// says where it ends.
    fn span(&self, end: ByteRange, last_child: Option<usize>) -> ByteRange {
        let end = if self.flow {
            end.1
        } else {
            last_child.unwrap_or(end.0)
        };
        (self.start, end.max(self.start))
    }
}
