//! The places that statements of a registry policy are written for, where the stack's own is not known.
//!
//! A statement whose resources name a partition, region or account is about nothing in any other, so that it can be
//! judged as if the stack were there. It does not know what is judged.

use super::symbols::TextSymbols;
use super::words::Words;
use super::{Owner, wildcard};
use crate::model::partition;

/// What resources say about the place that they are in, as far as the stack's own is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ground {
    account: Option<String>,
    region: Option<String>,
    partition: Option<String>,
}

impl Ground {
    /// What a pattern of ARNs says.
    pub(super) fn of(pattern: &Words, owner: &Owner<'_>) -> Self {
        let Some([_, partition, _, region, account, _]) = pattern.arn_fields() else {
            return Self::default();
        };
        let named = |known: Option<&str>, field: TextSymbols<'_>| {
            let name = field.known().filter(|_| known.is_none());
            let name = name.filter(|name| !name.is_empty() && !wildcard::is_pattern(name));
            name.map(str::to_owned)
        };
        let region = named(owner.region, region);
        let partition = match &region {
            Some(region) => Some(partition::name(region).to_owned()),
            None => named(owner.partition, partition),
        };
        Self {
            account: named(owner.account, account),
            partition: partition.filter(|_| owner.partition.is_none()),
            region,
        }
    }

    /// The owner, if the stack is in this place.
    pub(super) fn owner<'o>(&'o self, owner: &Owner<'o>) -> Owner<'o> {
        Owner {
            account: owner.account.or(self.account.as_deref()),
            region: owner.region.or(self.region.as_deref()),
            partition: owner.partition.or(self.partition.as_deref()),
            ..*owner
        }
    }
}
