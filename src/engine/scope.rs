//! What surrounds a repository: its environment, its declaration, its registry, and the other
//! repositories that claim its name.
//! It does not know rules.

use std::collections::{BTreeMap, BTreeSet};

use super::affix_index::AffixIndex;
use super::claims::{Claims, hash};
use super::counterparts::Counterparts;
use super::duplicate_names::{Namesakes, counted, duplicate, is_named_as, is_near, may_be, name};
use super::registries::{Registries, ScanningSources};
use crate::config::Config;
use crate::model::facts::{self, DuplicateName, Match, Scope};
use crate::model::{AccountRegion, Data, Inventory, RegistryScanning, Truth};
use crate::model::{Entity, Shape, Unknown};
use crate::source::Span;

/// Other repositories that an unknown name is held against; beyond them it may be any.
const MOST_CANDIDATES: usize = 1_000;

/// What repositories of a run have to know of each other, gathered before any of them is judged.
///
/// Repositories of templates are borrowed. Of those of a live account only a number for each ARN is
/// kept, and places of the ARNs that are claimed more than once: see [`Whole::claim`].
#[derive(Debug, Default)]
pub struct Whole<'a> {
    known: BTreeMap<&'a str, Namesakes<'a>>,
    /// Repositories whose names are not known, by their account.
    unknown: BTreeMap<Option<&'a str>, Vec<&'a Entity>>,
    /// The same by what is known of their names.
    partly_known: BTreeMap<String, Vec<&'a Entity>>,
    /// All of them by what is known of the beginning and the end of their names.
    affixes: AffixIndex<&'a Entity>,
    /// The names that are known, in their order.
    names: Vec<&'a str>,
    live: Claims,
    registries: Registries,
    /// Where the inputs are deployed.
    homes: BTreeSet<AccountRegion>,
    counterparts: Option<Counterparts>,
    /// Whether there may be repositories that are not seen.
    is_veiled: bool,
}

impl<'a> Whole<'a> {
    /// What the repositories and registries of an inventory say, when there is nothing else.
    #[must_use]
    pub fn of(inventory: &'a Inventory) -> Self {
        let mut whole = Self::gather(inventory);
        whole.seal();
        whole.locate_all(inventory);
        whole
    }

    /// What the repositories and registries of an inventory say. More may be added until the whole is
    /// sealed.
    #[must_use]
    pub fn gather(inventory: &'a Inventory) -> Self {
        let mut whole = Self::default();
        for repository in &inventory.entities {
            whole.add(repository);
        }
        for registry in &inventory.registries {
            whole.registries.add(registry.clone());
        }
        whole.homes.clone_from(&inventory.homes);
        whole
    }

    /// Says where the repositories of the inventory claim their ARNs, once the whole is sealed.
    pub fn locate_all(&mut self, inventory: &Inventory) {
        let repositories = inventory.entities.iter();
        for repository in repositories.filter(|one| one.kind().is_repository()) {
            if let Some(arn) = &repository.subject.arn {
                self.locate(arn, repository.name_place());
            }
        }
    }

    /// Adds a repository. Those with an ARN are in a live account, where a template's are not yet.
    pub fn add(&mut self, repository: &'a Entity) {
        if !repository.kind().is_repository() {
            return;
        }
        if let Some(arn) = &repository.subject.arn {
            return self.claim(arn);
        }
        let account = repository.subject.account.as_deref();
        match name(repository) {
            Data::String(name) => {
                let namesakes = self.known.entry(name).or_default();
                namesakes.entry(account).or_default().push(repository);
                self.affixes.add(name, name, repository);
            }
            Data::Unknown(unknown) => {
                let shape = unknown.shape.as_ref();
                if let Some(shape) = shape {
                    let alike = self.partly_known.entry(shape.to_string());
                    alike.or_default().push(repository);
                }
                self.unknown.entry(account).or_default().push(repository);
                let (start, end) = shape.map_or(("", ""), |shape| (shape.prefix(), shape.suffix()));
                self.affixes.add(start, end, repository);
            }
            _ => {}
        }
    }

    /// Repositories whose name an unknown one may turn out to be.
    fn candidates(&self, unknown: &Unknown) -> impl Iterator<Item = &'a Entity> {
        let shape = unknown.shape.as_ref();
        let (start, end) = shape.map_or(("", ""), |shape| (shape.prefix(), shape.suffix()));
        let candidates = self.affixes.candidates(start, end);
        candidates.filter(|other| may_be(unknown, other))
    }

    /// Adds the scanning configuration of a registry.
    pub fn add_registry(&mut self, registry: RegistryScanning) {
        self.registries.add(registry);
    }

    /// Says what is live where the templates are deployed: repositories of templates are compared with it.
    pub fn compare_with(&mut self, mut counterparts: Counterparts) {
        for registry in counterparts.take_registries() {
            self.add_registry(registry);
        }
        self.counterparts = Some(counterparts);
    }

    /// What is live, where that was asked for.
    pub(super) fn counterparts(&self) -> Option<&Counterparts> {
        self.counterparts.as_ref()
    }

    /// Adds the ARN of a repository of a live account. Keeps eight bytes of it.
    pub fn claim(&mut self, arn: &str) {
        self.live.hashes.push(hash(arn));
    }

    /// Adds what [`Whole::number`] makes of the ARNs of repositories of live accounts.
    pub fn claim_all(&mut self, numbers: impl IntoIterator<Item = u64>) {
        self.live.hashes.extend(numbers);
    }

    /// What is kept of an ARN.
    #[must_use]
    pub fn number(arn: &str) -> u64 {
        hash(arn)
    }

    /// Adds an account and region that the inputs describe.
    pub fn add_home(&mut self, home: AccountRegion) {
        self.homes.insert(home);
    }

    /// Whether the ARN was claimed more than once, or looks as if it was.
    #[must_use]
    pub fn is_claimed_twice(&self, arn: &str) -> bool {
        self.live.contested.contains_key(&hash(arn))
    }

    /// Where the inputs are deployed, those without any repository included.
    pub(super) fn homes(&self) -> impl Iterator<Item = &AccountRegion> {
        self.homes.iter()
    }

    /// Says that every ARN was claimed.
    pub fn seal(&mut self) {
        self.names = self.known.keys().copied().collect();
        self.live.seal();
    }

    /// Whether any ARN was claimed more than once, or looks as if it was.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        !self.live.contested.is_empty()
    }

    /// Says where an ARN is claimed; kept for those that are claimed more than once.
    pub fn locate(&mut self, arn: &str, place: Span) {
        if let Some(places) = self.live.contested.get_mut(&hash(arn)) {
            places.push((arn.to_owned(), place));
        }
    }

    /// The repositories of templates whose names are known.
    pub(super) fn named(&self) -> impl Iterator<Item = &'a Entity> {
        let namesakes = self.known.values().flat_map(BTreeMap::values);
        namesakes.flatten().copied()
    }

    /// Those of one name.
    pub(super) fn called(&self, name: &str) -> impl Iterator<Item = &'a Entity> {
        let namesakes = self.known.get(name).into_iter();
        namesakes.flat_map(BTreeMap::values).flatten().copied()
    }

    /// Those whose names are not known.
    pub(super) fn nameless(&self) -> impl Iterator<Item = &'a Entity> {
        self.unknown.values().flatten().copied()
    }

    /// Says that there may be repositories that are not seen: in what could not be read, or is added at deployment.
    pub fn veil(&mut self) {
        self.is_veiled = true;
    }

    /// Whether all repositories and their names are known: of those of live accounts little is kept.
    pub(super) fn is_open(&self) -> bool {
        !self.is_veiled && self.live.hashes.is_empty()
    }

    /// What scans a repository of the run.
    pub(super) fn registries<'s>(
        &'s self,
        config: &'s Config,
        repository: &'s Entity,
    ) -> ScanningSources<'s> {
        self.registries.of(repository, config.registry.as_ref())
    }

    /// What a repository of the run is judged against.
    pub(super) fn scope<'s>(
        &'s self,
        config: &'s Config,
        repository: &'s Entity,
        same_name: &'s [DuplicateName<'s>],
        registries: &'s ScanningSources<'s>,
    ) -> Scope<'s> {
        let organisation = config.organisation.as_ref();
        let subject = &repository.subject;
        let environment = organisation.and_then(|organisation| {
            organisation.environment(subject.account.as_deref(), subject.region.as_deref())
        });
        Scope {
            organisation,
            environment,
            declared: organisation
                .filter(|_| repository.kind().is_repository())
                .and_then(|organisation| {
                    match facts::declaration_for(organisation, environment, repository) {
                        Match::Declared(declared) => Some(declared),
                        Match::Unasked | Match::Undeclared | Match::Unknown(_) => None,
                    }
                }),
            taken: None,
            registry: registries.own,
            rivals: &registries.rivals,
            captured: registries.captured,
            same_name,
            names: &self.names,
            protected_tags: &config.protected_tags,
            live: None,
            fate: None,
        }
    }

    /// Other repositories that have, or may have, the account, region and name of this one.
    ///
    /// Repositories of one template share its account and region even where these are not known. A
    /// repository of a live account may well be the one that a template describes.
    pub(super) fn duplicates<'s>(&'s self, repository: &'s Entity) -> Vec<DuplicateName<'s>> {
        if !repository.kind().is_repository() {
            return Vec::new();
        }
        if let Some(arn) = &repository.subject.arn {
            return self.live.duplicates(arn, repository.name_place());
        }
        match name(repository) {
            Data::String(name) => {
                let account = repository.subject.account.as_deref();
                let groups = self.known.get(name).into_iter().flatten();
                let others = groups.filter(|(other, _)| is_near(account, **other));
                let others = others.flat_map(|(_, group)| group.iter().copied());
                counted(repository, others)
            }
            Data::Unknown(unknown) => self.unknown_duplicates(repository, unknown),
            _ => Vec::new(),
        }
    }

    /// The same for a repository whose name is not known: all others that certainly have it, else one that may.
    fn unknown_duplicates<'s>(
        &'s self,
        repository: &'s Entity,
        unknown: &'s Unknown,
    ) -> Vec<DuplicateName<'s>> {
        let text = unknown.shape.as_ref().map(Shape::to_string);
        // A text that need not even be equal to itself is certainly equal to none.
        let text = text.filter(|_| is_named_as(repository, unknown, repository).is_true());
        let alike = text.and_then(|text| self.partly_known.get(&text));
        let alike = alike.into_iter().flatten().copied();
        let certain = alike.filter(|other| {
            let is_same = || is_named_as(repository, unknown, other).is_true();
            duplicate(repository, other).is_some_and(|duplicate| duplicate.doubt.is_none())
                && is_same()
        });
        let certain = counted(repository, certain);
        if !certain.is_empty() {
            return certain;
        }
        let others = self
            .candidates(unknown)
            .filter(|other| may_be(unknown, other));
        let others = others.filter_map(|other| Some((other, duplicate(repository, other)?)));
        for (index, (other, duplicate)) in others.enumerate() {
            let is_same = match index < MOST_CANDIDATES {
                true => is_named_as(repository, unknown, other),
                false => Truth::Unknown(()),
            };
            let doubt = match is_same {
                Truth::False => continue,
                Truth::True => duplicate.doubt,
                Truth::Unknown(()) => Some(unknown.reason.as_str()),
            };
            return vec![DuplicateName { doubt, ..duplicate }];
        }
        Vec::new()
    }
}
