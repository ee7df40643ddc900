//! Identities, and event rules of a template that has no repository which they could belong to: each is judged in
//! the place of one. It does not know what they say.

use super::super::Loaded;
use super::around::Around;
use super::evaluate::Evaluator;
use super::iam::Identities;
use super::repository::subject;
use super::template::{Resource, ResourceKind};
use super::variants::Variants;
use crate::model::{Document, Repository, RepositoryKind};
use crate::source::Tree;

/// Loads the identities of a template, each in all its variants.
pub(super) fn load_identities<'t>(
    variants: &mut Variants<'_, 't>,
    identities: &Identities<'t>,
    embedded: &mut Tree,
    loaded: &mut Loaded,
) {
    for candidate in identities.all() {
        let resource = candidate.resource();
        let before = loaded.repositories.len();
        variants.load_with(loaded, &mut |evaluator: &Evaluator<'t, '_>, loaded| {
            if !evaluator.exists(resource) {
                return;
            }
            let mut document = Document::default();
            let identity = candidate.write(evaluator, (&mut document, embedded));
            let mut one = stand_in(evaluator, resource, document);
            one.assumptions = evaluator.choices.assumptions();
            // A variant without anything about ECR tells under which conditions the others are.
            one.identities.extend(identity);
            loaded.repositories.push(one);
        });
        if (loaded.repositories[before..].iter()).all(|one| one.identities.is_empty()) {
            variants.forget(before, loaded);
        }
    }
}

/// Loads the event rules that are about ECR, unless the template has a private repository: then they are judged
/// there.
pub(super) fn load_rules<'t>(
    evaluator: &Evaluator<'t, '_>,
    around: &Around<'t>,
    embedded: &mut Tree,
    loaded: &mut Loaded,
) {
    let mut repositories = evaluator.template.of_kind(ResourceKind::Repository);
    if repositories.any(|repository| evaluator.existence(&repository) != Ok(false)) {
        return;
    }
    for (resource, rule) in around.events.naming_us() {
        if evaluator.existence(resource) == Ok(false) {
            continue;
        }
        let mut document = Document::default();
        let rule = rule.write(evaluator, &mut document, embedded);
        let mut one = stand_in(evaluator, resource, document);
        one.event_rules.push(rule);
        loaded.repositories.push(one);
    }
}

/// What is judged for a resource, with nothing but what the document holds.
fn stand_in<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    mut document: Document,
) -> Repository {
    let absent = document.absent(resource.place);
    let subject = subject(evaluator.context, resource, document.value(absent));
    let mut one = Repository::stand_in(RepositoryKind::Principals, subject, resource.place);
    one.in_document(document, absent);
    one
}
