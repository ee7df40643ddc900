//! Policies that one template attaches to the principals of another one.
//! It does not know what any policy gives.

use super::outcome::Outcome;

/// Leaves open what the principals of a template have, where another template attaches a policy about ECR to
/// principals that are not its own: it may be to these.
pub(super) fn doubt(outcomes: &mut [Outcome]) {
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
        let repositories = outcome.loaded.repositories.iter_mut();
        for identity in repositories.flat_map(|repository| &mut repository.identities) {
            identity.doubt.get_or_insert_with(|| {
                format!("policy `{policy}` of another template may be attached to it, too")
            });
        }
    }
}
