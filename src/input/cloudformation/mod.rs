//! CloudFormation templates, hand-written or synthesized.
//! It does not know which file a template came from, only its context.

mod conditions;
mod expression;
mod ignores;
mod load;
mod resources;
mod stacks;
mod template;
mod transforms;
mod validation;

pub(super) use self::expression::cross_stack::CrossStack;
pub(super) use self::load::KIND;
pub use self::stacks::index::{StackTemplate, Stacks, Unread};
pub use self::stacks::session::{Shelf, StackSession};
pub(super) use self::template::look::{publishes, runs};
pub(super) use self::template::named::MentionedTypes;
