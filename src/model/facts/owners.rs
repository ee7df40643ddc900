//! Whose a repository, key or registry is, with everybody whom its policy is read for.
//! It does not know what a policy says.

use super::Scope;
use crate::model::policy::{Guarded, Owner};
use crate::model::{Entity, Value};

/// Public repositories are there in one region alone, which is of this partition.
///
/// <https://docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html>
const GALLERY_PARTITION: &str = "aws";

/// The accounts and the policies beside which those of a repository are read.
pub(super) struct Owners<'s> {
    repository: &'s Entity,
    environments: Vec<&'s str>,
    trusted: Vec<&'s str>,
    /// Policies of the registry.
    above: Vec<Value<'s>>,
}

impl<'s> Owners<'s> {
    pub(super) fn of(repository: &'s Entity, scope: &Scope<'s>) -> Self {
        let organisation = scope.organisation.into_iter();
        let own = repository.settings().map(|one| &one.own.registry_policies);
        let own = own
            .into_iter()
            .flatten()
            .map(|id| repository.document.value(*id));
        // What is there now governs what is there now, not what a template makes of it.
        let live = scope.registry.filter(|_| repository.subject.arn.is_some());
        let live = live.and_then(|live| Some(live.document.value(live.policy?)));
        Self {
            repository,
            environments: organisation
                .clone()
                .flat_map(|organisation| &organisation.environments)
                .map(|environment| environment.account.value.as_str())
                .collect(),
            trusted: organisation
                .flat_map(|organisation| &organisation.trusted_accounts)
                .map(|account| account.value.as_str())
                .collect(),
            above: own.chain(live).collect(),
        }
    }

    /// Whose repository, key or registry a policy belongs to.
    pub(super) fn owner(&self, guarded: Guarded) -> Owner<'_> {
        let repository = self.repository;
        let subject = &repository.subject;
        // That of a creation template is the beginning of many names.
        let one = repository.repository();
        let above = match guarded {
            Guarded::Repository => self.above.as_slice(),
            Guarded::Gallery | Guarded::Key | Guarded::Registry => &[],
        };
        Owner {
            guarded,
            name: one.and_then(|_| repository.given_name()),
            account: subject.account.as_deref(),
            region: subject.region.as_deref(),
            partition: match guarded {
                Guarded::Gallery => Some(GALLERY_PARTITION),
                Guarded::Repository | Guarded::Registry | Guarded::Key => repository.partition(),
            },
            whereabouts: Some(&repository.whereabouts),
            above,
            organisation_accounts: &self.environments,
            trusted_accounts: &self.trusted,
        }
    }
}
