//! Whole lines of a text that stand together, and the lines and columns of what is in them.
//! It does not know which text, nor why they are kept.

use std::sync::OnceLock;

/// Whole lines of a text that stand together: all of them, or some that somebody has to see.
#[derive(Debug, Default)]
pub(super) struct Passage {
    pub(super) text: String,
    /// Bytes of the text before these lines. Offsets count from the beginning of the text.
    pub(super) start: u32,
    /// Lines of the file before these.
    pub(super) before: u32,
    lines: OnceLock<Vec<u32>>,
    chars: OnceLock<Vec<u32>>,
}

/// A place as a human names it. Lines and columns count from 1, columns in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Passage {
    /// Lines that begin `start` bytes into their text, with so many lines of the file before them.
    pub(super) fn new(text: String, start: u32, before: u32) -> Self {
        Self {
            text,
            start,
            before,
            ..Self::default()
        }
    }

    /// Byte offsets into these lines at which each of them starts; the first is 0.
    pub(super) fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = memchr::memchr_iter(b'\n', self.text.as_bytes());
            let mut starts = Vec::with_capacity(breaks.clone().count() + 1);
            starts.push(0);
            starts.extend(breaks.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)));
            starts
        })
    }

    /// Which of these lines, from 0, holds an offset of the text; the nearest where none does.
    pub(super) fn line_of(&self, offset: u32) -> usize {
        let offset = offset.saturating_sub(self.start);
        let starts = self.line_starts();
        starts.partition_point(|start| *start <= offset).max(1) - 1
    }

    /// The bytes from the beginning of one of these lines to the end of another, without the line break behind it.
    pub(super) fn bytes_of(&self, first: usize, last: usize) -> (usize, usize) {
        let starts = self.line_starts();
        let end = match starts.get(last + 1) {
            Some(next) => *next as usize - 1,
            None => self.text.len(),
        };
        (starts[first] as usize, end)
    }

    /// Line and column of an offset of the text; one behind these lines counts as their end.
    pub(super) fn position(&self, offset: u32) -> Position {
        let line = self.line_of(offset);
        let start = self.line_starts()[line] as usize;
        let end = (offset.saturating_sub(self.start) as usize).min(self.text.len());
        let mut column = match self.text.as_bytes().get(start..end) {
            Some(short) if short.len() <= BLOCK => starts_of_chars(short),
            _ => self.chars_before(end) - self.chars_before(start),
        };
        // A byte order mark is not a character of the line that a reader sees.
        let marks = self.text.as_bytes().get(start..end).unwrap_or_default();
        let marks = marks.chunks(MARK.len()).take_while(|bytes| *bytes == MARK);
        column -= marks.count();
        Position {
            line: u32::try_from(line + 1)
                .unwrap_or(u32::MAX)
                .saturating_add(self.before),
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
