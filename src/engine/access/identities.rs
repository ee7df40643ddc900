//! What the roles, users and groups of a run are given on a repository: those of its own template, and those of others.
//! It does not know the policies of repositories and registries.

use rustc_hash::{FxHashMap, FxHashSet};

use super::lists::{actions, extend, owner, statements};
use crate::model::policy::{Arn, Guarded, Owner, PULL, PUSH, Policies};
use crate::model::{Entity, Identity, Truth};
use crate::report::access::{AccessEntry, EcrAction, Giver, ImageActions};
use crate::source::{SourceId, Span};

/// What pulls and pushes need.
pub(super) const NEEDS: ImageActions = ImageActions {
    pull: &PULL,
    push: &PUSH,
};

/// Why an identity may be given something.
const CONDITIONS: &str = "conditions of the template decide it";

/// Pairs of a repository and an identity of another template that are looked at, of those that do not refer to each
/// other: enough for every repository that somebody asks for, and too few for a page about thousands of them.
const MOST_PAIRS: usize = 20_000;

/// A repository by the text that it stands in and its logical id there.
type RepositoryPlace = (SourceId, String);

/// The roles, users and groups of a run.
#[derive(Debug, Default)]
pub(super) struct RunPrincipals<'a> {
    /// By the text that they stand in.
    beside: FxHashMap<SourceId, Vec<&'a Entity>>,
    /// Those whose policies refer to a repository, by its template and logical id.
    referring: FxHashMap<RepositoryPlace, Vec<&'a Entity>>,
    /// By their account, where that is known, those that are about more than the repositories that they refer to.
    accounts: FxHashMap<&'a str, Vec<&'a Entity>>,
    /// Whether those of an account are compared with its repositories that they do not refer to.
    pub(super) is_small: bool,
}

impl<'a> RunPrincipals<'a> {
    /// All principals of a run with these repositories, of which so many are listed.
    pub(super) fn of(
        all: &[&'a Entity],
        places: FxHashSet<RepositoryPlace>,
        repositories: usize,
    ) -> Self {
        let mut principals = Self {
            is_small: all.len().saturating_mul(repositories) <= MOST_PAIRS,
            ..Self::default()
        };
        for one in all {
            let beside = principals.beside.entry(one.place.source).or_default();
            beside.push(one);
            let (referred, more) = referred(one, &places);
            for place in referred {
                principals.referring.entry(place).or_default().push(one);
            }
            if let Some(account) = one.subject.account.as_deref().filter(|_| more) {
                principals.accounts.entry(account).or_default().push(one);
            }
        }
        principals
    }

    /// What they are given, in the ways in which conditions turn out that go with the repository's.
    pub(super) fn entries(&self, repository: &Entity, own: &Owner<'_>) -> Vec<AccessEntry> {
        let beside = self.beside.get(&repository.place.source);
        let beside = beside.into_iter().flatten().copied();
        let beside: Vec<&Entity> = beside.filter(|it| !it.excludes(repository)).collect();
        let mut entries = given(&beside, |one| {
            let near = one.identities().iter().find(|it| is_near(it, repository));
            near.and_then(|identity| of_identity(repository, one, identity, own))
        });
        let elsewhere = self.elsewhere(repository);
        entries.extend(given(&elsewhere, |one| {
            let mut all = one.identities().iter();
            all.find_map(|identity| of_identity(repository, one, identity, own))
        }));
        entries
    }

    /// Those of other templates that may be given something: whoever refers to the repository, and whoever is in its
    /// account. Variants stand next to each other.
    fn elsewhere(&self, repository: &Entity) -> Vec<&'a Entity> {
        let account = repository.subject.account.as_deref();
        let same = account.filter(|_| self.is_small);
        let same = same.and_then(|account| self.accounts.get(account));
        let id = repository.subject.logical_id.clone();
        let referring = id.and_then(|id| self.referring.get(&(repository.place.source, id)));
        let mut found: Vec<&Entity> = Vec::new();
        let all = referring.into_iter().chain(same).flatten().copied();
        for one in all {
            let is_beside = one.place.source == repository.place.source;
            let theirs = one.subject.account.as_deref();
            let is_apart = theirs.is_some_and(|theirs| account.is_some_and(|own| own != theirs));
            let is_known = found.iter().any(|known| std::ptr::eq(*known, one));
            if !(is_beside || is_apart || is_known) {
                found.push(one);
            }
        }
        found.sort_by_key(|one| (one.place.source, one.place.start));
        found
    }
}

/// Whether an identity may be about a repository of its template.
fn is_near(identity: &Identity, repository: &Entity) -> bool {
    let id = repository.subject.logical_id.as_deref();
    let mut near = identity.near.repositories.iter();
    near.any(|near| Some(near.logical_id.as_str()) == id)
}

/// The repositories whose ARNs the policies of a principal refer to, and whether they may be about others.
fn referred(one: &Entity, places: &FxHashSet<RepositoryPlace>) -> (Vec<RepositoryPlace>, bool) {
    let theirs = owner(one, Guarded::Repository);
    let (mut found, mut more) = (Vec::new(), false);
    for identity in one.identities() {
        let policies = identity.policies.iter();
        let policies: Vec<_> = policies.map(|id| one.document.value(*id)).collect();
        let is_unknown = policies.iter().any(|policy| policy.as_unknown().is_some());
        let resources = Policies::read(&policies, &theirs).repositories(&theirs);
        more |= is_unknown || resources.is_none();
        for resource in resources.into_iter().flatten() {
            let place = resource.reference.filter(|it| it.attribute == "Arn");
            let place = place.map(|it| (it.template, it.logical_id));
            match place.filter(|place| places.contains(place)) {
                Some(place) => found.push(place),
                None => more = true,
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    (found, more)
}

/// One answer for each principal, whose variants stand next to each other.
fn given<'e>(
    principals: &[&'e Entity],
    give: impl Fn(&'e Entity) -> Option<AccessEntry>,
) -> Vec<AccessEntry> {
    let variants = principals.chunk_by(|one, other| one.is_variant_of(other));
    let entries =
        variants.filter_map(|variants| either(variants.iter().map(|one| give(one)).collect()));
    entries.collect()
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

/// What a role, user or group is given; `None` when that is nothing.
fn of_identity(
    repository: &Entity,
    stand_in: &Entity,
    identity: &Identity,
    own: &Owner<'_>,
) -> Option<AccessEntry> {
    let name = repository.given_name();
    let id = repository.subject.logical_id.as_deref();
    let mut place = Arn::of_repository(own, repository.place.source, id, name);
    let theirs = owner(stand_in, Guarded::Repository);
    let is_beside = stand_in.place.source == repository.place.source;
    if !is_beside {
        place = place.seen_from_elsewhere();
    }
    let own = if is_beside { own } else { &theirs };
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
        principal: match (is_beside, &stand_in.subject.stack) {
            (true, _) => format!("`{id}` of this template"),
            (false, Some(stack)) => format!("`{id}` of stack {stack}"),
            (false, None) => format!("`{id}` of another template"),
        },
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
