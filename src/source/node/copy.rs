//! Copies nodes of one tree into another tree of the same source, changed or not.
//! It does not know why anything is changed.

use super::super::span::ByteRange;
use super::{
    ArenaNode, ArenaNodeId, Member, Node, NodeBuilder, PendingMember, RawMember, ScalarText,
    TextRange, Tree,
};
use crate::source::Kind;

impl NodeBuilder<'_> {
    /// Adds a copy of a scalar, with other characters where `text` has some. Its place stays.
    pub fn copy_scalar(&mut self, node: Node<'_>, text: Option<&str>) -> ArenaNodeId {
        let mut data = *node.data();
        match text {
            Some(text) => {
                data.content = self.store(ScalarText::Decoded(text));
                data.kind = Kind::String;
                data.ambiguous = false;
            }
            None => data.content = self.copy_text(node, data.content),
        }
        self.append(data)
    }

    /// Adds a text that stands where `node` stands.
    pub fn text_at(&mut self, node: Node<'_>, text: &str) -> ArenaNodeId {
        let content = self.store(ScalarText::Decoded(text));
        let ArenaNode { start, end, .. } = *node.data();
        self.push(
            Kind::String,
            ByteRange::new(start as usize, end as usize),
            content,
        )
    }

    /// Adds a list of nodes that were added before, where `node` stands.
    pub fn list_at(&mut self, node: Node<'_>, items: &[ArenaNodeId]) -> ArenaNodeId {
        let ArenaNode { start, end, .. } = *node.data();
        self.array(items, ByteRange::new(start as usize, end as usize))
    }

    /// Adds a mapping of nodes that were added before, where `node` stands: each with the place of
    /// a member and a key.
    pub fn mapping_at<'m>(
        &mut self,
        node: Node<'_>,
        members: impl IntoIterator<Item = (Member<'m>, &'m str, ArenaNodeId)>,
    ) -> ArenaNodeId {
        let pending: Vec<PendingMember> = members
            .into_iter()
            .map(|(member, key, value)| {
                let (start, end) = (member.key_span.start, member.key_span.end);
                self.member(RawMember {
                    key: ScalarText::Decoded(key),
                    key_span: ByteRange::new(start as usize, end as usize),
                    value,
                })
            })
            .collect();
        let ArenaNode {
            start,
            end,
            has_doubles,
            ..
        } = *node.data();
        let id = self.object(&pending, ByteRange::new(start as usize, end as usize));
        self.tree.nodes[id.0 as usize].has_doubles = has_doubles;
        id
    }

    /// Completes the tree with its topmost node and the comments of the tree of `original`.
    pub fn complete(self, root: ArenaNodeId, original: Node<'_>) {
        self.tree.comments.clone_from(&original.tree.comments);
        self.finish(root);
    }

    /// Characters of another tree of the same source; those of the source itself stay where they are.
    fn copy_text(&mut self, node: Node<'_>, content: TextRange) -> TextRange {
        match content.decoded {
            true => self.store(ScalarText::Decoded(node.tree.resolve(content, node.text))),
            false => content,
        }
    }
}

impl Tree {
    pub(super) fn resolve<'a>(&'a self, range: TextRange, source: &'a str) -> &'a str {
        let text = if range.decoded { &self.decoded } else { source };
        text.get(range.start as usize..range.end as usize)
            .unwrap_or_default()
    }
}
