//! The KMS key that encrypts a repository: whether it works, and whom its policy lets in.
//! It does not know what the organisation wants of it.

use super::leaf::{self, Leaf};
use super::policy_facts::Meaning;
use super::problems::Problems;
use crate::model::members;
use crate::model::{
    Data, Document, KmsKey, Mistake, NodeId, Of, RepositorySettings, Truth, Unknown,
};

/// Adds `{logical_id, enabled, rotation, rotatable, problems, policy, access, sharing}` of the key.
///
/// `meaning` is what the policy of the key means, where an input describes one. Unknown for a key that no input
/// describes, absent where there is no key of one's own.
pub(super) fn describe(
    document: &mut Document,
    repository: Of<'_, RepositorySettings>,
    meaning: Option<Meaning>,
) -> NodeId {
    let (Some(key), Some(meaning)) = (&repository.own.key, meaning) else {
        return undescribed(document, repository);
    };
    let value = |id| repository.document.value(id);
    let enabled = leaf::with_default(document, value(key.enabled), true);
    let rotation = leaf::with_default(document, value(key.rotation), false);
    let rotatable = rotatable(repository, key).write(document, key.place);
    let problems = problems(document, repository, key);
    let id = leaf::optional(document, key.logical_id.as_deref(), key.place);
    document.object(
        &[
            (members::LOGICAL_ID.name(), id),
            ("enabled", enabled),
            (members::ROTATION.name(), rotation),
            ("rotatable", rotatable),
            (members::PROBLEMS.name(), problems),
            ("policy", key.policy),
            ("access", meaning.facts.access),
            ("sharing", meaning.sharing),
        ],
        key.place,
    )
}

fn undescribed(document: &mut Document, repository: Of<'_, RepositorySettings>) -> NodeId {
    let key = repository.document.value(repository.own.kms_key);
    let span = key.span();
    let reason = match key.data() {
        Data::Absent | Data::Null => return document.absent(span),
        Data::Unknown(unknown) if unknown.maybe_absent => unknown.reason.clone(),
        Data::String(name) => format!("no input describes the key `{name}`"),
        _ => "no input describes the key".to_owned(),
    };
    document.unknown(Unknown::because(reason).maybe_absent(), span)
}

/// Whether KMS rotates such a key by itself: a symmetric one whose material KMS made.
///
/// <https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html>
fn rotatable(repository: Of<'_, RepositorySettings>, key: &KmsKey) -> Truth<Unknown> {
    let is_made_so = |(id, wanted)| match leaf::text(repository.document.value(id)) {
        Leaf::Known(_) if repository.document.value(id).is_computed() => {
            let reason = "parameters or conditions decide what kind of key it is";
            Truth::Unknown(Unknown::because(reason))
        }
        Leaf::Known(text) => Truth::from(text == wanted),
        Leaf::Absent => Truth::True,
        Leaf::Unknown(unknown) => Truth::Unknown(leaf::doubt(unknown)),
        Leaf::Other => Truth::False,
    };
    let [spec, origin] = [(key.spec, "SYMMETRIC_DEFAULT"), (key.origin, "AWS_KMS")];
    is_made_so(spec).and(is_made_so(origin))
}

/// What keeps ECR from encrypting with the key, each as a clause that follows "the key".
fn problems(
    document: &mut Document,
    repository: Of<'_, RepositorySettings>,
    key: &KmsKey,
) -> NodeId {
    let mut problems = Problems::new(document);
    let state = repository.document.value(key.state);
    let enabled = repository.document.value(key.enabled);
    match (leaf::flag(enabled), state.data()) {
        (_, Data::Null) => problems.add(state.span(), "does not exist"),
        (_, Data::String("PendingDeletion" | "PendingReplicaDeletion")) => {
            let mistake = Mistake::new("is going to be deleted").with("leaving", "true");
            problems.add_mistake(state.span(), &mistake);
        }
        (Leaf::Known(false), _) => {
            let mistake = Mistake::new("is disabled").with("enabled", "true");
            problems.add_mistake(enabled.span(), &mistake);
        }
        (_, Data::Unknown(unknown)) | (Leaf::Unknown(unknown), _) => problems.cannot_tell(unknown),
        _ => {}
    }
    let words = [
        (key.spec, "SYMMETRIC_DEFAULT", "spec"),
        (key.usage, "ENCRYPT_DECRYPT", "usage"),
    ];
    for (id, wanted, what) in words {
        let value = repository.document.value(id);
        match leaf::text(value) {
            Leaf::Known(text) if text != wanted => {
                let text = format!("has the {what} `{text}`, and ECR needs `{wanted}`");
                let mistake = Mistake::new(text).with(what, wanted);
                problems.add_mistake(value.span(), &mistake);
            }
            Leaf::Unknown(unknown) => problems.cannot_tell(unknown),
            _ => {}
        }
    }
    problems.finish(key.place)
}
