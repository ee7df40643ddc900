//! Which repository of another name is meant by which declaration: where exactly one declaration fits a repository whose
//! name misses the standard, and no other repository fits that declaration. No fit, no guess.
//! It does not know rules.

mod signs;

use rustc_hash::FxHashMap;

use super::plan::Plan;
use super::scope::Whole;
use crate::config::Config;
use crate::model::facts::{self, Match};
use crate::model::{DeclaredRepository, Entity, EntityKind, Environment, Organisation, Value};
use crate::source::Span;
use signs::Signs;

/// Repositories that fit one declaration; beyond them nobody is told from the others.
const MOST_RIVALS: usize = 64;
/// Repositories of unknown names, each of which may be the declared one; beyond them one certainly may.
const MOST_NAMELESS: usize = 1_000;

/// Repositories that are taken for declared ones though they have other names.
#[derive(Debug, Default)]
pub(super) struct Mistaken<'o>(FxHashMap<RepositoryKey, TakenDeclaration<'o>>);

/// A repository: its place, logical id and name. Each way in which conditions turn out may give it another one.
type RepositoryKey = (Span, Option<String>, String);

/// The declaration that a repository is taken for.
#[derive(Debug)]
pub(super) struct TakenDeclaration<'o> {
    /// The declaration.
    pub(super) declared: &'o DeclaredRepository,
    /// The name that it wants.
    pub(super) name: String,
    /// Why it is the one.
    pub(super) because: String,
}

/// A repository that fits a declaration.
struct Fit<'a> {
    repository: &'a Entity,
    because: String,
}

impl<'o> Mistaken<'o> {
    /// Looks for what is meant in a run in which a rule says of names that they miss the standard: nobody else would say
    /// that they are wrong.
    pub(super) fn of_run(plan: &Plan<'_>, config: &'o Config, whole: &Whole<'_>) -> Self {
        match &config.organisation {
            Some(organisation) if plan.holds_to_standard() => Self::of(organisation, whole),
            _ => Self::default(),
        }
    }

    /// Looks for what is meant by repositories of a run whose names are known, and which nobody declares.
    fn of(organisation: &'o Organisation, whole: &Whole<'_>) -> Self {
        let is_said = organisation.prefix.is_some() && organisation.app.is_some();
        if !is_said || !organisation.declares_repositories || !whole.is_open() {
            return Self::default();
        }
        let signs = Signs::of(organisation);
        // By the name that each declaration wants.
        let mut fits: FxHashMap<String, Vec<Fit<'_>>> = FxHashMap::default();
        for repository in whole.named() {
            if !is_undeclared(organisation, repository) {
                continue;
            }
            let Some((base, because)) = signs.only(repository) else {
                continue;
            };
            let Some(name) = organisation.repository_name(base) else {
                continue;
            };
            let fit = Fit {
                repository,
                because,
            };
            fits.entry(name).or_default().push(fit);
        }
        let mut meant = FxHashMap::default();
        for (name, rivals) in fits {
            if rivals.len() > MOST_RIVALS {
                continue;
            }
            for fit in &rivals {
                let is_alone = rivals.iter().all(|other| !fit.competes(other));
                if !is_alone || is_there(whole, &name, fit.repository) {
                    continue;
                }
                let Some(declared) = declaration(organisation, fit.repository, &name) else {
                    continue;
                };
                let one = TakenDeclaration {
                    declared,
                    name: name.clone(),
                    because: fit.because.clone(),
                };
                meant.extend(key(fit.repository).map(|key| (key, one)));
            }
        }
        Self(meant)
    }

    /// What is meant by a repository, if it is taken for anything.
    pub(super) fn meant(&self, repository: &Entity) -> Option<&TakenDeclaration<'o>> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&key(repository)?)
    }
}

impl Fit<'_> {
    /// Whether both may be the one repository that is declared: they are two, and may be in one account and region. Two
    /// of one name in different templates are one repository that is deployed to different places.
    fn competes(&self, other: &Self) -> bool {
        let (one, other) = (self.repository, other.repository);
        let is_one = one.is_variant_of(other)
            || one.place.source != other.place.source && one.known_name() == other.known_name();
        !is_one && may_meet(one, other)
    }
}

fn key(repository: &Entity) -> Option<RepositoryKey> {
    let name = repository.known_name()?.to_owned();
    let is_private = repository.kind() == EntityKind::Private;
    let id = repository.subject.logical_id.clone();
    is_private.then_some((repository.place, id, name))
}

/// Whether it certainly is a repository of its author's that no declaration names.
fn is_undeclared(organisation: &Organisation, repository: &Entity) -> bool {
    repository.kind() == EntityKind::Private
        && !facts::is_tool_owned(repository)
        && facts::declaration_for(
            organisation,
            environment(organisation, repository),
            repository,
        ) == Match::Undeclared
}

/// The declaration that gives the name in the environment of the repository, where there is one.
fn declaration<'o>(
    organisation: &'o Organisation,
    repository: &Entity,
    name: &str,
) -> Option<&'o DeclaredRepository> {
    let environment = environment(organisation, repository);
    match facts::declaration_named(organisation, environment, name) {
        Match::Declared(declared) => Some(declared),
        Match::Unasked | Match::Undeclared | Match::Unknown(_) => None,
    }
}

fn environment<'o>(organisation: &'o Organisation, repository: &Entity) -> Option<&'o Environment> {
    let subject = &repository.subject;
    organisation.environment(subject.account.as_deref(), subject.region.as_deref())
}

/// Whether both may be in one account and region.
fn may_meet(one: &Entity, other: &Entity) -> bool {
    let same = |one: &Option<String>, other: &Option<String>| {
        one.is_none() || other.is_none() || one == other
    };
    let (one, other) = (&one.subject, &other.subject);
    same(&one.account, &other.account) && same(&one.region, &other.region)
}

/// Whether another repository that may be in the same account and region has the name, or may have it.
fn is_there(whole: &Whole<'_>, wanted: &str, repository: &Entity) -> bool {
    let is_rival =
        |other: &&Entity| !repository.is_variant_of(other) && may_meet(repository, other);
    let mut named = whole.called(wanted);
    if named.any(|other| is_rival(&other)) {
        return true;
    }
    let mut nameless = whole.nameless().enumerate();
    nameless.any(|(index, other)| {
        let unknown = other.given_name().and_then(Value::as_unknown);
        let shape = unknown.and_then(|unknown| unknown.shape.as_ref());
        index >= MOST_NAMELESS || is_rival(&other) && shape.is_none_or(|shape| shape.admits(wanted))
    })
}
