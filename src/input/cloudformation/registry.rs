//! `AWS::ECR::RegistryPolicy` and `AWS::ECR::RepositoryCreationTemplate`: what is judged in the place of a
//! repository. It does not know functions, nor what the values mean to ECR.

use super::evaluate::Evaluator;
use super::property::Slot;
use super::repository::{Writer, subject, written};
use super::template::{Resource, ResourceKind};
use crate::model::{Repository, RepositoryKind};
use crate::source::Tree;

/// Loads a registry policy or a creation template that exists.
pub(super) fn load<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    properties: &Slot<'t>,
    embedded: &mut Tree,
) -> Repository {
    let kind = match resource.kind {
        ResourceKind::CreationTemplate => RepositoryKind::CreationTemplate,
        _ => RepositoryKind::Registry,
    };
    let mut one = Repository::stand_in(kind, crate::model::Subject::default(), resource.place);
    let mut document = std::mem::take(&mut one.document);
    let mut writer = Writer {
        evaluator,
        properties,
        document: &mut document,
    };
    let policy = if kind == RepositoryKind::Registry {
        writer.slot(&["PolicyText"])
    } else {
        one.name = writer.string(&["Prefix"]);
        one.tag_mutability = writer.string(&["ImageTagMutability"]);
        one.exclusion_filters = writer.exclusion_filters();
        one.encryption_type = writer.string(&["EncryptionConfiguration", "EncryptionType"]);
        one.kms_key = writer.string(&["EncryptionConfiguration", "KmsKey"]);
        let lifecycle = writer.slot(&["LifecyclePolicy"]);
        one.lifecycle_written = written(&lifecycle);
        one.lifecycle_policy = evaluator.write_policy(writer.document, lifecycle, embedded);
        one.tags = writer.own_tags("ResourceTags");
        writer.slot(&["RepositoryPolicy"])
    };
    one.repository_policy = evaluator.write_policy(&mut document, policy, embedded);
    one.subject = subject(evaluator, resource, document.value(one.name));
    one.assumptions = evaluator.choices.assumptions();
    one.document = document;
    one
}
