//! Every text of a run, and the lines of streams that somebody has to see.
//! It does not know what the texts say.

use std::collections::BTreeMap;

use super::lines::{Order, StreamedLines};
use super::passage::Position;
use super::text::Source;
use super::{SourceId, Span};

/// Every text of a run.
#[derive(Debug, Default)]
pub struct Sources {
    sources: Vec<Source>,
    lines: Vec<StreamedLines>,
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
        self.sources.push(Source::whole(name.into(), text.into()));
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
            *source = Source::whole(std::mem::take(&mut source.name), text);
        }
    }

    /// Lets every text go, and keeps the names: what is to be shown of them is in [`Excerpts`](super::Excerpts) by now.
    pub fn let_go(&mut self) {
        for source in &mut self.sources {
            *source = Source::whole(std::mem::take(&mut source.name), String::new());
        }
        self.lines.iter_mut().for_each(|lines| lines.kept.clear());
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
        self.get(id).expect("the id comes from this store")
    }

    /// The source that `id` names, if it comes from this store.
    pub(super) fn get(&self, id: SourceId) -> Option<&Source> {
        let whole = self.sources.get(id.0 as usize);
        whole.or_else(|| self.line(id))
    }

    /// The text at `span`.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        span.slice(self.source(span.source).text())
    }

    /// What stands in a line, from `column` or else from its first character that is not a space.
    /// Both count from 1. `None` when the text has no such line.
    #[must_use]
    pub fn rest_of_line(&self, id: SourceId, line: u32, column: Option<u32>) -> Option<Span> {
        let lines = &self.source(id).passage;
        let line = (line as usize).checked_sub(1)?;
        if line >= lines.line_starts().len() {
            return None;
        }
        let (start, end) = lines.bytes_of(line, line);
        let text = lines.text.get(start..end)?.trim_end();
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

impl Sources {
    /// Gives ids to `count` lines of the text `file`; the first one is returned. `None` when there are
    /// not as many ids left.
    pub fn add_lines(&mut self, file: SourceId, count: u32) -> Option<SourceId> {
        let behind = self.lines.last().map_or(u32::MAX, |lines| lines.first);
        let first = behind.checked_sub(count)?;
        if first as usize <= self.sources.len() + SPARE {
            return None;
        }
        self.lines.push(StreamedLines {
            file,
            first,
            count,
            kept: BTreeMap::new(),
        });
        Some(SourceId(first))
    }

    /// Keeps the text of a line, whose id comes from [`Sources::add_lines`]: for places in it.
    pub fn keep_line(&mut self, id: SourceId, text: impl Into<String>) {
        let Some(index) = self.range_of(id) else {
            return;
        };
        let lines = &mut self.lines[index];
        let name = self.sources[lines.file.0 as usize].name.clone();
        let line = Source::line(name, text.into(), id.0 - lines.first);
        lines.kept.insert(id.0, line);
    }

    /// In which order the texts stand.
    #[must_use]
    pub fn order(&self) -> Order {
        let ranges = self.lines.iter();
        Order {
            ranges: ranges
                .map(|lines| (lines.first, lines.count, lines.file))
                .collect(),
        }
    }

    /// The line that `id` names, when it was kept; else the text that it is a line of.
    pub(super) fn line(&self, id: SourceId) -> Option<&Source> {
        let lines = &self.lines[self.range_of(id)?];
        let kept = lines.kept.get(&id.0);
        kept.or_else(|| self.sources.get(lines.file.0 as usize))
    }

    fn range_of(&self, id: SourceId) -> Option<usize> {
        let holds = |lines: &StreamedLines| id.0 >= lines.first && id.0 - lines.first < lines.count;
        self.lines.iter().position(holds)
    }
}

/// Ids that are left for texts that are added later.
const SPARE: usize = 1 << 24;

#[cfg(test)]
mod tests {
    use super::super::{Position, SourceId, Sources, Span};

    #[test]
    fn a_line_that_is_kept_has_the_place_that_it_has_in_its_file() {
        let mut sources = Sources::default();
        let file = sources.add("a.ndjson", "");
        let first = sources.add_lines(file, 3).unwrap();
        let third = first.after(2);
        sources.keep_line(third, "{\"é\": 1}");
        let location = sources.locate(Span::new(third, 7, 8));
        assert_eq!(location.path, "a.ndjson");
        assert_eq!(location.start, Position { line: 3, column: 7 });
        assert_eq!(location.end, Position { line: 3, column: 8 });
        assert_eq!(sources.text(Span::new(third, 7, 8)), "1");
    }

    #[test]
    fn lines_stand_where_their_file_stands() {
        let mut sources = Sources::default();
        let [a, b, c] = ["a", "b", "c"].map(|name| sources.add(name, ""));
        let of_b = sources.add_lines(b, 2).unwrap();
        let of_a = sources.add_lines(a, 2).unwrap();
        let later = sources.add("d", "");
        let order = sources.order();
        let mut all = vec![later, c, of_b.after(1), of_b, of_a, b, a];
        all.sort_by_key(|id| order.of(*id));
        assert_eq!(all, [a, of_a, b, of_b, of_b.after(1), c, later]);
        assert_eq!(sources.source(later).name, "d");
    }

    #[test]
    fn ids_run_out_before_they_collide() {
        let mut sources = Sources::default();
        let file = sources.add("a", "");
        assert_eq!(sources.add_lines(file, u32::MAX), None);
        let most = u32::MAX - (1 << 25);
        assert!(sources.add_lines(file, most).is_some());
        assert_eq!(sources.add_lines(file, 1 << 25), None);
        assert_eq!(sources.next_id(), SourceId(1));
    }
}
