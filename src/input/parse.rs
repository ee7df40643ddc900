//! Reads a text as JSON or YAML.
//! It does not know what kind of input it is.

use super::Context;
use crate::model::Unknown;
use crate::source::{self, Problem, SourceId, Tree};

/// What follows from a text of JSON in which one object has a key twice: readers of JSON differ in which they take.
///
/// <https://www.rfc-editor.org/rfc/rfc8259#section-4>
pub(crate) fn doubled(problem: &Problem) -> Unknown {
    Unknown::because(format!(
        "{}, and AWS does not say whether that is refused or which of them counts",
        problem.title
    ))
}

/// Parses as JSON what starts like a JSON object or list, anything else as YAML.
///
/// YAML's flow style starts like JSON, too: a file that is named like YAML gets a second chance, and
/// then the mistake is YAML's.
pub(crate) fn parse(
    text: &str,
    source: SourceId,
    context: &Context,
    tree: &mut Tree,
) -> Result<(), Problem> {
    let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if !start.starts_with(['{', '[']) {
        return source::yaml::parse_with_doubles(text, source, tree);
    }
    match source::json::parse_with_doubles(text, source, tree) {
        Err(_) if context.named_yaml => source::yaml::parse_with_doubles(text, source, tree),
        outcome => outcome,
    }
}
