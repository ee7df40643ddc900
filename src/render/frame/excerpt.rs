//! The few lines of a source that a frame shows: cropped, and with nothing unsafe in them.
//! It does not know marks: only lines, and the places that must stay in sight.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::render::text::{columns, width};
use crate::report::escaped::is_unsafe;
use crate::source::{Excerpts, Span};

/// Columns between the stops that a tab jumps to.
const TAB: usize = 4;

/// Lines of one text that stand together.
pub(super) struct NumberedText<'a> {
    pub(super) text: &'a str,
    pub(super) starts: Cow<'a, [u32]>,
    /// Bytes of the text before the first one.
    pub(super) offset: usize,
    /// Lines of the file before the first one, for the numbers of lines.
    pub(super) before: usize,
    /// Lines of the text before the first one.
    pub(super) skipped: usize,
    /// The only number that is shown, where lines are laid out that the file does not have.
    pub(super) only: Option<u32>,
}

impl<'a> NumberedText<'a> {
    /// The lines around a place.
    pub(super) fn around(span: Span, excerpts: &'a Excerpts) -> Option<Self> {
        let lines = excerpts.lines(span)?;
        Some(Self {
            text: lines.text,
            starts: Cow::Borrowed(lines.starts),
            offset: lines.offset,
            before: lines.before,
            skipped: lines.skipped,
            only: None,
        })
    }

    /// A text that is laid out from the line of this number, with which its line at `marked` is shown.
    pub(super) fn laid_out(text: &'a str, marked: usize, number: u32) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
        let mut lines = Self {
            text,
            starts: std::iter::once(0).chain(starts).collect(),
            offset: 0,
            before: 0,
            skipped: 0,
            only: Some(number),
        };
        lines.before = (number as usize).saturating_sub(lines.at(marked) + 1);
        lines
    }

    /// Whether a place of the same text begins in these lines.
    pub(super) fn hold(&self, span: Span, excerpts: &Excerpts) -> bool {
        let lines = excerpts.lines(span);
        lines.is_some_and(|lines| lines.offset == self.offset)
    }

    /// What is marked of these lines, between characters.
    pub(super) fn marked(&self, span: Span) -> Range<usize> {
        let limit = self.text.len();
        let [start, end] =
            [span.start, span.end].map(|end| (end as usize).saturating_sub(self.offset));
        let start = floor(self.text, start.min(limit));
        start..ceil(self.text, end.clamp(start, limit))
    }

    /// Index of the line that holds a byte.
    pub(super) fn at(&self, offset: usize) -> usize {
        let behind = self
            .starts
            .partition_point(|start| *start as usize <= offset);
        behind.max(1) - 1
    }

    /// The bytes of a line without its line break.
    pub(super) fn range(&self, line: usize) -> Range<usize> {
        let start = self.starts[line] as usize;
        let end = match self.starts.get(line + 1) {
            Some(next) => *next as usize - 1,
            None => self.text.len(),
        };
        let content = &self.text[start..end];
        let mark = content.len() - content.trim_start_matches('\u{feff}').len();
        let content = content.strip_suffix('\r').unwrap_or(content);
        start + mark.min(content.len())..start + content.len()
    }

    /// Bytes of indentation that all lines of a range share.
    pub(super) fn indent(&self, range: RangeInclusive<usize>) -> usize {
        let indents = range.filter_map(|line| {
            let text = &self.text[self.range(line)];
            let indent = text.len() - text.trim_start_matches(' ').len();
            (indent < text.len()).then_some(indent)
        });
        indents.min().unwrap_or(0)
    }

    /// Whether a line fits in `room` columns; decided without reading all of a long one.
    pub(super) fn fits(&self, line: usize, room: usize) -> bool {
        let range = self.range(line);
        range.len() <= room * 4 && expanded(&self.text[range]) <= room
    }
}

/// A few lines of a source, fit to be printed.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    /// Index of the first line in the source.
    first: usize,
    pieces: Vec<LineExcerpt>,
    crop: Crop,
}

/// How lines are made to fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crop {
    /// Columns that a line may fill.
    pub(super) room: usize,
    /// Bytes of indentation that are left out of each line.
    pub(super) indent: usize,
    /// Whether a line is cropped, even if it fits, so that what is behind `focus` has more room.
    pub(super) pull: bool,
    /// What stands for text that is left out.
    pub(super) ellipsis: &'static str,
}

impl Crop {
    /// Where to begin a line so that `focus` is in sight: at its beginning, where that is possible;
    /// else a third of the room, and what the rest of the line leaves free, goes to what stands before.
    fn from(self, text: &str, line: &Range<usize>, focus: usize) -> usize {
        let before = &text[..focus];
        let long = line.len() > self.room * 4 || expanded(&text[line.clone()]) > self.room;
        if !long && !self.pull {
            return line.start;
        }
        if back(before, line.start, self.room * 2 / 3) == line.start {
            return line.start;
        }
        let rest = text[focus..line.end].chars();
        let rest: usize = rest.take(self.room).map(columns).sum();
        let free = self.room.saturating_sub(rest + 3);
        back(before, line.start, free.clamp(self.room / 3, self.room / 2))
    }
}

/// What an excerpt shows of one line.
#[derive(Debug)]
struct LineExcerpt {
    /// Where the line begins in the source.
    line: usize,
    /// Where its shown part ends in the source.
    end: usize,
    /// Where each shown character begins in the source, and the end.
    chars: Vec<usize>,
    /// Where each of them begins in the excerpt, and the end.
    shown: Vec<usize>,
    /// Where the line begins in the excerpt.
    start: usize,
}

impl Excerpt {
    /// An excerpt without lines, which begins at the line `first` of its source.
    pub(super) fn new(name: String, first: usize, crop: Crop) -> Self {
        Self {
            name,
            text: String::new(),
            first,
            pieces: Vec::new(),
            crop,
        }
    }

    /// Appends what fits of a line of `text`, such that `focus` is in it.
    pub(super) fn push(&mut self, text: &str, line: Range<usize>, focus: usize) {
        let crop = self.crop;
        let shown = line.start + crop.indent.min(line.len())..line.end;
        let focus = focus.clamp(shown.start, shown.end);
        let from = crop.from(text, &shown, focus);
        let start = self.text.len();
        let mut piece = LineExcerpt {
            line: line.start,
            end: from,
            shown: Vec::new(),
            chars: Vec::new(),
            start,
        };
        let mut column = 0;
        if from > shown.start {
            self.text.push_str(crop.ellipsis);
            column = width(crop.ellipsis);
        }
        for c in text[from..shown.end].chars() {
            let wide = match c {
                '\t' => TAB - column % TAB,
                c => columns(c),
            };
            let behind = piece.end + c.len_utf8();
            let tail = if behind < shown.end {
                width(crop.ellipsis)
            } else {
                0
            };
            if column + wide + tail > crop.room {
                break;
            }
            piece.chars.push(piece.end);
            piece.shown.push(self.text.len());
            match c {
                '\t' => self.text.extend(std::iter::repeat_n(' ', wide)),
                c if is_unsafe(c) => self.text.push('\u{fffd}'),
                c => self.text.push(c),
            }
            column += wide;
            piece.end = behind;
        }
        piece.chars.push(piece.end);
        piece.shown.push(self.text.len());
        if piece.end < shown.end {
            self.text.push_str(crop.ellipsis);
        } else if self.text.len() == start {
            // miette shows no mark on a line without characters.
            self.text.push(' ');
        }
        self.text.push('\n');
        self.pieces.push(piece);
    }

    /// Where a byte of the source is in the excerpt; what is cropped counts as the edge.
    pub(super) fn offset(&self, at: usize) -> usize {
        let line = self.pieces.partition_point(|piece| piece.line <= at);
        let Some(piece) = self.pieces.get(line.max(1) - 1) else {
            return 0;
        };
        let char = piece.chars.partition_point(|start| *start < at);
        piece.shown[char.min(piece.shown.len() - 1)]
    }

    /// Column at which a byte of the excerpt is shown.
    pub(super) fn column(&self, at: usize) -> usize {
        let line = self.pieces.partition_point(|piece| piece.start <= at);
        let start = self
            .pieces
            .get(line.max(1) - 1)
            .map_or(0, |piece| piece.start);
        width(&self.text[start..at])
    }
}

impl SourceCode for Excerpt {
    /// The whole excerpt, whatever is asked: it is exactly what is to be shown.
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let all = SourceSpan::new(0.into(), self.text.len());
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.text.as_bytes(),
            all,
            self.first,
            0,
            self.pieces.len(),
        )))
    }
}

/// Columns that a line fills with its tabs.
pub(super) fn expanded(line: &str) -> usize {
    line.chars().fold(0, |column, c| match c {
        '\t' => column + TAB - column % TAB,
        c => column + columns(c),
    })
}

/// The offset that is `room` columns before the end of `text`, or `start` when that is nearer.
fn back(text: &str, start: usize, room: usize) -> usize {
    let mut filled = 0;
    for (at, c) in text.char_indices().rev() {
        if at < start {
            break;
        }
        filled += columns(c).max(1);
        if filled > room {
            return at + c.len_utf8();
        }
    }
    start
}

/// The nearest character boundary at or before `at`.
pub(super) fn floor(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// The nearest character boundary at or behind `at`.
pub(super) fn ceil(text: &str, at: usize) -> usize {
    (at..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}
