//! `AWS::ECR::Repository`, `AWS::ECR::PublicRepository` and the registry's scanning configuration.
//! It does not know functions, nor what the values mean to ECR.

use super::registry;
use super::related::Related;
use super::related::candidate::RelatedOwner;
use super::subject::{family, subject};
use super::writer::{PropertyWriter, written};
use crate::input::Loaded;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::constructs::with_constructs;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Entity, Particulars, Repository, RepositorySettings, Truth};
use crate::source::{Kind, Tree};

/// Loads one repository, or what is judged in the place of one, unless it does not exist or its properties are
/// no mapping.
pub(crate) fn load<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    related: &Related<'t>,
    embedded: &mut Tree,
    loaded: &mut Loaded,
) {
    let Some(properties) = properties(evaluator, resource) else {
        return;
    };
    let is_repository = matches!(
        resource.kind,
        ResourceKind::Repository | ResourceKind::PublicRepository
    );
    let mut judged = if is_repository {
        let one = repository(evaluator, (resource, &properties), related, embedded);
        with_constructs(evaluator.template, one)
    } else {
        let mut one = registry::load(evaluator, resource, &properties, embedded);
        one.refused = related
            .refusals
            .write(evaluator, resource, &mut one.document);
        one
    };
    judged.whereabouts = related
        .surroundings
        .landmarks
        .whereabouts(evaluator.context, &judged);
    loaded.entities.push(judged);
}

/// One repository with what belongs to it.
fn repository<'t>(
    evaluator: &Evaluator<'t, '_>,
    (resource, properties): (&Resource<'t>, &Slot<'t>),
    related: &Related<'t>,
    embedded: &mut Tree,
) -> Entity {
    let mut room = related.room.borrow_mut();
    let document = &mut *room;
    let mut writer = PropertyWriter {
        evaluator,
        properties,
        document,
    };
    let name = writer.string(&["RepositoryName"]);
    let lifecycle = writer.lifecycle();
    let policy = writer.slot(&["RepositoryPolicyText"]);
    let kms_key = writer.slot(&["EncryptionConfiguration", "KmsKey"]);
    let key = related.aliases.key(evaluator, &kms_key.value);
    let owner = RelatedOwner {
        resource,
        kms_key: &kms_key,
        key,
    };
    let policy = evaluator.write_policy(writer.document, policy, embedded);
    let above = registry::denying(evaluator, policy, writer.document, embedded);
    let surroundings =
        (related.surroundings).write(evaluator, (resource, name), writer.document, embedded);
    let settings = RepositorySettings {
        name,
        tag_mutability: writer.string(&["ImageTagMutability"]),
        exclusion_filters: writer.exclusion_filters(),
        encryption_type: writer.string(&["EncryptionConfiguration", "EncryptionType"]),
        kms_key: evaluator.write_string(writer.document, kms_key.clone()),
        key: (owner.key.as_ref()).and_then(|key| key.write(evaluator, writer.document, embedded)),
        lifecycle_written: written(&lifecycle),
        lifecycle_policy: writer.lifecycle_policy(resource, lifecycle, embedded),
        repository_policy: policy,
        registry_policies: above,
        tags: writer.tags(),
    };
    let own = Repository {
        is_public: resource.kind == ResourceKind::PublicRepository,
        settings,
        pattern: pattern(evaluator, properties),
        registries: registry::scanning(evaluator, &related.registries),
        scan_on_push: writer.scan_on_push(surroundings.scanning),
        // Only AWS itself can say it.
        scan_frequency: writer.document.absent(resource.place),
        empty_on_delete: writer.bool(&["EmptyOnDelete"]),
        deletion_policy: writer.attribute(resource, "DeletionPolicy"),
        update_replace_policy: writer.attribute(resource, "UpdateReplacePolicy"),
        auto_delete: surroundings.auto_delete,
        holds_images: Truth::Unknown(()),
        images: None,
        event_rules: surroundings.event_rules,
        image_uses: surroundings.image_uses,
        parameters: related.parameters(evaluator, &owner, writer.document),
    };
    let subject = subject(evaluator, resource, writer.document.value(name));
    let refused = related.refusals.write(evaluator, resource, writer.document);
    let particulars = Particulars::Repository(Box::new(own));
    let document = writer.document.take_shrunk();
    Entity {
        family: Some(family(evaluator)),
        ..Entity::of_template((document, refused), subject, resource.place, particulars)
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
        // What CloudFormation refuses whole is told, and nothing of it is left to be judged.
        if node.kind() != Kind::Object {
            return None;
        }
    }
    Some(properties)
}
