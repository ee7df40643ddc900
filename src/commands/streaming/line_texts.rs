//! The texts of the lines of a stream, and why some of them cannot be read.
//! It does not know what lines say.

use super::chunks::{LONGEST_LINE, LineBatch, lines};
use crate::source::{self, Problem, SourceId, Span};

/// The text of a line, without what editors and Windows put around it.
pub(super) fn text(line: &[u8]) -> Result<&str, std::str::Utf8Error> {
    std::str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line))
}

/// The text of a line, or as much of it as there is, and why it cannot be read.
pub(super) type Read<'l> = Result<&'l str, (String, Problem)>;

/// The lines of a piece that are not empty.
pub(super) fn read(
    piece: LineBatch<'_>,
    first: SourceId,
) -> impl Iterator<Item = (SourceId, Read<'_>)> {
    let lines = lines(piece).map(move |(number, line)| (first.after(number as usize), line));
    lines.filter_map(move |(id, line)| {
        if piece.is_cut {
            let text = String::from_utf8_lossy(line);
            return Some((id, Err((text.into_owned(), too_long(id)))));
        }
        if line.trim_ascii().is_empty() {
            return None;
        }
        match text(line) {
            Ok(text) => Some((id, Ok(text))),
            Err(_) => {
                let not_text = source::decode(line.to_vec()).err()?;
                let problem = not_text.problem(id);
                Some((id, Err((not_text.text, problem))))
            }
        }
    })
}

fn too_long(id: SourceId) -> Problem {
    let title = format!(
        "a line of the snapshot is longer than {} MiB",
        LONGEST_LINE >> 20
    );
    Problem::new(Span::new(id, 0, 0), title)
        .label("this is how it begins")
        .help("capture the repository without its images")
}
