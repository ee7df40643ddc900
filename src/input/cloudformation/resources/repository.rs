//! `AWS::ECR::Repository`, `AWS::ECR::PublicRepository` and the registry's scanning configuration.
//! It does not know functions, nor what the values mean to ECR.

use std::sync::Arc;

use super::registry;
use super::related::Related;
use super::related::candidate::RelatedOwner;
use super::subject::{family, notation, subject};
use super::surroundings::RepositorySurroundings;
use super::writer::{PropertyWriter, written};
use crate::input::Loaded;
use crate::input::cloudformation::expression::evaluate::{Evaluator, Traced};
use crate::input::cloudformation::expression::memo::Memo;
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::constructs::constructs;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Document, Entity, KmsKey, NodeId, Parameter, Particulars, Repository};
use crate::model::{Identifiers, RepositorySettings, Truth, Written};
use crate::source::{Kind, Tree};

/// What the variants of one resource have in common: one document, and what was written into it for a variant before.
pub(crate) struct RepositoryDraft<'r, 't> {
    document: &'r mut Document,
    /// Where JSON is read that stands in texts.
    embedded: &'r mut Tree,
    settings: Memo<'t, [NodeId; 3]>,
    flags: Memo<'t, RepositoryFlags>,
    lifecycle: Memo<'t, (Written, NodeId)>,
    policies: Memo<'t, (NodeId, Vec<NodeId>)>,
    key: Memo<'t, (NodeId, Option<KmsKey>)>,
    tags: Memo<'t, NodeId>,
    surroundings: Memo<'t, RepositorySurroundings>,
    parameters: Memo<'t, Arc<[Parameter]>>,
    refused: Memo<'t, NodeId>,
}

/// What is set on or off, and what becomes of it in the end.
#[derive(Clone, Copy)]
struct RepositoryFlags {
    scan_on_push: NodeId,
    scan_frequency: NodeId,
    empty_on_delete: NodeId,
    deletion_policy: NodeId,
    update_replace_policy: NodeId,
}

impl<'r> RepositoryDraft<'r, '_> {
    /// Nothing is written yet; `room` is an empty document, whose memory is used.
    pub(crate) fn in_room(room: &'r mut Document, embedded: &'r mut Tree) -> Self {
        Self {
            document: room,
            embedded,
            settings: Memo::default(),
            flags: Memo::default(),
            lifecycle: Memo::default(),
            policies: Memo::default(),
            key: Memo::default(),
            tags: Memo::default(),
            surroundings: Memo::default(),
            parameters: Memo::default(),
            refused: Memo::default(),
        }
    }

    /// The document of all variants, which stand for nothing without it.
    pub(crate) fn into_document(self) -> Arc<Document> {
        Arc::new(self.document.take_shrunk())
    }
}

/// Loads one variant of a repository, or of what is judged in the place of one, unless it does not exist or its properties
/// are not a mapping. Its nodes are in the document of the draft.
pub(crate) fn load<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    related: &Related<'t>,
    draft: &mut RepositoryDraft<'_, 't>,
    loaded: &mut Loaded,
) {
    let Some(properties) = properties(evaluator, resource) else {
        return;
    };
    let is_repository = matches!(
        resource.kind,
        ResourceKind::Repository | ResourceKind::PublicRepository
    );
    let (subject, particulars) = if is_repository {
        let variant = RepositoryVariant {
            evaluator,
            resource,
            properties: &properties,
            related,
        };
        variant.write(draft)
    } else {
        registry::write(
            evaluator,
            resource,
            &properties,
            draft.document,
            draft.embedded,
        )
    };
    let document = &mut *draft.document;
    let refused = draft.refused.or(evaluator, || {
        related.refusals.write(evaluator, resource, document)
    });
    // It gets the document of the draft once all variants are in that.
    let pending = Document::default();
    let mut one = Entity {
        family: is_repository.then(|| family(evaluator)),
        notation: notation(resource),
        ..Entity::of_template(pending, refused, subject, resource.place, particulars)
    };
    one.constructs = constructs(evaluator.template, &one);
    one.whereabouts =
        (related.surroundings.landmarks).whereabouts(evaluator.context, &one, draft.document);
    loaded.entities.push(one);
}

/// One variant of a repository.
struct RepositoryVariant<'v, 't, 'c> {
    evaluator: &'v Evaluator<'t, 'c>,
    resource: &'v Resource<'t>,
    properties: &'v Slot<'t>,
    related: &'v Related<'t>,
}

impl<'t> RepositoryVariant<'_, 't, '_> {
    /// Writes it with what belongs to it.
    fn write(&self, draft: &mut RepositoryDraft<'_, 't>) -> (Identifiers, Particulars) {
        let (evaluator, resource) = (self.evaluator, self.resource);
        let mut writer = self.writer(draft.document);
        let name = writer.computed_string(resource, "RepositoryName");
        let subject = subject(evaluator, resource, draft.document.value(name));
        // Assumptions are told in the order in which they are made, and fingerprints have them: what whole properties depend
        // on is asked for before anything that single values in them do.
        let document = &mut *draft.document;
        let lifecycle = evaluator.traced(|| self.writer(document).lifecycle());
        let policy = evaluator.traced(|| self.writer(document).slot(&["RepositoryPolicyText"]));
        let owner = evaluator.traced(|| self.owner(document));
        let (repository_policy, registry_policies) = self.policies(&policy, draft);
        let document = &mut *draft.document;
        let surroundings = draft.surroundings.or(evaluator, || {
            (self.related.surroundings).write(evaluator, resource, document, draft.embedded)
        });
        let calls = &self.related.surroundings.calls;
        let scanning = calls.on(evaluator, resource, document.value(name));
        let [tag_mutability, exclusion_filters, encryption_type] =
            (draft.settings).or(evaluator, || self.settings(document));
        let (kms_key, key) = self.key(&owner, draft);
        let (lifecycle_written, lifecycle_policy) = self.lifecycle(&lifecycle, draft);
        let document = &mut *draft.document;
        let tags = draft.tags.or(evaluator, || self.writer(document).tags());
        let pattern = pattern(evaluator, self.properties);
        let registries = registry::scanning(evaluator, &self.related.registries);
        let flags = draft.flags.or(evaluator, || self.flags(document));
        let own = Repository {
            is_public: resource.kind == ResourceKind::PublicRepository,
            settings: RepositorySettings {
                name,
                tag_mutability,
                exclusion_filters,
                encryption_type,
                kms_key,
                key,
                lifecycle_written,
                lifecycle_policy,
                repository_policy,
                registry_policies,
                tags,
            },
            pattern,
            registries,
            scan_on_push: scanning.flag(document, flags.scan_on_push),
            scan_frequency: flags.scan_frequency,
            empty_on_delete: flags.empty_on_delete,
            deletion_policy: flags.deletion_policy,
            update_replace_policy: flags.update_replace_policy,
            auto_delete: surroundings.auto_delete,
            holds_images: Truth::Unknown(()),
            images: None,
            event_rules: surroundings.event_rules,
            image_uses: surroundings.image_uses,
            parameters: self.parameters(&owner, draft),
        };
        (subject, Particulars::Repository(Box::new(own)))
    }

    fn writer<'w>(&'w self, document: &'w mut Document) -> PropertyWriter<'w, 't, 'w> {
        PropertyWriter {
            evaluator: self.evaluator,
            properties: self.properties,
            document,
        }
    }

    /// Mutability of tags, what is excluded from it, and the type of encryption.
    fn settings(&self, document: &mut Document) -> [NodeId; 3] {
        let mut writer = self.writer(document);
        [
            writer.string(&["ImageTagMutability"]),
            writer.exclusion_filters(),
            writer.string(&["EncryptionConfiguration", "EncryptionType"]),
        ]
    }

    fn flags(&self, document: &mut Document) -> RepositoryFlags {
        let mut writer = self.writer(document);
        RepositoryFlags {
            scan_on_push: writer.bool(&["ImageScanningConfiguration", "ScanOnPush"]),
            // Only AWS itself can say it.
            scan_frequency: writer.document.absent(self.resource.place),
            empty_on_delete: writer.bool(&["EmptyOnDelete"]),
            deletion_policy: writer.attribute(self.resource, "DeletionPolicy"),
            update_replace_policy: writer.attribute(self.resource, "UpdateReplacePolicy"),
        }
    }

    fn lifecycle(
        &self,
        text: &Traced<'t, Slot<'t>>,
        draft: &mut RepositoryDraft<'_, 't>,
    ) -> (Written, NodeId) {
        let (evaluator, document) = (self.evaluator, &mut *draft.document);
        draft.lifecycle.or(evaluator, || {
            let text = evaluator.again(text);
            let mut writer = self.writer(document);
            let policy = writer.lifecycle_policy(self.resource, text.clone(), draft.embedded);
            (written(text), policy)
        })
    }

    /// The repository's policy, and those of its registry that deny something.
    fn policies(
        &self,
        policy: &Traced<'t, Slot<'t>>,
        draft: &mut RepositoryDraft<'_, 't>,
    ) -> (NodeId, Vec<NodeId>) {
        let (evaluator, document) = (self.evaluator, &mut *draft.document);
        draft.policies.or(evaluator, || {
            let policy = evaluator.again(policy).clone();
            let policy = evaluator.write_policy(document, policy, draft.embedded);
            let above = registry::denying(evaluator, policy, document, draft.embedded);
            (policy, above)
        })
    }

    /// The repository with the key that it names.
    fn owner(&self, document: &mut Document) -> RelatedOwner<'t, '_> {
        let kms_key = self
            .writer(document)
            .slot(&["EncryptionConfiguration", "KmsKey"]);
        let key = self.related.aliases.key(self.evaluator, &kms_key.value);
        RelatedOwner {
            resource: self.resource,
            kms_key,
            key,
        }
    }

    /// What names the key, and the key.
    fn key(
        &self,
        owner: &Traced<'t, RelatedOwner<'t, '_>>,
        draft: &mut RepositoryDraft<'_, 't>,
    ) -> (NodeId, Option<KmsKey>) {
        let (evaluator, document) = (self.evaluator, &mut *draft.document);
        draft.key.or(evaluator, || {
            let owner = evaluator.again(owner);
            let node = evaluator.write_string(document, owner.kms_key.clone());
            let key = owner.key.as_ref();
            let key = key.and_then(|key| key.write(evaluator, document, draft.embedded));
            (node, key)
        })
    }

    fn parameters(
        &self,
        owner: &Traced<'t, RelatedOwner<'t, '_>>,
        draft: &mut RepositoryDraft<'_, 't>,
    ) -> Arc<[Parameter]> {
        let (evaluator, document) = (self.evaluator, &mut *draft.document);
        draft.parameters.or(evaluator, || {
            let owner = evaluator.again(owner);
            self.related.parameters(evaluator, owner, document).into()
        })
    }
}

/// The name with holes for values of parameters that were chosen.
fn pattern<'t>(evaluator: &Evaluator<'t, '_>, properties: &Slot<'t>) -> Option<String> {
    let name = evaluator.without_values(|| evaluator.inside(properties, "RepositoryName").value)?;
    Some(name.into_text()?.shape().to_string())
}

/// The properties of a resource that exists and has any.
fn properties<'t>(evaluator: &Evaluator<'t, '_>, resource: &Resource<'t>) -> Option<Slot<'t>> {
    if !evaluator.exists(resource) {
        return None;
    }
    let properties = evaluator.properties(resource);
    if let Resolved::Node(node) = properties.value {
        // What CloudFormation refuses whole is reported, and nothing of it is left to be judged.
        if node.kind() != Kind::Object {
            return None;
        }
    }
    Some(properties)
}
