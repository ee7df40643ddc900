//! The operators of conditions: what they compare, and what stands around their names.
//! It does not know what is compared.

/// How values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    /// The same characters.
    Equals,
    /// The same characters, letter case ignored.
    EqualsIgnoreCase,
    /// Wildcards over the whole text.
    Like,
    /// Wildcards field by field.
    Arn,
    /// A range of addresses.
    Address,
    /// Whether the key is there at all.
    Null,
    /// Numbers and dates, which say nothing about who calls.
    Ordered,
}

/// An operator with what stands around its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operator {
    pub(crate) test: Test,
    pub(crate) negated: bool,
    pub(crate) if_exists: bool,
    pub(crate) set: SetOperator,
}

/// How a key of several values is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetOperator {
    One,
    Any,
    All,
}

/// Every operator of IAM with its test and whether it is negated.
const OPERATORS: [(&str, Test, bool); 27] = [
    ("StringEquals", Test::Equals, false),
    ("StringNotEquals", Test::Equals, true),
    ("StringEqualsIgnoreCase", Test::EqualsIgnoreCase, false),
    ("StringNotEqualsIgnoreCase", Test::EqualsIgnoreCase, true),
    ("StringLike", Test::Like, false),
    ("StringNotLike", Test::Like, true),
    ("ArnEquals", Test::Arn, false),
    ("ArnNotEquals", Test::Arn, true),
    ("ArnLike", Test::Arn, false),
    ("ArnNotLike", Test::Arn, true),
    ("IpAddress", Test::Address, false),
    ("NotIpAddress", Test::Address, true),
    ("Bool", Test::EqualsIgnoreCase, false),
    ("BinaryEquals", Test::Equals, false),
    ("Null", Test::Null, false),
    ("NumericEquals", Test::Ordered, false),
    ("NumericNotEquals", Test::Ordered, true),
    ("NumericLessThan", Test::Ordered, false),
    ("NumericLessThanEquals", Test::Ordered, false),
    ("NumericGreaterThan", Test::Ordered, false),
    ("NumericGreaterThanEquals", Test::Ordered, false),
    ("DateEquals", Test::Ordered, false),
    ("DateNotEquals", Test::Ordered, true),
    ("DateLessThan", Test::Ordered, false),
    ("DateLessThanEquals", Test::Ordered, false),
    ("DateGreaterThan", Test::Ordered, false),
    ("DateGreaterThanEquals", Test::Ordered, false),
];

/// Names of all operators, for "did you mean" helps.
pub(crate) fn operators() -> impl Iterator<Item = &'static str> {
    OPERATORS.iter().map(|(name, ..)| *name)
}

impl Operator {
    /// Reads an operator such as `ForAnyValue:StringLikeIfExists`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (set, rest) = match text.split_once(':') {
            Some((set, rest)) if set.eq_ignore_ascii_case("ForAnyValue") => {
                (SetOperator::Any, rest)
            }
            Some((set, rest)) if set.eq_ignore_ascii_case("ForAllValues") => {
                (SetOperator::All, rest)
            }
            Some(_) => return None,
            None => (SetOperator::One, text),
        };
        let suffix = rest.len().checked_sub("IfExists".len());
        let (name, if_exists) = match suffix.and_then(|at| rest.split_at_checked(at)) {
            Some((name, suffix)) if suffix.eq_ignore_ascii_case("IfExists") => (name, true),
            _ => (rest, false),
        };
        let (_, test, negated) = OPERATORS
            .into_iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
        if test == Test::Null && if_exists {
            return None;
        }
        Some(Self {
            test,
            negated,
            if_exists,
            set,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Operator, SetOperator, Test};

    #[test]
    fn operators_are_read_with_what_surrounds_them() {
        let operator = Operator::parse("ForAllValues:StringNotLikeIfExists").unwrap();
        assert_eq!(
            (operator.test, operator.set),
            (Test::Like, SetOperator::All)
        );
        assert!(operator.negated && operator.if_exists);
        assert_eq!(
            Operator::parse("forallvalues:stringnotlikeifexists"),
            Some(operator)
        );
        assert_eq!(Operator::parse("StringMatches"), None);
        assert_eq!(Operator::parse("NullIfExists"), None);
        assert_eq!(Operator::parse("ForSomeValues:StringLike"), None);
    }
}
