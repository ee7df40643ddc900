//! What transforms make of a template: loops of the language extensions, written out, and what other macros may change.
//! It does not know what the resources mean.

pub(super) mod loops;
pub(super) mod macros;
