//! Bytes of a file into text.
//! It does not know what language the text is in.

use super::{Problem, SourceId, Span};

/// Bytes that are not text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotText {
    /// The bytes as text, with U+FFFD for what could not be read: fit to be shown.
    pub text: String,
    /// Offset in `text` of the first character that could not be read.
    pub at: usize,
    encoding: &'static str,
}

/// Reads the bytes of a file as UTF-8, or as UTF-16 when they begin with its byte order mark, or with a character of
/// ASCII that has two bytes: JSON and YAML begin with one (YAML 1.2.2, section 5.2).
///
/// The byte order mark of UTF-8 is kept, so that offsets are those of the file; that of UTF-16 is
/// not. PowerShell writes UTF-16 when a command's output is redirected to a file.
///
/// # Errors
/// When the bytes are neither.
pub fn decode(bytes: Vec<u8>) -> Result<String, NotText> {
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        [first, 0, ..] if *first != 0 => decode_utf16(&bytes, u16::from_le_bytes),
        [0, first, ..] if *first != 0 => decode_utf16(&bytes, u16::from_be_bytes),
        _ => String::from_utf8(bytes).map_err(|error| NotText {
            at: error.utf8_error().valid_up_to(),
            text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
            encoding: "UTF-8",
        }),
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, NotText> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut bad = None;
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        if decoded.is_err() {
            bad = bad.or(Some(text.len()));
        }
        text.push(decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if !rest.is_empty() {
        bad = bad.or(Some(text.len()));
        text.push(char::REPLACEMENT_CHARACTER);
    }
    match bad {
        None => Ok(text),
        Some(at) => Err(NotText {
            text,
            at,
            encoding: "UTF-16",
        }),
    }
}

impl NotText {
    /// The mistake at its place in `source`, when that holds [`NotText::text`].
    #[must_use]
    pub fn problem(&self, source: SourceId) -> Problem {
        let end = self.at + char::REPLACEMENT_CHARACTER.len_utf8();
        let span = Span::new(source, self.at, end.min(self.text.len()).max(self.at));
        Problem::new(span, format!("a byte here is not {}", self.encoding))
            .help("save the file as UTF-8")
    }
}

#[cfg(test)]
mod tests {
    use super::super::SourceId;
    use super::decode;

    #[test]
    fn utf_16_of_both_orders_is_read() {
        let units: Vec<u16> = "é😀\r\n".encode_utf16().collect();
        let little = units.iter().flat_map(|unit| unit.to_le_bytes());
        let big = units.iter().flat_map(|unit| unit.to_be_bytes());
        let little: Vec<u8> = [0xFF, 0xFE].into_iter().chain(little).collect();
        let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(big).collect();
        assert_eq!(decode(little).as_deref(), Ok("é😀\r\n"));
        assert_eq!(decode(big).as_deref(), Ok("é😀\r\n"));
    }

    #[test]
    fn utf_16_without_a_mark_is_told_by_its_first_character() {
        let units: Vec<u16> = "{é}".encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        assert_eq!(decode(little).as_deref(), Ok("{é}"));
        assert_eq!(decode(big).as_deref(), Ok("{é}"));
    }

    #[test]
    fn the_byte_order_mark_of_utf_8_is_kept() {
        let bytes = b"\xEF\xBB\xBF{}".to_vec();
        assert_eq!(decode(bytes).as_deref(), Ok("\u{feff}{}"));
    }

    #[test]
    fn the_first_byte_that_is_no_text_is_named() {
        let not_text = decode(b"{\"\xC3\xA9\xFF\": 1}".to_vec()).unwrap_err();
        let problem = not_text.problem(SourceId(0));
        assert_eq!(
            (not_text.at, problem.span.slice(&not_text.text)),
            (4, "\u{fffd}")
        );
        assert_eq!(problem.title, "a byte here is not UTF-8");
    }

    #[test]
    fn half_a_unit_and_half_a_pair_are_named() {
        let half = decode(vec![0xFF, 0xFE, b'a', 0, b'b']).unwrap_err();
        assert_eq!((half.at, half.text.as_str()), (1, "a\u{fffd}"));
        let lone = decode(vec![0xFE, 0xFF, 0xD8, 0, 0, b'b']).unwrap_err();
        assert_eq!((lone.at, lone.text.as_str()), (0, "\u{fffd}b"));
    }
}
