//! What the reader of CloudFormation takes and the YAML parser does not: the parser is shown a text of the same
//! length in which it stands differently. It does not know what a text describes.
//!
//! CloudFormation reads YAML 1.1 as leniently as PyYAML does. Three spellings that this parser refuses are taken:
//! `-` as an item between brackets, `#` right behind a bracket, comma or quote, and a text between quotes whose
//! later lines are not indented. Every offset stays, so that spans are those of the text that the user wrote.

use granit_parser::{ErrorKind, Event, Parser, ScanError};

use super::super::span::ByteRange;
use super::parser::options;

/// Bytes that may be parsed again, times attempts: far more than any template needs, and a bound for hostile texts.
const MOST_BYTES: usize = 64 << 20;
/// Stands for what the parser is not to look at.
const FILLER: u8 = b'_';

/// A text in which some places are written differently.
#[derive(Debug)]
pub(super) struct RepairedText {
    /// The text for the parser.
    pub(super) text: String,
    /// Texts between quotes, with the characters that they stand for, in the order of the text.
    quoted: Vec<(ByteRange, String)>,
    /// Where items are a lone `-`.
    dashes: Vec<usize>,
    /// Where comments begin whose `#` was moved.
    comments: Vec<usize>,
    /// Bytes that may still be parsed.
    left: usize,
}

impl RepairedText {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            quoted: Vec::new(),
            dashes: Vec::new(),
            comments: Vec::new(),
            left: MOST_BYTES,
        }
    }

    /// Rewrites what `error` is about, where CloudFormation takes it. `before`: up to where all is well.
    pub(super) fn mend(&mut self, error: &ScanError, before: usize) -> bool {
        let Some(at) = error.marker().byte_offset() else {
            return false;
        };
        let Some(left) = self.left.checked_sub(self.text.len()) else {
            return false;
        };
        self.left = left;
        match error.kind() {
            ErrorKind::PlainScalarStartsWithDashFlowIndicator => self.dash(at),
            ErrorKind::CommentNotSeparated => self.comment(at),
            ErrorKind::InvalidQuotedScalarIndent
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInBlockIndentation => self.quotes(before, at),
            _ => false,
        }
    }

    fn dash(&mut self, at: usize) -> bool {
        let is_dash = self.text.as_bytes().get(at) == Some(&b'-');
        if is_dash {
            self.write(at, "_");
            self.dashes.push(at);
        }
        is_dash
    }

    /// Moves the `#` behind a blank.
    fn comment(&mut self, at: usize) -> bool {
        let Some((before, rest)) = self.text.split_at_checked(at) else {
            return false;
        };
        let Some(rest) = rest.strip_prefix('#') else {
            return false;
        };
        if !before.ends_with([']', '}', '[', '{', ',', ':', '"', '\'']) {
            return false;
        }
        let next = rest.chars().next().filter(|char| !"\r\n".contains(*char));
        let moved = match next.map_or(0, char::len_utf8) {
            0 => " ",
            1 => " #",
            2 => " # ",
            3 => " #  ",
            _ => " #   ",
        };
        self.write(at, moved);
        self.comments.push(at);
        true
    }

    /// Writes a text between quotes in one line.
    fn quotes(&mut self, before: usize, at: usize) -> bool {
        let Some(range) = quoted_around(&self.text, before, at) else {
            return false;
        };
        let ByteRange { start, end } = range;
        // A key stands in one line.
        let behind = self.text[end..].trim_start_matches([' ', '\t']);
        let Some(value) = value(&self.text[start..end]).filter(|_| !behind.starts_with(':')) else {
            return false;
        };
        let filler = [FILLER].repeat(end - start - 2);
        let filler = String::from_utf8(filler).unwrap_or_default();
        self.write(start + 1, &filler);
        self.quoted.push((range, value));
        true
    }

    /// Replaces as many bytes as `text` has. Both ends lie between characters.
    fn write(&mut self, at: usize, text: &str) {
        self.text.replace_range(at..at + text.len(), text);
    }

    /// The characters that a scalar really stands for, where they were rewritten.
    pub(super) fn value(&self, scalar: ByteRange) -> Option<&str> {
        if self.dashes.binary_search(&scalar.start).is_ok() {
            return Some("-");
        }
        let found = self
            .quoted
            .binary_search_by_key(&scalar.start, |(range, _)| range.start);
        let (range, value) = self.quoted.get(found.ok()?)?;
        (*range == scalar).then_some(value)
    }

    /// Where a comment really begins.
    pub(super) fn comment_start(&self, start: usize) -> usize {
        let moved = start
            .checked_sub(1)
            .filter(|at| self.comments.binary_search(at).is_ok());
        moved.unwrap_or(start)
    }
}

/// The text between quotes that `at` lies in, where everything before `from` is not part of it.
fn quoted_around(text: &str, from: usize, at: usize) -> Option<ByteRange> {
    let bytes = text.as_bytes();
    let mut here = from;
    // Whether a token can begin here.
    let mut begins = true;
    while here < at {
        match *bytes.get(here)? {
            quote @ (b'"' | b'\'') if begins => {
                let end = here + closed(&bytes[here..], quote)?;
                if at < end {
                    return Some(ByteRange::new(here, end));
                }
                here = end;
                begins = false;
            }
            b'#' if here == 0 || bytes[here - 1].is_ascii_whitespace() => {
                here += memchr::memchr(b'\n', &bytes[here..])?;
            }
            byte => {
                begins = byte.is_ascii_whitespace() || b"[{,:".contains(&byte);
                here += 1;
            }
        }
    }
    None
}

/// Length of a text between quotes, with them.
fn closed(bytes: &[u8], quote: u8) -> Option<usize> {
    let mut at = 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The characters of a text between quotes that stands by itself.
fn value(quoted: &str) -> Option<String> {
    let mut found = None;
    for event in Parser::new_from_str_with_options(quoted, options()) {
        match event.ok()?.0 {
            Event::Scalar(value, ..) if found.is_none() => found = Some(value.into_owned()),
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(..)
            | Event::DocumentEnd => {}
            _ => return None,
        }
    }
    found
}
