//! What the policy of a repository or key means, for itself and for the organisation.
//! It does not know repositories, nor how the meaning is found.

use super::{grants, sharing};
use crate::model::policy::{self, Guarded, Owner, PolicyFacts, Recipients};
use crate::model::{Document, NodeId, Organisation};

/// Nodes that say what a policy means.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning {
    pub(super) facts: PolicyFacts,
    /// `{missing, excess}` of the organisation's accounts.
    pub(super) sharing: NodeId,
    /// What others lack for a pull or push; absent for a key.
    pub(super) grants: NodeId,
}

/// Adds what a policy means.
pub(super) fn of(
    document: &mut Document,
    policy: NodeId,
    owner: &Owner<'_>,
    organisation: Option<&Organisation>,
) -> Meaning {
    let accounts = organisation.map_or_else(Vec::new, sharing::accounts);
    let ids: Vec<&str> = accounts.iter().map(|one| one.account).collect();
    let recipients = Recipients {
        accounts: &ids,
        patterns: sharing::patterns(owner.guarded),
    };
    let (facts, shares) = policy::describe_with_shares(document, policy, owner, recipients);
    let sharing = match organisation {
        Some(_) => sharing::describe(document, policy, recipients.patterns, accounts, shares),
        None => document.absent(document.value(policy).span()),
    };
    let grants = match owner.guarded {
        Guarded::Repository | Guarded::Gallery | Guarded::Registry => {
            grants::grants(document, owner.guarded, facts.access, facts.statements)
        }
        Guarded::Key => document.absent(document.value(policy).span()),
    };
    Meaning {
        facts,
        sharing,
        grants,
    }
}
