//! A lifecycle policy in a file of its own: its JSON text, or what `aws ecr get-lifecycle-policy` answers.
//! It does not know what the policy means.

use super::answer::Answer;
use crate::input::Scratch;
use crate::model::{Document, Entity, Identifiers, Particulars, Repository, Written};
use crate::source::{self, Kind, Problem, SourceId, Span};

/// Whether a text is one of these: an object with `rules` or `lifecyclePolicyText`, and no template.
#[must_use]
pub fn is_policy(text: &str, scratch: &mut Scratch) -> bool {
    let parsed = source::json::parse(text, SourceId::default(), &mut scratch.tree);
    let root = parsed.ok().and_then(|()| scratch.tree.root(text));
    root.is_some_and(|root| {
        let has = |key: &str| root.get(key).is_some();
        (has("rules") || has("lifecyclePolicyText")) && !has("Resources") && !has("repository")
    })
}

/// Reads the policy as that of a repository of which nothing else is known.
///
/// # Errors
/// The text is not JSON, or no lifecycle policy.
pub fn policy(text: &str, id: SourceId, scratch: &mut Scratch) -> Result<Entity, Problem> {
    source::json::parse(text, id, &mut scratch.tree)?;
    let none = |place: Span| {
        let title = "this is not a lifecycle policy, which is an object with `rules`";
        let help = "name a file with the text of a policy, or with what `aws ecr get-lifecycle-policy` answers";
        Problem::new(place, title).help(help)
    };
    let root = scratch.tree.root(text);
    let root = root.ok_or_else(|| none(Span::new(id, 0, 0)))?;
    let mut document = Document::default();
    let (policy, written) = match root.get("lifecyclePolicyText") {
        Some(inside) if inside.kind() == Kind::String => {
            let policy = Answer::Given(inside).write_policy(&mut document, &mut scratch.embedded);
            (policy, Written::Unmeasured)
        }
        _ if root.get("rules").is_some() => {
            let length = text.trim_end().chars().count();
            (document.import(root), Written::Text(length))
        }
        _ => return Err(none(root.span())),
    };
    let place = document.value(policy).span();
    let mut own = Repository::absent(document.absent(place));
    own.settings.lifecycle_policy = policy;
    own.settings.lifecycle_written = written;
    let particulars = Particulars::Repository(Box::new(own));
    Ok(Entity::new(
        document,
        Identifiers::default(),
        place,
        particulars,
    ))
}
