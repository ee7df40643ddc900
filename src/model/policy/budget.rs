//! How many callers a policy is tried on, hundreds of accounts at dozens of homes, statement by statement.
//! It does not know who they are.

use std::cell::Cell;

/// Callers that are made of one policy at most.
const MOST_CALLERS: usize = 20_000;

/// How many callers may still be made.
#[derive(Debug)]
pub(super) struct CallerBudget(Cell<usize>);

impl Default for CallerBudget {
    fn default() -> Self {
        Self(Cell::new(MOST_CALLERS))
    }
}

impl CallerBudget {
    /// Takes so many from it.
    pub(super) fn spend(&self, callers: usize) {
        self.0.set(self.0.get().saturating_sub(callers));
    }

    /// Leaves nothing.
    pub(super) fn empty(&self) {
        self.0.set(0);
    }

    /// Whether nothing is left.
    pub(super) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}
