//! The scanning configurations of a run's registries, and which of them count for a repository.
//! It does not know what a configuration makes of a repository.

use rustc_hash::FxHashMap;

use crate::model::facts::Rival;
use crate::model::{Entity, EntityKind, RegistryScanning, Truth};
use crate::source::SourceId;

/// The scanning configurations of registries, in the order of the inputs.
#[derive(Debug, Default)]
pub(super) struct Registries {
    all: Vec<RegistryScanning>,
    /// Those of each account and region.
    by_place: FxHashMap<(String, String), Vec<usize>>,
}

/// What scans a repository.
#[derive(Debug, Default)]
pub(super) struct ScanningSources<'s> {
    /// The configuration of its registry, where it is known.
    pub(super) own: Option<&'s RegistryScanning>,
    /// Others that are, or may be, of its registry, too.
    pub(super) rivals: Vec<Rival<'s>>,
    /// What a snapshot shows of its account and region.
    pub(super) captured: Option<&'s RegistryScanning>,
}

impl Registries {
    pub(super) fn add(&mut self, registry: RegistryScanning) {
        if let (Some(account), Some(region)) = (&registry.account, &registry.region) {
            let place = (account.clone(), region.clone());
            self.by_place.entry(place).or_default().push(self.all.len());
        }
        self.all.push(registry);
    }

    /// What scans a repository; `asserted` is what the configuration says of every registry.
    pub(super) fn of<'s>(
        &'s self,
        repository: &'s Entity,
        asserted: Option<&'s RegistryScanning>,
    ) -> ScanningSources<'s> {
        let found = match repository.subject.arn {
            Some(_) => self.of_live(repository, asserted),
            None => self.of_template(repository, asserted),
        };
        ScanningSources {
            captured: self.there(repository).find(|registry| registry.is_live),
            ..found
        }
    }

    /// The registries of the account and region of a repository.
    fn there<'s>(
        &'s self,
        repository: &Entity,
    ) -> impl Iterator<Item = &'s RegistryScanning> + Clone + use<'s> {
        let subject = &repository.subject;
        let place = subject.account.clone().zip(subject.region.clone());
        let there = place.and_then(|place| self.by_place.get(&place));
        there
            .into_iter()
            .flatten()
            .filter_map(|at| self.all.get(*at))
    }

    /// A live repository is scanned by what its account has now.
    fn of_live<'s>(
        &'s self,
        repository: &Entity,
        asserted: Option<&'s RegistryScanning>,
    ) -> ScanningSources<'s> {
        let there = self.there(repository);
        let now = there.clone().find(|registry| registry.is_live);
        let own = now.or_else(|| there.clone().next());
        ScanningSources {
            own: own
                .filter(|own| asserted.is_none() || is_captured(own))
                .or(asserted),
            rivals: Vec::new(),
            captured: None,
        }
    }

    /// A repository of a template is scanned by what will be there: what templates say of its registry counts
    /// before what is there now, and both before what is asserted.
    fn of_template<'s>(
        &'s self,
        repository: &'s Entity,
        asserted: Option<&'s RegistryScanning>,
    ) -> ScanningSources<'s> {
        let (mut deployed, mut live, mut perhaps) = (Vec::new(), Vec::new(), Vec::new());
        let own = repository.repository();
        let own = own.map(|one| one.own.registries.iter().map(AsRef::as_ref));
        deployed.extend(own.into_iter().flatten());
        for registry in &self.all {
            match is_in(repository, registry) {
                Truth::True if registry.is_live => live.push(registry),
                Truth::True => deployed.push(registry),
                Truth::Unknown(()) if is_captured(registry) => perhaps.push(registry),
                Truth::Unknown(()) | Truth::False => {}
            }
        }
        if let Some((own, others)) = deployed.split_first() {
            let rivals = others.iter().map(|registry| Rival {
                registry,
                is_certain: true,
            });
            return ScanningSources {
                own: Some(own),
                rivals: rivals.collect(),
                captured: None,
            };
        }
        let captured = live.iter().find(|registry| is_captured(registry));
        let own = match (captured, asserted) {
            (Some(captured), _) => Some(*captured),
            (None, Some(_)) => {
                return ScanningSources {
                    own: asserted,
                    rivals: Vec::new(),
                    captured: None,
                };
            }
            (None, None) => live.first().copied(),
        };
        let rivals = perhaps.into_iter().map(|registry| Rival {
            registry,
            is_certain: false,
        });
        ScanningSources {
            own,
            rivals: rivals.collect(),
            captured: None,
        }
    }
}

/// What was not captured is no better than what the configuration asserts.
fn is_captured(registry: &RegistryScanning) -> bool {
    let scan_type = registry.document.value(registry.scan_type);
    !registry.is_live || scan_type.as_unknown().is_none()
}

/// Whether a registry is the one that a repository is in.
fn is_in(repository: &Entity, registry: &RegistryScanning) -> Truth<()> {
    if source(registry) == repository.place.source {
        // What the conditions of the template leave of it stands beside the repository.
        return match repository.kind() {
            EntityKind::Private => Truth::False,
            _ => Truth::True,
        };
    }
    let subject = &repository.subject;
    let accounts = Truth::equal(subject.account.as_ref(), registry.account.as_ref());
    let regions = Truth::equal(subject.region.as_ref(), registry.region.as_ref());
    let is_family = repository.family.is_some() && repository.family == registry.family;
    match accounts.and(regions) {
        Truth::Unknown(()) if is_family => Truth::True,
        is_there => is_there,
    }
}

fn source(registry: &RegistryScanning) -> SourceId {
    registry.document.value(registry.scan_type).span().source
}
