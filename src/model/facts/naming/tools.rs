//! Which repositories deployment tools make for their own use.
//! It does not know what a good name is.

use crate::model::facts::leaf::{self, Leaf};
use crate::model::glob;
use crate::model::members;
use crate::model::{Entity, Of, Repository};

/// Whether a deployment tool made the repository for its own use, as far as that is certain: the
/// CDK's bootstrap and staging stacks, and the companion stack of SAM.
fn tool_owned(repository: Of<'_, Repository>) -> bool {
    const ASSETS: &str = "cdk-*-container-assets-*";
    let name = leaf::text(repository.document.value(repository.own.settings.name));
    let assets = match name {
        Leaf::Known(name) => glob::matches(ASSETS, name),
        Leaf::Unknown(unknown) => unknown
            .shape
            .as_ref()
            .is_some_and(|shape| glob::covers(ASSETS, &glob::of_shape(shape))),
        _ => false,
    };
    assets || staging(name, repository.subject.stack.as_deref()) || companion(repository)
}

/// Whether it is certain that a deployment tool made the repository for its own use.
#[must_use]
pub fn is_tool_owned(entity: &Entity) -> bool {
    entity.repository().is_some_and(tool_owned)
}

/// `StagingStack-{id}-…` holds repositories `{id}/…`.
fn staging(name: Leaf<'_, &str>, stack: Option<&str>) -> bool {
    let Some(id) = stack.and_then(|stack| stack.strip_prefix("StagingStack-")) else {
        return false;
    };
    let owner = name.known().and_then(|name| name.split_once('/'));
    owner.is_some_and(|(owner, _)| {
        id.get(..owner.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(owner))
            && id[owner.len()..].starts_with('-')
    })
}

fn companion(repository: Of<'_, Repository>) -> bool {
    repository
        .document
        .value(repository.own.settings.tags)
        .items()
        .any(|tag| {
            leaf::member_text(tag, members::TAG_KEY).known() == Some("ManagedStackSource")
                && leaf::member_text(tag, members::TAG_VALUE).known() == Some("AwsSamCli")
        })
}
