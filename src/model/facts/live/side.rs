//! A repository as it is compared: its settings, and what follows from them.
//! It does not know which of the two it is.

use super::super::found::Comparable;
use crate::model::{Document, Entity, NodeId, Of, RepositorySettings, Value};

/// A live repository with what ECR makes of it, as far as others are compared with it.
#[derive(Debug)]
pub struct AsLive {
    pub(in crate::model::facts) document: Document,
    /// `None` for what is not a repository.
    pub(in crate::model::facts) known: Option<Comparable>,
}

/// A repository on one side of a comparison.
#[derive(Clone, Copy)]
pub(super) struct ComparedSide<'s> {
    pub(super) document: &'s Document,
    pub(super) settings: Of<'s, RepositorySettings>,
    pub(super) known: Comparable,
}

impl<'s> ComparedSide<'s> {
    /// The side of an entity; `None` of what is not a repository.
    pub(super) fn of(
        document: &'s Document,
        entity: &'s Entity,
        known: Option<Comparable>,
    ) -> Option<Self> {
        Some(Self {
            document,
            settings: entity.settings()?,
            known: known?,
        })
    }

    pub(super) fn value(self, node: NodeId) -> Value<'s> {
        self.document.value(node)
    }

    pub(super) fn name(self) -> Value<'s> {
        self.value(self.settings.own.name)
    }

    pub(super) fn lifecycle_policy(self) -> Value<'s> {
        self.value(self.settings.own.lifecycle_policy)
    }

    pub(super) fn tags(self) -> Value<'s> {
        self.value(self.settings.own.tags)
    }
}
