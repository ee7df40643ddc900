//! What to write into a template, so that a repository is published.
//! It does not know what is there already.

use crate::model::{Document, Holds, NodeId, Of, Reference, Repository, Unknown};
use crate::source::Span;

/// The value that a parameter is to have: an attribute of the repository, or its key; absent where no template says it.
pub(super) fn value(
    document: &mut Document,
    repository: Of<'_, Repository>,
    holds: Holds,
    span: Span,
) -> NodeId {
    let own = |attribute: &str| {
        Some(Reference {
            template: repository.place.source,
            logical_id: repository.subject.logical_id.clone()?,
            attribute: attribute.to_owned(),
        })
    };
    let reference = match holds {
        Holds::Arn => own("Arn"),
        Holds::Name => own("Ref"),
        Holds::Uri => own("RepositoryUri"),
        Holds::KeyArn => {
            let key = repository
                .document
                .value(repository.own.settings.kms_key)
                .as_unknown();
            let key = key.and_then(|key| key.reference.clone());
            key.filter(|key| key.template == repository.place.source)
                .map(|key| Reference {
                    attribute: "Arn".to_owned(),
                    ..key
                })
        }
    };
    match reference {
        Some(reference) => {
            let unknown = Unknown::because("it is filled in when the stack is deployed");
            document.unknown(unknown.with_reference(reference), span)
        }
        None => document.absent(span),
    }
}

/// A logical id for the parameter.
pub(super) fn logical_id(
    document: &mut Document,
    repository: Of<'_, Repository>,
    holds: Holds,
    span: Span,
) -> NodeId {
    let what = match holds {
        Holds::Arn => "Arn",
        Holds::Name => "Name",
        Holds::Uri => "Uri",
        Holds::KeyArn => "KeyArn",
    };
    match &repository.subject.logical_id {
        Some(id) => document.string(&format!("{id}{what}Parameter"), span),
        None => document.absent(span),
    }
}
