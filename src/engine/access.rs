//! Who may do what with the repositories that somebody asks for: by their own policies, that of their registry,
//! and those of the roles, users and groups beside them. It judges nothing.

mod meant;

use rustc_hash::FxHashMap;

use super::finding;
use crate::config::Config;
use crate::model::policy::{self, Arn, Guarded, Owner, PULL, PUSH, Policies};
use crate::model::{
    Data, Entity, EntityKind, Identity, Inventory, Organisation, Truth, Value, partition,
};
use crate::report::Subject;
use crate::report::access::{
    AccessEntry, AccessListing, EcrAction, Giver, ImageActions, StatementReference,
};
use crate::source::{SourceId, Span};
use meant::missing;

/// What pulls and pushes need.
const NEEDS: ImageActions = ImageActions {
    pull: &PULL,
    push: &PUSH,
};
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
    let givers = Givers::of(config, inventory.entities.iter());
    let listings: Vec<AccessListing> = found.map(|one| givers.listing(one)).collect();
    match listings.is_empty() {
        false => Ok(joined(listings)),
        true => Err(missing(config, inventory, wanted, (&private, looked))),
    }
}

/// Lists the access to every private repository of the inputs, and what the policy of each registry gives.
#[must_use]
pub fn survey(config: &Config, inventory: &Inventory) -> Vec<AccessListing> {
    let all = inventory.entities.iter();
    let givers = Givers::of(config, all.clone());
    let private = all.clone().filter(|one| one.kind() == EntityKind::Private);
    let private: Vec<_> = private.collect();
    let variants = private.chunk_by(|one, other| one.is_variant_of(other));
    let listings = variants
        .flat_map(|variants| joined(variants.iter().map(|one| givers.listing(one)).collect()));
    let registries = all.filter(|one| one.kind() == EntityKind::Registry);
    listings
        .chain(registries.map(|one| givers.registry_listing(one)))
        .collect()
}

/// What lets somebody use the repositories of a run besides their own policies.
#[derive(Debug, Default)]
pub struct Givers<'a> {
    organisation: Option<&'a Organisation>,
    /// Policies of registries.
    registries: Vec<&'a Entity>,
    /// Roles, users and groups, by the text that they stand in.
    principals: FxHashMap<SourceId, Vec<&'a Entity>>,
}

impl<'a> Givers<'a> {
    /// What `all` of a run has of them.
    #[must_use]
    pub fn of(config: &'a Config, all: impl Iterator<Item = &'a Entity>) -> Self {
        let mut givers = Self {
            organisation: config.organisation.as_ref(),
            ..Self::default()
        };
        for one in all {
            match one.kind() {
                EntityKind::Registry => givers.registries.push(one),
                EntityKind::Principals => {
                    let beside = givers.principals.entry(one.place.source);
                    beside.or_default().push(one);
                }
                _ => {}
            }
        }
        givers
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
        listing.entries.extend(self.of_identities(repository, &own));
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

    /// What the roles, users and groups beside the repository are given, in the ways in which conditions turn out that
    /// go with the repository's.
    fn of_identities(&self, repository: &Entity, own: &Owner<'_>) -> Vec<AccessEntry> {
        let id = repository.subject.logical_id.as_deref();
        let is_near = |identity: &Identity| {
            let mut near = identity.near.repositories.iter();
            near.any(|near| Some(near.logical_id.as_str()) == id)
        };
        let beside = self.principals.get(&repository.place.source);
        let beside = beside.into_iter().flatten().copied();
        let beside: Vec<&Entity> = beside.filter(|it| !it.excludes(repository)).collect();
        let variants = beside.chunk_by(|one, other| one.is_variant_of(other));
        let entries = variants.filter_map(|variants| {
            let given = variants.iter().map(|one| {
                let identity = one.identities().iter().find(|identity| is_near(identity));
                identity.and_then(|identity| of_identity((repository, *one), identity, own))
            });
            either(given.collect())
        });
        entries.collect()
    }
}

/// One answer for all the ways in which conditions turn out: what is given in some of them only may be given.
fn either(ways: Vec<Option<AccessEntry>>) -> Option<AccessEntry> {
    let count = ways.len();
    let mut entries = ways.into_iter().flatten();
    let mut entry = entries.next()?;
    let mut always: Vec<EcrAction> = entry.actions.clone();
    let mut given = 1;
    for other in entries {
        given += 1;
        always.retain(|action| other.actions.contains(action));
        for action in other.actions.iter().chain(&other.possible) {
            if !entry.actions.contains(action) && !entry.possible.contains(action) {
                entry.possible.push(*action);
            }
        }
        extend(&mut entry.given_by, other.given_by);
        extend(&mut entry.taken_by, other.taken_by);
        extend(&mut entry.policies, other.policies);
        entry.doubt = entry.doubt.or(other.doubt);
        if entry.token != other.token {
            entry.token = Some(Err(CONDITIONS.to_owned()));
        }
    }
    if given < count {
        always.clear();
    }
    let (actions, rest): (Vec<_>, Vec<_>) = entry
        .actions
        .into_iter()
        .partition(|action| always.contains(action));
    if !rest.is_empty() {
        entry.reason.get_or_insert_with(|| CONDITIONS.to_owned());
    }
    entry.actions = actions;
    entry.possible.retain(|action| !rest.contains(action));
    entry.possible.splice(0..0, rest);
    Some(entry)
}

/// Adds what a list does not have yet.
fn extend<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}

/// Why an identity may be given something.
const CONDITIONS: &str = "conditions of the template decide it";

/// Whether the subject is the policy of the registry in which the repository lives.
fn governs(registry: &Entity, repository: &Entity) -> bool {
    let (one, other) = (&registry.subject, &repository.subject);
    registry.kind() == EntityKind::Registry
        && !registry.excludes(repository)
        && (&one.account, &one.region) == (&other.account, &other.region)
}

fn owner(repository: &Entity, guarded: Guarded) -> Owner<'_> {
    let subject = &repository.subject;
    Owner {
        guarded,
        name: repository.given_name(),
        account: subject.account.as_deref(),
        region: subject.region.as_deref(),
        partition: subject.region.as_deref().map(partition::name),
        ..Owner::default()
    }
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

/// What a role, user or group is given; `None` when that is nothing.
fn of_identity(
    (repository, stand_in): (&Entity, &Entity),
    identity: &Identity,
    own: &Owner<'_>,
) -> Option<AccessEntry> {
    let name = repository.given_name();
    let id = (
        repository.place.source,
        repository.subject.logical_id.as_deref(),
    );
    let place = Arn::of_repository(own, id, name);
    let policies: Vec<_> = identity
        .policies
        .iter()
        .map(|id| stand_in.document.value(*id))
        .collect();
    let spans: Vec<Span> = policies.iter().map(|policy| policy.span()).collect();
    let boundary = identity.boundary.map(|id| stand_in.document.value(id));
    let policies = Policies::read(&policies, own).within(boundary, own);
    let rights = policies.rights(own, Some(&place));
    let [certain, possible] = rights.leveled();
    if certain.is_empty() && possible.is_empty() {
        return None;
    }
    let [gives, takes] = policies.speaking(own, Some(&place));
    let has = |policy: Span| gives.iter().any(|said| policy.contains(said.place));
    let id = identity.logical_id.as_deref().unwrap_or("(not known)");
    Some(AccessEntry {
        principal: format!("`{id}` of this template"),
        account: own.account.map(str::to_owned),
        giver: Giver::Identity,
        class: Ok("same-account"),
        actions: actions(certain),
        possible: actions(possible),
        reason: rights.actions.reason.clone(),
        conditions: Vec::new(),
        policies: spans.into_iter().filter(|span| has(*span)).collect(),
        given_by: statements(gives),
        denied: Vec::new(),
        taken_by: statements(takes),
        token: rights.token.map(|token| match token {
            Truth::True => Ok(true),
            Truth::False => Ok(false),
            Truth::Unknown(reason) => Err(reason),
        }),
        doubt: identity.doubt.clone(),
        needs: NEEDS,
    })
}

fn actions(leveled: Vec<policy::Leveled>) -> Vec<EcrAction> {
    let actions = leveled.into_iter();
    actions
        .map(|(name, level)| EcrAction { name, level })
        .collect()
}

fn statements(said: Vec<policy::StatementPlace>) -> Vec<StatementReference> {
    let said = said.into_iter();
    said.map(|policy::StatementPlace { place, sid }| StatementReference { place, sid })
        .collect()
}
