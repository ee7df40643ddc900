//! Evaluates queries over documents with three kinds of values: known, absent and unknown.
//! It does not know rules, and never decides what it cannot know.

mod eval;
mod list;
mod operand;
mod roots;
mod shape;

use crate::model::{Data, Value};

pub use super::format::{Query, QueryError};
pub(crate) use roots::Roots;

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

impl Query {
    /// Evaluates the query with `document` as `$`.
    #[must_use]
    pub fn select<'d>(&'d self, document: Value<'d>) -> Nodes<'d> {
        eval::select(self, &Roots::document(document))
    }

    /// Whether the query of a rule finds anything in its world.
    pub(crate) fn finds_in<'d>(&'d self, roots: &Roots<'d>) -> Finds<'d> {
        eval::finds(self, roots)
    }

    /// Evaluates the query of a rule over its world.
    pub(crate) fn select_in<'d>(&'d self, roots: &Roots<'d>) -> Nodes<'d> {
        eval::select(self, roots)
    }
}

#[cfg(test)]
mod tests;
