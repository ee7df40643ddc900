//! The sections of a template as they are written: resources and their kinds, loops and macros, what its bytes say.
//! It does not know what functions return, nor what a resource means to ECR.

pub(super) mod attributes;
pub(super) mod constructs;
pub(super) mod crowded;
pub(super) mod extensions;
pub(super) mod flaw;
pub(super) mod function;
pub(super) mod kind;
pub(super) mod look;
pub(super) mod mapping;
pub(super) mod marks;
pub(super) mod named;
pub(super) mod parameters;
pub(super) mod runners;
pub(super) mod schema;
pub(super) mod sections;
mod windows;
