//! Reads values of a policy, and says what is wrong with those of another kind.
//! It does not know the grammar: which keys and words there are.

use super::super::leaf::Leaf;
use super::keys;
use super::mended::MemberEdit;
use super::problems::PolicyProblems;
use super::refusals::{self, said};
use crate::model::{Data, Mistake, Value};
use crate::source::{self, Span};

/// Keys that a policy may be without.
const OPTIONAL: [&str; 6] = [
    keys::DESCRIPTION.name(),
    keys::TAG_PATTERN_LIST.name(),
    keys::TAG_PREFIX_LIST.name(),
    keys::STORAGE_CLASS.name(),
    keys::COUNT_UNIT.name(),
    keys::TARGET_STORAGE_CLASS.name(),
];

/// A value of a rule and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct RuleField<'v, T> {
    pub(super) leaf: Leaf<'v, T>,
    pub(super) span: Span,
}

/// A member that is there.
pub(super) fn present_member<'v>(parent: Value<'v>, key: &str) -> Option<Value<'v>> {
    parent.by_key(key).filter(|value| !value.is_absent())
}

/// Whether another key stands where this one was meant: then that is what is wrong, and not that it is missing.
pub(super) fn is_misspelled(parent: Value<'_>, key: &str, known: &[&str]) -> bool {
    let strange = parent.members().map(|(key, _)| key);
    let mut strange = strange.filter(|key| !known.contains(key));
    strange.any(|written| source::nearest(written, known.iter().copied()) == Some(key))
}

/// A member that has to be there, of an owner with these keys.
pub(super) fn required<'v>(
    problems: &mut PolicyProblems<'_>,
    parent: Value<'v>,
    owner: &str,
    known: &[&str],
    key: &str,
) -> Option<Value<'v>> {
    let value = present_member(parent, key);
    if value.is_none() && !is_misspelled(parent, key, known) {
        let problem = format!("{owner} has no `{key}`");
        problems.add(parent.span(), said(problem, refusals::missing(key)));
    }
    value
}

/// Whether a value is a mapping, and one of nothing but known keys.
pub(super) fn mapping(
    problems: &mut PolicyProblems<'_>,
    value: Value<'_>,
    what: &str,
    known: &[&str],
) -> bool {
    match value.data() {
        Data::Object => {}
        Data::Unknown(unknown) => {
            problems.cannot_tell(unknown);
            return false;
        }
        _ => {
            let problem = format!("{what} is not a mapping");
            match what {
                "the policy" => problems.add(value.span(), said(problem, refusals::UNREADABLE)),
                _ => problems.add(value.span(), problem),
            }
            return false;
        }
    }
    if function(value).is_some() {
        refuse(problems, value, what.trim_matches('`'), "a mapping");
        return false;
    }
    for (key, member) in value.members() {
        if known.contains(&key) {
            continue;
        }
        let near = source::nearest(key, known.iter().copied());
        let Some(near) = near else {
            let text = format!("{what} has the key `{key}`, which ECR does not know");
            problems.add(member.span(), said(text, refusals::STRANGE_KEY));
            continue;
        };
        let text = format!("{what} has the key `{key}`, expected `{near}`");
        match present_member(value, near) {
            Some(_) => problems.add(member.span(), said(text, refusals::STRANGE_KEY)),
            None => {
                let at = (key, member.span());
                // That a needed one is not there comes before that another one is.
                let text = match OPTIONAL.contains(&near) {
                    true => said(text, refusals::STRANGE_KEY),
                    false => said(text, refusals::missing(near)),
                };
                problems.add_change(member.span(), text, at, MemberEdit::Key(near));
            }
        }
    }
    true
}

/// Reads a member that has to be one of a few words.
pub(super) fn word<'v>(
    problems: &mut PolicyProblems<'_>,
    parent: Value<'v>,
    key: &str,
    known: &[&str],
    words: &[&str],
) -> RuleField<'v, &'v str> {
    match present_member(parent, key) {
        Some(value) => one_of(problems, value, key, words),
        None if is_misspelled(parent, key, known) => missing(parent),
        None => {
            let problem = format!("there is no `{key}`");
            problems.add(parent.span(), said(problem, refusals::missing(key)));
            missing(parent)
        }
    }
}

/// Reads a storage class: what is not written is `standard`.
pub(super) fn optional_word<'v>(
    problems: &mut PolicyProblems<'_>,
    parent: Value<'v>,
    key: &str,
    words: &[&'static str],
) -> RuleField<'v, &'v str> {
    match present_member(parent, key) {
        Some(value) => one_of(problems, value, key, words),
        None => RuleField {
            leaf: words
                .first()
                .map_or(Leaf::Absent, |word| Leaf::Known(*word)),
            span: parent.span(),
        },
    }
}

fn one_of<'v>(
    problems: &mut PolicyProblems<'_>,
    value: Value<'v>,
    key: &str,
    words: &[&str],
) -> RuleField<'v, &'v str> {
    let leaf = match value.data() {
        Data::String(text) if words.contains(&text) => Leaf::Known(text),
        Data::String(text) => {
            let expected = words.join("` or `");
            let problem = format!("`{key}` is `{text}`, expected `{expected}`");
            match source::nearest(text, words.iter().copied()) {
                Some(near) => {
                    let at = (key, value.span());
                    problems.add_change(value.span(), &problem, at, MemberEdit::Text(near));
                }
                None => problems.add(value.span(), &problem),
            }
            Leaf::Other
        }
        Data::Unknown(unknown) => {
            problems.cannot_tell(unknown);
            Leaf::Unknown(unknown)
        }
        _ => {
            refuse(problems, value, key, "a text");
            Leaf::Other
        }
    };
    RuleField {
        leaf,
        span: value.span(),
    }
}

/// Reads a whole number of at least 1.
pub(super) fn whole<'v>(
    problems: &mut PolicyProblems<'_>,
    parent: Value<'v>,
    key: &str,
    known: &[&str],
) -> RuleField<'v, i64> {
    let Some(value) = present_member(parent, key) else {
        if !is_misspelled(parent, key, known) {
            let problem = counted(format!("there is no `{key}`"), key);
            problems.add(parent.span(), said(problem, refusals::missing(key)));
        }
        return missing(parent);
    };
    let leaf = match (value.data(), value.as_i64()) {
        (Data::Number(_), Some(number)) if number >= 1 => Leaf::Known(number),
        (Data::Number(number), _) => {
            let text = format!("`{key}` is {number}, expected a whole number of at least 1");
            match without_fraction(number) {
                Some(number) => {
                    let at = (key, value.span());
                    problems.add_change(value.span(), &text, at, MemberEdit::Number(number));
                }
                None => {
                    let problem = counted(text, key);
                    let low = value.as_i64().filter(|number| *number < 1);
                    problems.add(
                        value.span(),
                        match low {
                            Some(number) => said(problem, refusals::too_low(number)),
                            None => problem,
                        },
                    );
                }
            }
            Leaf::Other
        }
        (Data::Unknown(unknown), _) => {
            problems.cannot_tell(unknown);
            Leaf::Unknown(unknown)
        }
        (Data::String(text), _) if text.parse::<i64>().is_ok_and(|number| number >= 1) => {
            let number = text.parse().unwrap_or(1);
            let text = format!("`{key}` is a text, expected a whole number");
            let at = (key, value.span());
            problems.add_change(value.span(), &text, at, MemberEdit::Number(number));
            Leaf::Other
        }
        _ => {
            refuse(problems, value, key, "a whole number");
            Leaf::Other
        }
    };
    RuleField {
        leaf,
        span: value.span(),
    }
}

/// A number such as `30.0`, where it is a whole one of at least 1.
fn without_fraction(number: &str) -> Option<i64> {
    let whole = number.trim_end_matches('0').strip_suffix('.')?;
    whole.parse().ok().filter(|number| *number >= 1)
}

/// What is wrong with a number, with whose business it is to say how many.
fn counted(problem: String, key: &str) -> Mistake {
    match key {
        "countNumber" => Mistake::new(problem).with(
            "advice",
            "how many images are needed is for their owner to say",
        ),
        _ => Mistake::new(problem),
    }
}

fn missing<T>(parent: Value<'_>) -> RuleField<'_, T> {
    RuleField {
        leaf: Leaf::Absent,
        span: parent.span(),
    }
}

/// Adds that a value is of the wrong kind. A template function that ended up inside the JSON text
/// is the most likely reason, and the most puzzling one.
pub(super) fn refuse(
    problems: &mut PolicyProblems<'_>,
    value: Value<'_>,
    key: &str,
    expected: &str,
) {
    let Some(name) = function(value) else {
        let text = format!("`{key}` is {}, expected {expected}", kind(value));
        return problems.add(value.span(), &text);
    };
    let text = format!(
        "`{key}` is `{{\"{name}\": …}}`, and CloudFormation functions inside the JSON text are \
         not resolved"
    );
    problems.add_substituted(value.span(), &text);
}

/// Name of the template function that a mapping stands for.
fn function(value: Value<'_>) -> Option<&str> {
    let mut members = value.members();
    let (key, _) = members.next()?;
    let alone = members.next().is_none();
    (alone && (key == "Ref" || key.starts_with("Fn::"))).then_some(key)
}

fn kind(value: Value<'_>) -> &'static str {
    match value.data() {
        Data::Null | Data::Absent => "null",
        Data::Bool(_) => "a boolean",
        Data::Number(_) => "a number",
        Data::String(_) => "a text",
        Data::Array => "a list",
        Data::Object => "a mapping",
        Data::Unknown(_) => "not known",
    }
}
