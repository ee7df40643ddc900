//! The three-valued document that every input is normalised into and every rule is asked about.
//! It does not know which input it was made from, nor any rule.

mod copy;
mod recall;
mod text;

use std::sync::Arc;

use super::unknown::Unknown;
use crate::source::Span;
pub(crate) use recall::{Answer, Memory, Question, Said};
pub use text::{Functions, JsonText, Spelling};

/// Names a node of one [`Document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeId(u32);

#[derive(Clone, Copy, Debug)]
enum Content {
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
struct NodeData {
    content: Content,
    span: Span,
}

#[derive(Clone, Copy, Debug)]
struct MemberData {
    key: (u32, u32),
    value: NodeId,
}

/// A tree of three-valued values, children before parents, each with the span it was read from.
///
/// Nodes are only ever added. A value that was computed carries the span of what it was computed
/// from; an absent one the span of where it would be.
#[derive(Clone, Debug, Default)]
pub struct Document {
    nodes: Vec<NodeData>,
    members: Vec<MemberData>,
    items: Vec<NodeId>,
    text: String,
    /// Shared, because one reason may stand in many documents, and a document is copied to be judged.
    unknowns: Vec<Arc<Unknown>>,
    /// Nodes that were recalled: equal numbers, equal values.
    recalled: Vec<(NodeId, u64)>,
    /// Texts from which JSON was read.
    texts: Vec<JsonText>,
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
            recalled: Vec::new(),
            texts: Vec::new(),
        }
    }

    /// The document without the room that is left. Many documents wait to be judged at once.
    #[must_use]
    pub fn shrunk(mut self) -> Self {
        self.nodes.shrink_to_fit();
        self.members.shrink_to_fit();
        self.items.shrink_to_fit();
        self.text.shrink_to_fit();
        self.unknowns.shrink_to_fit();
        self
    }

    /// A copy with room for as much again.
    #[must_use]
    pub fn copy_with_room(&self) -> Self {
        fn roomy<T: Clone>(items: &[T]) -> Vec<T> {
            let mut copy = Vec::with_capacity(items.len() * 3);
            copy.extend_from_slice(items);
            copy
        }
        let mut text = String::with_capacity(self.text.len() * 3);
        text.push_str(&self.text);
        Self {
            nodes: roomy(&self.nodes),
            members: roomy(&self.members),
            items: roomy(&self.items),
            text,
            unknowns: self.unknowns.clone(),
            recalled: self.recalled.clone(),
            texts: self.texts.clone(),
        }
    }

    /// Adds `null`.
    pub fn null(&mut self, span: Span) -> NodeId {
        self.push(Content::Null, span)
    }

    /// Adds a boolean.
    pub fn bool(&mut self, value: bool, span: Span) -> NodeId {
        self.push(Content::Bool(value), span)
    }

    /// Adds a number in the notation of JSON.
    pub fn number(&mut self, text: &str, span: Span) -> NodeId {
        let (start, end) = self.store(text);
        self.push(Content::Number(start, end), span)
    }

    /// Adds a whole number.
    pub fn integer(&mut self, value: i64, span: Span) -> NodeId {
        self.number(&value.to_string(), span)
    }

    /// Adds a string.
    pub fn string(&mut self, text: &str, span: Span) -> NodeId {
        let (start, end) = self.store(text);
        self.push(Content::String(start, end), span)
    }

    /// Adds a list of nodes of this document.
    pub fn array(&mut self, items: &[NodeId], span: Span) -> NodeId {
        let start = offset(self.items.len());
        self.items.extend_from_slice(items);
        let end = offset(self.items.len());
        self.push(Content::Array(start, end), span)
    }

    /// Adds a mapping of nodes of this document; keys are expected to differ.
    pub fn object(&mut self, members: &[(&str, NodeId)], span: Span) -> NodeId {
        let start = offset(self.members.len());
        for (key, value) in members {
            let key = self.store(key);
            self.members.push(MemberData { key, value: *value });
        }
        let end = offset(self.members.len());
        self.push(Content::Object(start, end), span)
    }

    /// Adds the place where a value would be if there were one.
    pub fn absent(&mut self, span: Span) -> NodeId {
        self.push(Content::Absent, span)
    }

    /// Adds a value that cannot be known.
    pub fn unknown(&mut self, unknown: impl Into<Arc<Unknown>>, span: Span) -> NodeId {
        let index = offset(self.unknowns.len());
        self.unknowns.push(unknown.into());
        self.push(Content::Unknown(index), span)
    }

    /// A cursor at `id`.
    #[must_use]
    pub fn value(&self, id: NodeId) -> Value<'_> {
        Value { document: self, id }
    }

    fn push(&mut self, content: Content, span: Span) -> NodeId {
        let id = NodeId(offset(self.nodes.len()));
        self.nodes.push(NodeData { content, span });
        id
    }

    fn store(&mut self, text: &str) -> (u32, u32) {
        let start = offset(self.text.len());
        self.text.push_str(text);
        (start, offset(self.text.len()))
    }

    fn slice(&self, (start, end): (u32, u32)) -> &str {
        &self.text[start as usize..end as usize]
    }
}

/// What a value is. Children are reached through [`Value::items`] and [`Value::members`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Data<'d> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it was written.
    Number(&'d str),
    /// A string.
    String(&'d str),
    /// A list.
    Array,
    /// A mapping.
    Object,
    /// Nothing: the node only remembers where a value would be.
    Absent,
    /// A value that cannot be known.
    Unknown(&'d Unknown),
}

/// A cursor into a [`Document`]. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Value<'d> {
    document: &'d Document,
    id: NodeId,
}

impl<'d> Value<'d> {
    /// The id in its document.
    #[must_use]
    pub fn id(self) -> NodeId {
        self.id
    }

    /// Whether both cursors stand on the same node of the same document.
    #[must_use]
    pub fn same(self, other: Value<'_>) -> bool {
        std::ptr::eq(self.document, other.document) && self.id == other.id
    }

    /// What the value is.
    #[must_use]
    pub fn data(self) -> Data<'d> {
        match self.node().content {
            Content::Null => Data::Null,
            Content::Bool(value) => Data::Bool(value),
            Content::Number(start, end) => Data::Number(self.document.slice((start, end))),
            Content::String(start, end) => Data::String(self.document.slice((start, end))),
            Content::Array(..) => Data::Array,
            Content::Object(..) => Data::Object,
            Content::Absent => Data::Absent,
            Content::Unknown(index) => Data::Unknown(&self.document.unknowns[index as usize]),
        }
    }

    /// Where the value was read from, or would stand.
    #[must_use]
    pub fn span(self) -> Span {
        self.node().span
    }

    /// The characters of a known string.
    #[must_use]
    pub fn as_str(self) -> Option<&'d str> {
        match self.data() {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// A known boolean.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.data() {
            Data::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A known whole number.
    #[must_use]
    pub fn as_i64(self) -> Option<i64> {
        match self.data() {
            Data::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// At least as many characters as the value has when it is written as JSON without white space.
    /// Costs nothing: it is what the whole document may need.
    #[must_use]
    pub fn most_characters(self) -> usize {
        let document = self.document;
        let escaped = memchr::memchr2_iter(b'"', b'\\', document.text.as_bytes()).count();
        // A node is at most `false` and a comma beside its text, a member quotes and a colon.
        document.text.len() + escaped + document.nodes.len() * 6 + document.members.len() * 3
    }

    /// Why the value cannot be known.
    #[must_use]
    pub fn as_unknown(self) -> Option<&'d Unknown> {
        match self.data() {
            Data::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_absent(self) -> bool {
        matches!(self.node().content, Content::Absent)
    }

    /// Items of a known list; none for anything else.
    pub fn items(self) -> impl DoubleEndedIterator<Item = Value<'d>> + ExactSizeIterator + Clone {
        let range = match self.node().content {
            Content::Array(start, end) => start as usize..end as usize,
            _ => 0..0,
        };
        let document = self.document;
        document.items[range]
            .iter()
            .map(move |id| Value { document, id: *id })
    }

    /// Members of a known mapping, absent ones included; none for anything else.
    pub fn members(
        self,
    ) -> impl DoubleEndedIterator<Item = (&'d str, Value<'d>)> + ExactSizeIterator + Clone {
        let range = match self.node().content {
            Content::Object(start, end) => start as usize..end as usize,
            _ => 0..0,
        };
        let document = self.document;
        document.members[range].iter().map(move |member| {
            (
                document.slice(member.key),
                Value {
                    document,
                    id: member.value,
                },
            )
        })
    }

    /// The member `key` of a known mapping, which may be an absent one.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Value<'d>> {
        let Content::Object(start, end) = self.node().content else {
            return None;
        };
        let document = self.document;
        let text = document.text.as_bytes();
        // Most keys differ in length already, and bytes need no character boundaries.
        let found = document.members[start as usize..end as usize]
            .iter()
            .find(|member| {
                let (start, end) = member.key;
                (end - start) as usize == key.len()
                    && text[start as usize..end as usize] == *key.as_bytes()
            })?;
        Some(Value {
            document,
            id: found.value,
        })
    }

    fn node(self) -> &'d NodeData {
        &self.document.nodes[self.id.0 as usize]
    }
}

/// A document is made from texts below 4 GiB, so its parts can be counted with 32 bits.
fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
