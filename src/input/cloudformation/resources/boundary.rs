//! The permissions boundary of a role or user, beyond which none of its policies gives anything.
//! It does not know what the policies give.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html>

use super::attached::Provided;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Document, NodeId, Truth, Unknown};
use crate::source::Tree;

/// The property with the permissions boundary.
pub(crate) const BOUNDARY: &str = "PermissionsBoundary";

/// Policies of AWS that allow all that ECR has.
const WIDE: [&str; 2] = ["AdministratorAccess", "PowerUserAccess"];

/// Writes the boundary of a principal that stands in `slot`; `None` where it has none, or one that keeps nothing of ECR out.
pub(crate) fn write<'t>(
    evaluator: &Evaluator<'t, '_>,
    principal: &Resource<'t>,
    slot: Slot<'t>,
    document: &mut Document,
    embedded: &mut Tree,
) -> Option<NodeId> {
    let properties = evaluator.properties(principal);
    if properties.value.span().is_none() || matches!(slot.value, Resolved::Nothing) {
        return None;
    }
    // Where all properties are unknown, so are the policies.
    if let Resolved::Unknown(_) = properties.value {
        return None;
    }
    let place = slot.place;
    if let Some(policy) = declared(evaluator, &slot.value) {
        if let Truth::Unknown(reason) = evaluator.existence(&policy) {
            return Some(document.unknown(Unknown::because(reason), place));
        }
        let properties = evaluator.properties(&policy);
        let written = evaluator.inside(&properties, "PolicyDocument");
        return Some(evaluator.write_policy(document, written, embedded));
    }
    let text = slot.value.known_text();
    let name = text
        .as_deref()
        .and_then(|text| text.rsplit_once(":iam::aws:policy/"));
    if name.is_some_and(|(_, name)| WIDE.contains(&name)) {
        return None;
    }
    if let Some(provided) = Provided::read(&slot.value, false) {
        return Some(provided.write(document));
    }
    let reason = match text {
        Some(arn) => format!("no input shows the permissions boundary `{arn}`"),
        None => format!(
            "the permissions boundary of `{}` is not known",
            principal.id
        ),
    };
    Some(document.unknown(Unknown::because(reason), place))
}

/// The policy of the template that a boundary refers to.
fn declared<'t>(evaluator: &Evaluator<'t, '_>, value: &Resolved<'t>) -> Option<Resource<'t>> {
    let template = evaluator.template;
    let reference = value.reference()?;
    let found = template.resources.get(reference.logical_id.as_str())?;
    let is_policy = found.kind == ResourceKind::IamPolicy;
    (is_policy && reference.template == template.source()).then_some(*found)
}
