//! A reference of one resource to another one.
//! It does not know what it is used for.

use crate::source::Span;

/// One resource needs another one.
#[derive(Clone, Debug)]
pub(crate) struct Edge<'t> {
    /// Logical id of the other one.
    pub(crate) to: &'t str,
    /// Where it is named.
    pub(crate) span: Span,
    /// The conditions of `Fn::If` around it, each with the outcome under which it counts.
    pub(crate) branches: Vec<(&'t str, bool)>,
}
