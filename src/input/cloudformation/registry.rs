//! `AWS::ECR::RegistryPolicy` and `AWS::ECR::RepositoryCreationTemplate`: what is judged in the place of a
//! repository. It does not know functions, nor what the values mean to ECR.

use super::evaluate::Evaluator;
use super::property::Slot;
use super::repository::{Writer, registry_scanning, subject, written};
use super::template::{Resource, ResourceKind};
use crate::model::{Data, Document, NodeId, RegistryScanning, Repository, RepositoryKind, Unknown};
use crate::source::{Node, Tree};

/// Scanning configurations of one template that are compared for each repository.
const MOST_REGISTRIES: usize = 8;

/// The scanning configurations of the template. A registry has one.
pub(super) fn scanning(evaluator: &Evaluator<'_, '_>) -> Vec<RegistryScanning> {
    let all = evaluator.template.of_kind(ResourceKind::RegistryScanning);
    let mut all = all.filter_map(|registry| registry_scanning(evaluator, &registry));
    let mut found: Vec<_> = all.by_ref().take(MOST_REGISTRIES).collect();
    if let Some(mut other) = all.next() {
        let place = other.document.value(other.rules).span();
        let unknown = Unknown::because("the template has more of them than are compared");
        other.rules = other.document.unknown(unknown, place);
        other.scan_type = other.rules;
        found.push(other);
    }
    found
}

/// Whether a function stands for a statement of a policy, or for what it does.
fn may_hide(policy: Option<Node<'_>>) -> bool {
    let statements = policy.and_then(|policy| policy.get("Statement"));
    let hidden = |node: Node<'_>| {
        let is_call = |node: Node<'_>| {
            node.members()
                .any(|it| it.key == "Ref" || it.key.starts_with("Fn::"))
        };
        is_call(node) || node.get("Effect").is_some_and(is_call)
    };
    statements.is_some_and(|list| hidden(list) || list.items().any(hidden))
}

/// Writes the policies of the stack's registry that may deny something, for a repository with a policy.
pub(super) fn denying(
    evaluator: &Evaluator<'_, '_>,
    repository: NodeId,
    document: &mut Document,
    embedded: &mut Tree,
) -> Vec<NodeId> {
    if matches!(document.value(repository).data(), Data::Absent) {
        return Vec::new();
    }
    let mut policies = Vec::new();
    for resource in evaluator.template.of_kind(ResourceKind::RegistryPolicy) {
        let text = resource.node.span().slice(resource.node.source_text());
        let policy = resource.node.get("Properties");
        let policy = policy.and_then(|properties| properties.get("PolicyText"));
        let is_plain = policy.is_some_and(|policy| policy.get("Statement").is_some());
        if is_plain && !text.contains("Deny") && !may_hide(policy) {
            continue;
        }
        match evaluator.existence(&resource) {
            Ok(false) => {}
            Ok(true) => {
                let properties = evaluator.properties(&resource);
                let policy = evaluator.inside(&properties, "PolicyText");
                policies.push(evaluator.write_policy(document, policy, embedded));
            }
            Err(reason) => {
                policies.push(document.unknown(Unknown::because(reason), resource.place))
            }
        }
    }
    policies
}

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
    if kind == RepositoryKind::CreationTemplate {
        let own = one.repository_policy;
        one.registry_policies = denying(evaluator, own, &mut document, embedded);
    }
    one.subject = subject(evaluator, resource, document.value(one.name));
    one.assumptions = evaluator.choices.assumptions();
    one.document = document;
    one
}
