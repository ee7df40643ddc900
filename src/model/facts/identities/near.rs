//! The repositories of a template as what is judged about one of its identities needs them.
//! It does not know what the identity is given.

use crate::model::facts::grants::called;
use crate::model::policy::{Arn, Owner, Policies};
use crate::model::{Entity, Identity};

/// The repositories of the template, by their logical ids: what people call each, and its ARN. One stands for all where
/// the policies do not tell them apart.
pub(super) fn near<'r>(
    repository: &'r Entity,
    identity: &'r Identity,
    policies: &Policies<'r>,
    owner: &Owner<'r>,
) -> Vec<(&'r str, (String, Arn<'r>))> {
    let most = match (identity.uncompared, policies.telling_apart()) {
        (Some(_), _) => 0,
        (None, 0) => 1,
        (None, _) => usize::MAX,
    };
    let near = identity.near.repositories.iter().take(most).map(|near| {
        let name = identity.near.document.value(near.name);
        let id = near.logical_id.as_str();
        let arn = Arn::of_repository(owner, repository.place.source, Some(id), Some(name));
        (id, (called(Some(name), Some(id)), arn))
    });
    near.collect()
}
