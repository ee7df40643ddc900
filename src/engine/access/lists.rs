//! Pieces that listings of access are made of.
//! It does not know who is given what.

use crate::model::policy::{self, Guarded, Owner};
use crate::model::{Entity, partition};
use crate::report::access::{EcrAction, StatementReference};

/// The owner of what a policy guards.
pub(super) fn owner(entity: &Entity, guarded: Guarded) -> Owner<'_> {
    let subject = &entity.subject;
    Owner {
        guarded,
        name: entity.given_name(),
        account: subject.account.as_deref(),
        region: subject.region.as_deref(),
        partition: subject.region.as_deref().map(partition::name),
        ..Owner::default()
    }
}

/// Adds what a list does not have yet.
pub(super) fn extend<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}

pub(super) fn actions(leveled: Vec<policy::Leveled>) -> Vec<EcrAction> {
    let actions = leveled.into_iter();
    actions
        .map(|(name, level)| EcrAction { name, level })
        .collect()
}

pub(super) fn statements(said: Vec<policy::StatementPlace>) -> Vec<StatementReference> {
    let said = said.into_iter();
    said.map(|policy::StatementPlace { place, sid }| StatementReference { place, sid })
        .collect()
}
