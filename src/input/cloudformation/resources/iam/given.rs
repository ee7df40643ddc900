//! The policies that a principal has under one combination of conditions: those that stand in it, and those of their own.
//! It does not know what a policy gives.

use super::documents::IdentityDocuments;
use super::form::PrincipalForm;
use super::{permission_set, serverless};
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::resources::attached::{
    Attached, Managed, PrincipalName, groups_too,
};
use crate::input::cloudformation::template::look::may_concern;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::Truth;

/// A principal with what may give it something.
pub(super) struct Recipient<'p, 't> {
    pub(super) resource: &'p Resource<'t>,
    pub(super) form: PrincipalForm,
    /// Policies that may be attached to it.
    pub(super) policies: &'p [Resource<'t>],
    /// What adds it to groups.
    pub(super) memberships: &'p [Resource<'t>],
}

/// Collects the policies of a principal; `None` where no role is made for it.
pub(super) fn given<'t>(
    evaluator: &Evaluator<'t, '_>,
    principal: &Recipient<'_, 't>,
    found: &mut IdentityDocuments<'t>,
) -> Option<Managed<'t>> {
    let managed = match principal.form {
        PrincipalForm::Iam => {
            let properties = evaluator.properties(principal.resource);
            let inline = evaluator.inside(&properties, "Policies");
            found.inline(evaluator, principal.resource, inline);
            Managed::read(evaluator, principal.resource)
        }
        PrincipalForm::Serverless => serverless::given(evaluator, principal.resource, found)?,
        PrincipalForm::PermissionSet => permission_set::given(evaluator, principal.resource, found),
    };
    let name = PrincipalName::of(evaluator, principal.resource);
    for policy in principal.policies {
        if evaluator.existence(policy).is_false() {
            continue;
        }
        match Attached::read(evaluator, policy).holds(&name) {
            Truth::True => found.add(evaluator, policy),
            Truth::False => {}
            Truth::Unknown(reason) => found.doubt = Some(reason),
        }
    }
    for membership in principal.memberships {
        let exists = !evaluator.existence(membership).is_false();
        if exists
            && !Attached::read(evaluator, membership)
                .holds(&name)
                .is_false()
        {
            found.doubt = Some(groups_too(principal.resource));
        }
    }
    let concerning = managed
        .policies
        .iter()
        .filter(|policy| may_concern(policy.node));
    for policy in concerning {
        if !evaluator.existence(policy).is_false() {
            found.add(evaluator, policy);
        }
    }
    found.doubt = managed.doubt.clone().or(found.doubt.take());
    Some(managed)
}
