//! Permission sets of IAM Identity Center: of each a role is made in the accounts that it is assigned in.
//! It does not know what a policy gives.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sso-permissionset.html>

use super::documents::IdentityDocuments;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::resources::attached::{Managed, items};
use crate::input::cloudformation::resources::boundary::BOUNDARY;
use crate::input::cloudformation::template::sections::Resource;

/// Collects the policies of a permission set.
pub(super) fn given<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    found: &mut IdentityDocuments<'t>,
) -> Managed<'t> {
    let properties = evaluator.properties(resource);
    let inline = evaluator.inside(&properties, "InlinePolicy");
    if !matches!(inline.value, Resolved::Nothing) {
        found.documents.push(inline);
    }
    let customers = evaluator.inside(&properties, "CustomerManagedPolicyReferences");
    let (customers, hidden) = items(evaluator, customers);
    let is_any = |one: &Resolved<'_>| !matches!(one, Resolved::Nothing);
    let doubt = hidden.or_else(|| {
        customers.iter().any(is_any).then(|| {
            format!(
                "`{}` has policies of the accounts that it is assigned in, too",
                resource.id
            )
        })
    });
    let arns = evaluator.inside(&properties, "ManagedPolicies");
    let (arns, rest) = items(evaluator, arns);
    let managed = Managed::of(evaluator, resource, arns, rest);
    Managed {
        doubt: managed.doubt.or(doubt),
        ..managed
    }
}

/// The permissions boundary: the ARN of a policy of AWS, or the mapping that names one of the accounts.
pub(super) fn boundary<'t>(evaluator: &Evaluator<'t, '_>, resource: &Resource<'t>) -> Slot<'t> {
    let properties = evaluator.properties(resource);
    let boundary = evaluator.inside(&properties, BOUNDARY);
    let arn = evaluator.inside(&boundary, "ManagedPolicyArn");
    match arn.value {
        Resolved::Nothing => boundary,
        _ => arn,
    }
}
