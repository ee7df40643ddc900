//! How many resources of one template are judged: more than any template can have that CloudFormation takes.
//! It does not know how they are judged.

use super::kind::ResourceKind;
use super::sections::{Resource, Template};
use crate::input::Note;

/// Resources of ECR that are judged in one template. CloudFormation takes 500 of all kinds
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>).
const MOST: usize = 2_000;

/// The resources that are judged, in the order of the text; says so where there are more.
pub(crate) fn judged<'r, 't>(
    template: &'r Template<'t>,
    notes: &mut Vec<Note>,
) -> Vec<&'r Resource<'t>> {
    let all = || template.ours.iter().filter(|one| is_judged(one.kind));
    if let Some(first) = all().nth(MOST) {
        let count = all().count();
        notes.push(Note::Undetermined {
            span: first.place,
            reason: format!(
                "the template has {count} resources of ECR, of which the first {MOST} are judged: CloudFormation takes no template with more than 500 resources"
            ),
        });
    }
    all().take(MOST).collect()
}

/// Whether something is said of such a resource by itself.
fn is_judged(kind: ResourceKind) -> bool {
    matches!(
        kind,
        ResourceKind::Repository
            | ResourceKind::PublicRepository
            | ResourceKind::RegistryPolicy
            | ResourceKind::CreationTemplate
            | ResourceKind::RegistryScanning
    )
}
