//! Draws the lines around marked places, as miette draws them.
//! It does not know findings: only texts, spans and words.
//!
//! miette reads a source from its first byte for each label, prints what the text commands the
//! terminal to do, and panics on columns beyond 65,535. So it gets an excerpt made for the frame: the
//! few lines that are shown, cropped to the width of the terminal, with nothing unsafe in them.

use std::fmt;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents,
};

use super::paint::Ink;
use super::text::{clean, columns, is_unsafe, width, wrap};
use crate::source::{SourceId, Sources, Span};

/// Marks that are this many lines apart still share a frame.
const GAP: usize = 3;
/// A mark over more lines than this shows its first line only.
const TALL: usize = 6;
/// Columns between the stops that a tab jumps to.
const TAB: usize = 4;
/// A label gets at least this many columns, even when it then leaves a narrow terminal.
const LABEL: usize = 18;

/// A place with words and a colour.
pub(crate) struct Mark<'a> {
    pub(crate) span: Span,
    pub(crate) label: &'a str,
    pub(crate) ink: Ink,
}

/// How frames look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) color: bool,
    pub(crate) unicode: bool,
    pub(crate) width: usize,
    /// Lines shown before and behind the marked ones.
    pub(crate) context: usize,
}

/// Draws each mark, the first mark's frame first. Marks of one file that are close share a frame.
pub(crate) fn draw(marks: &[Mark<'_>], sources: &Sources, look: Look, out: &mut String) {
    let mut frames: Vec<Frame<'_>> = Vec::new();
    for mark in marks {
        let lines = Lines::of(sources, mark.span.source);
        let placed = lines.place(mark, look);
        let home = frames.iter_mut().find(|frame| frame.takes(&placed));
        match home {
            Some(frame) => frame.add(placed),
            None => frames.push(Frame::new(placed)),
        }
    }
    for frame in &mut frames {
        frame.draw(sources, look, out);
    }
}

/// The lines of one text.
struct Lines<'a> {
    text: &'a str,
    starts: &'a [u32],
}

impl<'a> Lines<'a> {
    fn of(sources: &'a Sources, id: SourceId) -> Self {
        let source = sources.source(id);
        Self {
            text: &source.text,
            starts: source.line_starts(),
        }
    }

    /// Index of the line that holds a byte.
    fn at(&self, offset: usize) -> usize {
        let behind = self
            .starts
            .partition_point(|start| *start as usize <= offset);
        behind.max(1) - 1
    }

    /// The bytes of a line without its line break.
    fn range(&self, line: usize) -> Range<usize> {
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

    /// Whether a line fits in `room` columns; decided without reading all of a long one.
    fn fits(&self, line: usize, room: usize) -> bool {
        let range = self.range(line);
        range.len() <= room * 4 && expanded(&self.text[range]) <= room
    }

    /// Finds the lines of a mark, and what of it can be shown.
    fn place<'m>(&self, mark: &'m Mark<'m>, look: Look) -> Placed<'m> {
        let limit = self.text.len();
        let start = floor(self.text, (mark.span.start as usize).min(limit));
        let end = ceil(self.text, (mark.span.end as usize).clamp(start, limit));
        let first = self.at(start);
        let last = self.at(end.saturating_sub(1).max(start));
        let room = look.room(last + 1);
        // A few long lines would be cropped at different places: show the first alone.
        let whole = last - first < TALL && (first..=last).all(|line| self.fits(line, room));
        let shown = if whole { last } else { first };
        Placed {
            mark,
            lines: first..=shown,
            // The end of the last line shown, so that no frame follows a mark out of sight.
            bytes: start..end.min(self.range(shown).end).max(start),
            cut: last - shown,
            whole,
        }
    }
}

/// A mark and its lines.
struct Placed<'a> {
    mark: &'a Mark<'a>,
    lines: std::ops::RangeInclusive<usize>,
    bytes: Range<usize>,
    /// Lines of the mark that are not shown.
    cut: usize,
    /// Whether its lines are shown uncropped, so that other marks can join.
    whole: bool,
}

/// A run of lines with marks in it.
struct Frame<'a> {
    marks: Vec<Placed<'a>>,
    first: usize,
    last: usize,
}

impl<'a> Frame<'a> {
    fn new(placed: Placed<'a>) -> Self {
        Self {
            first: *placed.lines.start(),
            last: *placed.lines.end(),
            marks: vec![placed],
        }
    }

    fn takes(&self, other: &Placed<'_>) -> bool {
        let mine = &self.marks[0];
        mine.mark.span.source == other.mark.span.source
            && mine.whole
            && other.whole
            && *other.lines.start() <= self.last + GAP
            && *other.lines.end() + GAP >= self.first
    }

    fn add(&mut self, placed: Placed<'a>) {
        self.first = self.first.min(*placed.lines.start());
        self.last = self.last.max(*placed.lines.end());
        self.marks.push(placed);
    }

    fn draw(&mut self, sources: &Sources, look: Look, out: &mut String) {
        let primary = self.marks[0].mark.span;
        let name = clean(&sources.source(primary.source).name).into_owned();
        let at = sources.locate(primary).start;
        let name = format!("{name}:{}:{}", at.line, at.column);
        let lines = Lines::of(sources, primary.source);
        if lines.text.is_empty() {
            out.push_str(&format!("  {} {name}\n", look.arrow()));
            return;
        }
        // miette expects marks from top to bottom.
        self.marks.sort_by_key(|placed| placed.bytes.start);
        let excerpt = self.excerpt(&lines, look, name);
        let shot = self.shot(excerpt, look);
        let mut drawn = String::new();
        // An excerpt answers each question of miette, and writing to a string cannot fail.
        let _infallible = look.handler(&self.marks).render_report(&mut drawn, &shot);
        // The first line is miette's title, which stays empty: a finding has its own.
        for line in drawn.lines().skip(1) {
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }

    /// The lines to show, as text of its own.
    fn excerpt(&self, lines: &Lines<'_>, look: Look, name: String) -> Excerpt {
        let room = look.room(self.last + 1);
        let whole = self.marks[0].whole;
        let context = if whole { look.context } else { 0 };
        // A blank line at an end of the frame shows nothing.
        let dark = |line: &usize| !lines.text[lines.range(*line)].trim().is_empty();
        let above = self.first.saturating_sub(context)..=self.first;
        let below = self.last..=(self.last + context).min(lines.starts.len() - 1);
        let first = above.into_iter().find(dark).unwrap_or(self.first);
        let last = below.rev().find(dark).unwrap_or(self.last);
        let mut excerpt = Excerpt {
            name,
            text: String::new(),
            first,
            pieces: Vec::new(),
            ellipsis: if look.unicode { "…" } else { "..." },
        };
        let indent = self.spare_indent(lines, first..=last, room);
        for line in first..=last {
            let range = lines.range(line);
            let focus = self
                .marks
                .iter()
                .find(|placed| placed.lines.contains(&line));
            let focus = focus.map_or(range.start, |placed| placed.bytes.start);
            excerpt.push(lines.text, range, focus, room, indent);
        }
        excerpt
    }

    /// Bytes of indentation that all lines share and that a label needs more than they do.
    fn spare_indent(
        &self,
        lines: &Lines<'_>,
        shown: std::ops::RangeInclusive<usize>,
        room: usize,
    ) -> usize {
        let tight = self.marks.iter().any(|placed| {
            let start = lines.range(*placed.lines.start()).start;
            let before = &lines.text[start.min(placed.bytes.start)..placed.bytes.start];
            let label = width(placed.mark.label).min(3 * LABEL);
            before.len() < room * 4 && expanded(before) + label + 8 > room
        });
        if !tight || !self.marks[0].whole {
            return 0;
        }
        let blank = |line: usize| {
            let text = &lines.text[lines.range(line)];
            let used = text.len() - text.trim_start_matches(' ').len();
            (used < text.len()).then_some(used)
        };
        shown.filter_map(blank).min().unwrap_or(0).saturating_sub(2)
    }

    /// The marks, moved to where they are in the excerpt.
    fn shot(&self, excerpt: Excerpt, look: Look) -> Shot {
        let room = look.room(self.last + 1);
        let labels = self.marks.iter().map(|placed| {
            let start = excerpt.offset(placed.bytes.start);
            let end = excerpt.offset(placed.bytes.end).max(start);
            let mut label = clean(placed.mark.label).into_owned();
            if placed.cut > 0 && !placed.whole {
                let more = if placed.cut == 1 { "line" } else { "lines" };
                label.push_str(if label.is_empty() { "" } else { " " });
                label.push_str(&format!("(and {} more {more})", placed.cut));
            }
            if label.is_empty() {
                return LabeledSpan::new(None, start, end - start);
            }
            let middle = (excerpt.column(start) + excerpt.column(end)) / 2;
            let space = room.saturating_sub(middle + 4).max(LABEL);
            let label = wrap(&label, space, space).join("\n");
            LabeledSpan::new(Some(label), start, end - start)
        });
        let labels = labels.collect();
        Shot { excerpt, labels }
    }
}

impl Look {
    /// Columns left for text when the largest line number is `line`.
    fn room(self, line: usize) -> usize {
        let digits = line.max(1).ilog10() as usize + 1;
        self.width.clamp(40, 240) - digits - 5
    }

    /// The arrow before a place without a frame.
    pub(crate) fn arrow(self) -> &'static str {
        if self.unicode { "──▶" } else { "-->" }
    }

    fn handler(self, marks: &[Placed<'_>]) -> GraphicalReportHandler {
        let mut theme = match (self.color, self.unicode) {
            (true, true) => GraphicalTheme::unicode(),
            (true, false) => GraphicalTheme::ascii(),
            (false, true) => GraphicalTheme::unicode_nocolor(),
            (false, false) => GraphicalTheme::none(),
        };
        let styles = &mut theme.styles;
        let inks = marks.iter().map(|placed| match placed.mark.ink {
            Ink::Error => styles.error,
            Ink::Warning => styles.warning,
            Ink::Quiet => styles.linum,
            _ => styles.advice,
        });
        let highlights = inks.collect();
        styles.highlights = highlights;
        styles.link = styles.help;
        if !self.unicode {
            theme.characters.underbar = '^';
        }
        GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .without_primary_span_start()
            .without_syntax_highlighting()
            .without_cause_chain()
            .with_context_lines(0)
    }
}

/// A few lines of a source, fit to be printed.
#[derive(Debug)]
struct Excerpt {
    name: String,
    text: String,
    /// Index of the first line in the source.
    first: usize,
    pieces: Vec<Piece>,
    ellipsis: &'static str,
}

/// What an excerpt shows of one line.
#[derive(Debug)]
struct Piece {
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
    /// Appends what fits of a line, such that `focus` is in it.
    fn push(&mut self, text: &str, line: Range<usize>, focus: usize, room: usize, indent: usize) {
        let origin = line.start;
        let line = origin + indent.min(line.len())..line.end;
        let focus = focus.clamp(line.start, line.end);
        // Where the line can be shown from its beginning, it is.
        let from = match back(&text[..focus], line.start, room * 2 / 3) {
            at if at <= line.start => line.start,
            _ => back(&text[..focus], line.start, room / 3),
        };
        let start = self.text.len();
        let mut column = 0;
        if from > line.start {
            self.text.push_str(self.ellipsis);
            column = width(self.ellipsis);
        }
        let mut piece = Piece {
            line: origin,
            end: from,
            shown: Vec::new(),
            chars: Vec::new(),
            start,
        };
        for (at, c) in text[from..line.end].char_indices() {
            let wide = if c == '\t' {
                TAB - column % TAB
            } else {
                columns(c)
            };
            let rest = line.end - from - at - c.len_utf8();
            let tail = if rest > 0 { width(self.ellipsis) } else { 0 };
            if column + wide + tail > room {
                break;
            }
            piece.chars.push(from + at);
            piece.shown.push(self.text.len());
            match c {
                '\t' => self.text.extend(std::iter::repeat_n(' ', wide)),
                c if is_unsafe(c) => self.text.push('\u{fffd}'),
                c => self.text.push(c),
            }
            column += wide;
            piece.end = from + at + c.len_utf8();
        }
        piece.chars.push(piece.end);
        piece.shown.push(self.text.len());
        if piece.end < line.end {
            self.text.push_str(self.ellipsis);
        } else if self.text.len() == start {
            // miette shows no mark on a line without characters.
            self.text.push(' ');
        }
        self.text.push('\n');
        self.pieces.push(piece);
    }

    /// Where a byte of the source is in the excerpt; what is cropped counts as the edge.
    fn offset(&self, at: usize) -> usize {
        let line = self.pieces.partition_point(|piece| piece.line <= at);
        let Some(piece) = self.pieces.get(line.max(1) - 1) else {
            return 0;
        };
        let char = piece.chars.partition_point(|start| *start < at);
        piece.shown[char.min(piece.shown.len() - 1)]
    }

    /// Column at which a byte of the excerpt is shown.
    fn column(&self, at: usize) -> usize {
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

/// An excerpt with its labels: what miette calls a diagnostic, without title and help.
#[derive(Debug)]
struct Shot {
    excerpt: Excerpt,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Shot {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Shot {}

impl Diagnostic for Shot {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// Columns that a line fills with its tabs.
fn expanded(line: &str) -> usize {
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
fn floor(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// The nearest character boundary at or behind `at`.
fn ceil(text: &str, at: usize) -> usize {
    (at..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}
