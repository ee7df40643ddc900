//! The lines around a marked place as texts, for formats that mark it themselves.
//! It does not know what the mark means.

use std::ops::Range;

use super::excerpt::{NumberedText, ceil, floor};
use super::relaid;
use crate::render::text::clean;
use crate::source::{AROUND, Excerpts, Span, TALLEST};

/// Lines shown before and behind the marked ones.
const CONTEXT: usize = 2;
/// Lines of the mark that are shown.
const MOST: usize = 8;
/// Bytes of a line that are shown in the mark, and as many before it and behind it.
const ROOM: usize = 120;

const _: () = assert!(
    CONTEXT <= AROUND && MOST <= TALLEST,
    "lines that are shown are kept"
);

/// A line of a source, cut where the mark begins and ends in it. All parts are fit to be shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ShownLine {
    /// Its number, from 1; `None` for a line that the file does not have.
    pub(crate) number: Option<u32>,
    /// What stands before the mark; all of it where nothing is marked.
    pub(crate) before: String,
    /// What is marked.
    pub(crate) marked: String,
    /// What stands behind the mark.
    pub(crate) behind: String,
}

/// The lines around a place; no lines where the source is empty.
pub(crate) fn shown(span: Span, excerpts: &Excerpts) -> Vec<ShownLine> {
    let Some(lines) = NumberedText::around(span, excerpts) else {
        return Vec::new();
    };
    let Some(relaid) = relaid::of(span, excerpts) else {
        return excerpt(&lines, lines.marked(span));
    };
    let number = excerpts.locate(span).start.line;
    let lines = NumberedText::laid_out(&relaid.text, relaid.mark.start, number);
    excerpt(&lines, relaid.mark)
}

/// The lines around a mark.
fn excerpt(lines: &NumberedText<'_>, mark: Range<usize>) -> Vec<ShownLine> {
    let text = lines.text;
    if text.is_empty() {
        return Vec::new();
    }
    let Range { start, end } = mark;
    let first = lines.at(start);
    let last = lines.at(end.saturating_sub(1).max(start));
    let last = last.min(first + MOST - 1);
    let from = first.saturating_sub(CONTEXT);
    let to = (last + CONTEXT).min(lines.starts.len() - 1);
    let line = |index: usize| {
        let range = lines.range(index);
        let (from, to) = match (first..=last).contains(&index) {
            true => (
                start.clamp(range.start, range.end),
                end.clamp(range.start, range.end),
            ),
            false => (range.end, range.end),
        };
        let number = match lines.only {
            Some(number) => (index == first).then_some(number),
            None => u32::try_from(lines.before + index + 1).ok(),
        };
        ShownLine {
            number,
            before: last_of(&text[range.start..from], index == first),
            marked: first_of(&text[from..to]),
            behind: first_of(&text[to..range.end]),
        }
    };
    (from..=to).map(line).collect()
}

/// The end of a text, or its beginning where no mark follows.
fn last_of(text: &str, is_marked: bool) -> String {
    if !is_marked {
        return first_of(text);
    }
    match text.len() > ROOM {
        true => format!("…{}", clean(&text[ceil(text, text.len() - ROOM)..])),
        false => clean(text).into_owned(),
    }
}

/// The beginning of a text.
fn first_of(text: &str) -> String {
    match text.len() > ROOM {
        true => format!("{}…", clean(&text[..floor(text, ROOM)])),
        false => clean(text).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{ShownLine, shown};
    use crate::source::{Excerpts, Sources, Span};

    fn shown_of(sources: &Sources, span: Span) -> Vec<ShownLine> {
        shown(span, &Excerpts::of(sources, [span], []))
    }

    #[test]
    fn what_is_marked_is_the_text_at_the_place() {
        let mut sources = Sources::default();
        let id = sources.add(
            "a.yaml",
            "one: 1\ntwo: 2\nthree: 3\nfour: 4\nfive: 5\nsix: 6\n",
        );
        let lines = shown_of(&sources, Span::new(id, 21, 22));
        let marked: Vec<_> = lines
            .iter()
            .map(|line| (line.number, line.marked.as_str()))
            .collect();
        let expected = [(1, ""), (2, ""), (3, "3"), (4, ""), (5, "")];
        assert_eq!(marked, expected.map(|(number, text)| (Some(number), text)));
        assert_eq!(lines[2].before, "three: ");
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        let mut sources = Sources::default();
        let text = format!("{}MARK{}", "ä".repeat(500), "ö".repeat(500));
        let id = sources.add("a.json", text);
        let lines = shown_of(&sources, Span::new(id, 1000, 1004));
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].marked, "MARK");
        assert!(lines[0].before.starts_with("…ä") && lines[0].behind.ends_with("ö…"));
    }

    #[test]
    fn nothing_is_shown_of_an_empty_text() {
        let mut sources = Sources::default();
        let id = sources.add("a.json", "");
        assert_eq!(shown_of(&sources, Span::new(id, 0, 0)), []);
    }
}
