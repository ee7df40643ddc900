//! What becomes of the images when a repository's stack goes.
//! It does not know whether that is wanted.

use super::leaf::{self, Leaf};
use crate::model::Repository;
use crate::model::{Document, NodeId};
use crate::source::Span;

/// Adds `{empty_on_delete, deletion_policy, update_replace_policy}` with CloudFormation's defaults.
pub(super) fn describe(document: &mut Document, repository: &Repository) -> NodeId {
    let value = repository.document.value(repository.empty_on_delete);
    let empty = super::with_default(document, value, false);
    let deletion = policy(document, repository, repository.deletion_policy);
    let replacement = policy(document, repository, repository.update_replace_policy);
    let span: Span = repository.place;
    document.object(
        &[
            ("empty_on_delete", empty),
            ("deletion_policy", deletion),
            ("update_replace_policy", replacement),
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
