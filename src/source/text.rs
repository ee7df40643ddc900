//! One text, and the lines and columns of what stands in it.
//! It does not know other texts.

use std::sync::OnceLock;

/// A text with a name.
#[derive(Debug, Default)]
pub struct Source {
    /// The path as the user knows it, with forward slashes, or `<stdin>`.
    pub name: String,
    /// The text itself; empty when it could not be read or when nothing in it needs showing.
    pub text: String,
    /// Lines of the file before the text: more than none where the text is one line of it.
    pub(super) first_line: u32,
    pub(super) is_line: bool,
    pub(super) lines: OnceLock<Vec<u32>>,
    pub(super) chars: OnceLock<Vec<u32>>,
}

/// A place as a human names it. Lines and columns count from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
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
    pub(super) fn position(&self, offset: u32) -> Position {
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
