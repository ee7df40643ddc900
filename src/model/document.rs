//! The three-valued document that every input is normalised into and every rule is asked about.
//! It does not know which input it was made from, nor any rule.

mod alike;
mod append;
mod arena;
mod copy;
mod extension;
mod key;
mod text;
mod value;

pub use arena::{Document, NodeId};
pub(crate) use extension::DocumentExtension;
pub use key::MemberKey;
pub use text::{Functions, JsonText, Spelling};
pub use value::{Data, Value};
