//! What becomes of the images when a repository's stack goes.
//! It does not know whether that is wanted.

use super::leaf::{self, Leaf};
use crate::model::Repository;
use crate::model::{Document, NodeId, Unknown, Value};
use crate::source::Span;

/// Adds `{empty_on_delete, deletion_policy, update_replace_policy, auto_delete}` with CloudFormation's defaults;
/// of a live repository only the last.
pub(super) fn describe(document: &mut Document, repository: &Repository) -> NodeId {
    let auto_delete = auto_delete(document, repository);
    let span: Span = repository.place;
    if repository.subject.arn.is_some() {
        // Only the template of its stack could tell what becomes of the images of a live repository.
        return document.object(&[("auto_delete", auto_delete)], span);
    }
    let value = repository.document.value(repository.empty_on_delete);
    let empty = super::with_default(document, value, false);
    let deletion = policy(document, repository, repository.deletion_policy);
    let replacement = policy(document, repository, repository.update_replace_policy);
    document.object(
        &[
            ("empty_on_delete", empty),
            ("deletion_policy", deletion),
            ("update_replace_policy", replacement),
            ("auto_delete", auto_delete),
        ],
        span,
    )
}

fn policy(document: &mut Document, repository: &Repository, id: NodeId) -> NodeId {
    let value = repository.document.value(id);
    match leaf::text(value) {
        Leaf::Absent => document.string("Delete", value.span()),
        _ => id,
    }
}

/// The tag by which the custom resource of CDK asks whether it may delete images.
const TAG: &str = "aws-cdk:auto-delete-images";

/// Whether the custom resource of CDK deletes the images. Its tag alone says so, too.
fn auto_delete(document: &mut Document, repository: &Repository) -> NodeId {
    if let Some(place) = repository.auto_delete {
        return document.bool(true, place);
    }
    let tags = repository.document.value(repository.tags);
    let tag = tags.items().find(|tag| {
        let key = tag.get("key").and_then(Value::as_str);
        key == Some(TAG)
    });
    match tag {
        Some(tag) => match tag.get("value").map(leaf::flag) {
            Some(Leaf::Known(flag)) => document.bool(flag, tag.span()),
            Some(Leaf::Unknown(unknown)) => {
                let unknown = Unknown::because(unknown.reason.as_str());
                document.unknown(unknown, tag.span())
            }
            _ => document.bool(false, tag.span()),
        },
        None => document.bool(false, repository.place),
    }
}
