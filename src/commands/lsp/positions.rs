//! Places in a text as editors count them: lines from 0, and units of UTF-16 in a line
//! (<https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#position>).

use std::ops::Range;

use lsp_types::Position;

/// A text with the beginnings of its lines, so that places far down cost no more than those at the top.
pub(super) struct LineIndex {
    pub(super) text: String,
    /// Bytes at which lines begin.
    starts: Vec<usize>,
}

impl LineIndex {
    pub(super) fn new(text: String) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes());
        let starts = std::iter::once(0).chain(breaks.map(|at| at + 1)).collect();
        Self { text, starts }
    }

    /// The position of a byte; one behind the end is the end, one within a character its beginning.
    pub(super) fn position(&self, byte: usize) -> Position {
        let byte = byte.min(self.text.len());
        let mut boundaries = (0..=byte).rev();
        let byte = boundaries
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or(0);
        let line = self.starts.partition_point(|start| *start <= byte).max(1) - 1;
        let units = self.text[self.starts[line]..byte].encode_utf16().count();
        Position::new(count(line), count(units))
    }

    pub(super) fn range(&self, bytes: Range<usize>) -> lsp_types::Range {
        lsp_types::Range::new(self.position(bytes.start), self.position(bytes.end))
    }

    /// The byte of a position; behind the end of its line it is that end.
    pub(super) fn byte(&self, at: Position) -> usize {
        let Some(start) = self.starts.get(at.line as usize) else {
            return self.text.len();
        };
        let rest = self.text[*start..].split('\n').next().unwrap_or_default();
        let mut units = 0;
        let end = rest.char_indices().find(|(_, c)| {
            let is_there = units >= at.character as usize;
            units += c.len_utf16();
            is_there
        });
        start + end.map_or(rest.len(), |(at, _)| at)
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use lsp_types::Position;

    use super::LineIndex;

    #[test]
    fn places_go_there_and_back() {
        let text = "a: ä\r\n𝄞b: 1\n\nend";
        let numbered = LineIndex::new(text.to_owned());
        let position = |at| numbered.position(at);
        let byte = |at| numbered.byte(at);
        for (at, _) in text
            .char_indices()
            .filter(|(_, c)| *c != '\n' && *c != '\r')
        {
            assert_eq!(byte(position(at)), at, "{at}");
        }
        assert_eq!(
            position(text.find("b:").expect("there")),
            Position::new(1, 2)
        );
        assert_eq!(position(1000), Position::new(3, 3));
        assert_eq!(byte(Position::new(9, 9)), text.len());
        assert_eq!(
            byte(Position::new(2, 5)),
            text.find("\n\n").expect("there") + 1
        );
    }
}
