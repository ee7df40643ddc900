//! What the policy of a repository or key means: its statements, what ECR would refuse in it, and whom
//! it lets in.
//! It does not know rules, nor the file that the policy was written in.
//!
//! ```text
//! document → statement (principal · actions · condition) → access (mentions → caller)  → facts
//!          → grammar                                                                    ↗
//!                                 policy → sharing (what single accounts get)
//! ```

mod access;
mod account;
mod actions;
mod caller;
mod condition;
mod disagreement;
mod draft;
mod either;
mod element;
mod evaluation;
mod everyone;
mod facts;
mod gallery;
mod grammar;
mod ground;
mod identity;
mod listing;
mod meant;
mod mentions;
mod part;
mod principal;
mod resource;
mod sharing;
mod size;
mod statement;
mod text;
mod truth;
mod who;
mod wildcard;
mod words;

use super::{Document, NodeId, Value, Whereabouts};

pub(crate) use gallery::GALLERY;
pub(crate) use identity::{
    Arn, Ask, GALLERY_HOST, HOSTS, Known, Letter, NO_PULL, Needs, PULL, PUSH, Policies, Rights,
    TOKEN, UPLOAD, letters, needs,
};
pub(crate) use listing::{Grant, Leveled, Said, grants};
pub(crate) use sharing::{Recipients, Share};
pub(crate) use text::one_or_many;
pub(crate) use truth::Truth;
pub(crate) use wildcard::{Step, matches, matches_by};

/// What a policy is attached to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Guarded {
    /// A repository.
    #[default]
    Repository,
    /// A KMS key.
    Key,
    /// The private registry of an account and region, with all its repositories. `REGISTRY_POLICY_SCOPE` is
    /// taken to be `V2`, under which every action counts.
    Registry,
}

/// Whose repository or key a policy is attached to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Owner<'o> {
    /// What the policy is attached to.
    pub guarded: Guarded,
    /// The name of the repository that it is attached to.
    pub name: Option<Value<'o>>,
    /// The owner's account id, where it is known.
    pub account: Option<&'o str>,
    /// Its region, where it is known.
    pub region: Option<&'o str>,
    /// Its partition, such as `aws-cn`, where it is known.
    pub partition: Option<&'o str>,
    /// What else is known of where it is.
    pub whereabouts: Option<&'o Whereabouts>,
    /// Policies of the registry that the repository is in: what they deny counts in it, too.
    pub above: &'o [Value<'o>],
    /// Accounts of the organisation's environments.
    pub organisation_accounts: &'o [&'o str],
    /// Accounts outside the environments that may read.
    pub trusted_accounts: &'o [&'o str],
}

/// Nodes that were added to the document, in the layout of the judged document.
#[derive(Clone, Copy, Debug)]
pub struct PolicyFacts {
    /// The policy itself: a mapping, absent, or unknown.
    pub document: NodeId,
    /// List of `{effect, sid, actions, principals, conditions, resource}`.
    pub statements: NodeId,
    /// List of `{problem}`: what ECR would refuse.
    pub problems: NodeId,
    /// List of what each principal of each allowing statement gets.
    pub access: NodeId,
}

/// What each of the accounts gets that a policy is asked about, or why nothing can be known of it.
pub(crate) type Shares = Result<Vec<Option<Share>>, String>;

/// Adds what `policy` means to its document.
///
/// `policy` is a node of `document`: a mapping, a string that is not JSON, absent, or unknown.
pub fn describe(document: &mut Document, policy: NodeId, owner: &Owner<'_>) -> PolicyFacts {
    describe_with_shares(document, policy, owner, Recipients::default()).0
}

/// The same, with what `recipients` get by it. The policy is read once for both.
pub(crate) fn describe_with_shares(
    document: &mut Document,
    policy: NodeId,
    owner: &Owner<'_>,
    recipients: Recipients<'_>,
) -> (PolicyFacts, Shares) {
    facts::describe(document, policy, owner, recipients)
}
