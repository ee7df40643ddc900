//! Which values of a repository are published by parameters.
//! It does not know how these are named.

use crate::model::facts::Scope;
use crate::model::facts::leaf::{self, Leaf};
use crate::model::{Document, Holds, NodeId, Stated, Truth, Unknown};

/// A value that is published, and the word for it in the parameter's name.
#[derive(Clone, Copy)]
pub(super) struct PublishedValue {
    pub(super) kind: &'static str,
    pub(super) holds: Holds,
}

pub(super) const ARN: PublishedValue = PublishedValue {
    kind: "arn",
    holds: Holds::Arn,
};

pub(super) const NAME: PublishedValue = PublishedValue {
    kind: "name",
    holds: Holds::Name,
};

pub(super) const KEY: PublishedValue = PublishedValue {
    kind: "kms_key_arn",
    holds: Holds::KeyArn,
};

/// Whether a customer's key encrypts the repository, or is declared to.
pub(super) fn wants_key(document: &Document, scope: &Scope<'_>, manager: NodeId) -> Truth<Unknown> {
    let declared = scope.declared.map(|declared| &declared.use_kms_key);
    match leaf::text(document.value(manager)) {
        _ if declared.and_then(Stated::value) == Some(true) => Truth::True,
        Leaf::Known("customer") => Truth::True,
        Leaf::Unknown(unknown) => Truth::Unknown(Unknown::because(unknown.reason.as_str())),
        _ => match declared {
            Some(Stated::Unclear(reason)) => Truth::Unknown(Unknown::because(&*reason.value)),
            _ => Truth::False,
        },
    }
}
