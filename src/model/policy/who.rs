//! What a human calls those whom a statement lets in, as part of a sentence.
//! It does not know what they may do.

use super::access::{Access, Class};
use super::account::Account;
use super::evaluation::Policy;
use super::principal::{Named, Principal, Principals};
use super::statement::Statement;
use super::words::Words;
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

impl<'d> Policy<'_, 'd> {
    /// Those whom a statement lets in that speaks of everyone, by the widest group of them.
    pub(super) fn everyone_called(&self, access: &Access<'d>, statement: &Statement<'d>) -> String {
        let groups = |callers| self.homes_let_in(statement, callers);
        match access.class {
            Ok(Class::Network) => {
                "callers of any account from the network that it names".to_owned()
            }
            Ok(Class::Organisation) => listed(
                ["organisation", "organisations"],
                &groups(self.mentions.organisation_members()),
            ),
            Ok(Class::OrganisationalUnit) => listed(
                ["organisational unit", "organisational units"],
                &groups(self.mentions.unit_members()),
            ),
            Ok(Class::NamedAccounts) => {
                let accounts = access.accounts.iter();
                let ids: Vec<_> = accounts.map(|it| it.account.id()).collect();
                listed(["account", "accounts"], &ids)
            }
            Ok(Class::SameAccount) => "its own account".to_owned(),
            Ok(Class::Service) => "services".to_owned(),
            Ok(Class::Public | Class::Nobody) | Err(_) => everyone_but(statement),
        }
    }
}

fn everyone_but(statement: &Statement<'_>) -> String {
    let Principals::Except { spared, .. } = &statement.principals else {
        return "every AWS account".to_owned();
    };
    let spared: Vec<_> = spared.iter().map(named).collect();
    format!("everyone but {}", spared.join(", "))
}

/// Names with the word for one or several of them.
fn listed([one, several]: [&str; 2], names: &[Words]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let word = if names.len() == 1 { one } else { several };
    format!("{word} {}", names.join(", "))
}
