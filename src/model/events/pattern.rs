//! EventBridge patterns: whether one matches an event. Every member that a pattern names has to be there
//! and match, the values of a list are alternatives, and nothing else of the event matters.
//! It does not know what events there are.

use super::conjunct::{PatternField, alternatives};
use super::matcher::one;
use super::sample::{Map, Sample, SampleMember, undocumented};
use crate::model::{Data, Truth, Value};

/// Whether the pattern matches the event, or part of an event. Depth is bounded by the event's.
pub(super) fn matches(pattern: Value<'_>, event: &Sample) -> Truth {
    if let Some(unknown) = pattern.as_unknown() {
        return Truth::unknown(unknown.reason.as_str());
    }
    match event {
        Sample::Any => return Truth::True,
        Sample::List(items) => return Truth::any(items.iter().map(|item| matches(pattern, item))),
        // A text that is not JSON is not a pattern.
        _ if !matches!(pattern.data(), Data::Object) => return Truth::False,
        _ => {}
    }
    let members = pattern.members().filter(|(_, value)| !value.is_absent());
    Truth::all(
        members.map(|(key, wanted)| match alternatives(key, wanted) {
            Some(parts) => Truth::any(parts.map(|part| matches(part, event))),
            None => member(wanted, key, event),
        }),
    )
}

/// Whether what a pattern says about one member holds.
fn member(wanted: Value<'_>, key: &str, event: &Sample) -> Truth {
    let nothing = Sample::Map(Map {
        members: Vec::new(),
        is_open: false,
        never: &[],
    });
    match (wanted.data(), event.member(key)) {
        (Data::Unknown(unknown), _) => Truth::unknown(unknown.reason.as_str()),
        (Data::Object, SampleMember::There(found)) => matches(wanted, found),
        // What is not there has no members either, which a pattern may ask for.
        (Data::Object, SampleMember::Nowhere) => matches(wanted, &nothing),
        (Data::Object, SampleMember::Perhaps) => undocumented(&format!("the field `{key}`")),
        (Data::Array, found) => {
            let tests = wanted.items();
            Truth::any(tests.map(|test| match found {
                SampleMember::There(found) => one(test, Some(found)),
                SampleMember::Nowhere => one(test, None),
                SampleMember::Perhaps => perhaps(test, key),
            }))
        }
        _ => Truth::False,
    }
}

/// Whether an alternative holds of a field that may not be there.
fn perhaps(test: Value<'_>, key: &str) -> Truth {
    match one(test, None) {
        Truth::False => undocumented(&format!("the field `{key}`")),
        other => other,
    }
}

/// Whether what a pattern asks of a field holds of an event, whatever stands in its other fields.
pub(super) fn fits(field: &PatternField<'_>, event: &Sample) -> Truth {
    if let Some(unknown) = field.tests.as_unknown() {
        return Truth::unknown(unknown.reason.as_str());
    }
    let tests = field.alternatives().into_iter();
    Truth::any(tests.map(|test| at(event, &field.path, test)))
}

/// Whether one alternative holds of the field at a path.
pub(super) fn at(event: &Sample, path: &[&str], test: Value<'_>) -> Truth {
    let [key, rest @ ..] = path else {
        return one(test, Some(event));
    };
    if let Sample::List(items) = event {
        return match items.is_empty() {
            true => one(test, None),
            false => Truth::any(items.iter().map(|item| at(item, path, test))),
        };
    }
    match event.member(key) {
        SampleMember::There(found) => at(found, rest, test),
        SampleMember::Nowhere => one(test, None),
        SampleMember::Perhaps => perhaps(test, key),
    }
}

/// Whether an event has a field at a path; not known where nobody has documented it.
pub(super) fn has(event: &Sample, path: &[&str]) -> Truth {
    let [key, rest @ ..] = path else {
        return Truth::True;
    };
    if let Sample::List(items) = event {
        return Truth::any(items.iter().map(|item| has(item, path)));
    }
    match event.member(key) {
        SampleMember::There(found) => has(found, rest),
        SampleMember::Nowhere => Truth::False,
        SampleMember::Perhaps => undocumented(&format!("the field `{key}`")),
    }
}
