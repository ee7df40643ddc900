//! What surrounds a repository: its environment, its declaration, its registry, and the other
//! repositories that claim its name.
//! It does not know rules.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::config::Config;
use crate::model::facts::{self, Match, Run, Scope, Twin};
use crate::model::{Data, Inventory, RegistryScanning, Repository, Shape, Unknown, Value};
use crate::source::SourceId;

/// Other repositories that an unknown name is held against; more than this are passed over, because
/// one that may be the same is enough.
const MOST_CANDIDATES: usize = 1_000;

/// Why two repositories of the same name may be two after all.
const ELSEWHERE: &str = "the account or region of another repository with this name is not known";

/// The surroundings of every repository of an inventory, worked out once.
pub(super) struct Surroundings<'a> {
    config: &'a Config,
    inventory: &'a Inventory,
    twins: FxHashMap<usize, Vec<Twin<'a>>>,
    run: Run,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(config: &'a Config, inventory: &'a Inventory) -> Self {
        Self {
            config,
            inventory,
            twins: twins(&inventory.repositories),
            run: Run::new(),
        }
    }

    /// The scope of the repository at `index`.
    pub(super) fn scope(&self, index: usize) -> Scope<'_> {
        let repository = &self.inventory.repositories[index];
        let organisation = self.config.organisation.as_ref();
        let subject = &repository.subject;
        let environment = organisation.and_then(|organisation| {
            organisation.environment(subject.account.as_deref(), subject.region.as_deref())
        });
        let is_repository = repository.kind.is_repository();
        Scope {
            organisation,
            environment,
            declared: organisation
                .filter(|_| is_repository)
                .and_then(|organisation| {
                    match facts::declaration_for(organisation, environment, repository) {
                        Match::Declared(declared) => Some(declared),
                        Match::Unasked | Match::Undeclared | Match::Unknown(_) => None,
                    }
                }),
            registry: self.registry(repository),
            same_name: self.twins.get(&index).map_or(&[], Vec::as_slice),
            protected_tags: &self.config.protected_tags,
            run: Some(self.run),
            fate: None,
        }
    }

    /// The registry that the repository is scanned by: one of the inputs for the same account and
    /// region, else the one that the configuration asserts.
    fn registry(&self, repository: &Repository) -> Option<&'a RegistryScanning> {
        let subject = &repository.subject;
        self.inventory
            .registries
            .iter()
            .find(|registry| {
                let same_source = registry_source(registry) == repository.place.source;
                let known = registry.account.is_some() && registry.region.is_some();
                same_source
                    || (known
                        && registry.account == subject.account
                        && registry.region == subject.region)
            })
            .or(self.config.registry.as_ref())
    }
}

/// Repositories that have, or may have, the account, region and name of another one, by index.
///
/// Repositories of one template share its account and region even where these are not known.
fn twins(repositories: &[Repository]) -> FxHashMap<usize, Vec<Twin<'_>>> {
    let mut known: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut unknown = Vec::new();
    let indexed = repositories.iter().enumerate();
    for (index, repository) in indexed.filter(|(_, one)| one.kind.is_repository()) {
        match name(repository).data() {
            Data::String(name) => known.entry(name).or_default().push(index),
            Data::Unknown(reason) => unknown.push((index, reason)),
            _ => {}
        }
    }
    let mut found = FxHashMap::default();
    for group in known.values().filter(|group| group.len() > 1) {
        for &index in group {
            let others = group.iter().filter(|other| **other != index);
            let mut others: Vec<Twin<'_>> = others
                .filter_map(|other| twin(&repositories[index], &repositories[*other]))
                .collect();
            // The variants of another repository are one other repository.
            others.dedup_by_key(|twin| (twin.span, twin.logical_id));
            if !others.is_empty() {
                found.insert(index, others);
            }
        }
    }
    for (index, reason) in &unknown {
        let candidates = candidates(&known, reason)
            .chain(unknown.iter().map(|(other, _)| *other))
            .filter(|other| other != index)
            .take(MOST_CANDIDATES);
        let twin = candidates
            .filter_map(|other| twin(&repositories[*index], &repositories[other]))
            .next();
        if let Some(twin) = twin {
            let doubt = Some(reason.reason.as_str());
            found.insert(*index, vec![Twin { doubt, ..twin }]);
        }
    }
    found
}

/// Repositories whose known name an unknown one may turn out to be.
fn candidates<'a>(
    known: &'a BTreeMap<&str, Vec<usize>>,
    unknown: &'a Unknown,
) -> impl Iterator<Item = usize> + 'a {
    let prefix = unknown.shape.as_ref().map_or("", Shape::prefix);
    known
        .range(prefix..)
        .take_while(move |(name, _)| name.starts_with(prefix))
        .filter(|(name, _)| {
            unknown
                .shape
                .as_ref()
                .is_none_or(|shape| shape.admits(name))
        })
        .flat_map(|(_, group)| group.iter().copied())
}

fn name(repository: &Repository) -> Value<'_> {
    repository.document.value(repository.name)
}

/// The other repository as a twin, unless it certainly lives somewhere else or at other times.
fn twin<'a>(one: &Repository, other: &'a Repository) -> Option<Twin<'a>> {
    if one.kind != other.kind || one.is_variant_of(other) || one.excludes(other) {
        return None;
    }
    let certain = one.place.source == other.place.source
        || match (place(one), place(other)) {
            ((Some(a), Some(r)), (Some(b), Some(s))) if a == b && r == s => true,
            ((Some(a), _), (Some(b), _)) if a != b => return None,
            ((_, Some(r)), (_, Some(s))) if r != s => return None,
            _ => false,
        };
    Some(Twin {
        span: name(other).span(),
        logical_id: other.subject.logical_id.as_deref(),
        stack: other.subject.stack.as_deref(),
        doubt: (!certain).then_some(ELSEWHERE),
    })
}

fn place(repository: &Repository) -> (Option<&str>, Option<&str>) {
    let subject = &repository.subject;
    (subject.account.as_deref(), subject.region.as_deref())
}

/// The text that describes the registry.
fn registry_source(registry: &RegistryScanning) -> SourceId {
    registry.document.value(registry.scan_type).span().source
}
