//! Which of the two languages a text is written in.
//! It does not know how either is read.

use std::path::Path;

/// The language of a text. YAML 1.2 takes most of JSON for YAML, so [`Yaml`](Self::Yaml) is the answer in doubt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syntax {
    /// JSON (RFC 8259).
    Json,
    /// YAML 1.2.
    #[default]
    Yaml,
}

impl Syntax {
    /// The language that a text begins like: an object of JSON, or else YAML.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        Self::json_where(text.starts_with('{'))
    }

    /// The language that the extension of a file name says.
    #[must_use]
    pub fn of_path(path: &Path) -> Self {
        let extension = path.extension();
        Self::json_where(extension.is_some_and(|it| it.eq_ignore_ascii_case("json")))
    }

    fn json_where(is_json: bool) -> Self {
        match is_json {
            true => Self::Json,
            false => Self::Yaml,
        }
    }
}
