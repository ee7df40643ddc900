//! What EventBridge refuses to take for a pattern, whatever events there are.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>, in the words of the
//! compiler that EventBridge uses, <https://github.com/aws/event-ruler>. It does not know which fields events have.

use super::conjunct::alternatives;
use super::sample::folded;
use crate::model::{Data, Value};
use crate::source::{Span, nearest};

/// The operators of EventBridge.
const OPERATORS: [&str; 8] = [
    "prefix",
    "suffix",
    "equals-ignore-case",
    "wildcard",
    "anything-but",
    "numeric",
    "cidr",
    "exists",
];
/// Operators that `anything-but` takes.
const INSIDE: [&str; 4] = ["prefix", "suffix", "equals-ignore-case", "wildcard"];
/// An operator of the compiler that EventBridge does not document.
const UNDOCUMENTED: &str = "exactly";

/// What is refused, each at its place.
pub(super) fn faults(pattern: Value<'_>) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    members(pattern, true, &mut found);
    found
}

/// Looks through the members of a pattern. Depth is bounded by the parser's limit.
fn members(pattern: Value<'_>, is_top: bool, found: &mut Vec<(Span, String)>) {
    for (key, value) in present(pattern) {
        if let Some(parts) = alternatives(key, value) {
            parts.for_each(|part| members(part, is_top, found));
            continue;
        }
        let is_detail = is_top && key == "detail";
        let wanted = if is_detail { "a mapping" } else { "a list" };
        let fault = match value.data() {
            Data::Array if present_items(value).next().is_none() => {
                Some(format!("`{key}` is an empty list"))
            }
            Data::Array => {
                let tests = present_items(value);
                found.extend(tests.filter_map(|test| Some((test.span(), alternative(key, test)?))));
                None
            }
            Data::Object if present(value).next().is_none() => {
                Some(format!("`{key}` is an empty mapping"))
            }
            Data::Object => {
                members(value, false, found);
                None
            }
            Data::String(_) => Some(format!("`{key}` is a text, expected {wanted}")),
            Data::Number(_) | Data::Bool(_) | Data::Null => {
                Some(format!("`{key}` is a value, expected {wanted}"))
            }
            _ => None,
        };
        found.extend(fault.map(|fault| (value.span(), fault)));
    }
}

fn present<'v>(mapping: Value<'v>) -> impl Iterator<Item = (&'v str, Value<'v>)> {
    mapping.members().filter(|(_, value)| !value.is_absent())
}

fn present_items<'v>(list: Value<'v>) -> impl Iterator<Item = Value<'v>> {
    list.items().filter(|item| !item.is_absent())
}

/// What is wrong with one of the alternatives of a field.
fn alternative(key: &str, test: Value<'_>) -> Option<String> {
    match test.data() {
        Data::Array => Some(format!(
            "a list stands in the list of `{key}`, expected texts, numbers or operators"
        )),
        Data::Object => operator(test),
        _ => None,
    }
}

/// What is wrong with an operator.
fn operator(test: Value<'_>) -> Option<String> {
    let (name, operand) = match only(test) {
        Ok(only) => only,
        Err(fault) => return Some(fault),
    };
    if operand.as_unknown().is_some() || name == UNDOCUMENTED {
        return None;
    }
    let is_text = matches!(operand.data(), Data::String(_));
    let takes = |is_fine: bool, what: &str| (!is_fine).then(|| format!("`{name}` takes {what}"));
    match name {
        "prefix" | "suffix" => takes(is_text || is_in_any_case(operand), "a text"),
        "equals-ignore-case" | "cidr" => takes(is_text, "a text"),
        "wildcard" => takes(is_text, "a text").or_else(|| wildcard(operand.as_str()?)),
        "exists" => takes(
            matches!(operand.data(), Data::Bool(_)),
            "`true` or `false`, without quotes",
        ),
        "anything-but" => anything_but(operand),
        "numeric" => numeric(operand),
        _ => Some(no_operator(name, &OPERATORS)),
    }
}

/// The one member of an operator.
fn only(test: Value<'_>) -> Result<(&str, Value<'_>), String> {
    let mut members = present(test);
    match (members.next(), members.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err("an empty mapping is not an operator".to_owned()),
        (Some((one, _)), Some((other, _))) => Err(format!(
            "`{one}` and `{other}` stand in one mapping, each operator needs its own"
        )),
    }
}

fn no_operator(name: &str, known: &'static [&'static str]) -> String {
    let same = known.iter().find(|known| folded(known) == folded(name));
    let near = same
        .copied()
        .or_else(|| nearest(name, known.iter().copied()));
    let expected = near.map_or_else(String::new, |near| format!(", expected `{near}`"));
    format!("there is no operator `{name}` here{expected}")
}

/// Whether an operand is a text in any letter case.
fn is_in_any_case(operand: Value<'_>) -> bool {
    let Ok(("equals-ignore-case", text)) = only(operand) else {
        return false;
    };
    matches!(text.data(), Data::String(_) | Data::Unknown(_))
}

fn wildcard(text: &str) -> Option<String> {
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '*' if letters.peek() == Some(&'*') => {
                return Some(format!("`{text}` has `**`, expected a single `*`"));
            }
            '\\' if !matches!(letters.next(), Some('*' | '\\')) => {
                return Some(format!(
                    "`{text}` has a backslash before something else than `*` or a backslash"
                ));
            }
            _ => {}
        }
    }
    None
}

/// What `anything-but` does not take: texts, or numbers, or one operator with texts.
fn anything_but(operand: Value<'_>) -> Option<String> {
    const TAKES: &str = "`anything-but` takes texts, or numbers, or one operator";
    let refused = |is_fine: bool| (!is_fine).then(|| TAKES.to_owned());
    match operand.data() {
        Data::String(_) | Data::Number(_) => None,
        Data::Array => refused(are_alike(operand, true)),
        Data::Object => match only(operand) {
            Err(fault) => Some(fault),
            Ok((name, _)) if !INSIDE.contains(&name) => Some(no_operator(name, &INSIDE)),
            Ok((name, texts)) => match texts.data() {
                Data::String("") if name == "prefix" || name == "suffix" => {
                    Some(format!("`{name}` is empty"))
                }
                Data::String(text) if name == "wildcard" => wildcard(text),
                Data::String(_) | Data::Unknown(_) => None,
                Data::Array => refused(are_alike(texts, false)),
                _ => refused(false),
            },
        },
        _ => refused(false),
    }
}

/// Whether a list has something in it, and either texts or, where they are allowed, numbers.
fn are_alike(list: Value<'_>, may_be_numbers: bool) -> bool {
    let is_open = |item: &Value<'_>| item.as_unknown().is_some();
    let is_text = |item: &Value<'_>| matches!(item.data(), Data::String(_));
    let is_number = |item: &Value<'_>| matches!(item.data(), Data::Number(_));
    present_items(list).next().is_some()
        && (present_items(list).all(|item| is_open(&item) || is_text(&item))
            || (may_be_numbers
                && present_items(list).all(|item| is_open(&item) || is_number(&item))))
}

/// What `numeric` does not take: a sign and a number, or a lower and an upper limit.
fn numeric(operand: Value<'_>) -> Option<String> {
    const TAKES: &str = "`numeric` takes a list of a sign and a number, such as `[\">\", 0]`, or of a lower and an upper limit";
    let items: Vec<Value<'_>> = present_items(operand).collect();
    if items.iter().any(|item| item.as_unknown().is_some()) {
        return None;
    }
    let sign = |at: usize| items.get(at).and_then(|item| item.as_str());
    let number = |at: usize| {
        let item = items.get(at).map(|item| item.data());
        matches!(item, Some(Data::Number(_)))
    };
    let is_fine = matches!(operand.data(), Data::Array)
        && match (sign(0), items.len()) {
            (Some("=" | ">" | ">=" | "<" | "<="), 2) => number(1),
            (Some(">" | ">="), 4) => number(1) && number(3) && matches!(sign(2), Some("<" | "<=")),
            _ => false,
        };
    (!is_fine).then(|| TAKES.to_owned())
}
