//! Partitions that a policy names and that no stack can be in together.
//! It does not know how a disagreement is written down.

use super::evaluation::Policy;
use super::principal::Partition;
use crate::model::Partitions;

/// What is known of the partition that a policy belongs to.
pub(super) struct PartitionEvidence {
    /// Partitions that one of another name contradicts, with how that is reported.
    rivals: Vec<(String, String)>,
    /// Those that are left.
    left: Partitions,
}

impl PartitionEvidence {
    /// The stack's, or, where it is not known, what the ARNs of the stack and of the policy are of, since no stack is in
    /// two.
    pub(super) fn of(policy: &Policy<'_, '_>) -> Self {
        let owner = policy.owner;
        let whereabouts = owner.whereabouts;
        let left = whereabouts.map_or_else(Partitions::default, |known| known.partitions);
        if let Some(own) = owner.partition {
            let rivals = vec![(own.to_owned(), format!("expected `{own}`"))];
            return Self { rivals, left };
        }
        let landmarks = whereabouts.map_or(&[][..], |known| &known.landmarks);
        let told = |what: &str, name: &str| {
            let conflict = format!("though {what} is of `{name}`, and no stack is in both");
            (name.to_owned(), conflict)
        };
        let around = landmarks.iter();
        let around: Vec<_> = around.map(|it| told(&it.what, &it.partition)).collect();
        let is_agreed = around.windows(2).all(|pair| pair[0].0 == pair[1].0);
        let statements = policy.statements.iter();
        let mut named = statements.flat_map(|statement| statement.principals.named());
        let first = named.find_map(|named| match &named.partition {
            Some(Partition::Named(first)) => Some(told("another", first)),
            Some(Partition::Own) | None => None,
        });
        // Where everything else agrees, a principal that agrees with it is right.
        let first = first.filter(|_| around.is_empty() || !is_agreed);
        let statements = policy.statements.iter();
        let resources = statements.flat_map(|statement| statement.resources.partitions());
        let resources = resources.map(|name| told("a `Resource`", &name));
        Self {
            rivals: first.into_iter().chain(resources).chain(around).collect(),
            left,
        }
    }

    /// How it is told that a principal of this partition cannot be there.
    pub(super) fn conflict(&self, partition: &str) -> Option<String> {
        let rival = self.rivals.iter().find(|(name, _)| name != partition);
        let told = rival.map(|(_, conflict)| conflict.clone());
        let is_out = self.left.exclude(partition);
        told.or_else(|| is_out.then(|| "which the stack is not in".to_owned()))
    }
}
