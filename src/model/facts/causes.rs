//! What decides where a value elsewhere seems to: the registry over the flag of a repository, an exclusion filter over
//! the mode, the type of encryption over the key. It does not know which rules point there.

use super::Scope;
use super::cause::Cause;
use super::leaf::{self, Leaf};
use super::{encryption, mutability, scanning};
use crate::model::{Document, NodeId, Of, Repository, Value};

/// Adds `{scanning, mutability, encryption}`, each `{of, text, remedy, named}` or absent. `settled` is what was found out about
/// scanning.
pub(super) fn describe(
    document: &mut Document,
    repository: Of<'_, Repository>,
    scope: &Scope<'_>,
    settled: NodeId,
) -> NodeId {
    let place = repository.place;
    let scanning = unscanned(document.value(settled))
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

/// Whether the registry certainly leaves the repository out.
fn unscanned(scanning: Value<'_>) -> bool {
    let effective = scanning.get("effective").map(leaf::flag);
    let by = scanning.get("decided_by").and_then(Value::as_str);
    matches!(effective, Some(Leaf::Known(false))) && by == Some(scanning::BY_REGISTRY)
}

fn write(document: &mut Document, of: &str, cause: &Cause) -> NodeId {
    let named = match cause.named {
        Some(place) => document.object(&[], place),
        None => document.absent(cause.span),
    };
    let members = [
        ("named", named),
        ("of", document.string(of, cause.span)),
        ("text", document.string(&cause.text, cause.span)),
        (
            "remedy",
            leaf::optional(document, cause.remedy.as_deref(), cause.span),
        ),
    ];
    document.object(&members, cause.span)
}
