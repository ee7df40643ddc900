//! What is taken for granted about a deployment: how its conditions and parameters turn out.
//! It does not know which of them can turn out so together.

/// What is taken for granted about a deployment, such as "`IsProd` is false" or "`Env` is `prod`".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assumption {
    /// Name of a condition or parameter of the template.
    pub about: String,
    /// How that turns out.
    pub outcome: AssumedOutcome,
}

/// How a condition or parameter turns out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssumedOutcome {
    /// The condition is true or false.
    Condition(bool),
    /// The parameter has this value, or any other than those that matter.
    Value(Option<String>),
}

impl Assumption {
    /// Whether both cannot hold together: they say different things of one condition or parameter.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        let same_kind =
            std::mem::discriminant(&self.outcome) == std::mem::discriminant(&other.outcome);
        same_kind && self.about == other.about && self.outcome != other.outcome
    }
}

impl std::fmt::Display for Assumption {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` is {}", self.about, self.outcome)
    }
}

impl std::fmt::Display for AssumedOutcome {
    /// What stands behind "is".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Condition(holds) => write!(f, "{holds}"),
            Self::Value(None) => f.write_str("anything else"),
            Self::Value(Some(value)) if value.is_empty() => f.write_str("empty"),
            Self::Value(Some(value)) => write!(f, "`{value}`"),
        }
    }
}
