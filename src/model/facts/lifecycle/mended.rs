//! A lifecycle policy with one thing changed, as a text to put in its place.
//! It does not know what is wrong with it.
//!
//! A policy in which parameters or conditions have a part is written down by nobody: in a text they would be lost.

use serde_json::{Map, Number, Value as Json, json};

use super::keys;
use super::words::{COUNT, MOST_RULES};
use crate::model::{Data, MemberKey, Value};
use crate::source::Span;

/// Images that a rule leaves alone which is there to keep what is protected: the quota of a repository.
const ALL: i64 = 100_000;
/// A policy that takes nothing with a tag: for where nobody has said what to keep.
pub(super) const CAUTIOUS: &str = r#"{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}"#;

/// Bytes of mended policies that are written of one policy before another one is: each is as long as the whole.
pub(super) const MOST_WRITTEN: usize = 40_000;

/// The member of a mapping that is changed: its key and where its value stands.
pub(super) type At<'a> = (&'a str, Span);

/// What is changed of a member.
#[derive(Clone, Copy, Debug)]
pub(super) enum MemberEdit<'a> {
    /// Another number in its place.
    Number(i64),
    /// Another text in its place.
    Text(&'a str),
    /// Another key for it.
    Key(&'a str),
    /// One member more in it.
    Member(&'a str, &'a str),
    /// A list with nothing but it.
    Alone,
    /// A mapping with it under this key.
    Under(&'a str),
    /// It goes.
    Away,
}

/// The policy with one change; `None` where not all of it is known, or the member is not the only one there.
pub(super) fn changed(policy: Value<'_>, at: At<'_>, change: MemberEdit<'_>) -> Option<String> {
    let mut found = 0;
    let changed = copy(policy, &mut |key, span, value| {
        if (key, span) != at {
            return Some((key.to_owned(), value));
        }
        found += 1;
        match change {
            MemberEdit::Number(number) => Some((key.to_owned(), json!(number))),
            MemberEdit::Text(text) => Some((key.to_owned(), json!(text))),
            MemberEdit::Key(other) => Some((other.to_owned(), value)),
            MemberEdit::Member(name, text) => {
                let mut value = value;
                value[name] = json!(text);
                Some((key.to_owned(), value))
            }
            MemberEdit::Alone => Some((key.to_owned(), json!([value]))),
            MemberEdit::Under(name) => Some((key.to_owned(), json!({ name: value }))),
            MemberEdit::Away => None,
        }
    })?;
    (found == 1).then(|| changed.to_string())
}

/// The policy as it is; `None` where not all of it is known.
pub(super) fn text(policy: Value<'_>) -> Option<String> {
    Some(plain(policy)?.to_string())
}

/// The policy as a text for `Fn::Sub`, with `${Name}` for each `Ref` that ended up in it.
pub(super) fn substituted(policy: Value<'_>) -> Option<String> {
    if policy.is_computed() {
        return None;
    }
    let mut text = String::new();
    substitute(&mut text, "", policy)?.then_some(text)
}

/// Adds what stands under `key` as JSON in a text of `Fn::Sub`, and says whether there is a name in it; `None` where
/// not all of it is known, or another function stands in it.
fn substitute(text: &mut String, key: &str, value: Value<'_>) -> Option<bool> {
    let literal = |json: &Json| json.to_string().replace("${", "${!");
    let mut is_named = false;
    match value.data() {
        Data::Array => {
            text.push('[');
            for (index, item) in value.items().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                is_named |= substitute(text, key, item)?;
            }
            text.push(']');
        }
        Data::Object => {
            let there = value.members().filter(|(_, inner)| !inner.is_absent());
            let there: Vec<_> = there.collect();
            match there.as_slice() {
                [("Ref", name)] => {
                    let name = name.as_str()?;
                    text.push_str(&match key {
                        "countNumber" | "rulePriority" => format!("${{{name}}}"),
                        _ => format!("\"${{{name}}}\""),
                    });
                    return Some(true);
                }
                [(name, _)] if name.starts_with("Fn::") => return None,
                _ => {}
            }
            text.push('{');
            for (index, (key, inner)) in there.into_iter().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                text.push_str(&literal(&Json::from(key)));
                text.push(':');
                is_named |= substitute(text, key, inner)?;
            }
            text.push('}');
        }
        _ => text.push_str(&literal(&plain(value)?)),
    }
    Some(is_named)
}

/// The policy without the rule of a priority; where it is the only one, a policy that takes nothing with a tag.
pub(super) fn without(policy: Value<'_>, priority: i64) -> Option<String> {
    let mut rules = rules(policy)?;
    rules.retain(|rule| self::priority(rule) != Some(priority));
    match rules.is_empty() {
        true => Some(CAUTIOUS.to_owned()),
        false => with(policy, rules),
    }
}

/// The policy with a rule for each entry of a list, in place of the rule whose list it is.
pub(super) fn split(policy: Value<'_>, key: MemberKey, list: Value<'_>) -> Option<String> {
    let is_own = |rule: Value<'_>| {
        let own = rule
            .get(keys::SELECTION)
            .and_then(|selection| selection.get(key));
        own.is_some_and(|other| other.same(list))
    };
    let index = policy.get(keys::RULES)?.items().position(is_own)?;
    let rules = rules(policy)?;
    let first = priority(rules.get(index)?)?;
    let entries = rules[index][keys::SELECTION.name()][key.name()]
        .as_array()?
        .clone();
    let more = i64::try_from(entries.len()).ok()? - 1;
    let mut split = Vec::new();
    for (at, mut rule) in rules.into_iter().enumerate() {
        if at != index {
            let number = priority(&rule)?;
            if entries
                .iter()
                .any(|entry| rule[keys::SELECTION.name()][key.name()] == json!([entry]))
            {
                return None;
            }
            rule[keys::RULE_PRIORITY.name()] = json!(if number > first {
                number + more
            } else {
                number
            });
            split.push(rule);
            continue;
        }
        for (number, entry) in (first..).zip(&entries) {
            rule[keys::RULE_PRIORITY.name()] = json!(number);
            rule[keys::SELECTION.name()][key.name()] = json!([entry]);
            split.push(rule.clone());
        }
    }
    with(policy, split)
}

/// The policy with a rule in front for each of the tags, which keeps images that have it from all others.
pub(super) fn guarded(policy: Value<'_>, tags: &[&str]) -> Option<String> {
    let mut others = rules(policy)?;
    let is_own = |rule: &Json| {
        let list = &rule["selection"]["tagPatternList"];
        tags.iter().any(|tag| *list == json!([tag]))
    };
    others.retain(|rule| !is_own(rule));
    others.sort_by_key(priority);
    if others.is_empty() || tags.is_empty() {
        return None;
    }
    let guard = |tag: &&str| {
        // A tag is on one image at a time.
        let count = if tag.contains('*') { ALL } else { 1 };
        json!({
            "rulePriority": 0,
            "description": format!("keeps {tag}"),
            "selection": { "tagStatus": "tagged", "tagPatternList": [tag], "countType": COUNT, "countNumber": count },
            "action": { "type": "expire" },
        })
    };
    let mut rules: Vec<Json> = tags.iter().map(guard).chain(others).collect();
    for (number, rule) in (1..).zip(&mut rules) {
        rule["rulePriority"] = json!(number);
    }
    with(policy, rules)
}

fn priority(rule: &Json) -> Option<i64> {
    rule["rulePriority"].as_i64()
}

fn rules(policy: Value<'_>) -> Option<Vec<Json>> {
    let rules = plain(policy.get(keys::RULES)?)?;
    let rules = rules.as_array().cloned()?;
    let is_rule = |rule: &Json| rule["selection"].is_object() && priority(rule).is_some();
    rules.iter().all(is_rule).then_some(rules)
}

fn with(policy: Value<'_>, rules: Vec<Json>) -> Option<String> {
    if rules.len() > MOST_RULES {
        return None;
    }
    let mut policy = plain(policy)?;
    policy["rules"] = Json::from(rules);
    Some(policy.to_string())
}

fn plain(value: Value<'_>) -> Option<Json> {
    copy(value, &mut |key, _, value| Some((key.to_owned(), value)))
}

/// A value of which everything is known; what is to become of each member, `member` says.
fn copy(
    value: Value<'_>,
    member: &mut impl FnMut(&str, Span, Json) -> Option<(String, Json)>,
) -> Option<Json> {
    if value.is_computed() {
        return None;
    }
    Some(match value.data() {
        Data::Unknown(_) | Data::Absent => return None,
        Data::Null => Json::Null,
        Data::Bool(flag) => Json::Bool(flag),
        Data::Number(text) => Json::Number(text.parse::<Number>().ok()?),
        Data::String(text) => Json::String(text.to_owned()),
        Data::Array => {
            let items = value.items().map(|item| copy(item, member));
            Json::Array(items.collect::<Option<_>>()?)
        }
        Data::Object => {
            let mut members = Map::new();
            for (key, inner) in value.members().filter(|(_, inner)| !inner.is_absent()) {
                let copied = copy(inner, member)?;
                members.extend(member(key, inner.span(), copied));
            }
            Json::Object(members)
        }
    })
}
