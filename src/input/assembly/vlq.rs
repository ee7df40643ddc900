//! Base64, percent-encoding, and the numbers of variable length that source maps write with letters.
//! It does not know what the numbers mean.

use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, Engine};

/// Bits of a number that a letter carries.
const BITS: u32 = 5;
/// Set in each letter but the last of a number.
const MORE: u8 = 1 << BITS;

/// Reads the numbers of one segment, such as `AAgBC`. `None` when it is not written in this way.
pub(super) fn numbers(segment: &[u8]) -> Option<Vec<i64>> {
    let mut numbers = Vec::with_capacity(5);
    let (mut value, mut shift) = (0_u64, 0);
    for letter in segment {
        let six = digit(*letter)?;
        // Larger numbers than these are not lines and columns.
        if shift > 30 {
            return None;
        }
        value |= u64::from(six & (MORE - 1)) << shift;
        if six & MORE != 0 {
            shift += BITS;
            continue;
        }
        let size = i64::try_from(value >> 1).ok()?;
        numbers.push(if value & 1 == 1 { -size } else { size });
        (value, shift) = (0, 0);
    }
    (shift == 0).then_some(numbers)
}

/// Reads Base64, with or without padding. `None` when it is not written in this way.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&alphabet::STANDARD, config);
    engine.decode(text.trim().trim_end_matches('=')).ok()
}

/// Reads percent-encoded text, as URLs have it. `None` when it is not written in this way.
pub(super) fn percent(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
    }
    Some(bytes)
}

/// The six bits of a letter.
fn digit(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{base64, numbers, percent};

    #[test]
    fn numbers_are_read_with_their_signs() {
        assert_eq!(numbers(b"AAAA"), Some(vec![0, 0, 0, 0]));
        assert_eq!(numbers(b"CADE"), Some(vec![1, 0, -1, 2]));
        assert_eq!(numbers(b"gB"), Some(vec![16]));
        assert_eq!(numbers(b"2HwcqxB"), Some(vec![123, 456, 789]));
        assert_eq!(numbers(b""), Some(vec![]));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        assert_eq!(numbers(b"g"), None);
        assert_eq!(numbers(b"A!"), None);
        assert_eq!(numbers(b"ggggggggggggggggB"), None);
    }

    #[test]
    fn base64_is_read_with_and_without_padding() {
        assert_eq!(base64("eyJhIjoxfQ==").as_deref(), Some(&b"{\"a\":1}"[..]));
        assert_eq!(base64("eyJhIjoxfQ").as_deref(), Some(&b"{\"a\":1}"[..]));
        assert_eq!(base64("YWJj").as_deref(), Some(&b"abc"[..]));
        assert_eq!(base64("").as_deref(), Some(&b""[..]));
        for text in ["a*", "a", "YW=Jj", "YWJj\nYWJj"] {
            assert_eq!(base64(text), None, "{text}");
        }
    }

    #[test]
    fn percent_encoding_is_read() {
        assert_eq!(percent("a%20b%7b").as_deref(), Some(&b"a b{"[..]));
        assert_eq!(percent("%e4%C3").as_deref(), Some(&b"\xe4\xc3"[..]));
        for text in ["%", "%4", "%zz"] {
            assert_eq!(percent(text), None, "{text}");
        }
    }
}
