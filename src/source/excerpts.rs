//! The lines of texts that a report shows, and nothing else of these texts.
//! It does not know what is shown there.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::passage::Passage;
use super::sources::{Location, Sources};
use super::text::Source;
use super::{SourceId, Span};

/// Lines that are kept before and behind those of a place that is shown.
pub const AROUND: usize = 3;
/// Lines that are kept of a place that goes over more, from its first one on.
pub const TALLEST: usize = 8;

/// The lines that a report shows of the texts of a run. A place that was asked for is found as it is in the whole text.
#[derive(Clone, Debug, Default)]
pub struct Excerpts {
    texts: BTreeMap<SourceId, ExcerptedText>,
    first: Option<String>,
}

/// What is kept of one text.
#[derive(Clone, Debug)]
struct ExcerptedText {
    name: String,
    is_line: bool,
    /// In the order of the text; never none.
    passages: Vec<Arc<Passage>>,
}

/// Whole lines of a text that stand together.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'a> {
    /// The lines themselves.
    pub text: &'a str,
    /// Byte offsets into `text` at which each line starts; the first is 0.
    pub starts: &'a [u32],
    /// Bytes of the text before these lines.
    pub offset: usize,
    /// Lines of the file before these.
    pub before: usize,
    /// Those of them that are lines of the text: all, unless the text is itself a line of the file.
    pub skipped: usize,
}

/// First and last line, from 0, of each run of lines that is kept.
type LineRuns = Vec<(usize, usize)>;

impl Excerpts {
    /// Keeps of the texts of a run the lines around places that are `shown`, and the lines at whose ends places are that
    /// are only `located`.
    #[must_use]
    pub fn of(
        sources: &Sources,
        shown: impl IntoIterator<Item = Span>,
        located: impl IntoIterator<Item = Span>,
    ) -> Self {
        let mut wanted: BTreeMap<SourceId, LineRuns> = BTreeMap::new();
        for span in shown {
            let Some(source) = sources.get(span.source) else {
                continue;
            };
            let lines = &source.passage;
            let (first, last) = (lines.line_of(span.start), last_line(lines, span));
            let tall = last.min(first + TALLEST - 1);
            let runs = wanted.entry(span.source).or_default();
            runs.push((first.saturating_sub(AROUND), tall + AROUND));
            runs.push((last, lines.line_of(span.end)));
        }
        for span in located {
            let Some(source) = sources.get(span.source) else {
                continue;
            };
            let lines = &source.passage;
            let ends = [span.start, span.end].map(|end| lines.line_of(end));
            let runs = wanted.entry(span.source).or_default();
            runs.extend(ends.map(|line| (line, line)));
        }
        let texts = wanted.into_iter();
        let texts =
            texts.filter_map(|(id, runs)| Some((id, ExcerptedText::of(sources.get(id)?, runs))));
        Self {
            texts: texts.collect(),
            first: sources.names().next().map(str::to_owned),
        }
    }

    /// The name of the text that came first in the run, whether or not anything of it is kept.
    #[must_use]
    pub fn first_name(&self) -> Option<&str> {
        self.first.as_deref()
    }

    /// The name of a text that something is kept of.
    #[must_use]
    pub fn name(&self, id: SourceId) -> &str {
        self.texts.get(&id).map_or("", |text| &text.name)
    }

    /// Whether the text is one line of a file.
    #[must_use]
    pub fn is_line(&self, id: SourceId) -> bool {
        self.texts.get(&id).is_some_and(|text| text.is_line)
    }

    /// Line and column of both ends of a place that was asked for.
    #[must_use]
    pub fn locate(&self, span: Span) -> Location {
        let nothing = Arc::default();
        let at = |offset| self.passage(span.source, offset).unwrap_or(&nothing);
        Location {
            path: self.name(span.source).to_owned(),
            start: at(span.start).position(span.start),
            end: at(span.end).position(span.end),
        }
    }

    /// The lines around a place that was asked for.
    #[must_use]
    pub fn lines(&self, span: Span) -> Option<Lines<'_>> {
        let passage = self.passage(span.source, span.start)?;
        let before = passage.before as usize;
        Some(Lines {
            text: &passage.text,
            starts: passage.line_starts(),
            offset: passage.start as usize,
            before,
            skipped: if self.is_line(span.source) { 0 } else { before },
        })
    }

    /// The last line of a place that was asked for, from 0, counted from the first one of [`Excerpts::lines`].
    #[must_use]
    pub fn last_line(&self, span: Span) -> usize {
        let first = self.passage(span.source, span.start);
        let last = self.passage(span.source, last_byte(span));
        let (Some(first), Some(last)) = (first, last) else {
            return 0;
        };
        let skipped = last.before.saturating_sub(first.before) as usize;
        skipped + last_line(last, span)
    }

    /// The lines that hold an offset.
    fn passage(&self, id: SourceId, offset: u32) -> Option<&Arc<Passage>> {
        let passages = &self.texts.get(&id)?.passages;
        let behind = passages.partition_point(|passage| passage.start <= offset);
        let found = passages.get(behind.max(1) - 1)?;
        let end = found.start as usize + found.text.len();
        debug_assert!(
            (offset >= found.start && offset as usize <= end) || behind == passages.len(),
            "byte {offset} of {} is shown and was not asked for",
            self.name(id)
        );
        Some(found)
    }
}

impl ExcerptedText {
    fn of(source: &Source, mut runs: LineRuns) -> Self {
        let whole = &source.passage;
        let most = whole.line_starts().len() - 1;
        runs.sort_unstable();
        let mut kept: LineRuns = Vec::new();
        for (first, last) in runs {
            let last = last.min(most);
            match kept.last_mut() {
                Some(before) if first <= before.1 + 1 => before.1 = before.1.max(last),
                _ => kept.push((first, last)),
            }
        }
        let passages = kept.into_iter().map(|(first, last)| {
            if (first, last) == (0, most) {
                return Arc::clone(whole);
            }
            let (start, end) = whole.bytes_of(first, last);
            let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
            let before = whole.before.saturating_add(number(first));
            Arc::new(Passage::new(
                whole.text[start..end].to_owned(),
                number(start),
                before,
            ))
        });
        Self {
            name: source.name.clone(),
            is_line: source.is_line,
            passages: passages.collect(),
        }
    }
}

/// The line that holds the last byte of a place.
fn last_line(lines: &Passage, span: Span) -> usize {
    let end = u32::try_from(lines.start as usize + lines.text.len()).unwrap_or(u32::MAX);
    lines.line_of(last_byte(span).min(end.max(1) - 1).max(span.start.min(end)))
}

fn last_byte(span: Span) -> u32 {
    span.end.saturating_sub(1).max(span.start)
}

#[cfg(test)]
mod tests {
    use super::super::{Position, Span};
    use super::{AROUND, Excerpts, Sources};

    #[test]
    fn what_nobody_has_to_see_is_not_kept() {
        let mut sources = Sources::default();
        let text = "0123456789\n".repeat(10_000);
        let id = sources.add("a.yaml", text.as_str());
        let [far, near] = [55_002, 22].map(|at| Span::new(id, at, at + 3));
        let excerpts = Excerpts::of(&sources, [far], [near]);
        sources.let_go();
        assert_eq!(sources.text(far), "");
        let kept = &excerpts.texts[&id].passages;
        let sizes: Vec<usize> = kept.iter().map(|passage| passage.text.len()).collect();
        let shown = 1 + 2 * AROUND;
        assert_eq!(sizes, [10, shown * 11 - 1]);
        let start = excerpts.locate(far).start;
        assert_eq!(
            start,
            Position {
                line: 5001,
                column: 3
            }
        );
        assert_eq!(excerpts.locate(near).start, Position { line: 3, column: 1 });
        let lines = excerpts.lines(far).expect("it is shown");
        let at = far.start as usize - lines.offset;
        assert_eq!(&lines.text[at..at + 3], "234");
    }
}
