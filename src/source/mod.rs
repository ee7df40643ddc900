//! Text and where it is: the store of sources, the lines of them that reports show, spans, and the spanned tree that
//! every parser makes.
//! It does not know what any text means.

mod arena;
mod decode;
pub mod edit;
pub mod embedded;
mod excerpts;
pub mod json;
mod lines;
mod node;
mod passage;
mod plain;
mod problem;
mod sources;
mod span;
mod stack;
mod syntax;
mod text;
pub mod yaml;

use std::path::Path;

pub use decode::{NotText, decode};
pub use excerpts::{AROUND, Excerpts, Lines, TALLEST};
pub use lines::Order;
pub use node::{ArenaNodeId, Kind, Member, Node, NodeBuilder, Tree};
pub use passage::Position;
pub use plain::{finds, plain, unescaped};
pub use problem::{Problem, Suggestion, nearest};
pub use sources::{Location, Sources};
pub use span::{SourceId, Span};
pub use syntax::Syntax;
pub use text::Source;

/// A path as reports show it: with forward slashes, without a leading `./`. Characters that are no
/// Unicode are replaced.
#[must_use]
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '\\' {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    };
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Position, Sources, Span};

    #[test]
    fn columns_count_characters_not_bytes() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "a: é\nbé: x\n");
        let location = sources.locate(Span::new(id, 11, 12));
        assert_eq!(location.start, Position { line: 2, column: 5 });
        assert_eq!(sources.text(Span::new(id, 11, 12)), "x");
    }

    #[test]
    fn columns_of_a_long_line_are_counted_in_blocks() {
        let mut sources = Sources::default();
        let text = format!("\u{feff}{}\nx{}", "é".repeat(5000), "é".repeat(9000));
        let id = sources.add("a.json", text);
        let column = |at| sources.locate(Span::new(id, at, at)).start.column;
        assert_eq!(column(3), 1);
        assert_eq!(column(3 + 2 * 4500), 4501);
        assert_eq!(column(3 + 10_000 + 2 + 2 * 8000), 8002);
    }

    #[test]
    fn the_end_of_the_text_is_a_place() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "a\n");
        assert_eq!(
            sources.locate(Span::new(id, 2, 2)).start,
            Position { line: 2, column: 1 }
        );
    }
}
