//! True, false, or unknown for a reason: the strong three-valued logic of Kleene.
//! It does not know what is being asked, nor what a reason says.

use std::ops::Not;

/// The answer to a question that may have none: the one type for "yes", "no" and "nobody can tell".
///
/// The connectives are those of Kleene's strong logic of indeterminacy (S. C. Kleene, *Introduction to
/// Metamathematics*, 1952, section 64). An answer is unknown only where what is unknown could change it:
///
/// | `a` | `!a` | | `a and b` | `F` | `U` | `T` | | `a or b` | `F` | `U` | `T` |
/// |---|---|---|---|---|---|---|---|---|---|---|---|
/// | `F` | `T` | | **`F`** | `F` | `F` | `F` | | **`F`** | `F` | `U` | `T` |
/// | `U` | `U` | | **`U`** | `F` | `U` | `U` | | **`U`** | `U` | `U` | `T` |
/// | `T` | `F` | | **`T`** | `F` | `U` | `T` | | **`T`** | `T` | `T` | `T` |
///
/// Of two doubts the first one is kept, by every connective.
///
/// `D` is what is known of the doubt: most often a text that completes "undetermined, because …", `()` where nobody
/// asks for the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth<D = String> {
    /// It certainly holds.
    True,
    /// It certainly does not hold.
    False,
    /// Whether it holds cannot be known.
    Unknown(D),
}

impl Truth {
    /// An answer that cannot be known; the reason completes "undetermined, because …".
    pub(crate) fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown(reason.into())
    }
}

impl Truth<()> {
    /// Whether two values are one and the same, where each of them may not be known.
    pub fn equal<T: PartialEq>(one: Option<T>, other: Option<T>) -> Self {
        match (one, other) {
            (Some(one), Some(other)) => Self::from(one == other),
            _ => Self::Unknown(()),
        }
    }
}

impl<D> Truth<D> {
    /// Whether it certainly holds.
    pub fn is_true(&self) -> bool {
        matches!(self, Self::True)
    }

    /// Whether it certainly does not hold.
    pub fn is_false(&self) -> bool {
        matches!(self, Self::False)
    }

    /// Whether nobody can tell.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// The same answer, with something else said of the doubt.
    pub fn map_doubt<E>(self, say: impl FnOnce(D) -> E) -> Truth<E> {
        match self {
            Self::True => Truth::True,
            Self::False => Truth::False,
            Self::Unknown(doubt) => Truth::Unknown(say(doubt)),
        }
    }

    /// What keeps anybody from telling.
    pub fn doubt(self) -> Option<D> {
        match self {
            Self::Unknown(doubt) => Some(doubt),
            Self::True | Self::False => None,
        }
    }

    /// `self and other`.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.and_then(|| other)
    }

    /// `self and other`, where `other` is asked for unless `self` is false.
    #[must_use]
    pub fn and_then(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::False => Self::False,
            Self::True => other(),
            unknown @ Self::Unknown(_) => match other() {
                Self::False => Self::False,
                Self::True | Self::Unknown(_) => unknown,
            },
        }
    }

    /// `self or other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.or_else(|| other)
    }

    /// `self or other`, where `other` is asked for unless `self` is true.
    #[must_use]
    pub fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::True => Self::True,
            Self::False => other(),
            unknown @ Self::Unknown(_) => match other() {
                Self::True => Self::True,
                Self::False | Self::Unknown(_) => unknown,
            },
        }
    }

    /// Whether all hold; true when there are none. After one that is false, no more are asked for.
    pub fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::True;
        for answer in answers {
            all = all.and(answer);
            if all.is_false() {
                break;
            }
        }
        all
    }

    /// Whether one holds; false when there are none. After one that is true, no more are asked for.
    pub fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut any = Self::False;
        for answer in answers {
            any = any.or(answer);
            if any.is_true() {
                break;
            }
        }
        any
    }
}

/// What nobody has answered is not known.
impl Default for Truth<()> {
    fn default() -> Self {
        Self::Unknown(())
    }
}

impl<D> From<bool> for Truth<D> {
    fn from(flag: bool) -> Self {
        if flag { Self::True } else { Self::False }
    }
}

impl<D> Not for Truth<D> {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            unknown @ Self::Unknown(_) => unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth;

    /// Kleene's logic is arithmetic: false 0, unknown 1, true 2.
    fn rank(truth: Truth<&'static str>) -> usize {
        match truth {
            Truth::False => 0,
            Truth::Unknown(_) => 1,
            Truth::True => 2,
        }
    }

    fn all(doubt: &'static str) -> [Truth<&'static str>; 3] {
        [Truth::False, Truth::Unknown(doubt), Truth::True]
    }

    #[test]
    fn the_tables_are_kleenes() {
        for left in all("left") {
            assert_eq!(rank(!left), 2 - rank(left));
            for right in all("right") {
                let (least, most) = (rank(left).min(rank(right)), rank(left).max(rank(right)));
                for and in [left.and(right), left.and_then(|| right)] {
                    assert_eq!(rank(and), least, "{left:?} and {right:?}");
                }
                for or in [left.or(right), left.or_else(|| right)] {
                    assert_eq!(rank(or), most, "{left:?} or {right:?}");
                }
                assert_eq!(Truth::all([left, right]), left.and(right));
                assert_eq!(Truth::any([left, right]), left.or(right));
                assert_eq!(!left.and(right), (!left).or(!right));
            }
        }
    }

    #[test]
    fn of_two_doubts_the_first_is_kept() {
        let (first, second) = (Truth::Unknown("first"), Truth::Unknown("second"));
        for kept in [first.and(second), first.or(second)] {
            assert_eq!(kept, first);
        }
        assert_eq!(Truth::all([Truth::True, first, second]), first);
        assert_eq!(Truth::any([Truth::False, first, second]), first);
        assert_eq!(!first, first);
    }

    #[test]
    fn what_is_decided_asks_no_more() {
        let never = || -> Truth<&'static str> { panic!("it is decided") };
        assert!(Truth::False.and_then(never).is_false());
        assert!(Truth::True.or_else(never).is_true());
        let decided = std::iter::once(Truth::False).chain(std::iter::repeat_with(never));
        assert!(Truth::all(decided).is_false());
        let decided = std::iter::once(Truth::True).chain(std::iter::repeat_with(never));
        assert!(Truth::any(decided).is_true());
    }

    #[test]
    fn what_is_not_known_may_be_equal() {
        assert_eq!(Truth::equal(Some("a"), Some("a")), Truth::True);
        assert_eq!(Truth::equal(Some("a"), Some("b")), Truth::False);
        assert_eq!(Truth::equal(Some("a"), None), Truth::Unknown(()));
        assert_eq!(Truth::equal::<&str>(None, None), Truth::Unknown(()));
    }

    #[test]
    fn none_at_all_is_true_of_all_and_false_of_any() {
        assert!(Truth::<&str>::all([]).is_true());
        assert!(Truth::<&str>::any([]).is_false());
    }
}
