//! Which of the organisation's accounts lack something of what a shared repository gives them, and
//! which get more.
//! It does not know whether the repository is declared to be shared.

use rustc_hash::FxHashSet;

use super::cause;
use super::identities::advice::list;
use crate::model::members;
use crate::model::policy::{self, Denial, Guarded, Shares};
use crate::model::{Document, NodeId, Organisation, Truth, Unknown, Value};
use crate::source::Span;

/// What every account may do that a repository is shared with.
const OF_REPOSITORY: [&str; 6] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:BatchGetRepositoryScanningConfiguration",
    "ecr:Describe*",
    "ecr:Get*",
    "ecr:List*",
];

/// What such an account may do with the key.
const OF_KEY: [&str; 2] = ["kms:Decrypt", "kms:DescribeKey"];

/// What every account is to get that a repository is shared with.
pub(super) fn patterns(guarded: Guarded) -> &'static [&'static str] {
    match guarded {
        Guarded::Repository | Guarded::Gallery | Guarded::Registry => &OF_REPOSITORY,
        Guarded::Key => &OF_KEY,
    }
}

/// Adds `{missing, excess}` by what a policy gives to accounts, each with the environment that it serves.
///
/// Entries are unknown where it is not known whether an account lacks or has something.
pub(super) fn describe(
    document: &mut Document,
    policy: NodeId,
    patterns: &[&str],
    accounts: Vec<EnvironmentAccount<'_>>,
    shares: Shares,
) -> NodeId {
    let span = document.value(policy).span();
    let shares = match shares {
        Ok(shares) => shares,
        Err(reason) => {
            let unknown = document.unknown(Unknown::because(reason), span);
            return document.object(&[("missing", unknown), ("excess", unknown)], span);
        }
    };
    let has_deny = has_deny(document.value(policy));
    let mut missing = Vec::new();
    let mut excess = Vec::new();
    for (account, share) in accounts.into_iter().zip(shares) {
        let Some(share) = share else { continue };
        let (lacking, doubt) = lacking(patterns, &share.missing);
        let found = entry(document, account, lacking.clone(), doubt, span);
        // What a `Deny` takes back, no other statement gives.
        missing.extend(found.map(|entry| match has_deny || lacking.is_empty() {
            true => with_denial(document, entry, share.taken.as_ref(), span),
            false => with_list(document, entry, "patterns", &lacking, span),
        }));
        let giver = giver(document.value(policy), patterns, &share.excess);
        let place = giver.as_ref().map_or(span, |(place, _)| *place);
        let entry = entry(document, account, share.excess, share.more, place);
        excess.extend(entry.map(|entry| match giver {
            Some((place, remaining)) => {
                let remaining: Vec<&str> = remaining.iter().map(String::as_str).collect();
                with_list(document, entry, "remaining", &remaining, place)
            }
            None => entry,
        }));
    }
    let missing = document.array(&missing, span);
    let excess = document.array(&excess, span);
    document.object(&[("missing", missing), ("excess", excess)], span)
}

/// Whether a statement of the policy may take something back.
fn has_deny(policy: Value<'_>) -> bool {
    statements(policy)
        .any(|it| it.get(policy::keys::EFFECT).and_then(Value::as_str) != Some("Allow"))
}

/// The statements of a policy.
fn statements(policy: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    let list = policy.get(policy::keys::STATEMENT).into_iter();
    list.flat_map(policy::one_or_many)
}

/// The only statement that gives what is too much, by name: where its actions stand, and which are left without them.
///
/// Nothing where another statement may give some of it, too, or where no action would be left.
fn giver(policy: Value<'_>, patterns: &[&str], excess: &[&str]) -> Option<(Span, Vec<String>)> {
    if excess.is_empty() {
        return None;
    }
    let mut givers = Vec::new();
    for statement in statements(policy) {
        if statement.get(policy::keys::EFFECT)?.as_str()? != "Allow" {
            continue;
        }
        let actions = statement.get(policy::keys::ACTION)?;
        let all = policy::one_or_many(actions).into_iter();
        let all: Option<Vec<&str>> = all.map(Value::as_str).collect();
        let is_too_much = |action: &&str| excess.iter().any(|one| one.eq_ignore_ascii_case(action));
        let (named, left): (Vec<&str>, Vec<&str>) = all?.into_iter().partition(is_too_much);
        let is_wide = |action: &&str| action.contains(['*', '?']) && !patterns.contains(action);
        if left.iter().any(is_wide) {
            return None;
        }
        if !named.is_empty() {
            givers.push((actions.span(), named.len(), left));
        }
    }
    let [(place, count, left)] = givers.as_slice() else {
        return None;
    };
    let is_all = *count == excess.len() && !left.is_empty();
    is_all.then(|| (*place, left.iter().map(|&one| one.to_owned()).collect()))
}

/// The entry with a list more.
fn with_list(
    document: &mut Document,
    entry: NodeId,
    name: &'static str,
    items: &[&str],
    span: Span,
) -> NodeId {
    let items = list(document, items, span);
    document.object_with(entry, name, items, span)
}

/// The entry with the `Deny` that takes something back, where there is one.
fn with_denial(
    document: &mut Document,
    entry: NodeId,
    denial: Option<&Denial<'_>>,
    span: Span,
) -> NodeId {
    let is_certain = document.value(entry).as_unknown().is_none();
    let Some(denial) = denial.filter(|_| is_certain) else {
        return entry;
    };
    let denial = cause::denial(document, denial, &[]);
    document.object_with(entry, members::CAUSE.name(), denial, span)
}

/// An account, and the first environment that it serves.
#[derive(Clone, Copy)]
pub(super) struct EnvironmentAccount<'o> {
    pub(super) environment: &'o str,
    pub(super) account: &'o str,
}

/// Accounts by the name of the first environment that they serve.
pub(super) fn accounts(organisation: &Organisation) -> Vec<EnvironmentAccount<'_>> {
    let environments = organisation.environments.iter();
    let accounts = environments.map(|one| EnvironmentAccount {
        environment: &one.name,
        account: &one.account.value,
    });
    let mut seen = FxHashSet::default();
    accounts.filter(|one| seen.insert(one.account)).collect()
}

/// The patterns that are certainly missing, and why others may be.
fn lacking<'p>(patterns: &[&'p str], missing: &[Truth]) -> (Vec<&'p str>, Option<String>) {
    let mut certain = Vec::new();
    let mut doubt = None;
    for (pattern, missing) in patterns.iter().zip(missing) {
        match missing {
            Truth::True => certain.push(*pattern),
            Truth::Unknown(reason) => doubt = doubt.or_else(|| Some(reason.clone())),
            Truth::False => {}
        }
    }
    (certain, doubt)
}

/// `{account, environment, actions}` with the actions as one text; unknown when there may be some;
/// nothing when there are none.
fn entry(
    document: &mut Document,
    served: EnvironmentAccount<'_>,
    actions: Vec<&str>,
    doubt: Option<String>,
    span: Span,
) -> Option<NodeId> {
    if actions.is_empty() {
        return doubt.map(|reason| document.unknown(Unknown::because(reason), span));
    }
    let account = document.string(served.account, span);
    let environment = document.string(served.environment, span);
    let actions = document.string(&format!("`{}`", actions.join("`, `")), span);
    let members = [
        (members::ACCOUNT.name(), account),
        (members::ENVIRONMENT.name(), environment),
        (members::ACTIONS.name(), actions),
    ];
    Some(document.object(&members, span))
}
