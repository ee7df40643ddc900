//! What the values of a document are, read through a cursor.
//! It does not know how a document is made.

use std::sync::atomic::{AtomicU32, Ordering};

use super::arena::{
    Document, DocumentMember, DocumentNode, KeyContent, NodeContent, NodeId, offset,
};
use super::key::MemberKey;
use super::text::JsonText;
use crate::model::Unknown;
use crate::source::Span;

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

impl Document {
    /// A cursor at `id`.
    #[must_use]
    pub fn value(&self, id: NodeId) -> Value<'_> {
        Value { document: self, id }
    }
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

    /// Whether the other value may stand somewhere below this one: what stands below was added before.
    #[must_use]
    pub fn may_hold(self, other: Value<'_>) -> bool {
        std::ptr::eq(self.document, other.document) && other.id.0 < self.id.0
    }

    /// What the value is.
    #[must_use]
    #[inline]
    pub fn data(self) -> Data<'d> {
        match self.node().content {
            NodeContent::Null => Data::Null,
            NodeContent::Bool(value) => Data::Bool(value),
            NodeContent::Number(start, end) => Data::Number(self.document.slice(start, end)),
            NodeContent::String(start, end) => Data::String(self.document.slice(start, end)),
            NodeContent::Array(..) => Data::Array,
            NodeContent::Object(..) => Data::Object,
            NodeContent::Absent => Data::Absent,
            NodeContent::Unknown(index) => Data::Unknown(&self.document.unknowns[index as usize]),
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
        matches!(self.node().content, NodeContent::Absent)
    }

    /// Whether the value holds because nothing else is written.
    #[must_use]
    pub fn is_default(self) -> bool {
        self.document.defaults.contains(&self.id)
    }

    /// Whether parameters or conditions have a part in the value.
    #[must_use]
    pub fn is_computed(self) -> bool {
        self.document.computed.contains(&self.id)
    }

    /// Items of a known list; none for anything else.
    pub fn items(self) -> impl DoubleEndedIterator<Item = Value<'d>> + ExactSizeIterator + Clone {
        let range = match self.node().content {
            NodeContent::Array(start, end) => start as usize..end as usize,
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
        self.members_as_written()
            .map(|(key, _, value)| (key, value))
    }

    /// The same, with the place of each key; that of its value where the key was not written.
    pub fn members_as_written(
        self,
    ) -> impl DoubleEndedIterator<Item = (&'d str, Span, Value<'d>)> + ExactSizeIterator + Clone
    {
        let document = self.document;
        self.member_list().iter().map(move |member| {
            let value = document.value(member.value);
            (document.key(member.key), member.key_span, value)
        })
    }

    /// A member of a known mapping, which may be an absent one.
    #[must_use]
    pub fn get(self, key: impl Into<MemberKey>) -> Option<Value<'d>> {
        self.by_key(key.into().name())
    }

    /// The same for a name that is not known before it is read: that in a query, or one that a user has written.
    #[must_use]
    pub fn by_key(self, key: &str) -> Option<Value<'d>> {
        let (document, mut members) = (self.document, self.member_list().iter());
        let found = members.find(|member| document.is_key(member.key, key))?;
        Some(document.value(found.value))
    }

    /// The same, looked for first where the last document had it: those of one kind have their members in one order.
    #[must_use]
    pub(crate) fn by_key_near(self, key: &str, near: &AtomicU32) -> Option<Value<'d>> {
        let (document, members) = (self.document, self.member_list());
        let last = members.get(near.load(Ordering::Relaxed) as usize);
        // Only the program's own names certainly differ.
        if let Some(member) = last
            && matches!(member.key, KeyContent::Name(name) if name == key)
        {
            return Some(document.value(member.value));
        }
        let at = members
            .iter()
            .position(|member| document.is_key(member.key, key))?;
        near.store(offset(at), Ordering::Relaxed);
        Some(document.value(members[at].value))
    }

    fn member_list(self) -> &'d [DocumentMember] {
        match self.node().content {
            NodeContent::Object(start, end) => &self.document.members[start as usize..end as usize],
            _ => &[],
        }
    }

    /// The text in which the JSON stands that was read at `span`, in the document of this value.
    #[must_use]
    pub fn text_around(self, span: Span) -> Option<&'d JsonText> {
        self.document.texts.iter().find(|text| {
            let outer = text.span;
            outer.source == span.source && outer.start <= span.start && span.start < outer.end
        })
    }

    fn node(self) -> &'d DocumentNode {
        &self.document.nodes[self.id.0 as usize]
    }
}
