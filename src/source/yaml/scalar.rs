//! What a YAML scalar is: text, number, truth value or nothing.
//! It does not know where it stands.

use granit_parser::ScalarStyle;

use super::super::node::{Kind, ScalarText};
use super::super::span::ByteRange;
use super::reader::YamlReader;

/// A scalar as the parser hands it over.
#[derive(Clone, Copy, Debug)]
pub(super) struct YamlScalar<'a> {
    /// Its characters, escapes and folding undone.
    pub(super) value: &'a str,
    pub(super) style: ScalarStyle,
    /// Where it stands, quotes included.
    pub(super) range: ByteRange,
}

/// What a scalar is to readers of YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScalarKind {
    /// What it is by the core schema of YAML 1.2.
    pub(super) kind: Kind,
    /// Whether YAML 1.1 reads it as something else.
    pub(super) is_ambiguous: bool,
}

impl ScalarKind {
    /// A kind that both versions agree on.
    pub(super) fn certain(kind: Kind) -> Self {
        Self {
            kind,
            is_ambiguous: false,
        }
    }
}

impl<'a> YamlScalar<'a> {
    /// Whether nothing at all is written.
    pub(super) fn is_empty_plain(&self) -> bool {
        self.style == ScalarStyle::Plain && self.value.is_empty()
    }

    /// Whether this, as a key, merges another mapping.
    pub(super) fn is_merge(&self) -> bool {
        self.style == ScalarStyle::Plain && self.value == "<<"
    }

    /// Offset of the characters in the source, when they stand there unchanged.
    pub(super) fn place(&self, source: &str) -> Option<usize> {
        let range = match self.style {
            ScalarStyle::Plain => self.range,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                ByteRange::new(self.range.start + 1, self.range.end.saturating_sub(1))
            }
            ScalarStyle::Literal | ScalarStyle::Folded => return None,
        };
        (source.get(range.start..range.end) == Some(self.value)).then_some(range.start)
    }

    /// The characters for the tree.
    pub(super) fn text(&self, source: &str) -> ScalarText<'a> {
        match self.place(source) {
            Some(start) => ScalarText::Source(start, start + self.value.len()),
            None => ScalarText::Decoded(self.value),
        }
    }

    /// What a scalar without a tag is.
    pub(super) fn resolve(&self) -> ScalarKind {
        match self.style {
            ScalarStyle::Plain => self.resolve_text(),
            _ => ScalarKind::certain(Kind::String),
        }
    }

    /// What the characters alone are. Digits behind a zero stay text: they are account ids, not numbers.
    pub(super) fn resolve_text(&self) -> ScalarKind {
        match self.value {
            "" | "~" | "null" | "Null" | "NULL" => return ScalarKind::certain(Kind::Null),
            "true" | "True" | "TRUE" => return ScalarKind::certain(Kind::Bool(true)),
            "false" | "False" | "FALSE" => return ScalarKind::certain(Kind::Bool(false)),
            "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "on" | "On" | "ON" | "off" | "Off"
            | "OFF" => {
                return ScalarKind {
                    kind: Kind::String,
                    is_ambiguous: true,
                };
            }
            _ => {}
        }
        let starts_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.');
        if !self.value.as_bytes().first().is_some_and(starts_number) {
            return ScalarKind::certain(Kind::String);
        }
        let (new, old) = (is_number_1_2(self.value), is_number_1_1(self.value));
        ScalarKind {
            kind: if new { Kind::Number } else { Kind::String },
            is_ambiguous: new != old,
        }
    }
}

impl YamlReader<'_, '_> {
    /// The scalar of an event, with the range that it really has.
    pub(super) fn read_scalar<'v>(
        &self,
        value: &'v str,
        style: ScalarStyle,
        range: ByteRange,
    ) -> YamlScalar<'v> {
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        if quoted {
            return YamlScalar {
                value,
                style,
                range,
            };
        }
        // The parser puts line ends and the next indentation behind a text.
        let written = range.slice(self.text);
        let written = written.trim_end_matches([' ', '\t', '\n', '\r']);
        let range = ByteRange::new(range.start, range.start + written.len());
        if style != ScalarStyle::Plain || !written.is_empty() {
            return YamlScalar {
                value,
                style,
                range,
            };
        }
        // The parser calls a value that is not written `~` and puts it at its key.
        let start = range.start;
        let at = self.behind_colon().map_or(start, |at| at.max(start));
        YamlScalar {
            value: "",
            style,
            range: ByteRange::new(at, at),
        }
    }

    /// The place behind the colon of the key that waits for a value.
    fn behind_colon(&self) -> Option<usize> {
        let frame = self.frames.last().filter(|frame| frame.has_key)?;
        let key = self.stacks.members.get(frame.base..)?.last()?;
        let end = self.builder.key_span(key).end as usize;
        let colon = self.text.get(end..)?.trim_start();
        colon
            .starts_with(':')
            .then(|| self.text.len() - colon.len() + 1)
    }
}

/// Whether the text is a number in the core schema of YAML 1.2, zero-led digits excepted.
fn is_number_1_2(text: &str) -> bool {
    if let Some(digits) = text.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let led_by_zero = fraction.is_none() && whole.len() > 1 && whole.starts_with('0');
    let has_digits = match fraction {
        Some(fraction) => {
            all_digits(whole) && all_digits(fraction) && whole.len() + fraction.len() > 0
        }
        None => all_digits(whole) && !whole.is_empty(),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    has_digits && exponent_fits && !led_by_zero
}

/// Whether the text is a number in YAML 1.1: octal by a leading zero, base 60 by colons, and with
/// underscores between digits. See <https://yaml.org/type/int.html> and `float.html` beside it.
fn is_number_1_1(text: &str) -> bool {
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let of = |digits: &str, set: fn(u8) -> bool| {
        !digits.is_empty() && digits.bytes().all(|byte| byte == b'_' || set(byte))
    };
    let decimal: fn(u8) -> bool = |byte| byte.is_ascii_digit();
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return of(digits, |byte| byte.is_ascii_hexdigit());
    }
    if let Some(digits) = unsigned.strip_prefix("0b") {
        return of(digits, |byte| matches!(byte, b'0' | b'1'));
    }
    if let Some((whole, fraction)) = unsigned.split_once('.') {
        return is_float_1_1(whole, fraction);
    }
    if unsigned.contains(':') {
        return is_base_60(unsigned) && !unsigned.starts_with('0');
    }
    match unsigned.strip_prefix('0') {
        Some("") => true,
        Some(digits) => of(digits, |byte| matches!(byte, b'0'..=b'7')),
        None => unsigned.starts_with(|char: char| char.is_ascii_digit()) && of(unsigned, decimal),
    }
}

fn is_float_1_1(whole: &str, fraction: &str) -> bool {
    let digits = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_')
    };
    if whole.contains(':') {
        return is_base_60(whole) && digits(fraction);
    }
    let (fraction, exponent) = match fraction.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, Some(exponent)),
        None => (fraction, None),
    };
    // The sign of the exponent is not optional in YAML 1.1.
    let exponent_fits = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['+', '-'])
            .is_some_and(|digits| !digits.is_empty() && all_digits(digits))
    });
    let starts = if whole.is_empty() { fraction } else { whole };
    starts.starts_with(|char: char| char.is_ascii_digit())
        && digits(whole)
        && digits(fraction)
        && exponent_fits
}

/// Whether the text is digits and then groups of up to two digits below 60, with colons between.
fn is_base_60(text: &str) -> bool {
    let mut groups = text.split(':');
    let first = groups.next().unwrap_or_default();
    let below_60 = |group: &str| match group.as_bytes() {
        [digit] => digit.is_ascii_digit(),
        [ten, digit] => matches!(ten, b'0'..=b'5') && digit.is_ascii_digit(),
        _ => false,
    };
    first.starts_with(|char: char| char.is_ascii_digit())
        && first
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'_')
        && groups.all(below_60)
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
