//! What a query finds, and what keeps it from deciding.
//! It does not know how queries are evaluated.

use crate::model::{Data, Value};

/// What a query finds in a document, each list in the order of RFC 9535.
#[derive(Debug, Default)]
pub struct Nodes<'d> {
    /// Nodes that the query finds however the unknown values turn out.
    pub definite: Vec<Value<'d>>,
    /// Nodes that the query may find, depending on what is not known.
    pub possible: Vec<Possible<'d>>,
}

/// Whether a query finds anything.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Finds<'d> {
    /// There is no such node.
    Nothing,
    /// There may be one; this is the first.
    Perhaps(Possible<'d>),
    /// There is one.
    Certainly,
}

/// A node that a query may find.
#[derive(Clone, Copy, Debug)]
pub struct Possible<'d> {
    /// The node; the unknown value itself where the node would lie inside it.
    pub node: Value<'d>,
    /// What keeps the query from deciding.
    pub doubt: Doubt<'d>,
}

/// What keeps a query from deciding.
#[derive(Clone, Copy, Debug)]
pub enum Doubt<'d> {
    /// A value that cannot be known.
    Unknown(Value<'d>),
    /// The document is larger than one query may look at.
    TooManySteps,
}

impl<'d> Doubt<'d> {
    /// Completes "undetermined, because …".
    #[must_use]
    pub fn reason(self) -> &'d str {
        match self {
            Doubt::Unknown(value) => match value.data() {
                Data::Unknown(unknown) => &unknown.reason,
                _ => "the value cannot be known",
            },
            Doubt::TooManySteps => "the document is too large for the query",
        }
    }
}
