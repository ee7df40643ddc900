//! How an entity is written down, for whoever is told what to write.
//! It does not know what is written.

use super::Language;

/// How an entity is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notation {
    /// What it is written in.
    pub language: Language,
    /// Whether its template is written in JSON, or in YAML that looks like it.
    pub is_json: bool,
    /// Whether its template gives it no properties at all.
    pub is_bare: bool,
}
