//! What a `Deny` takes back. It does not know who lacks it.

use crate::source::Span;

/// A `Deny` that takes back some of what somebody lacks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Denial<'n> {
    /// The statement.
    pub(crate) place: Span,
    /// The actions that it takes back.
    pub(crate) taken: Vec<&'n str>,
}
