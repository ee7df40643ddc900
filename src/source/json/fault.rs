//! What is wrong with a JSON text, said so that it can be mended.
//! It does not know how to read JSON.

use super::super::Problem;
use super::super::problem::abridged;
use super::super::span::ByteRange;
use super::super::stack::CollectionKind;
use super::Parser;

impl Parser<'_, '_> {
    pub(super) fn empty_text(&self) -> Box<Problem> {
        Box::new(Problem::new(self.here(), "the text holds no JSON value"))
    }

    /// Something else stands where a value is expected.
    pub(super) fn no_value(&self) -> Box<Problem> {
        let Some(byte) = self.peek() else {
            return self.unclosed();
        };
        let word = self.word();
        let end = self.at + word.len().max(self.char_len());
        let problem = Problem::new(
            self.span(self.at, end),
            format!("expected a JSON value, found {}", self.found()),
        );
        let lower = word.to_ascii_lowercase();
        Box::new(match (byte, lower.as_str()) {
            (b'\'', _) => problem.help("put strings between double quotes"),
            (b'/' | b'#', _) => problem.help("remove the comment: JSON has none"),
            (b'}' | b']' | b',', _) => {
                problem.help("add the value, or remove the comma or key before it")
            }
            (b'+', _) => problem.help("remove the plus sign"),
            (b'.', _) => problem.help("write a digit before the decimal point"),
            (_, "true" | "false" | "null") => problem.help(format!("write `{lower}`")),
            (_, "none" | "nil" | "undefined") => problem.help("write `null`"),
            (_, "nan" | "infinity") => problem.help("write a number: JSON has no other one"),
            (_, "") => problem,
            _ => problem.help("put strings between double quotes"),
        })
    }

    /// Something else stands where a key is expected.
    pub(super) fn no_key(&self, comma: Option<usize>) -> Box<Problem> {
        match (self.peek(), comma) {
            (None, _) => self.unclosed(),
            (Some(b'}'), Some(comma)) => self.trailing_comma(comma),
            (Some(byte), _) => {
                let end = self.at + self.word().len().max(self.char_len());
                let problem = Problem::new(
                    self.span(self.at, end),
                    format!("expected a key, found {}", self.found()),
                );
                Box::new(match byte {
                    b'/' | b'#' => problem.help("remove the comment: JSON has none"),
                    b',' => problem.help("remove the comma"),
                    _ => problem.help("put keys between double quotes"),
                })
            }
        }
    }

    /// No colon follows the key at `key`.
    pub(super) fn no_colon(&self, key: ByteRange) -> Box<Problem> {
        if self.peek().is_none() {
            return self.unclosed();
        }
        Box::new(
            Problem::new(
                self.here(),
                format!("expected `:` behind the key, found {}", self.found()),
            )
            .help("write a colon and a value behind the key")
            .related(self.span(key.start, key.end), "the key"),
        )
    }

    /// Neither a comma nor the end of the collection follows a value.
    pub(super) fn no_separator(&self, kind: CollectionKind) -> Box<Problem> {
        if self.peek().is_none() {
            return self.unclosed();
        }
        let close = match kind {
            CollectionKind::Array => ']',
            CollectionKind::Object => '}',
        };
        let mut problem = Problem::new(
            self.here(),
            format!("expected `,` or `{close}`, found {}", self.found()),
        );
        problem = match self.peek() {
            Some(b'/' | b'#') => problem.help("remove the comment: JSON has none"),
            Some(b'}' | b']') => problem.help(format!("close with `{close}`")),
            _ => problem.help("write a comma between two values"),
        };
        if let Some(open) = self.stacks.open.last() {
            problem = problem.related(self.span(open.start, open.start + 1), "opened here");
        }
        Box::new(problem)
    }

    pub(super) fn trailing_comma(&self, comma: usize) -> Box<Problem> {
        Box::new(
            Problem::new(
                self.span(comma, comma + 1),
                "a comma stands behind the last value",
            )
            .help("remove the comma"),
        )
    }

    pub(super) fn trailing_text(&self) -> Box<Problem> {
        Box::new(
            Problem::new(
                self.here(),
                format!("{} stands behind the end of the JSON value", self.found()),
            )
            .help("remove what follows the value"),
        )
    }

    /// The text ends inside a collection.
    fn unclosed(&self) -> Box<Problem> {
        let end = self.here();
        let Some(open) = self.stacks.open.last() else {
            return Box::new(Problem::new(end, "the text ends before a value"));
        };
        let (what, close) = match open.kind {
            CollectionKind::Array => ("a list", ']'),
            CollectionKind::Object => ("an object", '}'),
        };
        Box::new(
            Problem::new(end, format!("the text ends inside {what}"))
                .help(format!("close it with `{close}`"))
                .related(self.span(open.start, open.start + 1), "opened here"),
        )
    }

    pub(super) fn unclosed_string(&self, start: usize) -> Box<Problem> {
        let end = self.text.len();
        Box::new(
            Problem::new(self.span(end, end), "the text ends inside a string")
                .help("close it with a double quote")
                .related(self.span(start, start + 1), "opened here"),
        )
    }

    pub(super) fn control_character(&self) -> Box<Problem> {
        let (name, escape) = match self.peek() {
            Some(b'\n') => ("a line break".to_owned(), "\\n".to_owned()),
            Some(b'\r') => ("a carriage return".to_owned(), "\\r".to_owned()),
            Some(b'\t') => ("a tab".to_owned(), "\\t".to_owned()),
            other => {
                let code = other.unwrap_or_default();
                (
                    format!("the control character U+{code:04X}"),
                    format!("\\u{code:04x}"),
                )
            }
        };
        Box::new(
            Problem::new(self.here(), format!("{name} stands inside a string"))
                .help(format!("write `{escape}`, or close the string")),
        )
    }

    pub(super) fn unknown_escape(&self) -> Box<Problem> {
        let char = self.text[self.at + 1..].chars().next().unwrap_or_default();
        let end = self.at + 1 + char.len_utf8();
        let title = format!(
            "`\\{}` is not an escape of JSON",
            abridged(&char.to_string())
        );
        Box::new(Problem::new(self.span(self.at, end), title).help("write `\\\\` for a backslash"))
    }

    /// The escape that begins at `start` has no digit at `at`.
    pub(super) fn short_unicode_escape(&self, start: usize, at: usize) -> Box<Problem> {
        Box::new(
            Problem::new(
                self.span(start, at),
                "a `\\u` escape has fewer than four hexadecimal digits",
            )
            .help("write four digits, such as `\\u00e9`"),
        )
    }

    /// The escape from `start` to here is one half of a character.
    pub(super) fn lone_surrogate(&self, start: usize) -> Box<Problem> {
        Box::new(
            Problem::new(
                self.span(start, self.at),
                "a `\\u` escape names one half of a surrogate pair",
            )
            .help("write both halves, or the character itself"),
        )
    }

    /// The number that begins at `start` begins with a needless zero.
    pub(super) fn leading_zero(&mut self, start: usize) -> Box<Problem> {
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Box::new(
            Problem::new(self.span(start, self.at), "a number begins with a zero")
                .help("remove the zero, or put the digits between quotes"),
        )
    }

    /// The number that begins at `start` lacks a digit here.
    pub(super) fn no_digit(&self, start: usize, place: &str) -> Box<Problem> {
        Box::new(
            Problem::new(self.here(), format!("a number has no digit {place}"))
                .help("write the digit")
                .related(self.span(start, self.at), "the number"),
        )
    }

    /// The letters and digits at this place.
    fn word(&self) -> &str {
        let rest = &self.bytes[self.at..];
        let letters = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .count();
        &self.text[self.at..self.at + letters]
    }

    /// What stands at this place, in words.
    fn found(&self) -> String {
        let word = self.word();
        if !word.is_empty() {
            return format!("`{}`", abridged(word));
        }
        match self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
        {
            Some('"') => "a string".to_owned(),
            Some('\u{feff}') => "a byte order mark".to_owned(),
            Some(char) if char.is_control() || char.is_whitespace() => {
                format!("the character U+{:04X}", u32::from(char))
            }
            Some(char) => format!("`{char}`"),
            None => "the end of the text".to_owned(),
        }
    }
}
