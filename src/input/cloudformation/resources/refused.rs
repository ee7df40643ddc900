//! Resources in which something is refused and that belong to no repository: each is judged in the place of one.
//! It does not know what is refused.

use std::collections::BTreeSet;

use super::concerned::concerned;
use super::related::Related;
use super::subject::{notation, subject};
use crate::input::Loaded;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::template::flaw::{Flaw, MOST};
use crate::model::{Document, Entity, EntityKind, NodeId, Particulars};

/// Loads what is refused and belongs to no repository: each resource is judged in the place of one.
pub(crate) fn load<'t>(evaluator: &Evaluator<'t, '_>, related: &Related<'t>, loaded: &mut Loaded) {
    let template = evaluator.template;
    let (principals, judged): (Vec<_>, Vec<_>) =
        (loaded.entities.iter()).partition(|one| one.kind() == EntityKind::Principals);
    let ids = |of: Vec<&Entity>| -> BTreeSet<String> {
        let ids = of.into_iter().map(|one| one.subject.logical_id.clone());
        ids.flatten().collect()
    };
    let (principals, judged) = (ids(principals), ids(judged));
    let concerned = concerned(evaluator, related, &principals);
    let others = template.ours.iter().filter(|resource| {
        concerned.contains(resource.id)
            && !judged.contains(resource.id)
            && !evaluator.existence(resource).is_false()
    });
    for resource in others {
        let mut document = Document::default();
        let refused = related.refusals.write(evaluator, resource, &mut document);
        let value = document.value(refused);
        if value.as_unknown().is_some() || value.items().len() > 0 {
            let subject = subject(evaluator, resource, value);
            let particulars = Particulars::Resource;
            loaded.entities.push(Entity {
                notation: notation(resource),
                ..Entity::of_template(document, refused, subject, resource.place, particulars)
            });
        }
    }
    if let (false, Some(first)) = (concerned.is_empty(), template.doubled.sections.first()) {
        loaded.entities.push(whole(evaluator, first));
    }
}

/// What is wrong with the template itself.
fn whole(evaluator: &Evaluator<'_, '_>, first: &Flaw) -> Entity {
    let mut document = Document::default();
    let found: Vec<NodeId> = evaluator
        .template
        .doubled
        .sections
        .iter()
        .take(MOST)
        .map(|flaw| flaw.mistake.write(&mut document, flaw.span))
        .collect();
    let refused = document.array(&found, first.span);
    let subject = crate::model::Identifiers {
        stack: evaluator.context.stack.clone(),
        account: evaluator.context.account().map(str::to_owned),
        region: evaluator.context.region().map(str::to_owned),
        ..crate::model::Identifiers::default()
    };
    Entity::of_template(
        document,
        refused,
        subject,
        first.span,
        Particulars::Resource,
    )
}
