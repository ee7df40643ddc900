//! One text with its name.
//! It does not know other texts.

use std::sync::Arc;

use super::passage::{Passage, Position};

/// A text with a name.
#[derive(Debug, Default)]
pub struct Source {
    /// The path as the user knows it, with forward slashes, or `<stdin>`.
    pub name: String,
    pub(super) is_line: bool,
    /// All of it. Reports that show all of it share it.
    pub(super) passage: Arc<Passage>,
}

impl Source {
    /// A whole text.
    pub(super) fn whole(name: String, text: String) -> Self {
        Self {
            name,
            is_line: false,
            passage: Arc::new(Passage::new(text, 0, 0)),
        }
    }

    /// A text that is one line of a file, with so many lines before it.
    pub(super) fn line(name: String, text: String, before: u32) -> Self {
        Self {
            name,
            is_line: true,
            passage: Arc::new(Passage::new(text, 0, before)),
        }
    }

    /// The text itself; empty when it could not be read, when nothing in it needs showing, or when it was let go.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.passage.text
    }

    /// Whether the text is one line of a file, such as a snapshot has one for each repository.
    #[must_use]
    pub fn is_line(&self) -> bool {
        self.is_line
    }

    /// Line and column of a byte offset; an offset behind the text counts as its end.
    pub(super) fn position(&self, offset: u32) -> Position {
        self.passage.position(offset)
    }
}
