//! Who may do what with the repositories that somebody asks for: by their own policies, that of their registry,
//! and those of the roles, users and groups beside them. It judges nothing.

mod meant;

use super::finding;
use crate::config::Config;
use crate::model::policy::{self, Arn, Guarded, Owner, Policies, Truth};
use crate::model::{Identity, Inventory, Organisation, Repository, RepositoryKind, partition};
use crate::report::Subject;
use crate::report::access::{Action, Entry, Giver, Listing, Statement};
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
) -> Result<Vec<Listing>, String> {
    let all = inventory.repositories.iter();
    let private: Vec<_> = all
        .filter(|one| one.kind == RepositoryKind::Private)
        .collect();
    let found = private.iter().filter(|one| goes_by(one, wanted));
    let listing =
        |repository: &&Repository| listing(config.organisation.as_ref(), inventory, repository);
    let listings: Vec<Listing> = found.map(listing).collect();
    match listings.is_empty() {
        false => Ok(joined(listings)),
        true => Err(missing(config, inventory, wanted, (&private, looked))),
    }
}

/// Ways in which conditions turn out that make no difference to access are told once.
fn joined(all: Vec<Listing>) -> Vec<Listing> {
    let mut listings: Vec<Listing> = Vec::new();
    let variants = |subject: &Subject| all.iter().filter(|one| one.subject == *subject).count();
    for next in &all {
        let same = listings.iter_mut().find(|one| {
            let told = (&one.subject, &one.entries, &one.unknown);
            told == (&next.subject, &next.entries, &next.unknown)
        });
        match (same, &next.when) {
            (Some(same), Some(when)) => {
                let before = same.when.take();
                same.when = before.map(|before| format!("{before}, or {when}"));
            }
            (Some(_), None) => {}
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

fn listing(
    organisation: Option<&Organisation>,
    inventory: &Inventory,
    repository: &Repository,
) -> Listing {
    let own = owner(repository, Guarded::Repository);
    let mut listing = Listing {
        subject: finding::subject(repository),
        when: when(repository),
        entries: Vec::new(),
        unknown: Vec::new(),
    };
    let mut add = |giver, result: Result<Vec<policy::Grant>, String>| match result {
        Ok(grants) => {
            let entries = grants.into_iter();
            let entries = entries.map(|grant| entry(giver, grant, organisation, &own));
            listing.entries.extend(entries);
        }
        Err(reason) => listing.unknown.push((giver, reason)),
    };
    let policy = repository.document.value(repository.repository_policy);
    add(Giver::Repository, policy::grants(policy, &own, None));
    for registry in inventory
        .repositories
        .iter()
        .filter(|it| governs(it, repository))
    {
        let policy = registry.document.value(registry.repository_policy);
        let owner = owner(registry, Guarded::Registry);
        add(Giver::Registry, policy::grants(policy, &owner, Some(&own)));
    }
    listing
        .entries
        .extend(of_identities(inventory, repository, &own));
    listing
}

/// What the roles, users and groups beside the repository are given, in the ways in which conditions turn out that
/// go with the repository's.
fn of_identities(inventory: &Inventory, repository: &Repository, own: &Owner<'_>) -> Vec<Entry> {
    let id = repository.subject.logical_id.as_deref();
    let is_near = |identity: &Identity| {
        let mut near = identity.near.repositories.iter();
        near.any(|near| Some(near.logical_id.as_str()) == id)
    };
    let beside = inventory.repositories.iter().filter(|it| {
        it.kind == RepositoryKind::Principals
            && it.place.source == repository.place.source
            && !it.excludes(repository)
    });
    let beside: Vec<&Repository> = beside.collect();
    let variants = beside.chunk_by(|one, other| one.is_variant_of(other));
    let entries = variants.filter_map(|variants| {
        let given = variants.iter().map(|one| {
            let identity = one.identities.iter().find(|identity| is_near(identity));
            identity.and_then(|identity| of_identity((repository, *one), identity, own))
        });
        either(given.collect())
    });
    entries.collect()
}

/// One answer for all the ways in which conditions turn out: what is given in some of them only may be given.
fn either(ways: Vec<Option<Entry>>) -> Option<Entry> {
    let count = ways.len();
    let mut entries = ways.into_iter().flatten();
    let mut entry = entries.next()?;
    let mut always: Vec<Action> = entry.actions.clone();
    let mut given = 1;
    for other in entries {
        given += 1;
        always.retain(|action| other.actions.contains(action));
        for action in other.actions.iter().chain(&other.possible) {
            if !entry.actions.contains(action) && !entry.possible.contains(action) {
                entry.possible.push(*action);
            }
        }
        for (list, more) in [
            (&mut entry.given_by, other.given_by),
            (&mut entry.taken_by, other.taken_by),
        ] {
            let new = more.into_iter().filter(|one| !list.contains(one));
            let new: Vec<_> = new.collect();
            list.extend(new);
        }
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

/// Why an identity may be given something.
const CONDITIONS: &str = "conditions of the template decide it";

/// Whether the subject is the policy of the registry in which the repository lives.
fn governs(registry: &Repository, repository: &Repository) -> bool {
    let (one, other) = (&registry.subject, &repository.subject);
    registry.kind == RepositoryKind::Registry
        && !registry.excludes(repository)
        && (&one.account, &one.region) == (&other.account, &other.region)
}

fn owner(repository: &Repository, guarded: Guarded) -> Owner<'_> {
    let subject = &repository.subject;
    Owner {
        guarded,
        name: Some(repository.document.value(repository.name)),
        account: subject.account.as_deref(),
        region: subject.region.as_deref(),
        partition: subject.region.as_deref().map(partition::name),
        ..Owner::default()
    }
}

fn when(repository: &Repository) -> Option<String> {
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
) -> Entry {
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
    Entry {
        principal,
        giver,
        class: grant.class,
        actions: actions(grant.certain),
        possible: actions(grant.possible),
        reason: grant.reason,
        conditions: grant.conditions,
        given_by: statements(vec![grant.by]),
        denied: grant.denied,
        taken_by: statements(grant.taken_by),
        token: None,
        doubt: None,
    }
}

/// What a role, user or group is given; `None` when that is nothing.
fn of_identity(
    (repository, stand_in): (&Repository, &Repository),
    identity: &Identity,
    own: &Owner<'_>,
) -> Option<Entry> {
    let name = repository.document.value(repository.name);
    let id = (
        repository.place.source,
        repository.subject.logical_id.as_deref(),
    );
    let place = Arn::of_repository(own, id, Some(name));
    let policies: Vec<_> = identity
        .policies
        .iter()
        .map(|id| stand_in.document.value(*id))
        .collect();
    let boundary = identity.boundary.map(|id| stand_in.document.value(id));
    let policies = Policies::read(&policies, own).within(boundary, own);
    let rights = policies.rights(own, Some(&place));
    let [certain, possible] = rights.leveled();
    if certain.is_empty() && possible.is_empty() {
        return None;
    }
    let [gives, takes] = policies.speaking(own, Some(&place));
    let id = identity.logical_id.as_deref().unwrap_or("(not known)");
    Some(Entry {
        principal: format!("`{id}` of this template"),
        giver: Giver::Identity,
        class: Ok("same-account"),
        actions: actions(certain),
        possible: actions(possible),
        reason: rights.actions.reason.clone(),
        conditions: Vec::new(),
        given_by: statements(gives),
        denied: Vec::new(),
        taken_by: statements(takes),
        token: rights.token.map(|token| match token {
            Truth::Yes => Ok(true),
            Truth::No => Ok(false),
            Truth::Unknown(reason) => Err(reason),
        }),
        doubt: identity.doubt.clone(),
    })
}

fn actions(leveled: Vec<policy::Leveled>) -> Vec<Action> {
    let actions = leveled.into_iter();
    actions
        .map(|(name, level)| Action { name, level })
        .collect()
}

fn statements(said: Vec<policy::Said>) -> Vec<Statement> {
    let said = said.into_iter();
    said.map(|policy::Said { place, sid }| Statement { place, sid })
        .collect()
}
