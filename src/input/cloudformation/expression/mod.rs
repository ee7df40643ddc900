//! What an expression of a template returns: functions, references, properties, each when it is asked for.
//! It does not know how conditions turn out, nor what a repository is made of.

mod arns;
pub(super) mod conditional;
pub(super) mod cross_stack;
pub(super) mod decision;
mod dynamic;
mod encode;
pub(super) mod evaluate;
pub(super) mod imports;
mod intrinsics;
pub(super) mod limits;
mod mappings;
pub(super) mod memo;
mod placeholder;
pub(super) mod property;
pub(super) mod pseudo;
pub(super) mod reads;
pub(super) mod references;
pub(super) mod setting;
mod split;
mod unset;
pub(super) mod value;
