//! Which of the organisation's accounts lack something of what a shared repository gives them, and
//! which get more.
//! It does not know whether the repository is declared to be shared.

use super::identities::advice::list;
use crate::model::policy::{self, Guarded, Owner, Truth};
use crate::model::{Document, NodeId, Organisation, Unknown, Value};
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

/// Adds `{missing, excess}` by a policy, or the place of the policy when there is no organisation.
///
/// Entries are unknown where it is not known whether an account lacks or has something.
pub(super) fn describe(
    document: &mut Document,
    policy: NodeId,
    owner: &Owner<'_>,
    organisation: Option<&Organisation>,
) -> NodeId {
    let span = document.value(policy).span();
    let Some(organisation) = organisation else {
        return document.absent(span);
    };
    let patterns: &[&str] = match owner.guarded {
        Guarded::Repository | Guarded::Registry => &OF_REPOSITORY,
        Guarded::Key => &OF_KEY,
    };
    let accounts = accounts(organisation);
    let ids: Vec<&str> = accounts.iter().map(|(_, account)| *account).collect();
    let shares = match policy::shares(document.value(policy), owner, &ids, patterns) {
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
            true => entry,
            false => with_patterns(document, entry, &lacking, span),
        }));
        excess.extend(entry(document, account, share.excess, share.more, span));
    }
    let missing = document.array(&missing, span);
    let excess = document.array(&excess, span);
    document.object(&[("missing", missing), ("excess", excess)], span)
}

/// Whether a statement of the policy may take something back.
fn has_deny(policy: Value<'_>) -> bool {
    let Some(list) = policy.get("Statement") else {
        return false;
    };
    let one = [list].into_iter().filter(|list| list.items().len() == 0);
    let mut statements = list.items().chain(one);
    statements.any(|it| it.get("Effect").and_then(Value::as_str) != Some("Allow"))
}

/// The entry with the missing patterns as a list.
fn with_patterns(document: &mut Document, entry: NodeId, lacking: &[&str], span: Span) -> NodeId {
    let patterns = list(document, lacking, span);
    let value = document.value(entry);
    let keys = ["account", "environment", "actions"];
    let members = keys.map(|key| Some((key, value.get(key)?.id())));
    let members = members.into_iter().flatten();
    let members: Vec<_> = members.chain([("patterns", patterns)]).collect();
    document.object(&members, span)
}

/// Accounts by the name of the first environment that they serve.
fn accounts(organisation: &Organisation) -> Vec<(&str, &str)> {
    let mut accounts: Vec<(&str, &str)> = Vec::new();
    for environment in &organisation.environments {
        let account = environment.account.value.as_str();
        if !accounts.iter().any(|(_, known)| *known == account) {
            accounts.push((&environment.name, account));
        }
    }
    accounts
}

/// The patterns that are certainly missing, and why others may be.
fn lacking<'p>(patterns: &[&'p str], missing: &[Truth]) -> (Vec<&'p str>, Option<String>) {
    let mut certain = Vec::new();
    let mut doubt = None;
    for (pattern, missing) in patterns.iter().zip(missing) {
        match missing {
            Truth::Yes => certain.push(*pattern),
            Truth::Unknown(reason) => doubt = doubt.or_else(|| Some(reason.clone())),
            Truth::No => {}
        }
    }
    (certain, doubt)
}

/// `{account, environment, actions}` with the actions as one text; unknown when there may be some;
/// nothing when there are none.
fn entry(
    document: &mut Document,
    (environment, account): (&str, &str),
    actions: Vec<&str>,
    doubt: Option<String>,
    span: Span,
) -> Option<NodeId> {
    if actions.is_empty() {
        return doubt.map(|reason| document.unknown(Unknown::because(reason), span));
    }
    let account = document.string(account, span);
    let environment = document.string(environment, span);
    let actions = document.string(&format!("`{}`", actions.join("`, `")), span);
    let members = [
        ("account", account),
        ("environment", environment),
        ("actions", actions),
    ];
    Some(document.object(&members, span))
}
