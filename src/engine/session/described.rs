//! Entities as they are handed on: with what their facts say, and with the verdicts that they have.
//! It does not know how either comes about.

use crate::model::facts::DescribedNodes;
use crate::model::{Document, Entity};
use crate::report::Verdicts;

/// An entity, or one variant of it, with what its facts say.
#[derive(Clone, Copy)]
pub(super) struct DescribedEntity<'d> {
    pub(super) entity: &'d Entity,
    /// The document that its nodes are in.
    pub(super) document: &'d Document,
    pub(super) nodes: &'d DescribedNodes,
}

/// A variant of an entity that every rule was asked about.
#[derive(Clone, Copy)]
pub(super) struct JudgedVariant<'v> {
    pub(super) nodes: &'v DescribedNodes,
    pub(super) verdicts: &'v Verdicts,
}
