//! Texts of which each line is a text of its own: streams beyond any size, whose lines are kept only
//! where somebody has to see them.
//! It does not know what the lines say.

use std::collections::BTreeMap;

use super::{Source, SourceId, Sources};

/// The lines of one text. Their ids are given out from the largest one down, so that no text that is
/// added later is in their way.
#[derive(Debug, Default)]
pub(super) struct StreamedLines {
    /// The text as a whole.
    file: SourceId,
    /// Id of the first line.
    first: u32,
    count: u32,
    /// Those that somebody has to see.
    kept: BTreeMap<u32, Source>,
}

/// In which order the texts of a run stand, when lines have ids of their own.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// First id, number of ids, and the text that they are lines of.
    ranges: Vec<(u32, u32, SourceId)>,
}

impl Order {
    /// What to sort a text by: the file that it is, or is a line of, then itself.
    #[must_use]
    pub fn of(&self, id: SourceId) -> (SourceId, Option<SourceId>) {
        let range = self
            .ranges
            .iter()
            .find(|(first, count, _)| id.0 >= *first && id.0 - first < *count);
        match range {
            Some((_, _, file)) => (*file, Some(id)),
            None => (id, None),
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
        let name = &self.sources[lines.file.0 as usize].name;
        let source = Source {
            name: name.clone(),
            text: text.into(),
            first_line: id.0 - lines.first,
            is_line: true,
            ..Source::default()
        };
        lines.kept.insert(id.0, source);
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
