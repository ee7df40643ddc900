//! Kleene's three-valued logic, with the reason why something is undecided.
//! It does not know where truth comes from.

use super::Doubt;

/// The answer to a condition.
#[derive(Clone, Copy, Debug)]
pub(super) enum Truth<'d> {
    /// The condition holds.
    True,
    /// The condition does not hold.
    False,
    /// It cannot be known whether the condition holds.
    Unknown(Doubt<'d>),
}

impl<'d> Truth<'d> {
    /// `!self`
    pub(super) fn not(self) -> Self {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            unknown @ Truth::Unknown(_) => unknown,
        }
    }

    /// `self || other`; of two doubts the first is kept.
    pub(super) fn or(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Truth::True => Truth::True,
            Truth::False => other(),
            unknown @ Truth::Unknown(_) => match other() {
                Truth::True => Truth::True,
                Truth::False | Truth::Unknown(_) => unknown,
            },
        }
    }

    /// `self && other`; of two doubts the first is kept.
    pub(super) fn and(self, other: impl FnOnce() -> Self) -> Self {
        self.not().or(|| other().not()).not()
    }
}

impl From<bool> for Truth<'_> {
    fn from(flag: bool) -> Self {
        if flag { Truth::True } else { Truth::False }
    }
}

#[cfg(test)]
mod tests {
    use super::{Doubt, Truth};

    const ALL: [Truth<'_>; 3] = [
        Truth::False,
        Truth::Unknown(Doubt::TooManySteps),
        Truth::True,
    ];

    /// Kleene's logic is arithmetic: false 0, unknown 1, true 2.
    fn rank(truth: Truth<'_>) -> usize {
        match truth {
            Truth::False => 0,
            Truth::Unknown(_) => 1,
            Truth::True => 2,
        }
    }

    #[test]
    fn the_tables_are_kleenes() {
        for left in ALL {
            assert_eq!(rank(left.not()), 2 - rank(left));
            for right in ALL {
                assert_eq!(rank(left.or(|| right)), rank(left).max(rank(right)));
                assert_eq!(rank(left.and(|| right)), rank(left).min(rank(right)));
            }
        }
    }
}
