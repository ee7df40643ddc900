//! Identities, and event rules of a template that has no repository which they could belong to: each is judged in
//! the place of one. It does not know what they say.

use super::events::Rules;
use super::iam::Identities;
use super::subject::{notation, subject};
use super::variants::Variants;
use crate::input::Loaded;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::template::constructs::constructs;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::events::is_about;
use crate::model::{Document, Entity, Particulars};
use crate::source::Tree;

/// Loads the identities of a template, each in all its variants.
pub(crate) fn load_identities<'t>(
    variants: &mut Variants<'_, 't>,
    identities: &Identities<'t>,
    embedded: &mut Tree,
    loaded: &mut Loaded,
) {
    for candidate in identities.all() {
        let resource = candidate.resource();
        let before = loaded.entities.len();
        variants.load_with(loaded, &mut |evaluator: &Evaluator<'t, '_>, loaded| {
            if !evaluator.exists(resource) {
                return;
            }
            let mut document = Document::default();
            let identity = candidate.write(evaluator, identities, &mut document, embedded);
            // A variant without anything about ECR says under which conditions the others are.
            let particulars = Particulars::Principals {
                identities: identity.into_iter().collect(),
                event_rules: Vec::new(),
            };
            let mut one = entity(evaluator, resource, document, particulars);
            one.constructs = constructs(evaluator.template, &one);
            loaded.entities.push(one);
        });
        if (loaded.entities[before..].iter()).all(|one| one.identities().is_empty()) {
            variants.forget(before, loaded);
        }
    }
}

/// Loads the event rules that are about ECR, each in all its variants, unless the template has a private
/// repository: then they are judged there.
pub(crate) fn load_rules<'t>(
    evaluator: &Evaluator<'t, '_>,
    variants: &mut Variants<'_, 't>,
    rules: &Rules<'t>,
    embedded: &mut Tree,
    loaded: &mut Loaded,
) {
    let mut repositories = evaluator.template.of_kind(ResourceKind::Repository);
    if repositories.any(|repository| !evaluator.existence(&repository).is_false()) {
        return;
    }
    for candidate in rules.all() {
        let resource = &candidate.resource;
        let before = loaded.entities.len();
        variants.load_with(loaded, &mut |evaluator: &Evaluator<'t, '_>, loaded| {
            if !evaluator.exists(resource) {
                return;
            }
            let mut document = Document::default();
            let rule = candidate.write(evaluator, &mut document, embedded);
            let is_about = is_about(document.value(rule.pattern));
            // A variant without ECR says under which conditions the others are.
            let particulars = Particulars::Principals {
                identities: Vec::new(),
                event_rules: is_about.then_some(rule).into_iter().collect(),
            };
            let mut one = entity(evaluator, resource, document, particulars);
            one.constructs = constructs(evaluator.template, &one);
            loaded.entities.push(one);
        });
        if (loaded.entities[before..].iter()).all(|one| one.event_rules().is_empty()) {
            variants.forget(before, loaded);
        }
    }
}

/// What is judged for a resource, with nothing but what the document holds.
fn entity<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    mut document: Document,
    particulars: Particulars,
) -> Entity {
    let absent = document.absent(resource.place);
    let subject = subject(evaluator, resource, document.value(absent));
    Entity {
        notation: notation(resource),
        ..Entity::new(document, subject, resource.place, particulars)
    }
}
