//! Keys of mappings that fit where a key is not known, as far as they were looked for.
//! It does not know how they are found.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::choices::Way;
use super::solver::Fact;
use crate::source::ArenaNodeId;

/// The keys that were looked for in a template.
#[derive(Default)]
pub(crate) struct KnownKeys<'t> {
    pub(crate) keys: RefCell<FxHashMap<MappedKeyQuestion<'t>, Rc<MatchingKeys<'t>>>>,
    /// How many keys they are about.
    pub(crate) held: Cell<usize>,
}

/// Keys that are remembered at once; beyond it all are forgotten.
pub(crate) const MOST_HELD: usize = 200_000;

/// A question for keys that fit.
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct MappedKeyQuestion<'t> {
    pub(crate) section: ArenaNodeId,
    pub(crate) next: Option<&'t str>,
    pub(crate) has_default: bool,
    /// What is known of the key.
    pub(crate) shape: String,
    /// What the function is given that makes the key.
    pub(crate) given: Option<&'t str>,
    /// What is taken for granted.
    pub(crate) facts: Vec<Fact>,
}

/// The keys that fit where the key is not known.
#[derive(Default)]
pub(crate) struct MatchingKeys<'t> {
    /// Whether some keys of the mapping are made by functions, so that it is not known which fit.
    pub(crate) is_made: bool,
    /// What decides which it is, where that can be determined.
    pub(crate) chooser: Option<Chooser<'t>>,
    /// What decides, for each of them.
    pub(crate) values: Vec<&'t str>,
    /// The ways that it can turn out.
    pub(crate) ways: OnceCell<Vec<Way>>,
}

/// What decides which key it is.
pub(crate) struct Chooser<'t> {
    /// Name of the parameter, or what the function is given that makes the key.
    pub(crate) name: &'t str,
    /// Whether it is a parameter or pseudo parameter.
    pub(crate) is_parameter: bool,
    /// What stands before and behind its value in the key.
    pub(crate) around: (String, String),
}
