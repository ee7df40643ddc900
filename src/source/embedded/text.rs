//! Text assembled from scalars, computed words and holes, and read as JSON.
//! It does not know what fills the holes.

use std::ops::Range;

use super::super::json;
use super::super::span::ByteRange;
use super::super::{Node, Problem, SourceId, Span, Tree};
use super::align::{self, CharacterRun};
use super::scalar::Scalar;

/// Stands in the assembled text for each hole. Holes are told by their offset, so a text that has
/// this character by itself is read rightly.
pub(super) const HOLE: char = '\u{fffc}';

/// Text assembled from scalars, computed words and holes.
#[derive(Clone, Debug, Default)]
pub struct EmbeddedText {
    text: String,
    runs: Vec<CharacterRun>,
    /// Where the holes are in the assembled text.
    pub(super) holes: Vec<usize>,
}

/// Why assembled text cannot be read as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is not JSON, whatever the holes hold. The places are in the outer file.
    Malformed(Problem),
    /// Whether it is JSON depends on what the hole with this index holds.
    Unknown(usize),
    /// It is JSON, in which one object has a key twice. The places are in the outer file.
    Doubled(Problem),
}

impl EmbeddedText {
    /// Adds all characters of a scalar; nothing for a list, an object or null.
    pub fn push_node(&mut self, node: Node<'_>) {
        if let Some(scalar) = Scalar::of(node) {
            self.push_part(&scalar, 0..scalar.as_str().len());
        }
    }

    /// Adds the bytes `range` of a scalar; a range that splits a character adds nothing.
    pub fn push_part(&mut self, scalar: &Scalar<'_>, range: Range<usize>) {
        let Some(part) = scalar.text.get(range.clone()) else {
            return;
        };
        if part.is_empty() {
            return;
        }
        let (at, length) = (self.text.len(), scalar.text.len());
        self.runs.extend(
            align::runs_within(&scalar.runs, length, &range).map(|run| run.moved(range.start, at)),
        );
        self.text.push_str(part);
    }

    /// Adds characters that stand nowhere by themselves and were computed from what is at `span`.
    pub fn push_computed(&mut self, text: &str, span: Span) {
        if !text.is_empty() {
            self.runs.push(CharacterRun::whole(self.text.len(), span));
            self.text.push_str(text);
        }
    }

    /// Adds something unknown that stands at `span`, and returns its index: 0 for the first.
    pub fn push_hole(&mut self, span: Span) -> usize {
        self.holes.push(self.text.len());
        self.runs.push(CharacterRun::whole(self.text.len(), span));
        self.text.push(HOLE);
        self.holes.len() - 1
    }

    /// The assembled text, with one character for each hole.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether anything in the text is unknown.
    #[must_use]
    pub fn has_holes(&self) -> bool {
        !self.holes.is_empty()
    }

    /// Where the bytes `range` of [`EmbeddedText::as_str`] stand in the outer file.
    ///
    /// A range across several scalars reaches from the first to the last when they stand in this
    /// order in one file; else it is cut at the end of the first.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        align::span(&self.runs, self.text.len(), range)
    }

    /// Reads the text as JSON into `tree`; [`EmbeddedText::root`] then gives the nodes.
    ///
    /// # Errors
    /// When the text is not JSON or an object has a key twice, with places in the outer file, or when a hole decides that.
    pub fn parse_json(&self, tree: &mut Tree) -> Result<(), Trouble> {
        let trouble =
            |problem: Problem, told: fn(Problem) -> Trouble| match self.guilty_hole(&problem) {
                Some(hole) => Trouble::Unknown(hole),
                None => told(self.outward(problem)),
            };
        json::read(&self.text, SourceId::default(), tree, &self.holes)
            .map_err(|problem| trouble(*problem, Trouble::Malformed))?;
        match tree.take_double() {
            Some(problem) => Err(trouble(*problem, Trouble::Doubled)),
            None => Ok(()),
        }
    }

    /// The hole that may well be why the text cannot be read: it touches the mistake, or stands
    /// just before it, or in the string that does not end.
    fn guilty_hole(&self, problem: &Problem) -> Option<usize> {
        let ByteRange { start, end } = bytes_of(problem.span);
        let at_end = start == self.text.len();
        let string = problem
            .related
            .as_ref()
            .map(|(opened, _)| bytes_of(*opened))
            .map(|opened| opened.start)
            .filter(|opened| at_end && self.text.as_bytes().get(*opened) == Some(&b'"'));
        self.holes.iter().position(|&hole| {
            let behind = hole + HOLE.len_utf8();
            let touches = hole <= end && start <= behind;
            let before = self
                .text
                .get(behind..start)
                .is_some_and(|between| between.trim_ascii().is_empty());
            touches || before || string.is_some_and(|opened| opened < hole)
        })
    }

    /// The same problem with its places in the outer file.
    fn outward(&self, mut problem: Problem) -> Problem {
        let outer = |span: Span| {
            let ByteRange { start, end } = bytes_of(span);
            self.span(start..end)
        };
        problem.span = outer(problem.span);
        problem.related = problem
            .related
            .map(|(span, message)| (outer(span), message));
        problem
    }

    /// The holes in these bytes, with their indices.
    pub(super) fn holes_within(&self, range: ByteRange) -> Range<usize> {
        let first = self.holes.partition_point(|at| *at < range.start);
        let behind = self.holes.partition_point(|at| *at < range.end);
        first..behind.max(first)
    }
}

/// The bytes that a span in the assembled text covers.
pub(super) fn bytes_of(span: Span) -> ByteRange {
    ByteRange::new(span.start as usize, span.end as usize)
}
