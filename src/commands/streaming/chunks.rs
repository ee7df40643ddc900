//! Reads a stream in chunks of whole lines, while the last chunk is being worked on.
//! It does not know what lines say.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memrchr};

/// Bytes that are read before lines are handed over, at least.
const CHUNK: usize = 8 << 20;
/// Longest line; what is longer is handed over as its beginning.
pub(super) const LONGEST_LINE: usize = 64 << 20;
/// As much of a line that is too long is kept.
const EXCERPT: usize = 1 << 10;
/// Pieces of a chunk that are worked on in parallel have at least this size.
const PIECE: usize = 256 << 10;

/// Whole lines of a stream.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub(super) bytes: Vec<u8>,
    /// Lines of the stream before these.
    pub(super) first_line: u32,
    /// The chunk is the beginning of one line that is longer than [`LONGEST_LINE`].
    pub(super) is_cut: bool,
    /// The stream ends behind the chunk, without a line break.
    pub(super) is_open: bool,
}

/// Some lines of a chunk.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineBatch<'w> {
    bytes: &'w [u8],
    /// Lines of the stream before these.
    first_line: u32,
    /// They are the beginning of one line that is longer than [`LONGEST_LINE`].
    pub(super) is_cut: bool,
}

impl Chunk {
    /// The chunk in pieces that can be worked on in parallel, in order.
    pub(super) fn pieces(&self) -> Vec<LineBatch<'_>> {
        let mut pieces = Vec::new();
        let (mut rest, mut line) = (self.bytes.as_slice(), self.first_line);
        while !rest.is_empty() {
            let end = rest.get(PIECE..).and_then(|later| memchr(b'\n', later));
            let end = end.map_or(rest.len(), |end| PIECE + end + 1);
            let (piece, later) = rest.split_at(end);
            pieces.push(LineBatch {
                bytes: piece,
                first_line: line,
                is_cut: self.is_cut,
            });
            line = line.saturating_add(breaks(piece));
            rest = later;
        }
        pieces
    }

    /// The number of lines before the last one, where that has no line break because the stream ends there.
    pub(super) fn open_line(&self) -> Option<u32> {
        let last = || self.first_line.saturating_add(breaks(&self.bytes));
        self.is_open.then(last)
    }

    fn lines(&self) -> u32 {
        let open = self.is_open || self.is_cut;
        breaks(&self.bytes).saturating_add(u32::from(open))
    }
}

fn breaks(bytes: &[u8]) -> u32 {
    u32::try_from(memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX)
}

/// The lines of a piece, without their line breaks, each with the number of lines before it.
pub(super) fn lines(batch: LineBatch<'_>) -> impl Iterator<Item = (u32, &[u8])> {
    let bytes = batch.bytes.strip_suffix(b"\n").unwrap_or(batch.bytes);
    (batch.first_line..).zip(bytes.split(|byte| *byte == b'\n'))
}

/// Hands out a stream in chunks.
pub(super) struct Chunks<R> {
    reader: R,
    /// What was read behind the last line break.
    rest: Vec<u8>,
    next_line: u32,
    at_end: bool,
}

impl<R: Read + Send> Chunks<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            rest: Vec::new(),
            next_line: 0,
            at_end: false,
        }
    }

    /// Lets `work` take each chunk in its order, and reads the next one meanwhile. Returns the number of
    /// lines.
    pub(super) fn each(mut self, mut work: impl FnMut(&Chunk) + Send) -> io::Result<u32> {
        let mut now = Chunk::default();
        let mut next = Chunk::default();
        let mut more = self.read(&mut now)?;
        while more {
            let (read, ()) = rayon::join(|| self.read(&mut next), || work(&now));
            more = read?;
            std::mem::swap(&mut now, &mut next);
        }
        Ok(self.next_line)
    }

    /// Fills `chunk`, whose memory is used again; false at the end of the stream.
    fn read(&mut self, chunk: &mut Chunk) -> io::Result<bool> {
        chunk.bytes.clear();
        chunk.bytes.append(&mut self.rest);
        chunk.first_line = self.next_line;
        (chunk.is_cut, chunk.is_open) = (false, false);
        let mut searched = 0;
        loop {
            self.fill(&mut chunk.bytes)?;
            let found = memrchr(b'\n', &chunk.bytes[searched..]).map(|at| searched + at);
            match found {
                Some(end) => {
                    self.rest.extend_from_slice(&chunk.bytes[end + 1..]);
                    chunk.bytes.truncate(end + 1);
                }
                None if self.at_end => chunk.is_open = !chunk.bytes.is_empty(),
                None if chunk.bytes.len() > LONGEST_LINE => {
                    chunk.bytes.truncate(EXCERPT);
                    chunk.bytes.shrink_to(CHUNK);
                    chunk.is_cut = true;
                    self.skip_line()?;
                }
                None => {
                    searched = chunk.bytes.len();
                    continue;
                }
            }
            self.next_line = self.next_line.saturating_add(chunk.lines());
            return Ok(!chunk.bytes.is_empty());
        }
    }

    /// Reads as much as makes a chunk, or once more where there is one already.
    fn fill(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        let wanted = CHUNK.saturating_sub(bytes.len()).max(CHUNK / 2);
        let read = self
            .reader
            .by_ref()
            .take(wanted as u64)
            .read_to_end(bytes)?;
        self.at_end = read < wanted;
        Ok(())
    }

    /// Passes over the rest of a line.
    fn skip_line(&mut self) -> io::Result<()> {
        let mut bytes = Vec::new();
        while !self.at_end {
            bytes.clear();
            self.fill(&mut bytes)?;
            if let Some(end) = memchr(b'\n', &bytes) {
                self.rest.extend_from_slice(&bytes[end + 1..]);
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, Chunks, LONGEST_LINE, lines};

    /// Number, length and first byte of each line that is not empty.
    fn seen(text: &[u8]) -> (u32, Vec<(u32, usize, u8)>) {
        let mut seen = Vec::new();
        let count = Chunks::new(text).each(|chunk| {
            for piece in chunk.pieces() {
                let full = lines(piece).filter(|(_, line)| !line.is_empty());
                seen.extend(full.map(|(number, line)| (number, line.len(), line[0])));
            }
        });
        (count.expect("memory can be read"), seen)
    }

    #[test]
    fn lines_are_numbered_across_chunks() {
        let line = [vec![b'x'; 70_000], vec![b'\n']].concat();
        let count = 2 * CHUNK / line.len() + 7;
        let text = [line.repeat(count), b"\nlast".to_vec()].concat();
        let (lines, seen) = seen(&text);
        assert_eq!(lines as usize, count + 2);
        assert_eq!(seen.len(), count + 1);
        assert!(
            seen[..count]
                .iter()
                .enumerate()
                .all(|(at, line)| *line == (at as u32, 70_000, b'x'))
        );
        assert_eq!(seen[count], (count as u32 + 1, 4, b'l'));
    }

    #[test]
    fn a_line_that_is_too_long_is_cut_and_the_next_one_is_whole() {
        let text = [
            b"a\n".to_vec(),
            vec![b'b'; LONGEST_LINE + CHUNK],
            b"\nc\n".to_vec(),
        ]
        .concat();
        let (count, seen) = seen(&text);
        let short: Vec<_> = seen
            .iter()
            .map(|(line, length, first)| (*line, *length < 2000, *first))
            .collect();
        assert_eq!(count, 3);
        assert_eq!(short, [(0, true, b'a'), (1, true, b'b'), (2, true, b'c')]);
    }

    #[test]
    fn an_empty_stream_has_no_line() {
        assert_eq!(seen(b""), (0, vec![]));
    }
}
