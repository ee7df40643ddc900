//! What a policy is attached to, and what comes of reading it. It does not know what policies say.

use crate::model::{NodeId, Value, Whereabouts};

/// What a policy is attached to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Guarded {
    /// A repository.
    #[default]
    Repository,
    /// A repository of the public gallery, from which anybody pulls: its policy says who pushes.
    ///
    /// <https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policies.html>
    Gallery,
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
    /// List of `{effect, sid, actions, principals, conditions, resource}`; absent for a key.
    pub statements: NodeId,
    /// List of `{problem}`: what ECR would refuse.
    pub problems: NodeId,
    /// List of what each principal of each allowing statement gets.
    pub access: NodeId,
}
