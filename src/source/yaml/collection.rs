//! Completes lists and mappings of YAML, and repeats what aliases name.
//! It does not know how scalars are spelled.

use super::super::arena::{ArenaNodeId, PendingMember};
use super::super::span::ByteRange;
use super::super::stack::{CollectionKind, MAX_DEPTH, depth_problem};
use super::frames::{CollectionFrame, Weight};
use super::reader::{YamlReader, YamlResult};

/// Aliases may repeat this many nodes in one text, so that reading a tree stays cheap.
const MAX_ALIASED: u64 = 250_000;

impl YamlReader<'_, '_> {
    /// Finishes the innermost collection; `end` is the range of the event that ends it.
    pub(super) fn close(&mut self, end: ByteRange) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let node = match frame.kind {
            CollectionKind::Array => self.close_sequence(&frame, end),
            CollectionKind::Object => self.close_mapping(&frame, end),
        };
        let (node, weight) = match &frame.tag {
            Some((name, span)) => (self.wrap(name, *span, node), frame.weight.within()),
            None => (node, frame.weight),
        };
        self.finish(node, weight, frame.anchor);
    }

    fn close_sequence(&mut self, frame: &CollectionFrame, end: ByteRange) -> ArenaNodeId {
        let items = &self.stacks.items[frame.base..];
        let last = items.last().map(|item| self.builder.span(*item).end);
        let node = self.builder.array(items, frame.span(end, last));
        self.stacks.items.truncate(frame.base);
        node
    }

    fn close_mapping(&mut self, frame: &CollectionFrame, end: ByteRange) -> ArenaNodeId {
        let (text, builder) = (self.text, &self.builder);
        let key = |member: &PendingMember| Some(builder.key_text(member, text));
        let double = self.stacks.duplicate(frame.base, key);
        let members = &self.stacks.members[frame.base..];
        let last = members.last().map(|member| {
            let value = self.builder.span(member.value()).end;
            value.max(self.builder.key_span(member).end as usize)
        });
        let node = self.builder.object(members, frame.span(end, last));
        if let Some((first, second)) = double {
            let members = &self.stacks.members;
            let (first, second) = (&members[first], &members[second]);
            self.builder.mark_doubles(node, text, first, second);
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
        frame.has_key = false;
        self.stacks.attach_to(frame.kind, node);
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
            return Err(depth_problem(self.span_of(range)));
        }
        let node = self.builder.alias(target, range);
        self.finish(node, weight, 0);
        Ok(())
    }
}
