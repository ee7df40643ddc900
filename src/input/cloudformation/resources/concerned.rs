//! Resources that verdicts depend on, so that a mistake in one of them is reported.
//! It does not know what is wrong with any of them.

use std::collections::BTreeSet;

use super::related::Related;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::{Resource, Template};

/// Resources that verdicts depend on: those of ECR, what they refer to and we read, what refers to them, and
/// principals and event rules about ECR.
pub(crate) fn concerned<'t>(
    evaluator: &Evaluator<'t, '_>,
    related: &Related<'t>,
    principals: &BTreeSet<String>,
) -> BTreeSet<&'t str> {
    let template = evaluator.template;
    let (surroundings, fixed) = (&related.surroundings, &related.refusals.fixed);
    let mut concerned = BTreeSet::new();
    let mut pending: Vec<&'t str> = Vec::new();
    for resource in &template.ours {
        if resource.kind.is_of_ecr() {
            pending.push(resource.id);
        }
    }
    for identity in surroundings.identities.all() {
        if principals.contains(identity.resource().id) {
            pending.push(identity.resource().id);
            pending.extend(identity.policies().iter().map(|policy| policy.id));
        }
    }
    let rules = surroundings.events.all().map(|rule| rule.resource.id);
    pending.extend(rules);
    if pending.is_empty() {
        return concerned;
    }
    let mut repositories = template.of_kind(ResourceKind::Repository);
    let has_repositories = repositories.next().is_some();
    while let Some(id) = pending.pop() {
        let Some(resource) = read(template, id).filter(|_| concerned.insert(id)) else {
            continue;
        };
        pending.extend(fixed.of(template, resource).named.keys().copied());
    }
    // Parameters and aliases say what they hold; the repository does not name them.
    for resource in &template.ours {
        let holds = matches!(resource.kind, ResourceKind::Parameter | ResourceKind::Alias);
        if holds && !concerned.contains(resource.id) {
            let known = fixed.of(template, resource);
            let names_one = known.named.keys().any(|id| concerned.contains(id));
            // What refers to nothing may have been meant to hold a value of any of the repositories.
            let holds_nothing = has_repositories && known.flaws.iter().any(|flaw| flaw.is_dangling);
            if names_one || holds_nothing {
                concerned.insert(resource.id);
            }
        }
    }
    concerned
}

/// The resource with this logical id, if its properties are read for verdicts.
fn read<'r, 't>(template: &'r Template<'t>, id: &str) -> Option<&'r Resource<'t>> {
    let found = template.resources.get(id);
    found.filter(|resource| resource.kind.is_read())
}
