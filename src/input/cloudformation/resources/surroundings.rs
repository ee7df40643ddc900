//! What else of a template is about a repository: event rules, identities, what empties it, where it is.
//! It does not know what any of it means.

use super::events::Rules;
use super::iam::Identities;
use super::images::RunningImages;
use super::landmarks::Landmarks;
use super::scanning_call::Calls;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Document, EventRule, ImageUse};
use crate::source::{Span, Tree};

/// What may be about any repository of a template, found once.
pub(crate) struct Surroundings<'t> {
    /// Rules of EventBridge.
    pub(crate) events: Rules<'t>,
    /// Roles, users, groups, and policies of others.
    pub(crate) identities: Identities<'t>,
    /// Images that are run.
    pub(crate) images: RunningImages<'t>,
    /// Custom resources that delete images, with what they name.
    auto_deletes: Vec<(Resource<'t>, Resolved<'t>)>,
    /// Calls that switch scanning on.
    pub(crate) calls: Calls<'t>,
    /// ARNs that show where the stack is.
    pub(crate) landmarks: Landmarks<'t>,
}

/// What is about one repository.
#[derive(Clone)]
pub(crate) struct RepositorySurroundings {
    /// Rules of EventBridge.
    pub(crate) event_rules: Vec<EventRule>,
    /// Images of it that are run.
    pub(crate) image_uses: Vec<ImageUse>,
    /// The custom resource that deletes its images.
    pub(crate) auto_delete: Option<(String, Span)>,
}

impl<'t> Surroundings<'t> {
    /// Looks through the resources of a template.
    pub(crate) fn find(evaluator: &Evaluator<'t, '_>, embedded: &mut Tree) -> Self {
        let template = evaluator.template;
        Self {
            events: Rules::find(evaluator, embedded),
            identities: Identities::find(evaluator, embedded),
            images: RunningImages::find(evaluator),
            auto_deletes: template
                .of_kind(ResourceKind::AutoDelete)
                .map(|resource| {
                    let properties = evaluator.properties(&resource);
                    let name = evaluator.inside(&properties, "RepositoryName");
                    (resource, name.value)
                })
                .collect(),
            calls: Calls::find(evaluator),
            landmarks: Landmarks::find(evaluator, embedded),
        }
    }

    /// Writes what is about a repository into its document.
    pub(crate) fn write(
        &self,
        evaluator: &Evaluator<'t, '_>,
        repository: &Resource<'t>,
        document: &mut Document,
        embedded: &mut Tree,
    ) -> RepositorySurroundings {
        let named = self.auto_deletes.iter().find(|(_, name)| {
            let reference = name.reference();
            reference
                .is_some_and(|reference| reference.is_of(repository.place.source, repository.id))
        });
        let image_uses = match repository.kind {
            ResourceKind::Repository => self.images.write(evaluator, repository, document),
            _ => Vec::new(),
        };
        RepositorySurroundings {
            image_uses,
            event_rules: self.events.write(evaluator, repository, document, embedded),
            auto_delete: named.map(|(resource, _)| (resource.id.to_owned(), resource.place)),
        }
    }
}
