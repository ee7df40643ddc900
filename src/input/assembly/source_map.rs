//! Source maps: from a line of compiled JavaScript to the line it was compiled from.
//! It does not know where the files are, nor whether they may be read.

use super::vlq;
use crate::source::{self, Node, SourceId, Tree};

/// What names the map of a file, in a comment at its end.
const COMMENT: &str = "sourceMappingURL=";

/// Where the map of a file is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum MapPlace {
    /// In the file itself.
    Inline(String),
    /// In another one, relative to the file.
    Beside(String),
}

/// The source map of one file.
#[derive(Debug, Default)]
pub(super) struct SourceMap {
    /// The files it was compiled from, by paths relative to the map.
    sources: Vec<String>,
    /// In the order of their places.
    segments: Vec<MappingSegment>,
}

/// A stretch of a compiled line and where it comes from. All numbers count from 0.
#[derive(Clone, Copy, Debug)]
struct MappingSegment {
    line: u32,
    column: u32,
    source: usize,
    source_line: u32,
    source_column: u32,
}

/// The map that the last comment of `text` names.
pub(super) fn place(text: &str) -> Option<MapPlace> {
    let at = text.rfind(COMMENT)? + COMMENT.len();
    let url = text[at..].split_whitespace().next()?;
    let Some(data) = url.strip_prefix("data:") else {
        let name = vlq::percent(url).and_then(|bytes| String::from_utf8(bytes).ok());
        return name.map(MapPlace::Beside);
    };
    let (kind, data) = data.split_once(',')?;
    let bytes = match kind.ends_with(";base64") {
        true => vlq::base64(data),
        false => vlq::percent(data),
    };
    String::from_utf8(bytes?).ok().map(MapPlace::Inline)
}

impl SourceMap {
    /// Reads a map of version 3: a plain one, or one of sections. `None` when it is neither, or when a
    /// section lies elsewhere.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut tree = Tree::default();
        source::json::parse(text, SourceId::default(), &mut tree).ok()?;
        let root = tree.root(text)?;
        let mut map = Self::default();
        match root.get("sections") {
            None => map.add(root, 0, 0)?,
            Some(sections) => {
                for section in sections.items() {
                    let offset = section.get("offset")?;
                    let number = |name: &str| offset.get(name)?.as_text()?.parse().ok();
                    map.add(section.get("map")?, number("line")?, number("column")?)?;
                }
            }
        }
        map.segments
            .sort_by_key(|segment| (segment.line, segment.column));
        Some(map)
    }

    /// Adds a plain map whose code starts at a line and column, from 0.
    fn add(&mut self, map: Node<'_>, line: u32, column: u32) -> Option<()> {
        let base = map.get("sourceRoot").and_then(Node::as_str);
        let base = base.unwrap_or_default().trim_end_matches('/');
        let first = self.sources.len();
        self.sources
            .extend(map.get("sources")?.items().map(|source| {
                let source = source.as_str().unwrap_or_default();
                match base {
                    "" => source.to_owned(),
                    base => format!("{base}/{source}"),
                }
            }));
        let mappings = map.get("mappings")?.as_str()?;
        self.follow(mappings, first, line, column)
    }

    /// Reads `mappings`: lines end with `;`, segments with `,`, and numbers but the first of a line
    /// count from those of the segment before.
    fn follow(
        &mut self,
        mappings: &str,
        first: usize,
        first_line: u32,
        first_column: u32,
    ) -> Option<()> {
        let (mut source, mut source_line, mut source_column) = (0_i64, 0_i64, 0_i64);
        for (index, line) in (0_u32..).zip(mappings.split(';')) {
            let mut column = if index == 0 {
                i64::from(first_column)
            } else {
                0
            };
            for segment in line.split(',').filter(|segment| !segment.is_empty()) {
                let numbers = vlq::numbers(segment.as_bytes())?;
                column += numbers.first()?;
                let [_, more @ ..] = numbers.as_slice() else {
                    return None;
                };
                // A segment of one number is code that comes from nowhere.
                let [of_source, of_line, of_column, ..] = more else {
                    continue;
                };
                source += of_source;
                source_line += of_line;
                source_column += of_column;
                self.segments.push(MappingSegment {
                    line: first_line.checked_add(index)?,
                    column: u32::try_from(column).ok()?,
                    source: first.checked_add(usize::try_from(source).ok()?)?,
                    source_line: u32::try_from(source_line).ok()?,
                    source_column: u32::try_from(source_column).ok()?,
                });
            }
        }
        Some(())
    }

    /// The file, line and column (from 1) that a line and column (from 1) were compiled from.
    pub(super) fn original(&self, line: u32, column: Option<u32>) -> Option<(&str, u32, u32)> {
        let line = line.checked_sub(1)?;
        let column = column.map_or(0, |column| column.saturating_sub(1));
        let is_before = |segment: &MappingSegment| (segment.line, segment.column) <= (line, column);
        let behind = self.segments.partition_point(is_before);
        let (before, rest) = self.segments.split_at(behind);
        let mut nearest = before.last().into_iter().chain(rest.first());
        let segment = nearest.find(|segment| segment.line == line)?;
        let source = self.sources.get(segment.source)?;
        Some((
            source,
            segment.source_line.checked_add(1)?,
            segment.source_column.checked_add(1)?,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::{MapPlace, SourceMap, place};

    /// Line 2 of the compiled file: columns 0 and 8 come from lines 3 and 4 of `../lib/a.ts`.
    const MAP: &str = r#"{"version": 3, "sources": ["../lib/a.ts"], "names": [],
        "mappings": ";AAEA,QACI;A"}"#;

    #[test]
    fn a_line_leads_to_the_line_it_was_compiled_from() {
        let map = SourceMap::read(MAP).expect("a map");
        assert_eq!(map.original(2, Some(1)), Some(("../lib/a.ts", 3, 1)));
        assert_eq!(map.original(2, Some(8)), Some(("../lib/a.ts", 3, 1)));
        assert_eq!(map.original(2, Some(9)), Some(("../lib/a.ts", 4, 5)));
        assert_eq!(map.original(2, None), Some(("../lib/a.ts", 3, 1)));
        for (line, column) in [(0, None), (1, Some(1)), (3, Some(1)), (9, None)] {
            assert_eq!(map.original(line, column), None, "{line}");
        }
    }

    #[test]
    fn the_root_of_the_sources_stands_before_them() {
        let map = MAP.replace("\"names\"", "\"sourceRoot\": \"/r/\", \"names\"");
        let map = SourceMap::read(&map).expect("a map");
        assert_eq!(map.original(2, None), Some(("/r/../lib/a.ts", 3, 1)));
    }

    #[test]
    fn a_map_of_sections_is_one_map() {
        let section = |line: u32, column: u32, source: &str| {
            format!(
                r#"{{"offset": {{"line": {line}, "column": {column}}}, "map": {{"version": 3,
                    "sources": ["{source}"], "mappings": "AAEA;AACA"}}}}"#
            )
        };
        let text = |sections: &[String]| {
            format!(r#"{{"version": 3, "sections": [{}]}}"#, sections.join(","))
        };
        let map = SourceMap::read(&text(&[section(0, 0, "a.ts"), section(10, 4, "b.ts")]));
        let map = map.expect("a map");
        assert_eq!(map.original(1, Some(1)), Some(("a.ts", 3, 1)));
        assert_eq!(map.original(2, Some(9)), Some(("a.ts", 4, 1)));
        assert_eq!(map.original(11, Some(5)), Some(("b.ts", 3, 1)));
        assert_eq!(map.original(12, None), Some(("b.ts", 4, 1)));
        assert_eq!(map.original(5, None), None);
        let far = SourceMap::read(&text(&[section(u32::MAX, 0, "a.ts")]));
        assert!(far.is_none(), "a line beyond all files");
        assert!(SourceMap::read(&text(&[])).is_some_and(|map| map.original(1, None).is_none()));
    }

    #[test]
    fn what_is_no_map_is_none() {
        for text in [
            "",
            "{}",
            "[]",
            r#"{"sources": [], "mappings": 1}"#,
            r#"{"sources": ["a"], "mappings": "!"}"#,
            r#"{"sources": ["a"], "mappings": "AADA"}"#,
            r#"{"version": 3, "sections": [{}]}"#,
            r#"{"version": 3, "sections": [{"offset": {"line": 0, "column": 0}, "url": "a.map"}]}"#,
            r#"{"version": 3, "sections": [{"offset": {"line": -1, "column": 0}, "map": {}}]}"#,
        ] {
            assert!(SourceMap::read(text).is_none(), "{text}");
        }
        let nowhere = SourceMap::read(r#"{"sources": [], "mappings": "AAAA"}"#).expect("a map");
        assert_eq!(nowhere.original(1, None), None);
    }

    #[test]
    fn the_last_comment_names_the_map() {
        let beside = |name: &str| Some(MapPlace::Beside(name.to_owned()));
        let text = "x();\n//# sourceMappingURL=a.js.map\n";
        assert_eq!(place(text), beside("a.js.map"));
        assert_eq!(
            place("//# sourceMappingURL=old.map\n//# sourceMappingURL=new.map"),
            beside("new.map")
        );
        let inline = "//# sourceMappingURL=data:application/json;charset=utf-8;base64,e30=";
        assert_eq!(place(inline), Some(MapPlace::Inline("{}".to_owned())));
        let percent = "//# sourceMappingURL=data:application/json;charset=utf-8,%7B%22a%22:1%7D";
        assert_eq!(
            place(percent),
            Some(MapPlace::Inline(r#"{"a":1}"#.to_owned()))
        );
        assert_eq!(
            place("//# sourceMappingURL=my%20app.js.map"),
            beside("my app.js.map")
        );
        for text in [
            "",
            "x();",
            "//# sourceMappingURL=",
            "//# sourceMappingURL=data:x",
            "//# sourceMappingURL=data:x,%7",
            "//# sourceMappingURL=data:x;base64,*",
        ] {
            assert_eq!(place(text), None, "{text}");
        }
    }
}
