//! What was read for variants of an entity, so that it need not be read again for those in which it is the same.
//! It does not know how anything is read.

use super::policy_facts::Meaning;
use crate::model::policy::{self, Guarded};
use crate::model::{Entity, NodeId, Repository, Value};
use crate::source::Span;

/// One of the variants of an entity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variant<'a> {
    /// The entity in all its variants.
    pub(super) all: &'a [Entity],
    /// Index of this one.
    pub(super) index: usize,
}

impl<'a> Variant<'a> {
    /// The entity in this variant.
    pub(super) fn entity(self) -> &'a Entity {
        &self.all[self.index]
    }
}

/// What was read for the variants of one entity. Their nodes are all in one document.
#[derive(Debug, Default)]
pub(super) struct Readings {
    policies: Vec<PolicyReading>,
    /// Lifecycle policies that were read for no images in particular, with what was found.
    lifecycle: Vec<(NodeId, NodeId)>,
    parameters: Option<ParametersReading>,
}

/// What was found of parameters that publish the repository.
#[derive(Debug)]
struct ParametersReading {
    /// Number of the variant.
    variant: usize,
    /// The declaration of that variant.
    declared: Option<Span>,
    found: NodeId,
}

/// A policy, for which variant it was read, and what it means.
#[derive(Debug)]
struct PolicyReading {
    policy: NodeId,
    guarded: Guarded,
    /// Number of the variant.
    variant: usize,
    meaning: Meaning,
}

impl Readings {
    /// What a policy means to a variant, where it was read for another one that it means the same to.
    pub(super) fn policy(
        &self,
        policy: NodeId,
        guarded: Guarded,
        asked: Variant<'_>,
    ) -> Option<Meaning> {
        let mut read = self.policies.iter();
        let same = read.find(|one| {
            one.policy == policy
                && one.guarded == guarded
                && is_same_owner(&asked.all[one.variant], asked.entity(), policy, guarded)
        })?;
        Some(same.meaning)
    }

    /// Keeps what a policy means to a variant.
    pub(super) fn keep_policy(
        &mut self,
        policy: NodeId,
        guarded: Guarded,
        variant: usize,
        meaning: Meaning,
    ) {
        self.policies.push(PolicyReading {
            policy,
            guarded,
            variant,
            meaning,
        });
    }

    /// What was found of the parameters of the variant before, where it is published in the same way.
    pub(super) fn parameters(&self, declared: Option<Span>, asked: Variant<'_>) -> Option<NodeId> {
        let read = self.parameters.as_ref()?;
        let is_same = read.declared == declared
            && is_published_alike(&asked.all[read.variant], asked.entity());
        is_same.then_some(read.found)
    }

    /// Keeps what was found of the parameters of a variant.
    pub(super) fn keep_parameters(
        &mut self,
        declared: Option<Span>,
        variant: usize,
        found: NodeId,
    ) {
        self.parameters = Some(ParametersReading {
            variant,
            declared,
            found,
        });
    }

    /// What was found of a lifecycle policy.
    pub(super) fn lifecycle(&self, policy: NodeId) -> Option<NodeId> {
        let mut read = self.lifecycle.iter();
        read.find_map(|(one, found)| (*one == policy).then_some(*found))
    }

    /// Keeps what was found of a lifecycle policy.
    pub(super) fn keep_lifecycle(&mut self, policy: NodeId, found: NodeId) {
        self.lifecycle.push((policy, found));
    }
}

/// Whether a policy means the same to both as [`Owner`](policy::Owner)s of what it guards. What a key is, neither the name of
/// a repository nor its registry says.
fn is_same_owner(one: &Entity, other: &Entity, policy: NodeId, guarded: Guarded) -> bool {
    fn above(entity: &Entity) -> &[NodeId] {
        let settings = entity.settings();
        settings.map_or(&[], |it| &it.own.registry_policies)
    }
    let is_unnamed = || {
        let mut policies = above(other).iter().chain([&policy]);
        !policies.any(|id| policy::names_resources(other.document.value(*id)))
    };
    one.subject.account == other.subject.account
        && one.subject.region == other.subject.region
        && one.whereabouts == other.whereabouts
        && (guarded == Guarded::Key
            || (above(one) == above(other)
                && (is_same_name(one.given_name(), other.given_name()) || is_unnamed())))
}

/// Whether both have the same parameters, and the same of all that these may hold.
fn is_published_alike(one: &Entity, other: &Entity) -> bool {
    let (Some(own), Some(others)) = (one.repository(), other.repository()) else {
        return false;
    };
    let (own, others) = (&own.own, &others.own);
    let encryption = |own: &Repository| (own.settings.encryption_type, own.settings.kms_key);
    one.subject.account == other.subject.account
        && one.subject.region == other.subject.region
        && is_same_name(one.given_name(), other.given_name())
        && encryption(own) == encryption(others)
        && own.settings.key == others.settings.key
        && own.parameters == others.parameters
}

/// Whether both names are one, at one place.
fn is_same_name(one: Option<Value<'_>>, other: Option<Value<'_>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.span() == other.span() && one.is_like(other, &mut 1),
        (one, other) => one.is_none() && other.is_none(),
    }
}
