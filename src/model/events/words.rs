//! What is said about the parts of a pattern that no event fits.
//! It does not know how they are found.

use super::conjunct::PatternField;
use super::kind::{ECR, EventKind, Sent};
use super::kinds::KINDS;
use super::left::CandidateKinds;
use super::numbers::{Numbers, number};
use super::operator::operator;
use super::pattern::{at, has};
use super::sample::{
    Map, Sample, SampleMember, TextForm, folded, is_ecr, is_uri, is_uri_shape, words,
};
use crate::model::{Data, Mistake, Value};
use crate::source::nearest;

/// That no event has a field.
pub(super) fn missing(field: &PatternField<'_>, left: &CandidateKinds<'_>) -> Mistake {
    let path = field.path.join(".");
    let other = |kind: &&&EventKind| !has(&kind.event, &field.path).is_false();
    if let Some(kind) = left.unsent.iter().find(other) {
        return unsent(kind).into();
    }
    if path == "$or" {
        return "`$or` has less than two patterns".into();
    }
    let kinds = &left.kinds;
    let near = kinds.iter().find_map(|kind| near(&kind.event, &field.path));
    // Members of `detail` that stand beside it.
    let inside = || {
        let [key] = field.path.as_slice() else {
            return None;
        };
        let has = |kind: &&EventKind| {
            kind.sent != Sent::Foreign && has(&kind.event, &["detail", key]).is_true()
        };
        kinds.iter().any(has).then(|| format!("detail.{key}"))
    };
    let expected = inside().or(near);
    let told = match names(kinds).as_slice() {
        [name] => format!("events of type `{name}` have no `{path}`"),
        _ => return format!("no such event has `{path}`{}", hint(expected.as_deref())).into(),
    };
    let Some(near) = expected else {
        // Nothing of the kind is there to choose by.
        return Mistake::new(told).with("surplus", field.path.last().copied().unwrap_or_default());
    };
    let mistake = Mistake::new(told + &hint(Some(&near)));
    let key = |path: &str| {
        path.strip_prefix("detail.")
            .filter(|key| !key.contains('.'))
            .map(str::to_owned)
    };
    match (key(&path), key(&near)) {
        (Some(written), Some(key)) => mistake.key(&written, Some(&key)),
        _ => mistake,
    }
}

/// Ends a sentence with what was expected.
fn hint(expected: Option<&str>) -> String {
    expected.map_or_else(String::new, |expected| format!(", expected `{expected}`"))
}

/// The field that a path was most likely meant to be.
fn near(event: &Sample, path: &[&str]) -> Option<String> {
    let [key, rest @ ..] = path else { return None };
    match event {
        Sample::List(items) => items.iter().find_map(|item| near(item, path)),
        Sample::Map(map) => match event.member(key) {
            SampleMember::There(found) => {
                let near = near(found, rest)?;
                Some(format!("{key}.{near}"))
            }
            _ => map.near(key).map(|near| {
                let rest = rest.iter().map(|key| format!(".{key}"));
                rest.fold(near.to_owned(), |path, key| path + &key)
            }),
        },
        _ => None,
    }
}

/// That no event has a value at a field.
pub(super) fn value(
    field: &PatternField<'_>,
    test: Value<'_>,
    left: &CandidateKinds<'_>,
) -> Mistake {
    let other = |kind: &&&EventKind| !at(&kind.event, &field.path, test).is_false();
    if let Some(kind) = left.unsent.iter().find(other) {
        return unsent(kind).into();
    }
    let text = test.as_str();
    match (field.path.as_slice(), text) {
        (["source"], Some(text)) if is_ecr(text) => {
            let told = format!("no events come from `{text}`, expected `{ECR}`");
            return Mistake::new(told).instead(text, Some(ECR));
        }
        (["detail-type"], Some(text)) => return of_type(text, &left.kinds),
        _ => {}
    }
    let path = field.path.join(".");
    let samples = left.kinds.iter();
    let mut samples = samples.filter_map(|kind| found(&kind.event, &field.path));
    let problem = samples.find_map(|sample| of_sample(sample, &path, test, &left.kinds));
    problem.unwrap_or_else(|| format!("`{path}` {}", never(test)).into())
}

/// That what an alternative asks for is never there.
fn never(test: Value<'_>) -> String {
    let (name, text) = asked(test);
    if name == "exists" {
        return "is always there".to_owned();
    }
    let Some(text) = text else {
        return match test.data() {
            Data::Number(number) => format!("is never the number {number}"),
            Data::Bool(_) | Data::Null => "is a text".to_owned(),
            _ => "is never what is asked for".to_owned(),
        };
    };
    match name {
        "prefix" => format!("never begins with `{text}`"),
        "suffix" => format!("never ends with `{text}`"),
        "equals-ignore-case" => format!("is never `{text}`, in whatever letter case"),
        "wildcard" => format!("never fits `{text}`"),
        "anything-but" => format!("is never anything but `{text}`"),
        _ if text.is_empty() => "is never empty".to_owned(),
        _ => format!("is never `{text}`"),
    }
}

/// The operator of an alternative, and the text that it asks for; a plain text has no operator.
fn asked(test: Value<'_>) -> (&str, Option<&str>) {
    let Some((name, operand)) = operator(test) else {
        return ("", test.as_str());
    };
    let inner = operand.by_key("equals-ignore-case").and_then(Value::as_str);
    (name, operand.as_str().or(inner))
}

/// That records of calls which only read do not reach the rule.
pub(super) fn read(test: Value<'_>) -> String {
    let calls = match asked(test) {
        ("", Some(name)) => format!("`{name}`, a call that only reads,"),
        (_, text) => format!("`{}...`, calls that only read,", text.unwrap_or_default()),
    };
    format!(
        "{calls} is kept from rules whose `State` is not `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`"
    )
}

/// That no source of those that are left sends a type of events.
fn of_type(text: &str, kinds: &[&EventKind]) -> Mistake {
    let mut sources: Vec<&str> = kinds.iter().map(|kind| kind.source).collect();
    sources.retain(|source| !source.is_empty());
    sources.sort_unstable();
    sources.dedup();
    let who = match sources.as_slice() {
        [source] => format!("`{source}` sends"),
        _ => "AWS sends".to_owned(),
    };
    let names = || kinds.iter().map(|kind| kind.name);
    let told = format!("{who} no events of type `{text}`");
    if let Some(kind) = KINDS.iter().find(|kind| kind.name == text) {
        return format!("{told}, `{}` does", kind.source).into();
    }
    let known = names().find(|name| folded(name) == folded(text));
    let near = known
        .or_else(|| deeds(text))
        .or_else(|| nearest(text, names()));
    Mistake::new(told + &hint(near)).instead(text, near)
}

/// The type of events about what is done to images, where a type is named after that.
fn deeds(text: &str) -> Option<&'static str> {
    let is_deed = |word: String| word.starts_with("push") || word.starts_with("delet");
    words(text).any(is_deed).then_some("ECR Image Action")
}

/// The value at a path.
fn found<'e>(event: &'e Sample, path: &[&str]) -> Option<&'e Sample> {
    let [key, rest @ ..] = path else {
        return Some(event);
    };
    match event {
        Sample::List(items) => items.iter().find_map(|item| found(item, path)),
        _ => match event.member(key) {
            SampleMember::There(value) => found(value, rest),
            _ => None,
        },
    }
}

/// What is wrong with an alternative, by what stands there in an event.
fn of_sample(
    sample: &Sample,
    path: &str,
    test: Value<'_>,
    kinds: &[&EventKind],
) -> Option<Mistake> {
    let name = path.rsplit('.').next().unwrap_or(path);
    let text = test.as_str();
    let (by, wanted) = asked(test);
    if text.is_some_and(|text| text.contains('*')) && !matches!(sample, Sample::Map(_)) {
        let text = text.unwrap_or_default();
        let told = format!(
            "`{name}` is compared with `{text}` letter by letter, only `wildcard` makes `*` stand for others"
        );
        return Some(told.into());
    }
    match sample {
        Sample::List(items) if items.is_empty() => {
            let names = names(kinds).join("`, `");
            let told = format!("`{path}` of `{names}` is always empty");
            Some(Mistake::new(told).with("surplus", name))
        }
        Sample::List(items) => items
            .iter()
            .find_map(|item| of_sample(item, path, test, kinds)),
        Sample::Word(words) => {
            let wanted = wanted.filter(|_| matches!(by, "" | "equals-ignore-case"))?;
            let is_others = words.never.contains(&wanted);
            let only = words.known.first().copied().filter(|_| is_others);
            let near = words.near(wanted).or(only)?;
            let told = Mistake::new(format!("`{name}` {}, expected `{near}`", never(test)));
            Some(told.instead(wanted, Some(near).filter(|_| by.is_empty())))
        }
        Sample::Map(Map { .. }) => {
            let told = format!("`{name}` is a mapping, of which only members are compared");
            Some(told.into())
        }
        Sample::Number | Sample::Count
            if asked(test).0 == "numeric" && number(test, Numbers::All).is_false() =>
        {
            Some(format!("no number is within these limits of `{name}`").into())
        }
        Sample::Count if asks_for_number(test) => {
            Some(format!("`{name}` is how many there are, 0 or more, and a whole number").into())
        }
        Sample::Number | Sample::Count => {
            Some(format!("`{name}` is a number, expected one or `numeric`").into())
        }
        Sample::Free(form) => of_form(*form, name, test),
        _ => None,
    }
}

/// Whether an alternative asks for a number, or some.
fn asks_for_number(test: Value<'_>) -> bool {
    matches!(test.data(), Data::Number(_)) || asked(test).0 == "numeric"
}

fn of_form(form: TextForm, name: &str, test: Value<'_>) -> Option<Mistake> {
    let unknown = test.as_unknown();
    let reference = unknown.and_then(|unknown| unknown.reference.as_ref());
    let attribute = reference.map_or("", |reference| &*reference.attribute);
    let shape = unknown.and_then(|unknown| unknown.shape.as_ref());
    let start = match asked(test) {
        ("suffix" | "anything-but", _) | (_, None) => shape.map_or("", |shape| shape.prefix()),
        (_, Some(text)) => text,
    };
    let what = match (start, attribute) {
        (start, _) if start.starts_with("arn:") => "an ARN",
        (_, "Arn") => "an ARN",
        (start, _) if is_uri(start.trim_start_matches("https://")) => "a URI",
        _ if shape.is_some_and(is_uri_shape) => "a URI",
        (_, "RepositoryUri") => "a URI",
        _ => "a name",
    };
    match (form, what) {
        (TextForm::Name, "a name") => None,
        (TextForm::Name, what) => Some(of_repository(name, what, "name")),
        (TextForm::Arn, "a name") if name == "repository-name" || name == "resources" => {
            Some(of_repository(name, "a name", "ARN"))
        }
        (TextForm::Arn | TextForm::ImageArn, "a URI") => Some(of_repository(name, "a URI", "ARN")),
        _ => None,
    }
}

/// That another thing of the repository is expected. Of its own member it is plain which repository is meant.
fn of_repository(name: &str, what: &str, wanted: &str) -> Mistake {
    let told = format!("`{name}` is {what}, expected the repository's {wanted}");
    match (name, wanted) {
        ("repository-name", "name") => Mistake::new(told).with("wants_name", name),
        ("repository-name", _) => Mistake::new(told).with("wants_arn", name),
        _ => Mistake::new(told),
    }
}

/// That the registry does not scan in the way of which a kind of event says.
fn unsent(kind: &EventKind) -> String {
    let name = kind.name;
    match kind.sent {
        Sent::Basic => {
            format!("`{name}` comes from basic scanning, and the registry has enhanced scanning")
        }
        _ => format!("`{name}` comes from enhanced scanning, and the registry has basic scanning"),
    }
}

/// That a field cannot be beside the others.
pub(super) fn conflict(field: &PatternField<'_>, kind: &EventKind) -> String {
    let path = field.path.join(".");
    format!(
        "what else is asked for is in `{}`, which has no `{path}`",
        kind.name
    )
}

fn names<'k>(kinds: &[&'k EventKind]) -> Vec<&'k str> {
    let mut names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}
