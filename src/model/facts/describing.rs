//! What is known of an entity so far: its document, and the facts that others are made from, each computed at most once.
//! It does not know which facts are asked for.

use super::fact::{FactName, FactSet};
use super::found::{Comparable, EncryptionNodes, PolicyNodes, ScanningNodes};
use super::live::Held;
use super::owners::Owners;
use super::policy_facts::Meaning;
use super::readings::{Readings, Variant};
use super::{
    Scope, encryption, grants, lifecycle, mutability, naming, parameters, policy_facts, scanning,
    unasked,
};
use crate::model::lifecycle::LiveImages;
use crate::model::members;
use crate::model::policy::Guarded;
use crate::model::{Document, Entity, EntityKind, NodeId, Particulars};

/// The entity that is described, with what is known of it so far.
pub(super) struct Describing<'a> {
    pub(super) document: &'a mut Document,
    /// The variant that is described.
    variant: Variant<'a>,
    /// What was read for other variants.
    readings: &'a mut Readings,
    pub(super) entity: &'a Entity,
    pub(super) scope: &'a Scope<'a>,
    /// Whether a deployment tool made it for its own use.
    pub(super) tool_owned: bool,
    /// The facts that were computed.
    pub(super) computed: FactSet,
    owners: Option<Owners<'a>>,
    mode: Option<NodeId>,
    scanning: Option<ScanningNodes>,
    encryption: Option<EncryptionNodes>,
    policies: Option<PolicyNodes>,
}

impl<'a> Describing<'a> {
    /// Nothing is described yet; nodes go to `document`, a copy of that of the entity.
    pub(super) fn new(
        variant: Variant<'a>,
        document: &'a mut Document,
        readings: &'a mut Readings,
        scope: &'a Scope<'a>,
    ) -> Self {
        let entity = variant.entity();
        Self {
            document,
            variant,
            readings,
            entity,
            scope,
            tool_owned: naming::is_tool_owned(entity),
            computed: FactSet::NONE,
            owners: None,
            mode: None,
            scanning: None,
            encryption: None,
            policies: None,
        }
    }

    /// Adds a fact.
    pub(super) fn compute(
        &mut self,
        fact: FactName,
        compute: fn(&mut Describing<'_>) -> Option<NodeId>,
    ) -> Option<NodeId> {
        self.note(fact);
        compute(self)
    }

    /// Adds what stands in place of facts that nobody asks for.
    pub(super) fn unasked(&mut self) -> NodeId {
        let unknown = unasked::VALUE.clone();
        self.document.unknown(unknown, self.entity.place)
    }

    fn note(&mut self, fact: FactName) {
        self.computed = self.computed.with(fact);
    }

    /// Adds a text that stands where the entity does.
    pub(super) fn text(&mut self, text: &str) -> NodeId {
        self.document.string(text, self.entity.place)
    }

    /// The same; absent where there is none.
    pub(super) fn optional(&mut self, text: Option<&str>) -> NodeId {
        super::leaf::optional(self.document, text, self.entity.place)
    }

    /// The document, with whom policies are read for.
    pub(super) fn owned(&mut self) -> (&mut Document, &Owners<'a>, &'a Scope<'a>) {
        let (entity, scope) = (self.entity, self.scope);
        let owners = self.owners.get_or_insert_with(|| Owners::of(entity, scope));
        (&mut *self.document, owners, scope)
    }

    /// What the policy means that guards it, or a part of it.
    pub(super) fn meaning(&mut self, policy: NodeId, guarded: Guarded) -> Meaning {
        let (entity, scope) = (self.entity, self.scope);
        if let Some(known) = self.readings.policy(policy, guarded, self.variant) {
            return known;
        }
        let owners = self.owners.get_or_insert_with(|| Owners::of(entity, scope));
        let owner = owners.owner(guarded);
        let meaning = policy_facts::of(self.document, policy, &owner, scope.organisation);
        let variant = self.variant.index;
        (self.readings).keep_policy(policy, guarded, variant, meaning);
        meaning
    }

    /// What the lifecycle policy says and does.
    pub(super) fn lifecycle(&mut self) -> Option<NodeId> {
        let settings = self.entity.settings()?;
        let policy = settings.own.lifecycle_policy;
        let held = held(self.entity, self.scope);
        let is_of_no_images = held.is_none() && self.entity.image_uses().is_empty();
        let known = self.readings.lifecycle(policy).filter(|_| is_of_no_images);
        Some(known.unwrap_or_else(|| {
            let protected = self.scope.protected_tags;
            let found = lifecycle::describe(self.document, settings, protected, held);
            if is_of_no_images {
                self.readings.keep_lifecycle(policy, found);
            }
            found
        }))
    }

    /// How parameters of Systems Manager publish it.
    pub(super) fn parameters(&mut self) -> Option<NodeId> {
        let repository = self.entity.repository()?;
        let manager = self.encryption()?.manager;
        let declared = self.scope.declared.map(|one| one.base.span);
        if let Some(known) = self.readings.parameters(declared, self.variant) {
            return Some(known);
        }
        let found = parameters::describe(self.document, repository, self.scope, manager);
        (self.readings).keep_parameters(declared, self.variant.index, found);
        Some(found)
    }

    /// The mode of its tags.
    pub(super) fn mode(&mut self) -> Option<NodeId> {
        let settings = self.entity.settings()?;
        self.note(FactName::TagMutability);
        let document = &mut *self.document;
        let mode = self
            .mode
            .get_or_insert_with(|| mutability::mode(document, settings));
        Some(*mode)
    }

    pub(super) fn scanning(&mut self) -> Option<ScanningNodes> {
        let repository = self.entity.repository()?;
        self.note(FactName::Scanning);
        let (document, scope) = (&mut *self.document, self.scope);
        let describe = || scanning::describe(document, repository, scope);
        Some(*self.scanning.get_or_insert_with(describe))
    }

    pub(super) fn encryption(&mut self) -> Option<EncryptionNodes> {
        let settings = self.entity.settings()?;
        self.note(FactName::Encryption);
        let document = &mut *self.document;
        let describe = || encryption::describe(document, settings);
        Some(*self.encryption.get_or_insert_with(describe))
    }

    /// The repository policy with its statements, whom it lets in, and what the organisation's accounts lack or have too
    /// much; or the same of the registry's policy.
    pub(super) fn policies(&mut self) -> Option<PolicyNodes> {
        if self.policies.is_none() {
            self.note(FactName::Policy);
            self.policies = Some(self.read_policies()?);
        }
        self.policies
    }

    fn read_policies(&mut self) -> Option<PolicyNodes> {
        let entity = self.entity;
        let (policy, guarded) = match &entity.particulars {
            Particulars::Registry { policy } => (*policy, Guarded::Registry),
            _ => {
                let guarded = match entity.kind() {
                    EntityKind::Public => Guarded::Gallery,
                    _ => Guarded::Repository,
                };
                (entity.settings()?.own.repository_policy, guarded)
            }
        };
        let place = entity.document.value(policy).span();
        let policy_facts = self.meaning(policy, guarded);
        let document = &mut *self.document;
        let grants = grants::named_grants(document, entity, policy_facts.grants);
        let facts = policy_facts.facts;
        let members = [
            ("document", facts.document),
            ("statements", facts.statements),
            (members::PROBLEMS.name(), facts.problems),
        ];
        Some(PolicyNodes {
            policy: document.object(&members, place),
            document: facts.document,
            access: facts.access,
            sharing: policy_facts.sharing,
            grants,
        })
    }

    /// What a live repository is compared by.
    pub(super) fn compared(&mut self) -> Option<Comparable> {
        let policies = self.policies()?;
        Some(Comparable {
            scanning: self.scanning()?,
            encryption: self.encryption()?,
            mode: self.mode()?,
            policy: policies.document,
            access: policies.access,
        })
    }
}

/// The images of the repository, or of the live one that it stands for.
pub(super) fn held<'s>(entity: &'s Entity, scope: &Scope<'s>) -> Option<&'s LiveImages> {
    let live = || match scope.live?.held()? {
        Held::Images(images) => Some(images),
        Held::Uncaptured | Held::Unknown(_) => None,
    };
    let own = entity.repository()?.own.images.as_deref();
    own.or_else(live)
}
