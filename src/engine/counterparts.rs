//! The live repositories that those of templates stand for: which are worth keeping, and which belongs to which.
//! It does not know what differs.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::facts::{AsLive, Live};
use crate::model::{
    AccountRegion, Data, Document, Entity, EntityKind, Inventory, LOGICAL_ID_TAG, Particulars,
    RegistryScanning, STACK_TAG, Truth, Value,
};
use crate::source::Span;

/// Account and region.
type RegistryKey = (String, String);

/// What a live repository has to have to be a counterpart, gathered from the templates.
#[derive(Debug, Default)]
pub struct CounterpartCriteria {
    names: FxHashSet<String>,
    stacks: FxHashSet<String>,
    /// Logical ids in stacks whose name is not known.
    ids: FxHashSet<String>,
}

impl CounterpartCriteria {
    /// The names and stacks of the repositories of templates.
    #[must_use]
    pub fn of(inventory: &Inventory) -> Self {
        let mut sought = Self::default();
        for repository in templated(inventory) {
            let name = repository.known_name();
            sought.names.extend(name.map(str::to_owned));
            let subject = &repository.subject;
            match &subject.stack {
                Some(stack) => sought.stacks.extend([stack.clone()]),
                None => sought.ids.extend(subject.logical_id.clone()),
            }
        }
        sought
    }

    /// Whether a live repository may be a counterpart.
    #[must_use]
    pub fn seeks(&self, live: &Entity) -> bool {
        let name = live.known_name();
        name.is_some_and(|name| self.names.contains(name))
            || live
                .tag(STACK_TAG)
                .is_some_and(|stack| self.stacks.contains(stack))
            || live
                .tag(LOGICAL_ID_TAG)
                .is_some_and(|id| self.ids.contains(id))
    }
}

fn templated(inventory: &Inventory) -> impl Iterator<Item = &Entity> {
    let repositories = inventory.entities.iter();
    repositories.filter(|one| one.kind() == EntityKind::Private && one.subject.arn.is_none())
}

/// Live repositories, found by what templates say of them.
#[derive(Debug, Default)]
pub struct Counterparts {
    live: Vec<Entity>,
    registries: Vec<RegistryScanning>,
    by_name: FxHashMap<(RegistryKey, String), usize>,
    /// By stack and logical id.
    by_resource: FxHashMap<(RegistryKey, String, String), usize>,
    /// Resources of any stack, by their logical id.
    by_id: FxHashSet<(RegistryKey, String)>,
    /// Accounts and regions that the snapshot shows.
    shown: FxHashSet<RegistryKey>,
}

/// Where the counterpart of a repository is.
enum CounterpartMatch {
    At(usize),
    Missing,
    Unknown(&'static str),
}

/// The counterpart of a repository, with what ECR makes of it.
pub(super) enum Counterpart<'c> {
    Repository(&'c Entity, Option<Box<AsLive>>),
    Missing,
    Unknown(&'static str),
}

impl Counterpart<'_> {
    pub(super) fn live(&self) -> Live<'_> {
        match self {
            Self::Repository(live, described) => {
                let own = live.repository().map(|one| one.own);
                Live::Found {
                    repository: live,
                    described: described.as_deref(),
                    holds_images: own.map_or(Truth::Unknown(()), |own| own.holds_images),
                    images: own.and_then(|own| own.images.as_deref()),
                }
            }
            Self::Missing => Live::Missing,
            Self::Unknown(reason) => Live::Unknown(reason),
        }
    }
}

impl Counterparts {
    /// Adds the scanning configuration of a live registry.
    pub fn add_registry(&mut self, registry: RegistryScanning) {
        let place = registry.account.clone().zip(registry.region.clone());
        self.shown.extend(place);
        self.registries.push(registry);
    }

    /// The scanning configurations of live registries, which scan what is deployed there.
    pub(super) fn take_registries(&mut self) -> Vec<RegistryScanning> {
        std::mem::take(&mut self.registries)
    }

    /// Notes that the snapshot shows this account and region, where both are known.
    pub fn show(&mut self, place: &AccountRegion) {
        self.shown
            .extend(place.account.clone().zip(place.region.clone()));
    }

    /// Adds a live repository that is [sought](CounterpartCriteria::seeks), where its account and region are known.
    pub fn add(&mut self, live: Entity) {
        let Some(place) = place(&live) else {
            return;
        };
        let index = self.live.len();
        if let Some(name) = live.known_name() {
            self.by_name.insert((place.clone(), name.to_owned()), index);
        }
        if let (Some(stack), Some(id)) = (live.tag(STACK_TAG), live.tag(LOGICAL_ID_TAG)) {
            let key = (place.clone(), stack.to_owned(), id.to_owned());
            self.by_resource.insert(key, index);
        }
        if let Some(id) = live.tag(LOGICAL_ID_TAG) {
            self.by_id.insert((place.clone(), id.to_owned()));
        }
        self.shown.insert(place);
        self.live.push(live);
    }

    /// The live repository of a template's, by its name, else by the resource that it is, as ECR makes it out;
    /// `None` for what is in no template.
    pub(super) fn of<'c>(
        &'c self,
        repository: &Entity,
        describe: impl FnOnce(&'c Entity) -> Option<AsLive>,
    ) -> Option<Counterpart<'c>> {
        let found = match repository.kind() {
            EntityKind::Removed => CounterpartMatch::At(self.at(repository.place)?),
            EntityKind::Private if repository.subject.arn.is_none() => self.find(repository),
            _ => return None,
        };
        Some(match found {
            CounterpartMatch::At(index) => {
                let live = &self.live[index];
                Counterpart::Repository(live, describe(live).map(Box::new))
            }
            CounterpartMatch::Missing => Counterpart::Missing,
            CounterpartMatch::Unknown(reason) => Counterpart::Unknown(reason),
        })
    }

    fn at(&self, span: Span) -> Option<usize> {
        self.live.iter().position(|live| live.place == span)
    }

    fn find(&self, repository: &Entity) -> CounterpartMatch {
        let Some(place) = place(repository) else {
            return CounterpartMatch::Unknown(
                "the account or region that the stack is deployed to is not known",
            );
        };
        if !self.shown.contains(&place) {
            return CounterpartMatch::Unknown(
                "the snapshot does not show the account and region of the stack",
            );
        }
        let subject = &repository.subject;
        let name = repository.known_name();
        let named = name.and_then(|name| self.by_name.get(&(place.clone(), name.to_owned())));
        let resource = subject.stack.clone().zip(subject.logical_id.clone());
        let found = named.or_else(|| {
            let (stack, id) = resource?;
            self.by_resource.get(&(place.clone(), stack, id))
        });
        match (
            found,
            repository.given_name().map_or(Data::Absent, Value::data),
        ) {
            (Some(index), _) => CounterpartMatch::At(*index),
            (None, Data::Unknown(_)) => CounterpartMatch::Unknown("its name is not known"),
            // CloudFormation makes up the name, and only its tags say which repository it is.
            (None, Data::Absent) => {
                CounterpartMatch::Unknown("its name is made up when it is deployed")
            }
            (None, _) => self.renamed(repository, place),
        }
    }

    /// What is known of a repository whose name is not there: it may be there under the name that it had before.
    fn renamed(&self, repository: &Entity, place: RegistryKey) -> CounterpartMatch {
        let subject = &repository.subject;
        let id = subject.logical_id.clone();
        let is_there = id.is_some_and(|id| self.by_id.contains(&(place, id)));
        match subject.stack.is_none() && is_there {
            true => CounterpartMatch::Unknown(
                "a repository of another name is the same resource of some stack, and the name of the template's \
                 stack is not known without `--stack-name`",
            ),
            false => CounterpartMatch::Missing,
        }
    }

    /// Live repositories that belong to a stack of the templates, and that no template has any more.
    #[must_use]
    pub fn removed(&self, inventory: &Inventory) -> Vec<Entity> {
        let mut stacks: FxHashSet<(RegistryKey, &str)> = FxHashSet::default();
        let mut kept: FxHashSet<usize> = FxHashSet::default();
        for repository in templated(inventory) {
            let stack = repository.subject.stack.as_deref();
            stacks.extend(place(repository).zip(stack));
            if let CounterpartMatch::At(index) = self.find(repository) {
                kept.insert(index);
            }
        }
        let gone = self.live.iter().enumerate().filter(|(index, live)| {
            let of_stack = place(live).zip(live.tag(STACK_TAG));
            !kept.contains(index) && of_stack.is_some_and(|key| stacks.contains(&key))
        });
        gone.map(|(_, live)| {
            let mut subject = live.subject.clone();
            subject.stack = live.tag(STACK_TAG).map(str::to_owned);
            Entity::new(
                Document::default(),
                subject,
                live.place,
                Particulars::Removed,
            )
        })
        .collect()
    }
}

fn place(repository: &Entity) -> Option<RegistryKey> {
    let subject = &repository.subject;
    subject.account.clone().zip(subject.region.clone())
}
