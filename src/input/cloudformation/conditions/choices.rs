//! What can turn out in several ways, and the way that is looked at: one after the other.
//! It does not know how conditions are written, nor who asks.

use super::solver::Fact;
use crate::model::{AssumedOutcome, Assumption};

/// A condition or parameter that can turn out in several ways, and the way that is looked at.
#[derive(Clone, Debug)]
pub(crate) struct Choice<'t> {
    /// Name of the condition or parameter.
    pub(crate) name: &'t str,
    /// The way that is looked at.
    pub(crate) way: Way,
    /// The ways that are still to be looked at, the next one last.
    pub(crate) others: Vec<Way>,
}

/// One way that a condition or parameter can turn out.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    /// What it says.
    pub(crate) outcome: AssumedOutcome,
    /// The fact that it is; `None` for a condition without a formula.
    pub(crate) fact: Option<Fact>,
}

/// What becomes of a condition or parameter that nothing has decided yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Asking {
    /// It stays undecided.
    #[default]
    Never,
    /// It stays undecided, because the repository has too many combinations already.
    NoLonger,
    /// The same, because all repositories of the template together have.
    NoLongerAtAll,
    /// It is looked at in every way, one after the other.
    Each,
}

/// Combinations that one repository is judged under.
pub(crate) const MOST: usize = 64;
/// Combinations that all repositories of a template are judged under, besides one for each.
pub(crate) const MOST_IN_ALL: usize = 4_000;

impl Choice<'_> {
    /// What is taken for granted by it.
    pub(crate) fn assumption(&self) -> Assumption {
        Assumption {
            about: self.name.to_owned(),
            outcome: self.way.outcome.clone(),
        }
    }

    /// Whether the condition `name` was found to hold.
    pub(crate) fn decides(&self, name: &str) -> Option<bool> {
        match self.way.outcome {
            AssumedOutcome::Condition(holds) if self.name == name => Some(holds),
            _ => None,
        }
    }
}

impl Way {
    /// A condition that holds, or does not.
    pub(crate) fn condition(formula: Option<usize>, holds: bool) -> Self {
        Self {
            outcome: AssumedOutcome::Condition(holds),
            fact: formula.map(|formula| (formula, holds)),
        }
    }
}

/// The facts that a path consists of.
pub(crate) fn facts(path: &[Choice<'_>]) -> Vec<Fact> {
    path.iter().filter_map(|choice| choice.way.fact).collect()
}

/// The number of conditions on a path that are still to be looked at the other way.
pub(crate) fn open_conditions(path: &[Choice<'_>]) -> usize {
    let conditions = path.iter();
    let open = conditions.filter(|choice| {
        matches!(choice.way.outcome, AssumedOutcome::Condition(_)) && !choice.others.is_empty()
    });
    open.count()
}

/// Goes on to the next combination; false when all were looked at.
pub(crate) fn turn(path: &mut Vec<Choice<'_>>) -> bool {
    while let Some(last) = path.last_mut() {
        if let Some(next) = last.others.pop() {
            last.way = next;
            return true;
        }
        path.pop();
    }
    false
}
