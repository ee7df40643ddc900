//! What a human calls those whom a statement lets in, as part of a sentence.
//! It does not know what they may do.

use super::account::Account;
use super::principal::{NamedPrincipal, Principal};
use super::text::{member, one_or_many};
use crate::model::policy::keys;
use crate::model::{Data, Value};
use crate::source::Span;

/// A principal that the policy names.
pub(super) fn named(named: &NamedPrincipal<'_>) -> String {
    match &named.principal {
        Principal::Everyone => "every AWS account".to_owned(),
        Principal::EveryService => "every service".to_owned(),
        Principal::Account(Account::Known(id)) => format!("account `{id}`"),
        Principal::Service(name) => format!("service `{name}`"),
        Principal::Account(_)
        | Principal::Identity { .. }
        | Principal::Unclear(_)
        | Principal::Undocumented(_) => format!("`{}`", written(named.value)),
    }
}

/// A value as the policy writes it.
pub(super) fn written(value: Value<'_>) -> String {
    match value.data() {
        Data::String(text) | Data::Number(text) => text.to_owned(),
        Data::Bool(flag) => flag.to_string(),
        Data::Unknown(unknown) => unknown
            .shape
            .as_ref()
            .map_or_else(|| "(not known)".to_owned(), ToString::to_string),
        _ => "(none)".to_owned(),
    }
}

/// Where a condition of a statement names those who are let in, by their `id`, and its principal does not.
pub(super) fn in_condition(
    statement: Value<'_>,
    principal: Option<&str>,
    id: &str,
) -> Option<Span> {
    if id.is_empty() || principal.is_some_and(|principal| principal.contains(id)) {
        return None;
    }
    let tests = member(statement, keys::CONDITION).into_iter();
    let tests = tests.flat_map(|block| block.members());
    let values = tests.flat_map(|(_, keys)| keys.members().map(|(_, values)| values));
    let mut values = values.flat_map(one_or_many);
    let names = |value: &Value<'_>| {
        value
            .as_str()
            .is_some_and(|text| text.split(':').any(|part| part == id))
    };
    values.find(names).map(Value::span)
}
