//! The words of a description of a history, and what is wrong with them.
//! It does not know what they mean.

use std::ops::Range;

/// What is wrong with a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryMistake {
    /// Bytes of the description that it is about.
    pub range: Range<usize>,
    /// What is wrong.
    pub title: String,
    /// What to write instead.
    pub help: &'static str,
}

impl HistoryMistake {
    pub(super) fn new(range: Range<usize>, title: impl Into<String>, help: &'static str) -> Self {
        let title = title.into();
        Self { range, title, help }
    }
}

/// A word of a description and where it stands.
pub(super) type Word<'t> = (&'t str, Range<usize>);

/// The words of a part of a description that begins at a place.
pub(super) fn words(part: &str, start: usize) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    for word in part.split(char::is_whitespace) {
        if !word.is_empty() {
            words.push((word, start + at..start + at + word.len()));
        }
        let behind = part[at + word.len()..].chars().next();
        at += word.len() + behind.map_or(0, char::len_utf8);
    }
    words
}
