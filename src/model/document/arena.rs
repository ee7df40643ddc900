//! The nodes of a document, and how they are added to it.
//! It does not know how they are read.

use std::sync::Arc;

use super::super::unknown::Unknown;
use super::text::JsonText;
use crate::source::Span;

/// Names a node of one [`Document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeId(pub(super) u32);

#[derive(Clone, Copy, Debug)]
pub(super) enum NodeContent {
    Null,
    Bool(bool),
    Number(u32, u32),
    String(u32, u32),
    Array(u32, u32),
    Object(u32, u32),
    Absent,
    Unknown(u32),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct DocumentNode {
    pub(super) content: NodeContent,
    pub(super) span: Span,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum KeyContent {
    /// A name of the program's own, which needs no place in the text of a document.
    Name(&'static str),
    /// A part of the text of the document.
    Text(u32, u32),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct DocumentMember {
    pub(super) key: KeyContent,
    /// Where the key stands; the place of its value where the key was not written.
    pub(super) key_span: Span,
    pub(super) value: NodeId,
}

/// A tree of three-valued values, children before parents, each with the span it was read from.
///
/// Nodes are only ever added. A value that was computed carries the span of what it was computed
/// from; an absent one the span of where it would be.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub(super) nodes: Vec<DocumentNode>,
    pub(super) members: Vec<DocumentMember>,
    pub(super) items: Vec<NodeId>,
    pub(super) text: String,
    /// Shared, because one reason may stand in many documents, and a document is copied to be judged.
    pub(super) unknowns: Vec<Arc<Unknown>>,
    /// Texts from which JSON was read.
    pub(super) texts: Vec<JsonText>,
    /// Values that hold because nothing else is written.
    pub(super) defaults: Vec<NodeId>,
    /// Values in which parameters or conditions have a part.
    pub(super) computed: Vec<NodeId>,
}

impl Document {
    /// An empty document with room for a repository of usual size.
    #[must_use]
    pub fn for_repository() -> Self {
        Self {
            nodes: Vec::with_capacity(256),
            members: Vec::with_capacity(128),
            items: Vec::with_capacity(64),
            text: String::with_capacity(4096),
            unknowns: Vec::with_capacity(16),
            texts: Vec::new(),
            defaults: Vec::new(),
            computed: Vec::new(),
        }
    }

    /// Takes out what was written, without the room that is left, which stays for the next document. Many documents wait
    /// to be judged at once, and an allocator that shrinks in place keeps the room.
    #[must_use]
    pub fn take_shrunk(&mut self) -> Self {
        let taken = self.clone();
        self.nodes.clear();
        self.members.clear();
        self.items.clear();
        self.text.clear();
        self.unknowns.clear();
        self.texts.clear();
        self.defaults.clear();
        self.computed.clear();
        taken
    }

    /// Says what another document says, in the room that this one has.
    pub fn become_copy_of(&mut self, other: &Self) {
        let Self {
            nodes,
            members,
            items,
            text,
            unknowns,
            texts,
            defaults,
            computed,
        } = self;
        nodes.clone_from(&other.nodes);
        members.clone_from(&other.members);
        items.clone_from(&other.items);
        text.clone_from(&other.text);
        unknowns.clone_from(&other.unknowns);
        texts.clone_from(&other.texts);
        defaults.clone_from(&other.defaults);
        computed.clone_from(&other.computed);
    }

    /// Adds `null`.
    pub fn null(&mut self, span: Span) -> NodeId {
        self.push(NodeContent::Null, span)
    }

    /// Adds a boolean.
    pub fn bool(&mut self, value: bool, span: Span) -> NodeId {
        self.push(NodeContent::Bool(value), span)
    }

    /// Adds a number in the notation of JSON.
    pub fn number(&mut self, text: &str, span: Span) -> NodeId {
        let (start, end) = self.store(text);
        self.push(NodeContent::Number(start, end), span)
    }

    /// Adds a whole number.
    pub fn integer(&mut self, value: i64, span: Span) -> NodeId {
        self.number(&value.to_string(), span)
    }

    /// Adds a string.
    pub fn string(&mut self, text: &str, span: Span) -> NodeId {
        let (start, end) = self.store(text);
        self.push(NodeContent::String(start, end), span)
    }

    /// Adds a list of nodes of this document.
    pub fn array(&mut self, items: &[NodeId], span: Span) -> NodeId {
        let start = offset(self.items.len());
        self.items.extend_from_slice(items);
        let end = offset(self.items.len());
        self.push(NodeContent::Array(start, end), span)
    }

    /// Adds a mapping of nodes of this document under names of the program's own; keys are expected to differ.
    pub fn object(&mut self, members: &[(&'static str, NodeId)], span: Span) -> NodeId {
        let start = offset(self.members.len());
        let nodes = &self.nodes;
        self.members
            .extend(members.iter().map(|(name, value)| DocumentMember {
                key: KeyContent::Name(name),
                key_span: nodes[value.0 as usize].span,
                value: *value,
            }));
        self.object_from(start, span)
    }

    /// Adds the members of a mapping of this document and one more; of anything else there are none.
    pub(crate) fn object_with(
        &mut self,
        mapping: NodeId,
        name: &'static str,
        value: NodeId,
        span: Span,
    ) -> NodeId {
        let start = offset(self.members.len());
        if let NodeContent::Object(first, end) = self.nodes[mapping.0 as usize].content {
            self.members
                .extend_from_within(first as usize..end as usize);
        }
        self.members.push(DocumentMember {
            key: KeyContent::Name(name),
            key_span: self.nodes[value.0 as usize].span,
            value,
        });
        self.object_from(start, span)
    }

    /// The same under keys that are not known before the program runs.
    pub fn object_with_keys(&mut self, members: &[(&str, NodeId)], span: Span) -> NodeId {
        let start = offset(self.members.len());
        for (key, value) in members {
            let place = self.nodes[value.0 as usize].span;
            self.member(key, place, *value);
        }
        self.object_from(start, span)
    }

    /// The same with the places of the keys.
    pub fn object_as_written(&mut self, members: &[(&str, Span, NodeId)], span: Span) -> NodeId {
        let start = offset(self.members.len());
        for (key, place, value) in members {
            self.member(key, *place, *value);
        }
        self.object_from(start, span)
    }

    /// Adds a mapping of the members from the one numbered `start` on.
    fn object_from(&mut self, start: u32, span: Span) -> NodeId {
        let end = offset(self.members.len());
        self.push(NodeContent::Object(start, end), span)
    }

    fn member(&mut self, key: &str, key_span: Span, value: NodeId) {
        let (start, end) = self.store(key);
        self.members.push(DocumentMember {
            key: KeyContent::Text(start, end),
            key_span,
            value,
        });
    }

    /// Adds the place where a value would be if there were one.
    pub fn absent(&mut self, span: Span) -> NodeId {
        self.push(NodeContent::Absent, span)
    }

    /// Notes a text from which JSON was read.
    pub fn note_text(&mut self, text: JsonText) {
        self.texts.push(text);
    }

    /// Notes that a value holds because nothing else is written: it stands where another would be.
    pub fn mark_default(&mut self, value: NodeId) -> NodeId {
        self.defaults.push(value);
        value
    }

    /// Notes that parameters or conditions have a part in a value: written down as it is, it would lose them.
    pub fn mark_computed(&mut self, value: NodeId) {
        self.computed.push(value);
    }

    /// Adds a value that cannot be known.
    pub fn unknown(&mut self, unknown: impl Into<Arc<Unknown>>, span: Span) -> NodeId {
        let index = offset(self.unknowns.len());
        self.unknowns.push(unknown.into());
        self.push(NodeContent::Unknown(index), span)
    }

    fn push(&mut self, content: NodeContent, span: Span) -> NodeId {
        let id = NodeId(offset(self.nodes.len()));
        self.nodes.push(DocumentNode { content, span });
        id
    }

    fn store(&mut self, text: &str) -> (u32, u32) {
        let start = offset(self.text.len());
        self.text.push_str(text);
        (start, offset(self.text.len()))
    }

    pub(super) fn slice(&self, start: u32, end: u32) -> &str {
        &self.text[start as usize..end as usize]
    }

    /// Whether a key is `name`. Most keys differ in length already, and bytes need no character boundaries.
    pub(super) fn is_key(&self, key: KeyContent, name: &str) -> bool {
        match key {
            KeyContent::Name(own) => own == name,
            KeyContent::Text(start, end) => {
                (end - start) as usize == name.len()
                    && self.text.as_bytes()[start as usize..end as usize] == *name.as_bytes()
            }
        }
    }

    pub(super) fn key(&self, key: KeyContent) -> &str {
        match key {
            KeyContent::Name(name) => name,
            KeyContent::Text(start, end) => self.slice(start, end),
        }
    }
}

/// A document is made from texts below 4 GiB, so its parts can be counted with 32 bits.
pub(super) fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
