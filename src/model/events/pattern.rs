//! EventBridge patterns: whether one matches an event. Every member that a pattern names has to be there
//! and match, the values of a list are alternatives, and nothing else of the event matters.
//! It does not know what events there are.

use super::sample::{Hidden, Sample};
use crate::model::policy::Truth;
use crate::model::{Data, Piece, Shape, Unknown, Value};

/// Whether the pattern matches the event, or part of an event. Depth is bounded by the event's.
pub(super) fn matches(pattern: Value<'_>, event: &Sample) -> Truth {
    if let Some(unknown) = pattern.as_unknown() {
        return Truth::unknown(unknown.reason.as_str());
    }
    if matches!(event, Sample::Any) {
        return Truth::Yes;
    }
    let members = pattern.members().filter(|(_, value)| !value.is_absent());
    Truth::all(members.map(|(key, wanted)| match key {
        "$or" => Truth::any(wanted.items().map(|part| matches(part, event))),
        key => member(wanted, find(event, key)),
    }))
}

fn find<'e>(event: &'e Sample, key: &str) -> Option<&'e Sample> {
    match event {
        Sample::Map(members) => members
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value),
        _ => None,
    }
}

/// Whether what a pattern says about one member holds.
fn member(wanted: Value<'_>, found: Option<&Sample>) -> Truth {
    match (wanted.data(), found) {
        (Data::Unknown(unknown), _) => Truth::unknown(unknown.reason.as_str()),
        (Data::Object, Some(found)) => matches(wanted, found),
        // What is not there has no members either, which a pattern may ask for.
        (Data::Object, None) => matches(wanted, &Sample::Map(Vec::new())),
        (Data::Array, found) => Truth::any(wanted.items().map(|test| one(test, found))),
        _ => Truth::No,
    }
}

/// Whether one alternative holds.
fn one(test: Value<'_>, found: Option<&Sample>) -> Truth {
    if let Some(exists) = test.get("exists") {
        return match exists.data() {
            Data::Bool(_) if matches!(found, Some(Sample::Any)) => Truth::Yes,
            Data::Bool(wanted) => Truth::from(wanted == found.is_some()),
            Data::Unknown(unknown) => Truth::unknown(unknown.reason.as_str()),
            _ => Truth::No,
        };
    }
    match found {
        None => Truth::No,
        Some(Sample::Any) => Truth::Yes,
        Some(Sample::List(items)) => Truth::any(items.iter().map(|item| one(test, Some(item)))),
        Some(Sample::Text(text)) => {
            let shape = Shape(vec![Piece::Text(text.clone())]);
            leaf(test, &shape, None)
        }
        Some(Sample::Hidden(hidden)) => leaf(test, &hidden.shape, Some(hidden)),
        Some(Sample::Map(_)) => Truth::No,
    }
}

fn leaf(test: Value<'_>, shape: &Shape, hidden: Option<&Hidden>) -> Truth {
    match test.data() {
        Data::String(text) => equals(text, shape, hidden),
        Data::Unknown(unknown) => same(unknown, shape, hidden),
        Data::Object => operator(test, shape, hidden),
        _ => Truth::No,
    }
}

fn open(hidden: Option<&Hidden>) -> Truth {
    Truth::unknown(hidden.map_or("", |hidden| &hidden.reason))
}

fn equals(text: &str, shape: &Shape, hidden: Option<&Hidden>) -> Truth {
    match (shape.admits(text), hidden) {
        (false, _) => Truth::No,
        (true, None) => Truth::Yes,
        (true, hidden) => open(hidden),
    }
}

/// Two values that are not known whole: equal when they are the same attribute, or all that fills their
/// holes is the same.
fn same(unknown: &Unknown, shape: &Shape, hidden: Option<&Hidden>) -> Truth {
    let reference = hidden.and_then(|hidden| hidden.reference.as_ref());
    if reference.is_some() && unknown.reference.as_ref() == reference {
        return Truth::Yes;
    }
    match (&unknown.shape, shape.0.as_slice()) {
        (Some(own), [Piece::Text(text)]) if !own.admits(text) => Truth::No,
        (Some(own), _) if !ends_alike(own, shape) => Truth::No,
        _ => Truth::unknown(unknown.reason.as_str()),
    }
}

fn ends_alike(one: &Shape, other: &Shape) -> bool {
    let (one, other) = (end(one), end(other));
    one.ends_with(other) || other.ends_with(one)
}

fn end(shape: &Shape) -> &str {
    match shape.0.last() {
        Some(Piece::Text(text)) => text,
        _ => "",
    }
}

/// The operators of patterns, on a text.
fn operator(test: Value<'_>, shape: &Shape, hidden: Option<&Hidden>) -> Truth {
    let mut members = test.members().filter(|(_, value)| !value.is_absent());
    let (Some((name, value)), None) = (members.next(), members.next()) else {
        return Truth::No;
    };
    if let Some(unknown) = value.as_unknown() {
        return Truth::unknown(unknown.reason.as_str());
    }
    match (name, value.data()) {
        ("prefix" | "suffix", Data::Object) => match value.get("equals-ignore-case") {
            Some(value) => edge(name, value, (shape, hidden), true),
            None => Truth::No,
        },
        ("prefix" | "suffix", _) => edge(name, value, (shape, hidden), false),
        ("equals-ignore-case", Data::String(text)) => match hidden {
            None => Truth::from(shape.prefix().eq_ignore_ascii_case(text)),
            hidden => open(hidden),
        },
        ("wildcard", Data::String(pattern)) => match hidden {
            None => Truth::from(wildcard(pattern, shape.prefix())),
            hidden => open(hidden),
        },
        ("anything-but", Data::Array) => {
            !Truth::any(value.items().map(|item| leaf(item, shape, hidden)))
        }
        ("anything-but", Data::Object) => match nested_list(value) {
            Some((name, list)) => !Truth::any(list.items().map(|item| match name {
                "prefix" | "suffix" => edge(name, item, (shape, hidden), false),
                "wildcard" => match (item.as_str(), hidden) {
                    (Some(pattern), None) => Truth::from(wildcard(pattern, shape.prefix())),
                    _ => open(hidden),
                },
                _ => match (item.as_str(), hidden) {
                    (Some(text), None) => Truth::from(shape.prefix().eq_ignore_ascii_case(text)),
                    _ => open(hidden),
                },
            })),
            None => !operator(value, shape, hidden),
        },
        ("anything-but", _) => !leaf(value, shape, hidden),
        // Numbers and addresses are no texts.
        ("numeric" | "cidr", _) => Truth::No,
        _ => Truth::unknown(format!("what `{name}` does in a pattern is not known")),
    }
}

/// The operator and its list in `{"anything-but": {"prefix": ["a", "b"]}}`.
fn nested_list<'v>(value: Value<'v>) -> Option<(&'v str, Value<'v>)> {
    let (name, list) = value.members().next()?;
    matches!(list.data(), Data::Array).then_some((name, list))
}

fn edge(
    name: &str,
    value: Value<'_>,
    (shape, hidden): (&Shape, Option<&Hidden>),
    ignore_case: bool,
) -> Truth {
    let Some(wanted) = value.as_str() else {
        return match value.as_unknown() {
            Some(unknown) => Truth::unknown(unknown.reason.as_str()),
            None => Truth::No,
        };
    };
    let fold = |text: &str| match ignore_case {
        true => text.to_ascii_lowercase(),
        false => text.to_owned(),
    };
    let wanted = fold(wanted);
    let certain = fold(match name {
        "prefix" => shape.prefix(),
        _ => end(shape),
    });
    let (holds, may_hold) = match name {
        "prefix" => (certain.starts_with(&wanted), wanted.starts_with(&certain)),
        _ => (certain.ends_with(&wanted), wanted.ends_with(&certain)),
    };
    match (holds, hidden) {
        (true, _) => Truth::Yes,
        (false, Some(_)) if may_hold => open(hidden),
        (false, _) => Truth::No,
    }
}

/// Whether `*` in a pattern, but not `\*`, stands for what is in its place. Linear in the product of both
/// lengths at worst.
fn wildcard(pattern: &str, text: &str) -> bool {
    let mut parts = vec![String::new()];
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '*' => parts.push(String::new()),
            letter => {
                let literal = if letter == '\\' {
                    letters.next()
                } else {
                    Some(letter)
                };
                if let Some(last) = parts.last_mut() {
                    last.extend(literal);
                }
            }
        }
    }
    let [first, middle @ .., last] = parts.as_slice() else {
        return parts.first().is_some_and(|whole| whole == text);
    };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else {
        return false;
    };
    for part in middle {
        let Some(at) = rest.find(part.as_str()) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last.as_str())
}
