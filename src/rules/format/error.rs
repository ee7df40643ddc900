//! Why a text is not a query.
//! It does not know where the text stands in its file.

use std::ops::Range;

use jsonpath_rust::parser::errors::JsonPathError;
use pest::error::InputLocation;

/// Why a text is not a query, at a range of its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// Where the mistake stands in the text of the query.
    pub range: Range<usize>,
    /// What is wrong.
    pub title: String,
    /// What stands there; may be empty.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl QueryError {
    pub(super) fn new(range: Range<usize>, title: impl Into<String>) -> Self {
        Self {
            range,
            title: title.into(),
            label: String::new(),
            help: None,
        }
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A mistake that the parser found.
    pub(super) fn from_parser(text: &str, error: &JsonPathError) -> Self {
        match error {
            JsonPathError::PestError(error) => {
                let at = match error.location {
                    InputLocation::Pos(at) => at,
                    InputLocation::Span((start, _)) => start,
                };
                let found = text.get(at..).and_then(|rest| rest.chars().next());
                let range = at..at + found.map_or(0, char::len_utf8);
                let unread = Self::new(range, "query cannot be read as JSONPath");
                match found {
                    Some(character) => unread.label(format!("`{character}` is not expected here")),
                    None => unread.label("the query ends too early"),
                }
            }
            JsonPathError::MaxNestingDepthExceeded(limit) => Self::new(
                0..text.len(),
                format!("query nests deeper than {limit} levels"),
            ),
            _ => Self::new(0..text.len(), "query cannot be read as JSONPath")
                .label("a name, number or text is not written as RFC 9535 asks"),
        }
    }
}
