//! Who may do what with the repositories that somebody asks for: by their own policies, that of their registry,
//! and those of the roles, users and groups beside them. It judges nothing.

mod identities;
mod lists;
mod meant;

use rustc_hash::FxHashSet;

use super::finding;
use crate::config::Config;
use crate::model::policy::{self, Guarded, Owner};
use crate::model::{Data, Entity, EntityKind, Inventory, Organisation, Value};
use crate::report::Subject;
use crate::report::access::{AccessEntry, AccessListing, Giver};
use identities::{NEEDS, RunPrincipals};
use lists::{actions, extend, owner, statements};
use meant::missing;

pub use meant::{Looked, goes_by};

/// Lists the access to every private repository that goes by `wanted`: its name, logical id, construct path or ARN.
///
/// # Errors
/// Says that there is none, and what comes nearest; or that it may be where nobody could look.
pub fn access(
    config: &Config,
    inventory: &Inventory,
    wanted: &str,
    looked: &Looked,
) -> Result<Vec<AccessListing>, String> {
    let all = inventory.entities.iter();
    let private: Vec<_> = all
        .filter(|one| one.kind() == EntityKind::Private)
        .collect();
    let found = private.iter().filter(|one| goes_by(one, wanted));
    let givers = Givers::of(config, inventory.entities.iter(), found.clone().count());
    let listings: Vec<AccessListing> = found.map(|one| givers.listing(one)).collect();
    match listings.is_empty() {
        false => Ok(joined(listings)),
        true => Err(missing(config, inventory, wanted, &private, looked)),
    }
}

/// Lists the access to every private repository of the inputs, and what the policy of each registry gives.
#[must_use]
pub fn survey(config: &Config, inventory: &Inventory) -> Vec<AccessListing> {
    let all = inventory.entities.iter();
    let private = all.clone().filter(|one| one.kind() == EntityKind::Private);
    let private: Vec<_> = private.collect();
    let givers = Givers::of(config, all.clone(), private.len());
    let variants = private.chunk_by(|one, other| one.is_variant_of(other));
    let listings = variants
        .flat_map(|variants| joined(variants.iter().map(|one| givers.listing(one)).collect()));
    let registries = all.filter(|one| one.kind() == EntityKind::Registry);
    listings
        .chain(registries.map(|one| givers.registry_listing(one)))
        .collect()
}

/// Who may do something with a repository all the same.
const UNLISTED: &str = "administrators, whose IAM policies allow everything (`*`), and principals of the repository's \
                        own account with IAM policies outside of these inputs, or in a template that may be deployed \
                        to another account";

/// The same, where the principals of other templates were not all looked at.
const UNLISTED_OF_MANY: &str = "administrators, whose IAM policies allow everything (`*`), and principals of the \
                                repository's own account with IAM policies outside of these inputs, or in another \
                                template that does not refer to the repository (`ecrlint access` looks there, too)";

/// What lets somebody use the repositories of a run besides their own policies.
#[derive(Debug, Default)]
pub struct Givers<'a> {
    organisation: Option<&'a Organisation>,
    /// Policies of registries.
    registries: Vec<&'a Entity>,
    /// Roles, users and groups.
    principals: RunPrincipals<'a>,
}

impl<'a> Givers<'a> {
    /// What `all` of a run has of them, for so many repositories to list.
    #[must_use]
    pub fn of(
        config: &'a Config,
        all: impl Iterator<Item = &'a Entity>,
        repositories: usize,
    ) -> Self {
        let (mut registries, mut principals) = (Vec::new(), Vec::new());
        let mut places = FxHashSet::default();
        for one in all {
            match one.kind() {
                EntityKind::Private => {
                    let id = one.subject.logical_id.clone();
                    places.extend(id.map(|id| (one.place.source, id)));
                }
                EntityKind::Registry => registries.push(one),
                EntityKind::Principals => principals.push(one),
                _ => {}
            }
        }
        Self {
            organisation: config.organisation.as_ref(),
            registries,
            principals: RunPrincipals::of(&principals, places, repositories),
        }
    }

    /// Lists the access to a private repository, given in all the ways in which conditions turn out.
    #[must_use]
    pub fn listings(&self, variants: &[Entity]) -> Vec<AccessListing> {
        joined(variants.iter().map(|one| self.listing(one)).collect())
    }
}

/// Ways in which conditions turn out that make no difference to access are reported once.
fn joined(all: Vec<AccessListing>) -> Vec<AccessListing> {
    let mut listings: Vec<AccessListing> = Vec::new();
    let variants = |subject: &Subject| all.iter().filter(|one| one.subject == *subject).count();
    for next in &all {
        let same = listings.iter_mut().find(|one| {
            let told = (&one.subject, &one.entries, &one.unknown);
            told == (&next.subject, &next.entries, &next.unknown)
        });
        match (same, &next.when) {
            (Some(same), when) => {
                if let Some(when) = when {
                    let before = same.when.take();
                    same.when = before.map(|before| format!("{before}, or {when}"));
                }
                extend(&mut same.policies, next.policies.clone());
            }
            (None, _) => listings.push(next.clone()),
        }
    }
    for index in 0..listings.len() {
        let subject = &listings[index].subject;
        let ways = listings
            .iter()
            .filter(|one| one.subject == *subject)
            .count();
        if ways == 1 && variants(subject) > 1 {
            listings[index].when = None;
        }
    }
    listings
}

impl Givers<'_> {
    fn listing(&self, repository: &Entity) -> AccessListing {
        let own = owner(repository, Guarded::Repository);
        let mut listing = self.own_policy(repository, &own);
        for registry in self.registries.iter().filter(|it| governs(it, repository)) {
            let Some(policy) = registry.own_policy() else {
                continue;
            };
            let owner = owner(registry, Guarded::Registry);
            let grants = policy::grants(policy, &owner, Some(&own));
            self.add(&mut listing, Giver::Registry, grants, &own);
        }
        let entries = self.principals.entries(repository, &own);
        listing.entries.extend(entries);
        listing
    }

    /// What the policy of a registry gives, in whichever of its repositories.
    fn registry_listing(&self, registry: &Entity) -> AccessListing {
        self.own_policy(registry, &owner(registry, Guarded::Registry))
    }

    fn own_policy(&self, repository: &Entity, own: &Owner<'_>) -> AccessListing {
        let policy = repository.own_policy();
        let is_there = |policy: &Value<'_>| !matches!(policy.data(), Data::Absent | Data::Null);
        let giver = match own.guarded {
            Guarded::Registry => Giver::Registry,
            _ => Giver::Repository,
        };
        let mut listing = AccessListing {
            subject: finding::subject(repository),
            when: when(repository),
            entries: Vec::new(),
            unknown: Vec::new(),
            policies: policy.filter(is_there).iter().map(|it| it.span()).collect(),
            unlisted: match self.principals.is_small {
                true => UNLISTED,
                false => UNLISTED_OF_MANY,
            },
        };
        if let Some(policy) = policy {
            let grants = policy::grants(policy, own, None);
            self.add(&mut listing, giver, grants, own);
        }
        listing
    }

    fn add(
        &self,
        listing: &mut AccessListing,
        giver: Giver,
        grants: Result<Vec<policy::Grant>, String>,
        own: &Owner<'_>,
    ) {
        match grants {
            Ok(grants) => {
                let entries = grants.into_iter();
                let entries = entries.map(|grant| entry(giver, grant, self.organisation, own));
                listing.entries.extend(entries);
            }
            Err(reason) => listing.unknown.push((giver, reason)),
        }
    }
}

/// Whether the subject is the policy of the registry in which the repository lives.
fn governs(registry: &Entity, repository: &Entity) -> bool {
    let (one, other) = (&registry.subject, &repository.subject);
    registry.kind() == EntityKind::Registry
        && !registry.excludes(repository)
        && (&one.account, &one.region) == (&other.account, &other.region)
}

fn when(repository: &Entity) -> Option<String> {
    let assumptions: Vec<_> = repository
        .assumptions
        .iter()
        .map(ToString::to_string)
        .collect();
    (!assumptions.is_empty()).then(|| assumptions.join(" and "))
}

fn entry(
    giver: Giver,
    grant: policy::Grant,
    organisation: Option<&Organisation>,
    own: &Owner<'_>,
) -> AccessEntry {
    let environment = organisation.and_then(|organisation| {
        let account = grant
            .account
            .as_deref()
            .filter(|id| Some(*id) != own.account)?;
        let mut environments = organisation.environments.iter();
        environments.find(|one| one.account.value == account)
    });
    let principal = match environment {
        Some(environment) => format!("{} ({})", grant.principal, environment.name),
        None => grant.principal,
    };
    AccessEntry {
        principal,
        account: grant.account,
        giver,
        class: grant.class,
        actions: actions(grant.certain),
        possible: actions(grant.possible),
        reason: grant.reason,
        conditions: grant.conditions,
        given_by: statements(vec![grant.by]),
        policies: Vec::new(),
        denied: grant.denied,
        taken_by: statements(grant.taken_by),
        token: None,
        doubt: None,
        needs: NEEDS,
    }
}
