//! Places in a text as editors count them: lines from 0, and units of UTF-16 in a line
//! (<https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#position>).

use std::ops::Range;

use lsp_types::Position;

/// The position of a byte; one behind the end is the end.
pub(super) fn position(text: &str, byte: usize) -> Position {
    let byte = (0..=byte.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let before = &text[..byte];
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let units = before[start..].encode_utf16().count();
    Position::new(count(line), count(units))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(super) fn range(text: &str, bytes: Range<usize>) -> lsp_types::Range {
    lsp_types::Range::new(position(text, bytes.start), position(text, bytes.end))
}

/// The byte of a position; behind the end of its line it is that end.
pub(super) fn byte(text: &str, at: Position) -> usize {
    let line = at.line as usize;
    let start = match line {
        0 => 0,
        line => memchr::memchr_iter(b'\n', text.as_bytes())
            .nth(line - 1)
            .map_or(text.len(), |at| at + 1),
    };
    let rest = text[start..].split('\n').next().unwrap_or_default();
    let mut units = 0;
    let end = rest.char_indices().find(|(_, c)| {
        let is_there = units >= at.character as usize;
        units += c.len_utf16();
        is_there
    });
    start + end.map_or(rest.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use lsp_types::Position;

    use super::{byte, position};

    #[test]
    fn places_go_there_and_back() {
        let text = "a: ä\r\n𝄞b: 1\n\nend";
        for (at, _) in text
            .char_indices()
            .filter(|(_, c)| *c != '\n' && *c != '\r')
        {
            assert_eq!(byte(text, position(text, at)), at, "{at}");
        }
        assert_eq!(
            position(text, text.find("b:").expect("there")),
            Position::new(1, 2)
        );
        assert_eq!(position(text, 1000), Position::new(3, 3));
        assert_eq!(byte(text, Position::new(9, 9)), text.len());
        assert_eq!(
            byte(text, Position::new(2, 5)),
            text.find("\n\n").expect("there") + 1
        );
    }
}
