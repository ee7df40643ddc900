//! A query that somebody asks by hand, outside of any rule.
//! It does not know which repositories it is asked about.

use super::World;
use super::format::{Query, QueryError, asked};
use super::judge::field;
use super::query::Roots;
use crate::model::Value;

/// A query over what rules can ask about.
#[derive(Clone, Debug)]
pub struct Question(Query);

/// A node that a question finds.
#[derive(Clone, Debug)]
pub struct FoundNode<'d> {
    /// Its path, such as `repository.scanning.on_push`.
    pub path: String,
    /// The node; the unknown value itself where the node would lie inside it.
    pub node: Value<'d>,
    /// Why it is not certain that it is found; completes "perhaps, because …".
    pub doubt: Option<&'d str>,
}

impl Question {
    /// Reads a query as the file of a rule would have it.
    ///
    /// # Errors
    /// The mistake, at its place in the text: of the language, or a member that the document never has.
    pub fn read(text: &str) -> Result<Self, QueryError> {
        asked(text).map(Self)
    }

    /// Everything that it finds, what is certain first.
    #[must_use]
    pub fn ask<'d>(&'d self, world: &World<'d>) -> Vec<FoundNode<'d>> {
        let roots: Roots<'d> = world.roots();
        let nodes = self.0.select_in(&roots);
        let certain = nodes.definite.iter().map(|node| (*node, None));
        let possible = nodes.possible.iter();
        let possible = possible.map(|one| (one.node, Some(one.doubt.reason())));
        let found = certain.chain(possible).map(|(node, doubt)| FoundNode {
            path: field(node, &roots),
            node,
            doubt,
        });
        found.collect()
    }
}
