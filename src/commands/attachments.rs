//! Policies that one template attaches to the principals of another one.
//! It does not know what any policy gives.

use super::outcome::FileOutcome;
use crate::model::Particulars;

/// Leaves open what the principals of a template have, where another template attaches a policy about ECR to
/// principals that are not its own: it may be to these.
pub(super) fn doubt(outcomes: &mut [FileOutcome]) {
    let attaching: Vec<(usize, String)> = outcomes
        .iter()
        .enumerate()
        .filter_map(|(index, outcome)| Some((index, outcome.loaded.attaches.clone()?)))
        .take(2)
        .collect();
    for (index, outcome) in outcomes.iter_mut().enumerate() {
        let Some((_, policy)) = attaching.iter().find(|(other, _)| *other != index) else {
            continue;
        };
        let entities = outcome.loaded.entities.iter_mut();
        let identities = entities.filter_map(|entity| match &mut entity.particulars {
            Particulars::Principals { identities, .. } => Some(identities),
            _ => None,
        });
        for identity in identities.flatten() {
            identity.doubt.get_or_insert_with(|| {
                format!("policy `{policy}` of another template may be attached to it, too")
            });
        }
    }
}
