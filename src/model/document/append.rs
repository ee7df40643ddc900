//! Adds what another document says.
//! It does not know what any of it means.

use super::arena::{
    Document, DocumentMember, DocumentNode, KeyContent, NodeContent, NodeId, offset,
};

/// Where the nodes of another document stand now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moved {
    nodes: usize,
}

impl Moved {
    /// The node that `id` has become.
    pub(crate) fn id(self, id: NodeId) -> NodeId {
        NodeId(moved(id.0, self.nodes))
    }
}

fn moved(offset: u32, by: usize) -> u32 {
    self::offset(offset as usize + by)
}

impl Document {
    /// Adds everything of another document as it is.
    pub(crate) fn append(&mut self, other: &Self) -> Moved {
        let (text, items) = (self.text.len(), self.items.len());
        let (members, unknowns) = (self.members.len(), self.unknowns.len());
        let node = Moved {
            nodes: self.nodes.len(),
        };
        let within = |(start, end), by| (moved(start, by), moved(end, by));
        let append = |added: &DocumentNode| DocumentNode {
            content: match added.content {
                NodeContent::Number(start, end) => {
                    let (start, end) = within((start, end), text);
                    NodeContent::Number(start, end)
                }
                NodeContent::String(start, end) => {
                    let (start, end) = within((start, end), text);
                    NodeContent::String(start, end)
                }
                NodeContent::Array(start, end) => {
                    let (start, end) = within((start, end), items);
                    NodeContent::Array(start, end)
                }
                NodeContent::Object(start, end) => {
                    let (start, end) = within((start, end), members);
                    NodeContent::Object(start, end)
                }
                NodeContent::Unknown(index) => NodeContent::Unknown(moved(index, unknowns)),
                content @ (NodeContent::Null | NodeContent::Bool(_) | NodeContent::Absent) => {
                    content
                }
            },
            span: added.span,
        };
        self.nodes.extend(other.nodes.iter().map(append));
        self.members
            .extend(other.members.iter().map(|member| DocumentMember {
                key: match member.key {
                    KeyContent::Text(start, end) => {
                        let (start, end) = within((start, end), text);
                        KeyContent::Text(start, end)
                    }
                    name @ KeyContent::Name(_) => name,
                },
                key_span: member.key_span,
                value: node.id(member.value),
            }));
        self.items.extend(other.items.iter().map(|id| node.id(*id)));
        self.text.push_str(&other.text);
        self.unknowns.extend_from_slice(&other.unknowns);
        self.texts.extend_from_slice(&other.texts);
        let computed = other.computed.iter();
        self.computed.extend(computed.map(|id| node.id(*id)));
        let defaults = other.defaults.iter();
        self.defaults.extend(defaults.map(|id| node.id(*id)));
        node
    }
}
