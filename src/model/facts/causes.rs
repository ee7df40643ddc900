//! What decides where a value elsewhere seems to: the registry over the flag of a repository, an exclusion filter over
//! the mode, the type of encryption over the key. It does not know which rules point there.

use super::Scope;
use super::cause::Cause;
use super::found::ScanningNodes;
use super::{encryption, leaf, mutability, scanning};
use crate::model::members;
use crate::model::{Document, NodeId, Of, Repository};

/// Adds `{scanning, mutability, encryption}`, each `{of, text, remedy, named}` or absent. `settled` is what was found out about
/// scanning.
pub(super) fn describe(
    document: &mut Document,
    repository: Of<'_, Repository>,
    scope: &Scope<'_>,
    settled: ScanningNodes,
) -> NodeId {
    let place = repository.place;
    let scanning = settled
        .is_left_out(document)
        .then(|| scanning::cause(repository, scope.registry))
        .flatten();
    let causes = [
        ("scanning", "scanning.on_push", scanning),
        (
            "mutability",
            "tag_mutability",
            mutability::cause(repository.settings(), scope.protected_tags),
        ),
        (
            "encryption",
            "encryption.key",
            encryption::cause(repository.settings()),
        ),
    ];
    let members = causes.map(|(name, of, cause)| {
        let cause = match cause {
            Some(cause) => write(document, of, &cause),
            None => document.absent(place),
        };
        (name, cause)
    });
    document.object(&members, place)
}

fn write(document: &mut Document, of: &str, cause: &Cause) -> NodeId {
    let named = match cause.named {
        Some(place) => document.object(&[], place),
        None => document.absent(cause.span),
    };
    let members = [
        (members::NAMED.name(), named),
        (members::OF.name(), document.string(of, cause.span)),
        (
            members::TEXT.name(),
            document.string(&cause.text, cause.span),
        ),
        (
            "remedy",
            leaf::optional(document, cause.remedy.as_deref(), cause.span),
        ),
    ];
    document.object(&members, cause.span)
}
