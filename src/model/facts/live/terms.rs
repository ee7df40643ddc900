//! Policies, filters and tags as sets of words, in which the order and the spelling no longer show.
//! It does not know which side it reads.

use std::collections::BTreeSet;

use super::super::lifecycle::keys;
use crate::model::{Data, MemberKey, Value, members, policy};

/// What is to be compared, in words that a report can show.
pub(super) type Set = BTreeSet<String>;

/// A set, or why it is not known.
pub(super) type Terms = Result<Set, String>;

/// The patterns of exclusion filters.
pub(super) fn filters(list: Value<'_>) -> Terms {
    let filters = items(list)?.into_iter();
    filters
        .map(|filter| {
            Ok(format!(
                "the exclusion filter `{}`",
                text(filter, members::FILTER)?
            ))
        })
        .collect()
}

/// Tags, without those that AWS itself sets.
pub(super) fn tags(list: Value<'_>) -> Terms {
    let mut tags = Set::new();
    for tag in items(list)? {
        let (key, value) = (text(tag, members::TAG_KEY)?, text(tag, members::TAG_VALUE)?);
        if !key.starts_with("aws:") {
            tags.insert(format!("the tag `{key}={value}`"));
        }
    }
    Ok(tags)
}

/// The rules of a lifecycle policy: a prefix is the pattern that it stands for, and what is not written
/// has its default.
pub(super) fn lifecycle(policy: Value<'_>) -> Terms {
    if let Some(unknown) = policy.as_unknown() {
        return Err(unknown.reason.clone());
    }
    let Some(rules) = policy.get(keys::RULES) else {
        return match policy.data() {
            Data::Absent | Data::Null | Data::Object => Ok(Set::new()),
            _ => Err("the text of the lifecycle policy is not JSON".to_owned()),
        };
    };
    items(rules)?.into_iter().map(rule).collect()
}

fn rule(rule: Value<'_>) -> Result<String, String> {
    let selection = member(rule, keys::SELECTION)?;
    let action = member(rule, keys::ACTION)?;
    let mut tags = Vec::new();
    for (key, end) in [(keys::TAG_PATTERN_LIST, ""), (keys::TAG_PREFIX_LIST, "*")] {
        if let Some(list) = selection.get(key) {
            for entry in items(list)? {
                tags.push(format!("{}{end}", word(entry)?));
            }
        }
    }
    tags.sort_unstable();
    tags.dedup();
    let class = match selection.get(keys::STORAGE_CLASS).map(word).transpose()? {
        None => String::new(),
        Some(class) if class == "standard" => String::new(),
        Some(class) => format!(" in {class}"),
    };
    let status = text(selection, keys::TAG_STATUS)?;
    let tags = match tags.is_empty() {
        true => status,
        false => format!("{status} {}", tags.join(" and ")),
    };
    Ok(format!(
        "lifecycle rule {} ({}, {} {}, {}{class})",
        text(rule, keys::RULE_PRIORITY)?,
        tags,
        text(selection, keys::COUNT_TYPE)?,
        text(selection, keys::COUNT_NUMBER)?,
        text(action, keys::ACTION_TYPE)?,
    ))
}

/// Each action that each principal is given.
pub(super) fn access(entries: Value<'_>) -> Terms {
    let mut access = Set::new();
    for entry in items(entries)? {
        let class = text(entry, members::CLASS)?;
        let who = match entry.get(members::ACCOUNT).map(word) {
            Some(Ok(account)) if account_principal(entry) => format!("account {account}"),
            _ => canonical(member(entry, members::PRINCIPAL)?)?,
        };
        let actions = |key: MemberKey| match entry.get(key) {
            Some(list) => items(list)?
                .into_iter()
                .map(|action| text(action, members::ACTION))
                .collect::<Terms>(),
            None => Ok(Set::new()),
        };
        let (given, denied) = (actions(members::ACTIONS)?, actions(members::DENIED)?);
        let kept = given.difference(&denied);
        access.extend(kept.map(|action| format!("`{action}` for {who} ({class})")));
    }
    Ok(access)
}

/// What restricts the statements of a policy: conditions, exceptions, and everything that is denied. How actions
/// and principals are spread over statements does not show.
pub(super) fn restrictions(policy: Value<'_>) -> Terms {
    if let Some(unknown) = policy.as_unknown() {
        return Err(unknown.reason.clone());
    }
    let statements = policy.get(policy::keys::STATEMENT).into_iter();
    let statements = statements.flat_map(|statements| match statements.data() {
        Data::Array => statements.items().collect(),
        _ => vec![statements],
    });
    let mut restrictions = Set::new();
    for statement in statements {
        let denies = text(statement, policy::keys::EFFECT)? == "Deny";
        let mut parts = vec![
            policy::keys::CONDITION,
            policy::keys::NOT_PRINCIPAL,
            policy::keys::NOT_ACTION,
        ];
        if denies {
            parts.extend([policy::keys::ACTION, policy::keys::PRINCIPAL]);
        }
        let parts = parts.into_iter().filter_map(|key| {
            let part = statement.get(key).filter(|part| !part.is_absent())?;
            Some(canonical(part).map(|part| format!("{}:{part}", key.name())))
        });
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        if denies || !parts.is_empty() {
            restrictions.insert(format!("{denies} {}", parts.join(" ")));
        }
    }
    Ok(restrictions)
}

/// Whether the principal is an account as a whole, which has two spellings.
fn account_principal(entry: Value<'_>) -> bool {
    let written = entry.get(members::PRINCIPAL).and_then(Value::as_str);
    written.is_some_and(|text| {
        text.ends_with(":root") || text.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// A value as JSON in which the order of members and of lists does not show, nor whether a list of one is
/// written as a list.
pub(super) fn canonical(value: Value<'_>) -> Result<String, String> {
    Ok(match value.data() {
        Data::Absent | Data::Null => String::new(),
        Data::Unknown(unknown) => return Err(unknown.reason.clone()),
        Data::Array => {
            let mut items = value
                .items()
                .map(canonical)
                .collect::<Result<Vec<_>, _>>()?;
            items.sort_unstable();
            items.dedup();
            items.join(",")
        }
        Data::Object => {
            let mut members = Vec::with_capacity(value.members().len());
            for (key, member) in value.members().filter(|(_, member)| !member.is_absent()) {
                members.push(format!("{key}:[{}]", canonical(member)?));
            }
            members.sort_unstable();
            format!("{{{}}}", members.join(","))
        }
        Data::Bool(flag) => flag.to_string(),
        Data::Number(text) | Data::String(text) => text.to_owned(),
    })
}

fn items(list: Value<'_>) -> Result<Vec<Value<'_>>, String> {
    match list.data() {
        Data::Unknown(unknown) => Err(unknown.reason.clone()),
        _ => Ok(list.items().collect()),
    }
}

fn member<'v>(value: Value<'v>, key: MemberKey) -> Result<Value<'v>, String> {
    if let Some(unknown) = value.as_unknown() {
        return Err(unknown.reason.clone());
    }
    value
        .get(key)
        .ok_or_else(|| format!("there is no `{}`", key.name()))
}

fn text(value: Value<'_>, key: MemberKey) -> Result<String, String> {
    word(member(value, key)?)
}

fn word(value: Value<'_>) -> Result<String, String> {
    match value.data() {
        Data::String(text) | Data::Number(text) => Ok(text.to_owned()),
        Data::Bool(flag) => Ok(flag.to_string()),
        Data::Unknown(unknown) => Err(unknown.reason.clone()),
        Data::Null | Data::Absent => Ok(String::new()),
        Data::Array | Data::Object => Err("a text is a list or a mapping".to_owned()),
    }
}
