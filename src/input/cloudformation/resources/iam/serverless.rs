//! The roles that SAM makes of the policies in its functions and state machines.
//! It does not know what a policy gives.
//!
//! <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html>

use super::documents::IdentityDocuments;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::resources::attached::{self, Managed, items};
use crate::input::cloudformation::template::look::may_concern;
use crate::input::cloudformation::template::sections::{Resource, Template};
use crate::model::policy::keys;
use crate::model::{Document, NodeId};
use crate::source::{Kind, Member, Node, Tree};

/// Names of the policy templates of SAM, none of which gives anything of ECR, as of November 2026:
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html>
const TEMPLATES: &str = include_str!("policy_templates.txt");

/// The type to which `Globals` give settings of roles; state machines get none.
///
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html>
const FUNCTION: &str = "AWS::Serverless::Function";

/// Who runs functions.
const LAMBDA: &str = "lambda.amazonaws.com";

/// Collects the policies of the role that SAM makes; `None` where a role is given, so that it makes none, and
/// `Policies` count for nothing.
pub(super) fn given<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    found: &mut IdentityDocuments<'t>,
) -> Option<Managed<'t>> {
    let properties = evaluator.properties(resource);
    let doubt = match evaluator.inside(&properties, "Role").value {
        Resolved::Nothing => None,
        Resolved::Unknown(hidden) if hidden.unknown.maybe_absent => Some(hidden.unknown.reason),
        _ => return None,
    };
    let policies = evaluator.inside(&properties, "Policies");
    let (policies, rest) = match policies.value {
        Resolved::Node(node) if node.kind() == Kind::Array => {
            let telling = node.items().filter(|item| !says_nothing(*item));
            (telling.map(|item| evaluator.resolve(item)).collect(), None)
        }
        _ => items(evaluator, policies),
    };
    found.doubt = rest.or(doubt);
    let mut managed = Vec::new();
    for policy in policies {
        match policy {
            Resolved::Nothing => {}
            Resolved::Node(node) if node.kind() == Kind::Object => {
                if node.get("Statement").is_some() {
                    found.documents.push(Slot::new(policy, node.span()));
                } else if !is_template(node) {
                    found.doubt = Some(no_policy(node, resource));
                }
            }
            other => managed.push(other),
        }
    }
    Some(Managed::of(
        evaluator,
        resource,
        managed,
        found.doubt.take(),
    ))
}

/// A setting of the role: the resource's own, else that of the functions of the template.
pub(super) fn setting<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    name: &str,
) -> Slot<'t> {
    let properties = evaluator.properties(resource);
    let own = evaluator.inside(&properties, name);
    if !matches!(own.value, Resolved::Nothing) || resource.written(name).is_some() {
        return own;
    }
    match shared(evaluator.template, resource, name) {
        Some(member) => Slot::new(evaluator.resolve(member.value), member.key_span),
        None => own,
    }
}

/// Who may assume the role: functions, unless it is written otherwise.
///
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html>
pub(super) fn trust<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    document: &mut Document,
    embedded: &mut Tree,
) -> NodeId {
    let slot = setting(evaluator, resource, "AssumeRolePolicyDocument");
    let kind = resource.node.get("Type").and_then(|kind| kind.as_str());
    if !matches!(slot.value, Resolved::Nothing) || kind != Some(FUNCTION) {
        return evaluator.write_policy(document, slot, embedded);
    }
    let at = resource.place;
    let service = document.string(LAMBDA, at);
    let principal = document.object(&[(keys::SERVICE.name(), service)], at);
    let allow = document.string("Allow", at);
    let members = [
        (keys::EFFECT.name(), allow),
        (keys::PRINCIPAL.name(), principal),
    ];
    let statement = document.object(&members, at);
    document.object(&[(keys::STATEMENT.name(), statement)], at)
}

/// What is written as a setting of the role, or of those of all functions.
pub(super) fn written<'t>(
    template: &Template<'t>,
    resource: &Resource<'t>,
    name: &str,
) -> Option<Node<'t>> {
    let own = resource.written(name);
    own.or_else(|| Some(shared(template, resource, name)?.value))
}

/// The setting of all functions of a template.
fn shared<'t>(template: &Template<'t>, resource: &Resource<'t>, name: &str) -> Option<Member<'t>> {
    let kind = resource.node.get("Type").and_then(Node::as_str);
    let globals = template
        .root
        .get("Globals")
        .filter(|_| kind == Some(FUNCTION));
    globals?.get("Function")?.member(name)
}

/// Whether an item of `Policies` certainly gives nothing of ECR, whatever conditions decide within it.
fn says_nothing(item: Node<'_>) -> bool {
    if let Some(name) = item.as_str() {
        return attached::gives_nothing(name);
    }
    if item.kind() != Kind::Object {
        return false;
    }
    if let Some(choice) = item.get("Fn::If") {
        return choice.items().skip(1).all(says_nothing);
    }
    if let Some(name) = item.get("Ref") {
        return name.as_str() == Some("AWS::NoValue");
    }
    is_template(item) || (item.get("Statement").is_some() && !may_concern(item))
}

/// Whether a mapping is the use of a policy template.
fn is_template(node: Node<'_>) -> bool {
    let mut members = node.members();
    let only = members.next().filter(|_| members.next().is_none());
    only.is_some_and(|only| TEMPLATES.lines().any(|known| known == only.key))
}

/// Why it is not known what a mapping without statements gives.
fn no_policy(node: Node<'_>, resource: &Resource<'_>) -> String {
    match node.members().next() {
        Some(first) => format!("`{}` is not a known policy template of SAM", first.key),
        None => format!("a policy of `{}` says nothing", resource.id),
    }
}
