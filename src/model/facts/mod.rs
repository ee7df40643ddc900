//! Computes what ECR makes of a repository, once, and lays it out as the document that rules ask.
//! It does not know the rules.

mod cause;
mod causes;
mod declared;
mod deletion;
mod deployed;
mod described;
mod describer;
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
mod readings;
mod row;
mod rows;
mod scanning;
mod scope;
mod shape;
mod sharing;
mod tags;
mod unasked;

pub use declared::{Match, declaration_for, declaration_named};
pub use described::{Described, DescribedNodes};
pub use describer::Describer;
pub use fact::{FactName, FactSet};
pub use lifecycle::{NoPolicy, lifecycle_policy};
pub use live::{AsLive, Live};
pub use naming::{is_tool_owned, misses_standard};
pub use row::{FactKinds, FactRow, RootRow};
pub use rows::{FACTS, ROOTS, SHARED};
pub use scope::{DeclarationFate, DuplicateName, Rival, Scope};
pub use shape::{MemberRow, SharedRow, ValueShape};
pub use unasked::UNASKED;

use std::slice;

use super::{Document, Entity};
use describing::Describing;
use readings::{Readings, Variant};

/// Describes one entity with every fact. `schemas/repository.json` has the layout.
#[must_use]
pub fn describe(entity: &Entity, scope: &Scope<'_>) -> Described {
    describe_asked(entity, scope, FactSet::ALL)
}

/// The same with the facts that something asks for, and nothing else. What others of them need is computed, but is not in
/// the document. A fact that nobody asks for is [`UNASKED`], neither there nor absent.
#[must_use]
pub fn describe_asked(entity: &Entity, scope: &Scope<'_>, asked: FactSet) -> Described {
    let mut document = Document::default();
    let mut describer = Describer::new(slice::from_ref(entity), &mut document);
    let nodes = describer.describe(0, scope, asked);
    Described { document, nodes }
}

/// Describes a live repository as far as others are compared with it.
#[must_use]
pub fn as_live(repository: &Entity, scope: &Scope<'_>) -> AsLive {
    let mut document = Document::clone(&repository.document);
    let mut readings = Readings::default();
    let variant = Variant {
        all: slice::from_ref(repository),
        index: 0,
    };
    let known = Describing::new(variant, &mut document, &mut readings, scope).compared();
    AsLive { known, document }
}
