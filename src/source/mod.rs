//! Text and where it is: the store of sources, spans, and the spanned tree that every parser makes.
//! It does not know what any text means.

mod arena;
mod decode;
pub mod edit;
pub mod embedded;
pub mod json;
mod lines;
mod node;
mod plain;
mod problem;
mod span;
mod stack;
pub mod yaml;

use std::path::Path;
use std::sync::OnceLock;

pub use decode::{NotText, decode};
pub use lines::Order;
pub use node::{ArenaNodeId, Kind, Member, Node, NodeBuilder, Tree};
pub use plain::{finds, plain, unescaped};
pub use problem::{Problem, Suggestion, nearest};
pub use span::{SourceId, Span};

/// A text with a name.
#[derive(Debug, Default)]
pub struct Source {
    /// The path as the user knows it, with forward slashes, or `<stdin>`.
    pub name: String,
    /// The text itself; empty when it could not be read or when nothing in it needs showing.
    pub text: String,
    /// Lines of the file before the text: more than none where the text is one line of it.
    first_line: u32,
    is_line: bool,
    lines: OnceLock<Vec<u32>>,
    chars: OnceLock<Vec<u32>>,
}

/// Every text of a run.
#[derive(Debug, Default)]
pub struct Sources {
    sources: Vec<Source>,
    lines: Vec<lines::StreamedLines>,
}

/// A place as a human names it. Lines and columns count from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A span as a human reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Name of the source.
    pub path: String,
    /// Place of the first character.
    pub start: Position,
    /// Place behind the last character.
    pub end: Position,
}

impl Sources {
    /// Adds a text and returns the id that its spans carry.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = self.next_id();
        self.sources.push(Source {
            name: name.into(),
            text: text.into(),
            ..Source::default()
        });
        id
    }

    /// The id that the next [`Sources::add`] will give.
    #[must_use]
    pub fn next_id(&self) -> SourceId {
        SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX))
    }

    /// Puts a text behind an id that was given out before, when texts arrive in any order.
    pub fn fill(&mut self, id: SourceId, text: String) {
        if let Some(source) = self.sources.get_mut(id.0 as usize) {
            source.text = text;
            source.lines = OnceLock::new();
            source.chars = OnceLock::new();
        }
    }

    /// The names of all texts, in the order in which they came.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().map(|source| source.name.as_str())
    }

    /// The source that `id` names.
    ///
    /// # Panics
    /// When `id` comes from another store, which is a mistake of the program.
    #[must_use]
    pub fn source(&self, id: SourceId) -> &Source {
        match self.sources.get(id.0 as usize) {
            Some(source) => source,
            None => self.line(id).expect("the id comes from this store"),
        }
    }

    /// The text at `span`.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        span.slice(&self.source(span.source).text)
    }

    /// What stands in a line, from `column` or else from its first character that is no space.
    /// Both count from 1. `None` when the text has no such line.
    #[must_use]
    pub fn rest_of_line(&self, id: SourceId, line: u32, column: Option<u32>) -> Option<Span> {
        let source = self.source(id);
        let starts = source.line_starts();
        let line = (line as usize).checked_sub(1)?;
        let start = *starts.get(line)? as usize;
        let end = starts
            .get(line + 1)
            .map_or(source.text.len(), |next| *next as usize);
        let text = source.text.get(start..end)?.trim_end();
        let skipped = column.and_then(|column| {
            let mut chars = text.char_indices();
            chars.nth(column.max(1) as usize - 1).map(|(at, _)| at)
        });
        let skipped = skipped.unwrap_or(text.len() - text.trim_start().len());
        Some(Span::new(id, start + skipped, start + text.len()))
    }

    /// Line and column of both ends of `span`: the only place where lines are born.
    #[must_use]
    pub fn locate(&self, span: Span) -> Location {
        let source = self.source(span.source);
        Location {
            path: source.name.clone(),
            start: source.position(span.start),
            end: source.position(span.end),
        }
    }
}

impl Source {
    /// Whether the text is one line of a file, such as a snapshot has one for each repository.
    #[must_use]
    pub fn is_line(&self) -> bool {
        self.is_line
    }

    /// Lines of the file before the text.
    #[must_use]
    pub fn lines_before(&self) -> usize {
        self.first_line as usize
    }

    /// Byte offsets at which lines start; the first is 0.
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = memchr::memchr_iter(b'\n', self.text.as_bytes());
            let mut starts = Vec::with_capacity(breaks.clone().count() + 1);
            starts.push(0);
            starts.extend(breaks.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)));
            starts
        })
    }

    /// Line and column of a byte offset; an offset behind the text counts as its end.
    fn position(&self, offset: u32) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1) - 1;
        let start = starts[line] as usize;
        let end = (offset as usize).min(self.text.len());
        let mut column = match self.text.as_bytes().get(start..end) {
            Some(short) if short.len() <= BLOCK => starts_of_chars(short),
            _ => self.chars_before(end) - self.chars_before(start),
        };
        // A byte order mark is no character of the line that a reader sees.
        let marks = self.text.as_bytes().get(start..end).unwrap_or_default();
        let marks = marks.chunks(MARK.len()).take_while(|bytes| *bytes == MARK);
        column -= marks.count();
        Position {
            line: u32::try_from(line + 1)
                .unwrap_or(u32::MAX)
                .saturating_add(self.first_line),
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
        }
    }

    /// Characters before a byte. A file may be one line of megabytes with a finding every few bytes,
    /// so the count is kept for each block of the text.
    fn chars_before(&self, offset: usize) -> usize {
        let text = self.text.as_bytes();
        let blocks = self.chars.get_or_init(|| {
            let counts = text.chunks(BLOCK).scan(0, |sum, block| {
                let before = *sum;
                *sum += u32::try_from(starts_of_chars(block)).unwrap_or(u32::MAX);
                Some(before)
            });
            counts.collect()
        });
        let block = (offset / BLOCK).min(blocks.len().saturating_sub(1));
        let before = blocks.get(block).map_or(0, |count| *count as usize);
        before + starts_of_chars(&text[(block * BLOCK).min(offset)..offset])
    }
}

/// Bytes between two counts of characters.
const BLOCK: usize = 4096;
/// The byte order mark in UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Characters that begin in a piece of UTF-8.
fn starts_of_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// A path as reports show it: with forward slashes, without a leading `./`. Characters that are no
/// Unicode are replaced.
#[must_use]
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '\\' {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    };
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Position, Sources, Span};

    #[test]
    fn columns_count_characters_not_bytes() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "a: é\nbé: x\n");
        let location = sources.locate(Span::new(id, 11, 12));
        assert_eq!(location.start, Position { line: 2, column: 5 });
        assert_eq!(sources.text(Span::new(id, 11, 12)), "x");
    }

    #[test]
    fn columns_of_a_long_line_are_counted_in_blocks() {
        let mut sources = Sources::default();
        let text = format!("\u{feff}{}\nx{}", "é".repeat(5000), "é".repeat(9000));
        let id = sources.add("a.json", text);
        let column = |at| sources.locate(Span::new(id, at, at)).start.column;
        assert_eq!(column(3), 1);
        assert_eq!(column(3 + 2 * 4500), 4501);
        assert_eq!(column(3 + 10_000 + 2 + 2 * 8000), 8002);
    }

    #[test]
    fn the_end_of_the_text_is_a_place() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "a\n");
        assert_eq!(
            sources.locate(Span::new(id, 2, 2)).start,
            Position { line: 2, column: 1 }
        );
    }
}
