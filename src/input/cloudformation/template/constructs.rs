//! The paths of CDK constructs that a template tells beside its resources.
//! It does not know the metadata of an assembly.

use super::sections::{Resource, Template};
use crate::model::Entity;
use crate::source::Span;

/// The path that the CDK writes beside a resource.
pub(crate) fn construct_path<'t>(resource: &Resource<'t>) -> Option<&'t str> {
    resource.node.get("Metadata")?.get("aws:cdk:path")?.as_str()
}

/// The paths of the constructs of all that belongs to an entity, by their places.
pub(crate) fn constructs(template: &Template<'_>, repository: &Entity) -> Vec<(Span, String)> {
    let found = repository.neighbours().filter_map(|(place, id)| {
        let resource = template.resources.get(id);
        // What another template declares may have the same id.
        let resource = resource.filter(|resource| resource.place == place)?;
        Some((place, construct_path(resource)?.to_owned()))
    });
    found.collect()
}
