//! Computes what ECR makes of a repository, once, and lays it out as the document that rules ask.
//! It does not know the rules.

mod cause;
mod causes;
mod declared;
mod deletion;
mod deployed;
mod described;
mod describing;
mod encryption;
mod events;
mod fact;
mod found;
mod grants;
mod identities;
mod key;
mod leaf;
mod lifecycle;
mod live;
mod missing;
mod mutability;
mod naming;
mod owners;
mod parameters;
mod policy_facts;
mod problems;
mod row;
mod rows;
mod scanning;
mod scope;
mod shape;
mod sharing;
mod tags;
mod unasked;

pub use declared::{Match, declaration_for, declaration_named};
pub use described::Described;
pub use fact::{FactName, FactSet};
pub use lifecycle::{NoPolicy, lifecycle_policy};
pub use live::{AsLive, Live};
pub use naming::{is_tool_owned, misses_standard};
pub use row::{FactKinds, FactRow, RootRow};
pub use rows::{FACTS, ROOTS, SHARED};
pub use scope::{DeclarationFate, Rival, Scope, Twin};
pub use shape::{MemberRow, SharedRow, ValueShape};
pub use unasked::UNASKED;

use super::Entity;
use describing::Describing;

/// Describes one entity with every fact. `schemas/repository.json` has the layout.
#[must_use]
pub fn describe(entity: &Entity, scope: &Scope<'_>) -> Described {
    describe_asked(entity, scope, FactSet::ALL)
}

/// The same with the facts that something asks for, and nothing else. What others of them need is computed, but is not in
/// the document. A fact that nobody asks for is [`UNASKED`], neither there nor absent.
#[must_use]
pub fn describe_asked(entity: &Entity, scope: &Scope<'_>, asked: FactSet) -> Described {
    let mut describing = Describing::new(entity, scope);
    let document = &mut describing.document;
    let declared = declared::describe(document, entity, scope);
    let registry = scope.registry;
    let registry = registry.map(|registry| declared::registry(document, registry));
    let organisation = scope.organisation;
    let organisation = organisation.map(|one| declared::organisation(document, one, entity));
    let kind = entity.kind();
    let mut members = Vec::with_capacity(FactName::COUNT);
    let mut unasked = None;
    for row in FACTS.iter().filter(|row| row.kinds.has(kind)) {
        let node = match asked.has(row.fact) {
            true => describing.compute(row.fact, row.compute),
            false => Some(*unasked.get_or_insert_with(|| describing.unasked())),
        };
        members.extend(node.map(|node| (row.name, node)));
    }
    let repository = describing.document.object(&members, entity.place);
    Described {
        computed: describing.computed,
        tool_owned: describing.tool_owned,
        declared_at: scope.declared.map(|one| one.base.span),
        document: describing.document,
        repository,
        declared,
        registry,
        organisation,
    }
}

/// Describes a live repository as far as others are compared with it.
#[must_use]
pub fn as_live(repository: &Entity, scope: &Scope<'_>) -> AsLive {
    let mut describing = Describing::new(repository, scope);
    AsLive {
        known: describing.compared(),
        document: describing.document,
    }
}
