//! `AWS::ECR::RegistryPolicy` and `AWS::ECR::RepositoryCreationTemplate`: what is judged in the place of a
//! repository. It does not know functions, nor what the values mean to ECR.

use std::cell::OnceCell;
use std::sync::Arc;

use super::subject::{family, subject};
use super::writer::{PropertyWriter, written};
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::property::{Slot, write_undecided};
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::{Resource, Template};
use crate::model::{CreationTemplate, Data, Document, NodeId, Particulars, Truth};
use crate::model::{Identifiers, RegistryScanning, RepositorySettings, Unknown};
use crate::source::{Node, Tree};

/// Scanning configurations of one template that are compared for each repository.
const MOST_REGISTRIES: usize = 8;
/// Why no more of them are.
const TOO_MANY: &str = "the template has more of them than are compared";
/// How much scanning configurations may say to all repositories of a template together: ECR takes two rules of a hundred
/// filters, which are less than 40,000 to each
/// (<https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryScanningConfiguration.html>).
const MOST_SAID: usize = 20_000_000;
/// Why less is said than there is.
const TOO_LONG: &str =
    "the template has more scanning rules and repositories than are compared with each other";

/// What is found out once about the scanning configurations of a template.
#[derive(Default)]
pub(crate) struct KnownScanning {
    size: OnceCell<Size>,
    /// Those of a template in which nothing depends on anything.
    shared: OnceCell<Vec<Arc<RegistryScanning>>>,
}

/// How much the scanning configurations of a template say.
struct Size {
    /// Whether it is too much for its repositories.
    is_too_long: bool,
    /// Whether they are the same for each of them.
    is_plain: bool,
}

impl Size {
    fn of(template: &Template<'_>) -> Self {
        let mut said = 0;
        let mut is_plain = true;
        for registry in template.of_kind(ResourceKind::RegistryScanning) {
            is_plain &= registry.node.get("Condition").is_none();
            measure(registry.node, &mut said, &mut is_plain);
        }
        let repositories = template.of_kind(ResourceKind::Repository).count();
        Self {
            is_too_long: said.saturating_mul(repositories) > MOST_SAID,
            is_plain,
        }
    }
}

/// Adds how much a value says. The parser bounds the depth.
fn measure(node: Node<'_>, said: &mut usize, is_plain: &mut bool) {
    const ITSELF: usize = 16;
    *said += ITSELF + node.as_text().map_or(0, str::len);
    for item in node.items() {
        measure(item, said, is_plain);
    }
    for member in node.members() {
        *is_plain &= member.key != "Ref" && !member.key.starts_with("Fn::");
        measure(member.value, said, is_plain);
    }
}

/// The scanning configurations of the template. A registry has one.
pub(crate) fn scanning(
    evaluator: &Evaluator<'_, '_>,
    known: &KnownScanning,
) -> Vec<Arc<RegistryScanning>> {
    let setting = evaluator.setting;
    let size = (known.size).get_or_init(|| Size::of(setting.template));
    let read = || {
        let all = setting.template.of_kind(ResourceKind::RegistryScanning);
        let mut found = Vec::new();
        for registry in all {
            let doubt = match found.len() < MOST_REGISTRIES {
                true => size.is_too_long.then_some(TOO_LONG),
                false => Some(TOO_MANY),
            };
            found.extend(registry_scanning(evaluator, &registry, doubt).map(Arc::new));
            if found.len() > MOST_REGISTRIES {
                break;
            }
        }
        found
    };
    match size.is_plain && std::ptr::eq(evaluator.context, &raw const setting.context) {
        true => known.shared.get_or_init(read).clone(),
        false => read(),
    }
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
pub(crate) fn denying(
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
        let policy = resource.written("PolicyText");
        let is_plain = policy.is_some_and(|policy| policy.get("Statement").is_some());
        if is_plain && !text.contains("Deny") && !may_hide(policy) {
            continue;
        }
        match evaluator.existence(&resource) {
            Truth::False => {}
            Truth::True => {
                let properties = evaluator.properties(&resource);
                let policy = evaluator.inside(&properties, "PolicyText");
                policies.push(evaluator.write_policy(document, policy, embedded));
            }
            Truth::Unknown(reason) => {
                policies.push(document.unknown(Unknown::because(reason), resource.place))
            }
        }
    }
    policies
}

/// Writes a registry policy or a creation template that exists.
pub(crate) fn write<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    properties: &Slot<'t>,
    document: &mut Document,
    embedded: &mut Tree,
) -> (Identifiers, Particulars) {
    let absent = document.absent(resource.place);
    let mut writer = PropertyWriter {
        evaluator,
        properties,
        document,
    };
    let (name, particulars) = if resource.kind == ResourceKind::CreationTemplate {
        let settings = template(&mut writer, resource, embedded);
        let custom_role = writer.string(&["CustomRoleArn"]);
        let template = CreationTemplate {
            settings,
            custom_role,
        };
        let name = template.settings.name;
        (name, Particulars::CreationTemplate(Box::new(template)))
    } else {
        let policy = writer.slot(&["PolicyText"]);
        let policy = evaluator.write_policy(writer.document, policy, embedded);
        (absent, Particulars::Registry { policy })
    };
    let subject = subject(evaluator, resource, document.value(name));
    (subject, particulars)
}

/// What a template gives to the repositories that ECR creates by it.
fn template<'t>(
    writer: &mut PropertyWriter<'_, 't, '_>,
    resource: &Resource<'t>,
    embedded: &mut Tree,
) -> RepositorySettings {
    let evaluator = writer.evaluator;
    let name = writer.string(&["Prefix"]);
    let tag_mutability = writer.string(&["ImageTagMutability"]);
    let exclusion_filters = writer.exclusion_filters();
    let encryption_type = writer.string(&["EncryptionConfiguration", "EncryptionType"]);
    let kms_key = writer.string(&["EncryptionConfiguration", "KmsKey"]);
    let lifecycle = writer.slot(&["LifecyclePolicy"]);
    let lifecycle_written = written(&lifecycle);
    let lifecycle_policy = writer.lifecycle_policy(resource, lifecycle, embedded);
    let tags = writer.own_tags("ResourceTags");
    let policy = writer.slot(&["RepositoryPolicy"]);
    let repository_policy = evaluator.write_policy(writer.document, policy, embedded);
    RepositorySettings {
        name,
        tag_mutability,
        exclusion_filters,
        encryption_type,
        kms_key,
        key: None,
        lifecycle_policy,
        lifecycle_written,
        repository_policy,
        registry_policies: denying(evaluator, repository_policy, writer.document, embedded),
        tags,
    }
}

/// The scanning configuration of the stack's registry, unless it does not exist.
///
/// The document has no place for the condition of a registry, so that one that may not exist is
/// unknown. So is one that is not looked at, with the reason in `doubt`.
pub(crate) fn registry_scanning<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    doubt: Option<&str>,
) -> Option<RegistryScanning> {
    let undecided = match resource.condition() {
        Some(condition) => match evaluator.decide(condition) {
            Truth::False => return None,
            Truth::True => None,
            Truth::Unknown(_) => Some(condition),
        },
        None => None,
    };
    let properties = evaluator.properties(resource);
    let mut document = Document::default();
    let (scan_type, rules) = match (undecided, doubt) {
        (_, Some(doubt)) => {
            let unknown = document.unknown(Unknown::because(doubt), resource.place);
            (unknown, unknown)
        }
        (Some(condition), None) => (
            write_undecided(&mut document, condition, resource.place),
            write_undecided(&mut document, condition, resource.place),
        ),
        (None, None) => {
            let mut writer = PropertyWriter {
                evaluator,
                properties: &properties,
                document: &mut document,
            };
            (writer.string(&["ScanType"]), writer.scanning_rules())
        }
    };
    let context = evaluator.context;
    Some(RegistryScanning {
        event_rules: Vec::new(),
        policy: None,
        document,
        account: context.account().map(str::to_owned),
        region: context.region().map(str::to_owned),
        family: Some(family(evaluator)),
        file: None,
        is_live: false,
        scan_type,
        rules,
    })
}
