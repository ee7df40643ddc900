//! Bytes of a file as a search for words has to see them: without escapes, continued lines, or the zeros of UTF-16.
//! It does not know which words are sought, nor what language the bytes are in, and so unescapes too much.

use memchr::memchr;

/// Escapes inside of escapes that are followed: a policy in a text of a template has two.
const DEEPEST: usize = 4;

/// The bytes with every escape written out that may be part of a word, and every continued line in one; `None` where
/// nothing has to be. Words that stand in the bytes as they are may be broken: both have to be searched.
///
/// JSON knows `\u0045` (RFC 8259, section 7), YAML in double quotes `\x45`, `\u0045`, `\U00000045` as well, and a line
/// that goes on behind a backslash (YAML 1.2.2, section 5.7). Escapes of what stands in no word, such as `\"` and the
/// `\u003c` of some encoders, are left alone.
#[must_use]
pub fn plain(bytes: &[u8]) -> Option<Vec<u8>> {
    let narrow = narrowed(bytes);
    unescaped(narrow.as_deref().unwrap_or(bytes)).or(narrow)
}

/// Whether `search` finds something in the bytes as they are, or in what is [`plain`] of them.
#[must_use]
pub fn finds(bytes: &[u8], search: impl Fn(&[u8]) -> bool) -> bool {
    search(bytes) || plain(bytes).is_some_and(|plain| search(&plain))
}

/// The same as [`plain`] for bytes that are known not to be UTF-16.
#[must_use]
pub fn unescaped(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut plain = unescape(bytes);
    for _ in 1..DEEPEST {
        match plain.as_deref().and_then(unescape) {
            Some(next) => plain = Some(next),
            None => break,
        }
    }
    plain
}

/// ASCII of UTF-16, which is ASCII with zeros between. YAML and JSON begin with ASCII, by which they are reported without
/// a byte order mark (YAML 1.2.2, section 5.2).
fn narrowed(bytes: &[u8]) -> Option<Vec<u8>> {
    is_utf_16(bytes).then(|| {
        let start = if has_mark(bytes) { 2 } else { 0 };
        let narrow = bytes[start..].iter().copied();
        narrow.filter(|byte| *byte != 0).collect()
    })
}

fn is_utf_16(bytes: &[u8]) -> bool {
    has_mark(bytes) || matches!(bytes, [0, _, ..] | [_, 0, ..])
}

fn has_mark(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
}

/// `None` where there is nothing to write out.
fn unescape(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut plain: Option<Vec<u8>> = None;
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = memchr(b'\\', &bytes[at..]) {
        let start = at + found;
        // In texts inside of texts, backslashes are escaped themselves.
        let run = bytes[start..].iter().take_while(|byte| **byte == b'\\');
        let end = start + run.count();
        at = end;
        if let Some((byte, length)) = escape(&bytes[end..]) {
            let plain = plain.get_or_insert_with(|| Vec::with_capacity(bytes.len()));
            plain.extend_from_slice(&bytes[copied..start]);
            plain.extend(byte);
            copied = end + length;
            at = copied;
        }
    }
    if let Some(plain) = &mut plain {
        plain.extend_from_slice(&bytes[copied..]);
    }
    plain
}

/// What the text behind a backslash stands for, where that matters, and how long it is.
fn escape(text: &[u8]) -> Option<(Option<u8>, usize)> {
    let digits = match text.first()? {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        b'\n' | b'\r' => {
            let space = text.iter().take_while(|byte| byte.is_ascii_whitespace());
            return Some((None, space.count()));
        }
        _ => return None,
    };
    let hex = std::str::from_utf8(text.get(1..=digits)?).ok()?;
    if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let value = u32::from_str_radix(hex, 16).ok()?;
    let byte = u8::try_from(value).ok().filter(|byte| is_of_word(*byte))?;
    Some((Some(byte), digits + 1))
}

/// Whether a character may stand in a name, a type, an action, or in what puts one together.
fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b":*?-._${}\\".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::plain;

    fn shown(text: &str) -> Option<String> {
        plain(text.as_bytes()).map(|bytes| String::from_utf8(bytes).expect("text"))
    }

    #[test]
    fn every_escape_of_a_word_is_written_out() {
        for text in [
            r"AWS::\u0045CR::Repository",
            r"AWS::\x45CR::Repository",
            r"AWS::\U00000045CR::Repository",
            r"\u0041\u0057\u0053\u003a\u003A\u0045\u0043\u0052::Repository",
            r"AWS::\\u0045CR::Repository",
            r"AWS::\\\\u0045CR::Repository",
            r"AWS::\u005cu0045CR::Repository",
            "AWS::E\\\n    CR::Repository",
            "AWS::E\\\r\n\t CR::Repository",
            "AWS::\\\n  E\\\n  CR\\\n  ::Repository",
        ] {
            assert_eq!(
                shown(text).as_deref(),
                Some("AWS::ECR::Repository"),
                "{text}"
            );
        }
    }

    #[test]
    fn what_stands_in_no_word_is_left_alone() {
        for text in [
            r#"{"a": "{\"b\": \"c\\n\"}"}"#,
            r"\u003c\u003e\u0026\u0027\u003d\u2013\u00e9\u001b",
            r"C:\users\x\unit",
            r"\d+\.\w \xZZ \u12",
            "plain\n  text",
            "\\",
            "",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn utf_16_is_narrowed_with_and_without_a_mark() {
        let text = r"Type: AWS::\x45CR";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [little, big] {
            assert_eq!(plain(&bytes).as_deref(), Some(&b"Type: AWS::ECR"[..]));
        }
    }
}
