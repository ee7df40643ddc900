//! What an expression of a template returns: functions, references, properties, each when it is asked for.
//! It does not know how conditions turn out, nor what a repository is made of.

pub(super) mod arns;
pub(super) mod cross_stack;
pub(super) mod dynamic;
pub(super) mod encode;
pub(super) mod evaluate;
pub(super) mod imports;
pub(super) mod intrinsics;
pub(super) mod placeholder;
pub(super) mod property;
pub(super) mod pseudo;
pub(super) mod reads;
pub(super) mod references;
pub(super) mod setting;
pub(super) mod split;
pub(super) mod value;
