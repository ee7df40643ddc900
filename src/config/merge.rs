//! One configuration over another: what the upper one says holds, and what it does not say comes from below.
//! It does not know where either comes from.

use super::configuration::{Config, RuleConfig};
use crate::model::{Declared, Organisation};

/// `own` over `base`.
pub(super) fn over(base: Config, own: Config) -> Config {
    let parameter_name = own.parameter_name.or(base.parameter_name);
    let mut organisation = match (base.organisation, own.organisation) {
        (Some(base), Some(own)) => Some(organisations(base, own)),
        (base, own) => own.or(base),
    };
    if let Some(organisation) = &mut organisation {
        organisation.parameter_name.clone_from(&parameter_name);
    }
    Config {
        path: own.path,
        extends: own.extends,
        sets: own.sets.or(base.sets),
        organisation,
        registry: own.registry.or(base.registry),
        protected_tags: united(base.protected_tags, own.protected_tags),
        parameter_name,
        rules: rules(base.rules, own.rules),
        rules_dirs: united(base.rules_dirs, own.rules_dirs),
        ignores: [base.ignores, own.ignores].concat(),
        declaration_problems: [base.declaration_problems, own.declaration_problems].concat(),
    }
}

/// Both lists, without what is in both.
fn united<T: PartialEq>(base: Vec<Declared<T>>, own: Vec<Declared<T>>) -> Vec<Declared<T>> {
    replaced(base, own, |a, b| a.value == b.value)
}

/// Both lists; what is in both comes from the upper one.
fn replaced<T>(base: Vec<T>, own: Vec<T>, is_same: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let is_left = |one: &T| !own.iter().any(|other| is_same(one, other));
    let mut all: Vec<T> = base.into_iter().filter(is_left).collect();
    all.extend(own);
    all
}

/// A rule may have its severity from one and its settings from the other.
fn rules(base: Vec<RuleConfig>, mut own: Vec<RuleConfig>) -> Vec<RuleConfig> {
    let mut all = Vec::with_capacity(base.len() + own.len());
    for rule in base {
        match own.iter_mut().find(|other| other.id.value == rule.id.value) {
            None => all.push(rule),
            Some(other) => {
                other.severity = other.severity.take().or(rule.severity);
                other.settings = other.settings.take().or(rule.settings);
            }
        }
    }
    all.extend(own);
    all
}

fn organisations(base: Organisation, own: Organisation) -> Organisation {
    Organisation {
        prefix: own.prefix.or(base.prefix),
        app: own.app.or(base.app),
        environments: replaced(base.environments, own.environments, |a, b| a.name == b.name),
        chosen: own.chosen.or(base.chosen),
        repositories: replaced(base.repositories, own.repositories, |a, b| {
            let everywhere = a.environment.is_none() || b.environment.is_none();
            a.base.value == b.base.value && (everywhere || a.environment == b.environment)
        }),
        declares_repositories: own.declares_repositories || base.declares_repositories,
        unread_declarations: own.unread_declarations.or(base.unread_declarations),
        trusted_accounts: united(base.trusted_accounts, own.trusted_accounts),
        required_tags: replaced(base.required_tags, own.required_tags, |a, b| {
            a.key.value == b.key.value
        }),
        ..Organisation::default()
    }
}
