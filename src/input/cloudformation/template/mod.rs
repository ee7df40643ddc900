//! The sections of a template as they are written: resources and their kinds, loops and macros, what its bytes tell.
//! It does not know what functions return, nor what a resource means to ECR.

pub(super) mod constructs;
pub(super) mod crowded;
pub(super) mod look;
pub(super) mod loops;
pub(super) mod macros;
pub(super) mod schema;
pub(super) mod sections;
