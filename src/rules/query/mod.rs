//! Evaluates queries over documents with three kinds of values: known, absent and unknown.
//! It does not know rules, and never decides what it cannot know.

mod eval;
mod list;
mod nodes;
mod operand;
mod roots;
mod shape;

use crate::model::Value;

pub use super::format::{Query, QueryError};
pub(crate) use nodes::Finds;
pub use nodes::{Doubt, Nodes, Possible};
pub(crate) use roots::Roots;

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
