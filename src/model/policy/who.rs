//! What a human calls those whom a statement lets in, as part of a sentence.
//! It does not know what they may do.

use super::account::Account;
use super::principal::{Named, Principal};
use crate::model::{Data, Value};

/// A principal that the policy names.
pub(super) fn named(named: &Named<'_>) -> String {
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
