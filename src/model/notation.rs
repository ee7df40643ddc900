//! How an entity is written down, for whoever is told what to write.
//! It does not know what is written.

use super::Language;
use crate::source::Syntax;

/// How an entity is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notation {
    /// What it is written in.
    pub language: Language,
    /// What its template is written in; YAML in braces counts as JSON.
    pub syntax: Syntax,
    /// Whether its template gives it no properties at all.
    pub is_bare: bool,
}
