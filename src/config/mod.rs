//! Reads `ecrlint.yaml` and the data files that it points into.
//! It does not know the rules, the inputs or the command line: ids it cannot judge keep their spans.

mod collisions;
mod configuration;
mod extends;
mod files;
mod find;
mod follow;
mod import;
mod init;
mod keys;
mod load;
mod merge;
mod organisation;
pub mod parameters;
mod parse;
mod pointer;
mod read;
mod sections;
mod tags;
mod words;

pub use configuration::{Config, DeclarationProblem, Extension, RuleConfig, RuleSetting};
pub use files::ReadFile;
pub use find::{FILE_NAME, FILE_NAMES, Twice, find, find_above};
pub use init::init;
pub use keys::{KEYS, MappingKeys};
pub use load::load;
pub use parse::parse;
