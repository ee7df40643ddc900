//! What was worked out about the stacks of a run, and is kept for whoever asks again.
//! It does not know how it is worked out.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::input::cloudformation::expression::cross_stack::{Carried, Published};
use crate::model::Shape;
use crate::source::Span;

/// Which value of a template it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum What {
    Output(String),
    Passed(String),
    Handed(String),
}

/// Exports whose names are known only together with what parents pass.
#[derive(Default)]
pub(super) struct Late {
    pub(super) exports: BTreeMap<String, Vec<(usize, String)>>,
    /// Templates that export something under a name that is not known.
    pub(super) open: Vec<usize>,
}

/// Every parameter of the templates that publish for others, and ways to those that are about a repository.
#[derive(Default)]
pub(super) struct Publications {
    pub(super) all: Vec<Published>,
    /// By the logical id that their value is an attribute of.
    pub(super) references: FxHashMap<String, Vec<usize>>,
    /// By their value.
    pub(super) values: FxHashMap<Shape, Vec<usize>>,
    /// Those that are named as if they might be a repository's, by account and region.
    pub(super) named: FxHashMap<[String; 2], Vec<usize>>,
}

/// Every image that a template of a run names, and ways to those that may be of a repository.
#[derive(Default)]
pub(super) struct Running {
    pub(super) all: Vec<Use>,
    /// By the name of the repository, where it is known.
    pub(super) names: FxHashMap<String, Vec<usize>>,
    /// Those that may be of any repository.
    pub(super) open: Vec<usize>,
}

/// An image that a resource runs.
pub(super) struct Use {
    /// The template, by its number in the run.
    pub(super) index: usize,
    /// Type of the resource.
    pub(super) kind: String,
    pub(super) logical_id: String,
    pub(super) place: Span,
    /// Why the resource may not exist.
    pub(super) doubt: Option<String>,
    pub(super) uri: Carried,
}
