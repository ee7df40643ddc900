//! A repository with every fact about it. It does not know how they are found out.

use std::ops::Deref;

use super::fact::FactSet;
use crate::model::{Document, NodeId};
use crate::source::Span;

/// A repository's document with every fact in it.
#[derive(Clone, Debug)]
pub struct Described {
    /// Holds the nodes.
    pub document: Document,
    /// What rules ask.
    pub nodes: DescribedNodes,
}

/// What rules ask of one variant of a repository, as nodes of a document.
#[derive(Clone, Copy, Debug)]
pub struct DescribedNodes {
    /// `$.repository`
    pub repository: NodeId,
    /// `$.declared`; unknown when it cannot be known which declaration is the repository's.
    pub declared: Option<NodeId>,
    /// `$.registry`
    pub registry: Option<NodeId>,
    /// `$.organisation`
    pub organisation: Option<NodeId>,
    /// Where the base name stands that the repository is declared by, if it is known.
    pub declared_at: Option<Span>,
    /// Whether a deployment tool made it for its own use.
    pub tool_owned: bool,
    /// The facts that were computed: those that were asked for, and those that others of them are made from.
    pub computed: FactSet,
}

impl Deref for Described {
    type Target = DescribedNodes;

    fn deref(&self) -> &DescribedNodes {
        &self.nodes
    }
}
