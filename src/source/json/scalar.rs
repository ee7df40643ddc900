//! Strings, numbers and literals of JSON.
//! It does not know in which collection they stand.

use super::super::node::{ArenaNodeId, Kind, ScalarText};
use super::super::span::ByteRange;
use super::{JsonResult, Parser};

/// Every byte 0x01.
const ONES: u64 = 0x0101_0101_0101_0101;
/// The high bit of every byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Where the characters of a string that was just read are.
#[derive(Clone, Copy, Debug)]
pub(super) enum StringContent {
    /// Between the quotes, unchanged.
    Raw(usize, usize),
    /// In the parser's buffer, because the string has escapes.
    Decoded,
}

impl StringContent {
    pub(super) fn in_text(self, decoded: &str) -> ScalarText<'_> {
        match self {
            Self::Raw(start, end) => ScalarText::Source(start, end),
            Self::Decoded => ScalarText::Decoded(decoded),
        }
    }
}

impl Parser<'_, '_> {
    /// Reads the string that starts at this quote, and returns its span with the quotes.
    pub(super) fn string(&mut self) -> JsonResult<(StringContent, ByteRange)> {
        let start = self.at;
        self.at = plain_end(self.bytes, start + 1);
        if self.peek() == Some(b'"') {
            let content = StringContent::Raw(start + 1, self.at);
            self.at += 1;
            return Ok((content, ByteRange::new(start, self.at)));
        }
        self.escaped_string(start)?;
        Ok((StringContent::Decoded, ByteRange::new(start, self.at)))
    }

    /// Reads on in a string that has escapes, or a mistake.
    fn escaped_string(&mut self, start: usize) -> JsonResult<()> {
        self.stacks.decoded.clear();
        let mut from = start + 1;
        loop {
            self.stacks.decoded.push_str(&self.text[from..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    let char = self.escape(start)?;
                    self.stacks.decoded.push(char);
                }
                Some(_) => return Err(self.control_character()),
                None => return Err(self.unclosed_string(start)),
            }
            from = self.at;
            self.at = plain_end(self.bytes, from);
        }
    }

    /// Reads the escape at this backslash, of a string that starts at `string`.
    fn escape(&mut self, string: usize) -> JsonResult<char> {
        let start = self.at;
        let simple = match self.bytes.get(start + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(string),
            Some(_) => return Err(self.unknown_escape()),
            None => return Err(self.unclosed_string(string)),
        };
        self.at += 2;
        Ok(simple)
    }

    /// Reads `\uXXXX`, or the two of them that make a character beyond the basic plane.
    fn unicode_escape(&mut self, string: usize) -> JsonResult<char> {
        let start = self.at;
        let first = self.hexadecimal(string)?;
        let code = match first {
            0xD800..=0xDBFF if self.bytes[self.at..].starts_with(b"\\u") => {
                let second_start = self.at;
                let second = self.hexadecimal(string)?;
                if !(0xDC00..=0xDFFF).contains(&second) {
                    self.at = second_start;
                    return Err(self.lone_surrogate(start));
                }
                0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            }
            other => other,
        };
        char::from_u32(code).ok_or_else(|| self.lone_surrogate(start))
    }

    /// Reads `\u` and four digits.
    fn hexadecimal(&mut self, string: usize) -> JsonResult<u32> {
        let start = self.at;
        let mut code = 0;
        for at in start + 2..start + 6 {
            let Some(byte) = self.bytes.get(at) else {
                self.at = at;
                return Err(self.unclosed_string(string));
            };
            let Some(digit) = char::from(*byte).to_digit(16) else {
                return Err(self.short_unicode_escape(start, at));
            };
            code = code * 16 + digit;
        }
        self.at = start + 6;
        Ok(code)
    }

    /// Passes a number and checks its grammar.
    pub(super) fn number(&mut self) -> JsonResult<()> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => {
                self.at += 1;
                if matches!(self.peek(), Some(b'0'..=b'9')) {
                    return Err(self.leading_zero(start));
                }
            }
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.no_digit(start, "behind the minus sign")),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if !matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.no_digit(start, "behind the decimal point"));
            }
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if !matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.no_digit(start, "in the exponent"));
            }
            self.digits();
        }
        Ok(())
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
    }

    /// Reads `true`, `false` or `null`.
    pub(super) fn literal(&mut self, word: &str, kind: Kind) -> JsonResult<ArenaNodeId> {
        let start = self.at;
        let end = start + word.len();
        let whole = self.bytes[start..].starts_with(word.as_bytes());
        let goes_on = self
            .bytes
            .get(end)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if !whole || goes_on {
            return Err(self.no_value());
        }
        self.at = end;
        Ok(self.builder.scalar(
            kind,
            ByteRange::new(start, end),
            ScalarText::Source(start, end),
        ))
    }
}

/// Offset of the first byte, from `at` on, that is a quote, a backslash or a control character.
///
/// Looks at eight bytes at a time. A borrow can only disturb bytes above a byte that matched, so
/// the lowest match is always true.
#[inline]
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let quote = zero_byte(word ^ (ONES * u64::from(b'"')));
        let backslash = zero_byte(word ^ (ONES * u64::from(b'\\')));
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let found = (quote | backslash | control) & HIGH;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = bytes.get(at) {
        if *byte == b'"' || *byte == b'\\' || *byte < 0x20 {
            break;
        }
        at += 1;
    }
    at
}

/// Sets the high bit of the lowest byte that is zero.
#[inline]
fn zero_byte(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word
}
