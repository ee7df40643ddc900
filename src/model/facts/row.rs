//! What a fact is known by: its name, what has it, what it means, and how it is computed.
//! It does not know any of them.

use super::describing::Describing;
use super::fact::FactName;
use super::shape::ValueShape;
use crate::model::{EntityKind, NodeId};

/// A fact as it is declared: everything else that is said about it comes from here.
#[derive(Clone, Copy, Debug)]
pub struct FactRow {
    /// How code names it.
    pub fact: FactName,
    /// The name that rules use, below `$.repository`.
    pub name: &'static str,
    /// What is judged and has it.
    pub kinds: FactKinds,
    /// What it means, in a sentence.
    pub about: &'static str,
    /// What it looks like where it is there and known.
    pub shape: ValueShape,
    /// Adds it to the document; `None` where what is judged has no such member.
    pub(super) compute: fn(&mut Describing<'_>) -> Option<NodeId>,
}

/// A document beside that of the repository, which rules can ask about.
#[derive(Clone, Copy, Debug)]
pub struct RootRow {
    /// The name that rules use, below `$`.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub about: &'static str,
    /// What it looks like where it is there and known.
    pub shape: ValueShape,
}

/// The kinds of entities that have a fact.
#[derive(Clone, Copy, Debug)]
pub struct FactKinds(&'static [EntityKind]);

impl FactKinds {
    /// Whatever is judged.
    pub(super) const ALL: Self = Self(&EntityKind::ALL);
    /// Repositories.
    pub(super) const REPOSITORIES: Self = Self(&[EntityKind::Private, EntityKind::Public]);
    /// Repositories, and templates for some.
    pub(super) const SETTINGS: Self = Self(&[
        EntityKind::Private,
        EntityKind::Public,
        EntityKind::CreationTemplate,
    ]);
    /// Templates for repositories.
    pub(super) const CREATION_TEMPLATES: Self = Self(&[EntityKind::CreationTemplate]);
    /// What has a policy that says who may use it.
    pub(super) const POLICIES: Self = Self(&[
        EntityKind::Private,
        EntityKind::Public,
        EntityKind::Registry,
        EntityKind::CreationTemplate,
    ]);
    /// What has rules of EventBridge.
    pub(super) const WATCHED: Self = Self(&[
        EntityKind::Private,
        EntityKind::Public,
        EntityKind::Principals,
    ]);
    /// What is compared with a live repository.
    pub(super) const COMPARED: Self = Self(&[EntityKind::Private, EntityKind::Removed]);
    /// Principals without a repository.
    pub(super) const PRINCIPALS: Self = Self(&[EntityKind::Principals]);
    /// Declarations.
    pub(super) const DECLARATIONS: Self = Self(&[EntityKind::Declaration]);

    /// Whether what is of this kind has the fact.
    #[must_use]
    pub fn has(self, kind: EntityKind) -> bool {
        self.0.contains(&kind)
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = EntityKind> {
        self.0.iter().copied()
    }
}
