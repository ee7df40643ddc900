//! What is looked up of the repository document by a rule, and for its findings.
//! It does not know the document: the rules are read before there are facts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Properties that take a policy as a mapping or as a text: advice that writes one looks at the text that is there.
pub(crate) const POLICIES: [(&str, PolicyProperty); 2] = [
    ("RepositoryPolicyText", PolicyProperty::Repository),
    ("KeyPolicy", PolicyProperty::Key),
];

/// Whose policy a property is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum PolicyProperty {
    /// That of the repository.
    Repository,
    /// That of the key.
    Key,
}

/// What is looked up for the findings of a rule, though the rule does not name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum LookedUp {
    /// Values that decide in place of others.
    Causes,
    /// The live counterpart.
    Live,
    /// A policy that the advice writes.
    Policy(PolicyProperty),
}

/// What is asked of the repository document by a rule, and for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct AskedMembers {
    /// Members that the rule names.
    pub(crate) named: BTreeSet<String>,
    pub(crate) looked_up: BTreeSet<LookedUp>,
}
