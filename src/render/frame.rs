//! Draws the lines around marked places, as miette draws them.
//! It does not know findings: only texts, spans and words.
//!
//! miette reads a source from its first byte for each label, prints what the text commands the
//! terminal to do, and panics on columns beyond 65,535. So it gets an excerpt made for the frame: the
//! few lines that are shown, cropped to the width of the terminal, with nothing unsafe in them.

mod drawn;
mod excerpt;
mod relaid;
mod shown;
mod style;

use std::fmt;
use std::ops::{Range, RangeInclusive};

use miette::{Diagnostic, LabeledSpan, SourceCode};

use super::paint::{Brush, Ink};
use super::text::{clean, width, wrap};
use crate::source::{AROUND, Excerpts, Span, TALLEST};
use drawn::{is_underline, unnumbered};
use excerpt::{Crop, Excerpt, NumberedText, expanded};
pub(crate) use shown::{ShownLine, shown};
pub(crate) use style::SnippetStyle;

/// Marks that are this many lines apart still share a frame.
const GAP: usize = 3;
/// A mark over more lines than this shows its first line only.
const TALL: usize = 6;
/// Columns of the bracket beside a mark on several lines.
const BRACKET: usize = 4;
/// A label gets at least this many columns, even when it then leaves a narrow terminal.
const LABEL: usize = 18;

const _: () = assert!(
    GAP <= AROUND && TALL <= TALLEST,
    "lines that are drawn are kept"
);

/// A place with words and a colour.
pub(crate) struct Mark<'a> {
    pub(crate) span: Span,
    pub(crate) label: &'a str,
    pub(crate) ink: Ink,
}

/// Draws each mark, the first mark's frame first. Marks of one file that are close share a frame.
pub(crate) fn draw(marks: &[Mark<'_>], excerpts: &Excerpts, look: SnippetStyle, out: &mut String) {
    let mut left: Vec<&Mark<'_>> = marks.iter().collect();
    while !left.is_empty() {
        left = draw_first(&left, excerpts, look, out);
    }
}

/// Draws the first mark, with those that are close to it. Gives those that it leaves out.
pub(crate) fn draw_first<'m, 'a>(
    marks: &[&'m Mark<'a>],
    excerpts: &Excerpts,
    look: SnippetStyle,
    out: &mut String,
) -> Vec<&'m Mark<'a>> {
    let Some((first, others)) = marks.split_first() else {
        return Vec::new();
    };
    let place = excerpts.locate(first.span);
    let name = clean(&place.path);
    let name = format!("{name}:{}:{}", place.start.line, place.start.column);
    if let Some(relaid) = relaid::of(first.span, excerpts) {
        let name = format!("{name} {}", clean(&relaid.path));
        let lines = NumberedText::laid_out(&relaid.text, relaid.mark.start, place.start.line);
        laid_out(first, relaid.mark, &lines, look).draw(&lines, name, look, out);
        return others.to_vec();
    }
    let lines = NumberedText::around(first.span, excerpts).filter(|lines| !lines.text.is_empty());
    let Some(lines) = lines else {
        out.push_str(&format!("  {} {name}\n", look.arrow()));
        let elsewhere = |mark: &&&Mark<'_>| mark.span.source != first.span.source;
        return others.iter().filter(elsewhere).copied().collect();
    };
    let place = |mark: &'m Mark<'a>| {
        let last = excerpts.last_line(mark.span);
        PlacedMark::of(mark, lines.marked(mark.span), last, &lines, look)
    };
    let mut frame = Snippet::new(place(first), lines.skipped);
    let mut left = Vec::new();
    for mark in others {
        let is_near = mark.span.source == first.span.source && lines.hold(mark.span, excerpts);
        let placed = is_near.then(|| place(mark));
        match placed.filter(|placed| frame.takes(placed)) {
            Some(placed) => frame.add(placed),
            None => left.push(*mark),
        }
    }
    frame.draw(&lines, name, look, out);
    left
}

/// A mark, at these bytes of a text that is one long line of its file: laid out over many lines, of which only the marked
/// one has the number of the line.
fn laid_out<'a>(
    mark: &'a Mark<'a>,
    bytes: Range<usize>,
    lines: &NumberedText<'_>,
    look: SnippetStyle,
) -> Snippet<'a> {
    let last = lines.at(bytes.end.saturating_sub(1).max(bytes.start));
    let placed = PlacedMark::of(mark, bytes, last, lines, look);
    Snippet::new(placed, lines.skipped)
}

/// A mark and its lines.
struct PlacedMark<'a> {
    mark: &'a Mark<'a>,
    lines: RangeInclusive<usize>,
    bytes: Range<usize>,
    /// Lines of the mark that are not shown.
    cut: usize,
    /// Whether its lines are shown uncropped, so that other marks can join.
    whole: bool,
}

impl<'a> PlacedMark<'a> {
    /// Finds the lines of a mark, and what of it can be shown: the bytes `marked` of these lines, up to the line `last`,
    /// which may not be among them.
    fn of(
        mark: &'a Mark<'a>,
        marked: Range<usize>,
        last: usize,
        lines: &NumberedText<'_>,
        look: SnippetStyle,
    ) -> Self {
        let Range { start, end } = marked;
        let first = lines.at(start);
        let bracket = if last > first { BRACKET } else { 0 };
        let room = look.room(lines.skipped + last + 1) - bracket;
        // A few long lines would be cropped at different places: show the first alone.
        let whole = last - first < TALL && (first..=last).all(|line| lines.fits(line, room));
        let shown = if whole { last } else { first };
        Self {
            mark,
            lines: first..=shown,
            // The end of the last line shown, so that no frame follows a mark out of sight.
            bytes: start..end.min(lines.range(shown).end).max(start),
            cut: last - shown,
            whole,
        }
    }
}

impl PlacedMark<'_> {
    /// What is said of it, and how many of its lines are left out.
    fn label(&self) -> String {
        let mut label = clean(self.mark.label).into_owned();
        if self.cut > 0 && !self.whole {
            let more = if self.cut == 1 { "line" } else { "lines" };
            label.push_str(if label.is_empty() { "" } else { " " });
            label.push_str(&format!("(and {} more {more})", self.cut));
        }
        label
    }
}

/// A run of lines with marks in it.
struct Snippet<'a> {
    marks: Vec<PlacedMark<'a>>,
    first: usize,
    last: usize,
    /// Lines of the text before those that the others are counted from.
    skipped: usize,
}

impl<'a> Snippet<'a> {
    fn new(placed: PlacedMark<'a>, skipped: usize) -> Self {
        Self {
            skipped,
            first: *placed.lines.start(),
            last: *placed.lines.end(),
            marks: vec![placed],
        }
    }

    fn takes(&self, other: &PlacedMark<'_>) -> bool {
        self.marks[0].whole
            && other.whole
            && *other.lines.start() <= self.last + GAP
            && *other.lines.end() + GAP >= self.first
    }

    fn add(&mut self, placed: PlacedMark<'a>) {
        self.first = self.first.min(*placed.lines.start());
        self.last = self.last.max(*placed.lines.end());
        self.marks.push(placed);
    }

    fn draw(
        &mut self,
        lines: &NumberedText<'_>,
        name: String,
        look: SnippetStyle,
        out: &mut String,
    ) {
        // miette expects marks from top to bottom.
        self.marks.sort_by_key(|placed| placed.bytes.start);
        let excerpt = self.excerpt(lines, look, name);
        let beside = self.beside(&excerpt, look);
        let shot = self.shot(excerpt, look, beside.is_some());
        let mut drawn = String::new();
        let inks = self.marks.iter().map(|placed| placed.mark.ink);
        // An excerpt answers each question of miette, and writing to a string cannot fail.
        let _infallible = look.handler(inks).render_report(&mut drawn, &shot);
        // The first line is miette's title, which stays empty: a finding has its own.
        for line in drawn.lines().skip(1) {
            match lines.only {
                Some(number) => out.push_str(unnumbered(line, number).trim_end()),
                None => out.push_str(line.trim_end()),
            }
            if let Some(label) = beside.as_ref().filter(|_| is_underline(line)) {
                let brush = Brush {
                    color: look.color,
                    links: false,
                };
                let label = brush.paint(self.marks[0].mark.ink, label);
                out.push_str(&format!(" {label}"));
            }
            out.push('\n');
        }
    }

    /// The lines to show, as text of its own.
    fn excerpt(&self, lines: &NumberedText<'_>, look: SnippetStyle, name: String) -> Excerpt {
        let room = self.room(look);
        let whole = self.marks[0].whole;
        let context = if whole { look.context } else { 0 };
        // A blank line at an end of the frame shows nothing.
        let dark = |line: &usize| !lines.text[lines.range(*line)].trim().is_empty();
        let above = self.first.saturating_sub(context)..=self.first;
        let below = self.last..=(self.last + context).min(lines.starts.len() - 1);
        let first = above.into_iter().find(dark).unwrap_or(self.first);
        let last = below.rev().find(dark).unwrap_or(self.last);
        let tight = self.tight(lines, room);
        let indent = if tight && whole {
            lines.indent(first..=last)
        } else {
            0
        };
        let crop = Crop {
            room,
            // Two columns are left: lines that began at the margin would look like the outermost.
            indent: indent.saturating_sub(2),
            // What is cropped for the label of one mark may hold another.
            pull: tight && self.marks.len() == 1,
            ellipsis: if look.unicode { "…" } else { "..." },
        };
        let mut excerpt = Excerpt::new(name, lines.before + first, crop);
        for line in first..=last {
            let range = lines.range(line);
            let focus = self
                .marks
                .iter()
                .find(|placed| placed.lines.contains(&line));
            let focus = focus.map_or(range.start, |placed| placed.bytes.start);
            excerpt.push(lines.text, range, focus);
        }
        excerpt
    }

    /// Columns left for text beside line numbers and the brackets of tall marks.
    fn room(&self, look: SnippetStyle) -> usize {
        let tall = |placed: &&PlacedMark<'_>| placed.lines.start() < placed.lines.end();
        let brackets = match self.marks.iter().filter(tall).count() {
            0 => 0,
            tall => BRACKET + tall - 1,
        };
        look.room(self.skipped + self.last + 1)
            .saturating_sub(brackets)
            .max(LABEL)
    }

    /// Whether a label has less room than it needs, because its mark begins far to the right.
    fn tight(&self, lines: &NumberedText<'_>, room: usize) -> bool {
        self.marks.iter().any(|placed| {
            let start = lines.range(*placed.lines.start()).start;
            let before = &lines.text[start.min(placed.bytes.start)..placed.bytes.start];
            let label = width(placed.mark.label).min(3 * LABEL);
            label > 0 && (before.len() > room * 4 || expanded(before) + label + 8 > room)
        })
    }

    /// The label of a mark on one line, where it fits behind what is underlined: that saves a line.
    fn beside(&self, excerpt: &Excerpt, look: SnippetStyle) -> Option<String> {
        let [placed] = self.marks.as_slice() else {
            return None;
        };
        let label = placed.label();
        let end = excerpt.offset(placed.bytes.end.max(placed.bytes.start + 1));
        let is_flat = placed.lines.start() == placed.lines.end();
        let fits = excerpt.column(end) + 2 + width(&label) <= self.room(look);
        (is_flat && fits && !label.is_empty()).then_some(label)
    }

    /// The marks, moved to where they are in the excerpt; their labels are left out where they are reported beside.
    fn shot(&self, excerpt: Excerpt, look: SnippetStyle, is_beside: bool) -> Shot {
        let room = self.room(look);
        let labels = self.marks.iter().map(|placed| {
            let start = excerpt.offset(placed.bytes.start);
            let end = excerpt.offset(placed.bytes.end).max(start);
            let label = placed.label();
            if label.is_empty() || is_beside {
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

#[cfg(test)]
mod tests;
