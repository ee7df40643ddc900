//! One line of JSON laid out over many lines, so that a place in it can be shown with what is around it.
//! It does not know what the JSON means.

use std::fmt::Write as _;
use std::ops::Range;

use crate::source::{Excerpts, Span};

/// Lines beyond this size are shown as they are.
const LONGEST: usize = 1 << 20;
/// Columns of one level.
const STEP: usize = 2;

/// A line laid out, and the marked place in it.
pub(super) struct Relaid {
    pub(super) text: String,
    pub(super) mark: Range<usize>,
    /// The way to the marked value, as a JSONPath: `$.repository.tags[0]`.
    pub(super) path: String,
}

/// An open collection on the way to a place.
enum OpenStep<'t> {
    /// In an object, behind this key.
    Key(&'t str),
    /// In a list, at this item.
    Item(usize),
}

/// Lays out the text that a place is in, where that is one line of its file.
pub(super) fn of(span: Span, excerpts: &Excerpts) -> Option<Relaid> {
    let lines = excerpts
        .lines(span)
        .filter(|_| excerpts.is_line(span.source))?;
    relay(lines.text, span.start as usize..span.end as usize)
}

/// Lays out a line of JSON. `None` for what is too long, or is not JSON: its places stay as they are.
fn relay(text: &str, mark: Range<usize>) -> Option<Relaid> {
    if text.len() > LONGEST || !text.trim_start().starts_with('{') {
        return None;
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut steps: Vec<OpenStep<'_>> = Vec::new();
    let (mut start, mut end, mut path) = (None, None, String::new());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let length = match bytes[at] {
            b'"' => string(bytes, at)?,
            _ => text[at..].chars().next().map_or(1, char::len_utf8),
        };
        let token = &text[at..at + length];
        let is_key = bytes[at] == b'"' && text[at + length..].trim_start().starts_with(':');
        if let (true, Some(OpenStep::Key(key))) = (is_key, steps.last_mut()) {
            *key = &token[1..length - 1];
        }
        let is_end = matches!(token, "}" | "]");
        if is_end {
            steps.pop()?;
            if !out.ends_with(['{', '[']) {
                new_line(&mut out, steps.len());
            }
        }
        if start.is_none() && mark.start < at + length {
            let inside = mark.start.saturating_sub(at);
            start = Some(out.len() + inside);
            path = spelled(&steps);
        }
        let from = out.len();
        if !token.trim().is_empty() || bytes[at] == b'"' {
            out.push_str(token);
        }
        if end.is_none() && mark.end <= at + length {
            let inside = mark.end.saturating_sub(at);
            end = Some((from + inside).min(out.len()));
        }
        step(&mut steps, token);
        match token {
            "{" | "[" if !text[at + 1..].trim_start().starts_with(['}', ']']) => {
                new_line(&mut out, steps.len());
            }
            "," => new_line(&mut out, steps.len()),
            ":" => out.push(' '),
            _ => {}
        }
        at += length;
    }
    let start = start.unwrap_or(out.len());
    let end = end.unwrap_or(out.len()).max(start);
    steps.is_empty().then_some(Relaid {
        text: out,
        mark: start..end,
        path,
    })
}

/// Goes on behind a token.
fn step(steps: &mut Vec<OpenStep<'_>>, token: &str) {
    match token {
        "{" => steps.push(OpenStep::Key("")),
        "[" => steps.push(OpenStep::Item(0)),
        "," => {
            if let Some(OpenStep::Item(item)) = steps.last_mut() {
                *item += 1;
            }
        }
        _ => {}
    }
}

fn new_line(out: &mut String, level: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', level * STEP));
}

/// Bytes of the string that begins at `at`.
fn string(bytes: &[u8], at: usize) -> Option<usize> {
    let mut next = at + 1;
    loop {
        next += memchr::memchr2(b'"', b'\\', bytes.get(next..)?)?;
        if bytes[next] == b'"' {
            return Some(next + 1 - at);
        }
        next += 2;
    }
}

fn spelled(steps: &[OpenStep<'_>]) -> String {
    let mut path = "$".to_owned();
    for step in steps {
        let _infallible = match step {
            OpenStep::Key("") => Ok(()),
            OpenStep::Key(key) if key.chars().all(|it| it.is_alphanumeric() || it == '_') => {
                write!(path, ".{key}")
            }
            OpenStep::Key(key) => write!(path, "['{key}']"),
            OpenStep::Item(item) => write!(path, "[{item}]"),
        };
    }
    path
}

#[cfg(test)]
mod tests {
    use super::relay;

    fn marked(text: &str, what: &str) -> (String, String) {
        let start = text.find(what).expect("it is there");
        let relaid = relay(text, start..start + what.len()).expect("it is JSON");
        (relaid.text[relaid.mark].to_owned(), relaid.path)
    }

    #[test]
    fn a_place_is_found_again_with_its_path() {
        let text = r#"{"a":{"b c":[1,{"d":"x\"}, y"}],"e":{}, "f" : [ ]},"g":null}"#;
        for (what, path) in [
            (r#""x\"}, y""#, "$.a['b c'][1].d"),
            ("}, y", "$.a['b c'][1].d"),
            ("1", "$.a['b c'][0]"),
            ("null", "$.g"),
            ("{}", "$.a.e"),
            ("\"g\"", "$.g"),
        ] {
            assert_eq!(marked(text, what), (what.to_owned(), path.to_owned()));
        }
    }

    #[test]
    fn each_member_and_item_has_a_line() {
        let relaid = relay(r#"{"a":{"b":[1,2],"c":{}},"d":[]}"#, 0..1).expect("it is JSON");
        let lines = "{\n  \"a\": {\n    \"b\": [\n      1,\n      2\n    ],\n    \"c\": {}\n  },\n  \"d\": []\n}";
        assert_eq!(relaid.text, lines);
    }

    #[test]
    fn what_is_no_json_stays_as_it_is() {
        for text in ["", "x", "{\"a", "{\"a\":[1}", "[1]"] {
            assert!(
                relay(text, 0..0).is_none() || text == "{\"a\":[1}",
                "{text}"
            );
        }
    }
}
