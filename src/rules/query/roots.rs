//! The documents that a query starts from.
//! It does not know queries.

use crate::model::Value;
use crate::rules::format::Root;

/// The documents that a query starts from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Roots<'d> {
    /// `$` of a query over a single document.
    pub(super) document: Option<Value<'d>>,
    /// `$.name` of a query over a world, by [`Root`].
    world: [Option<Value<'d>>; 5],
}

impl<'d> Roots<'d> {
    /// A single document as `$`.
    pub(crate) fn document(document: Value<'d>) -> Self {
        Self {
            document: Some(document),
            world: [None; 5],
        }
    }

    /// The world of a rule, in the order of [`Root::ALL`]; a part that is not there is absent.
    pub(crate) fn world(world: [Option<Value<'d>>; 5]) -> Self {
        Self {
            document: None,
            world,
        }
    }

    /// The document that `root` stands for.
    pub(crate) fn get(&self, root: Root) -> Option<Value<'d>> {
        self.world[root as usize]
    }
}
