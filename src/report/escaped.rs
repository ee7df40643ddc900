//! Writes JSON in which no text commands a terminal or a runner, whoever prints it to a log.
//! It does not know what the JSON says.
//!
//! What is escaped is the same text to whoever parses it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::CompactFormatter;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

/// Whether a character could move the cursor, change colours, or show text in another order than it
/// is read: an input must not be able to forge the report about itself.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Where `##[` begins, or the same with a word in between.
pub(crate) fn mark(text: &str) -> Option<usize> {
    /// Longer than the name of any runner.
    const WORD: usize = 32;
    let begins = |at: &usize| {
        let rest = text.as_bytes()[*at..].strip_prefix(b"##");
        let mut rest = rest.unwrap_or_default().iter().take(WORD);
        rest.find(|byte| !byte.is_ascii_alphanumeric()) == Some(&b'[')
    };
    memchr::memchr_iter(b'#', text.as_bytes()).find(begins)
}

/// Writes a value over many lines, with a line break at its end.
///
/// # Errors
/// What the writer says.
pub(crate) fn write(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    write_with(PrettyFormatter::new(), value, out)
}

/// Writes a value in one line, with a line break at its end.
///
/// # Errors
/// What the writer says.
pub(crate) fn write_line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    write_with(CompactFormatter, value, out)
}

fn write_with(
    layout: impl Formatter,
    value: &impl Serialize,
    out: &mut dyn Write,
) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Escaped(layout)))?;
    out.write_all(b"\n")
}

/// A layout with more escapes than JSON needs.
struct Escaped<L>(L);

/// Hands the layout to its own formatter.
macro_rules! laid_out {
    ($($name:ident($($argument:ident)?))*) => {$(
        fn $name<W: ?Sized + Write>(&mut self, out: &mut W $(, $argument: bool)?) -> io::Result<()> {
            self.0.$name(out $(, $argument)?)
        }
    )*};
}

impl<L: Formatter> Formatter for Escaped<L> {
    laid_out! {
        begin_array() end_array() begin_array_value(first) end_array_value()
        begin_object() end_object() begin_object_key(first) begin_object_value() end_object_value()
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        if is_plain(text) || (mark(text).is_none() && !text.chars().any(is_unsafe)) {
            return out.write_all(text.as_bytes());
        }
        let mut rest = text;
        while let Some(at) = rest.find(|c| is_unsafe(c) || c == '#') {
            let (safe, behind) = rest.split_at(at);
            out.write_all(safe.as_bytes())?;
            let length = behind.chars().next().map_or(0, char::len_utf8);
            for unit in behind[..length].encode_utf16() {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &behind[length..];
        }
        out.write_all(rest.as_bytes())
    }
}

/// Whether a text is of letters that are never escaped, as nearly all are: told by one look at its bytes, without a
/// branch for each, since every text of a report comes through here.
fn is_plain(text: &str) -> bool {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') & (*byte != b'#');
    text.as_bytes()
        .iter()
        .fold(true, |plain, byte| plain & is_plain(byte))
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn what_is_escaped_is_the_same_text() {
        let text = "a\u{202e}\u{2066}\u{85}\u{7f}\u{1b}\"##[b] # é 漢";
        let mut out = Vec::new();
        write(&[text], &mut out).expect("memory can be written");
        let out = String::from_utf8(out).expect("text");
        let escapes = r#"a\u202e\u2066\u0085\u007f\u001b\"\u0023\u0023[b] \u0023 é 漢"#;
        assert_eq!(out, format!("[\n  \"{escapes}\"\n]\n"));
        let read: Vec<String> = serde_json::from_str(&out).expect("JSON");
        assert_eq!(read, [text]);
    }

    #[test]
    fn a_line_stays_one_line_and_the_same_text() {
        let text = "a\u{202e}b\u{2067}\r##vso[c]";
        let mut out = Vec::new();
        super::write_line(&text, &mut out).expect("memory can be written");
        let line = String::from_utf8(out).expect("JSON is UTF-8");
        assert_eq!(line, "\"a\\u202eb\\u2067\\r\\u0023\\u0023vso[c]\"\n");
        assert_eq!(
            serde_json::from_str::<String>(&line).expect("it is JSON"),
            text
        );
    }
}
