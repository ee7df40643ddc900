//! The format of rule files: what a rule consists of, and how it is read from YAML.
//! It knows neither documents nor verdicts, so that the build script reads rules with this very code.

mod asked;
mod asks;
mod compile;
mod definition;
mod error;
mod kinds;
mod load;
mod looked_up;
mod members;
mod name;
mod patch;
mod pattern;
mod query;
mod read;
mod scan;
mod sets;
mod settings;
mod template;

pub(crate) use asked::asked;
pub(crate) use definition::Demand;
pub use definition::{
    Definition, Documentation, Example, ExampleKind, Examples, Fix, Logic, Setting, SettingKind,
};
pub use error::QueryError;
pub use load::load;
pub(crate) use looked_up::{LookedUp, POLICIES, PolicyProperty};
pub(crate) use patch::{Advice, Base, Patch};
#[cfg(test)]
pub(crate) use pattern::MatchFunction;
pub(crate) use pattern::QueryRegex;
pub use query::Query;
pub(crate) use query::{
    Comparison, Filter, Literal, Operand, PatternSource, QueryRoot, Root, Segment, Selector, Slice,
};
pub use sets::{pinned, unfit, version};
pub(crate) use template::{MessageTemplate, Placeholder, PlaceholderRoot, TemplatePiece};
