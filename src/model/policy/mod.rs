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
mod access_facts;
mod account;
mod actions;
mod budget;
mod caller;
mod caller_part;
mod comparison;
mod condition;
mod denial;
mod disagreement;
mod either;
mod element;
mod evaluation;
mod everyone;
mod facts;
mod gallery;
mod grammar;
mod ground;
mod identity;
pub(crate) mod keys;
mod listing;
mod meant;
mod mentions;
mod operator;
mod overlap;
mod owner;
mod principal;
mod resource;
mod sharing;
mod size;
mod statement;
mod symbols;
mod text;
mod who;
mod wildcard;
mod witness;
mod words;
mod writer;

use super::{Document, NodeId};

pub(crate) use denial::Denial;
pub(crate) use gallery::GALLERY;
pub(crate) use identity::{
    Arn, Ask, GALLERY_HOST, GALLERY_PUSH, GALLERY_UPLOAD, HOSTS, Letter, NO_PULL,
    NearbyRepositories, Needs, PULL, PUSH, Policies, Rights, TOKEN, UPLOAD, letters, needs,
};
pub(crate) use listing::{Grant, Leveled, StatementPlace, grants};
pub use owner::{Guarded, Owner, PolicyFacts};
pub(crate) use resource::names_resources;
pub(crate) use sharing::{Recipients, Shares};
pub(crate) use text::one_or_many;
pub(crate) use wildcard::{WildcardStep, matches, matches_by};

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
