//! Three-valued readings of single values, and three-valued answers.
//! It does not know what any value means to ECR.

use crate::model::{Data, Document, MemberKey, NodeId, Truth, Unknown, Value};
use crate::source::Span;

/// A single value as a fact needs it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Leaf<'v, T> {
    /// It is known.
    Known(T),
    /// There is none.
    Absent,
    /// It cannot be known.
    Unknown(&'v Unknown),
    /// It is there, but it is of a kind that has no place here.
    Other,
}

impl<T> Leaf<'_, T> {
    /// The value, where it is known.
    pub(super) fn known(self) -> Option<T> {
        match self {
            Leaf::Known(value) => Some(value),
            _ => None,
        }
    }
}

/// Reads a text. CloudFormation takes numbers and booleans for texts, too.
pub(super) fn text(value: Value<'_>) -> Leaf<'_, &str> {
    match value.data() {
        Data::String(text) | Data::Number(text) => Leaf::Known(text),
        Data::Bool(true) => Leaf::Known("true"),
        Data::Bool(false) => Leaf::Known("false"),
        Data::Null | Data::Absent => Leaf::Absent,
        Data::Unknown(unknown) => Leaf::Unknown(unknown),
        Data::Array | Data::Object => Leaf::Other,
    }
}

/// Reads a flag. CloudFormation takes the words for it, too.
pub(super) fn flag(value: Value<'_>) -> Leaf<'_, bool> {
    match value.data() {
        Data::Bool(flag) => Leaf::Known(flag),
        Data::String("true") => Leaf::Known(true),
        Data::String("false") => Leaf::Known(false),
        Data::Null | Data::Absent => Leaf::Absent,
        Data::Unknown(unknown) => Leaf::Unknown(unknown),
        _ => Leaf::Other,
    }
}

/// A member of a mapping, read as a text; absent when there is no such member.
pub(super) fn member_text<'v>(parent: Value<'v>, key: MemberKey) -> Leaf<'v, &'v str> {
    parent.get(key).map_or(Leaf::Absent, text)
}

/// The reason for a value that is of no use where it stands.
pub(super) fn misplaced(what: &str) -> Unknown {
    Unknown::because(format!("{what} is written in a form that cannot be read"))
}

impl Truth<Unknown> {
    /// Adds the answer to a document.
    pub(super) fn write(self, document: &mut Document, span: Span) -> NodeId {
        match self {
            Truth::True => document.bool(true, span),
            Truth::False => document.bool(false, span),
            Truth::Unknown(unknown) => document.unknown(unknown, span),
        }
    }
}

/// Adds a text, or the place where it would be.
pub(super) fn optional(document: &mut Document, text: Option<&str>, span: Span) -> NodeId {
    match text {
        Some(text) => document.string(text, span),
        None => document.absent(span),
    }
}

/// A flag as it is, or the default at the place where it would be.
pub(super) fn with_default(document: &mut Document, value: Value<'_>, default: bool) -> NodeId {
    match flag(value) {
        Leaf::Known(flag) => document.bool(flag, value.span()),
        Leaf::Absent => {
            let flag = document.bool(default, value.span());
            document.mark_default(flag)
        }
        Leaf::Unknown(_) => value.id(),
        Leaf::Other => document.unknown(misplaced("the flag"), value.span()),
    }
}

/// The same reason for not knowing something that follows from the value.
pub(super) fn doubt(unknown: &Unknown) -> Unknown {
    Unknown::because(unknown.reason.as_str())
}
