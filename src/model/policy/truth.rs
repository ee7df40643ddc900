//! Yes, no, or undetermined with a reason: Kleene's logic for the evaluation of a policy.
//! It does not know what is being asked.

/// The answer to a question about a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    /// Completes "undetermined, because …".
    Unknown(String),
}

impl Truth {
    pub(crate) fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown(reason.into())
    }

    pub(crate) fn is_yes(&self) -> bool {
        *self == Self::Yes
    }

    pub(crate) fn is_no(&self) -> bool {
        *self == Self::No
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, other) => other,
            (this, _) => this,
        }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, other) => other,
            (this, _) => this,
        }
    }

    /// Whether all hold; yes when there are none.
    pub(crate) fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::Yes;
        for answer in answers {
            result = result.and(answer);
            if result.is_no() {
                break;
            }
        }
        result
    }

    /// Whether one holds; no when there are none.
    pub(crate) fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::No;
        for answer in answers {
            result = result.or(answer);
            if result.is_yes() {
                break;
            }
        }
        result
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            unknown => unknown,
        }
    }
}
