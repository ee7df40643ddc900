//! Compares two sides of a comparison: values, nothing, or something that is not known.
//! It does not know queries.

use super::truth::Truth;
use super::{Doubt, shape};
use crate::model::{Data, Unknown, Value};
use crate::rules::format::{Comparison, Literal, Pattern};

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operand<'d> {
    /// No value: the special result `Nothing` of RFC 9535, section 2.4.1.
    Nothing,
    Null,
    Bool(bool),
    Number(Number<'d>),
    Text(&'d str),
    /// A list or a mapping.
    Tree(Value<'d>),
    /// A node whose value is not known, though its place is.
    Unknown(Value<'d>, &'d Unknown),
    /// A value of which not even the place is known.
    Doubtful(Doubt<'d>),
}

/// A number, as exact as it was written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number<'d> {
    Integer(i64),
    Float(f64),
    /// In the notation of JSON.
    Text(&'d str),
}

impl<'d> Operand<'d> {
    /// The value of a node.
    pub(super) fn node(value: Value<'d>) -> Self {
        match value.data() {
            Data::Absent => Operand::Nothing,
            Data::Null => Operand::Null,
            Data::Bool(flag) => Operand::Bool(flag),
            Data::Number(text) => Operand::Number(Number::Text(text)),
            Data::String(text) => Operand::Text(text),
            Data::Array | Data::Object => Operand::Tree(value),
            Data::Unknown(unknown) => Operand::Unknown(value, unknown),
        }
    }

    /// A value that stands in a query.
    pub(super) fn literal(literal: &'d Literal) -> Self {
        match literal {
            Literal::Null => Operand::Null,
            Literal::Bool(flag) => Operand::Bool(*flag),
            Literal::Integer(number) => Operand::Number(Number::Integer(*number)),
            Literal::Float(number) => Operand::Number(Number::Float(*number)),
            Literal::String(text) => Operand::Text(text),
        }
    }

    /// A count of something.
    pub(super) fn count(count: usize) -> Self {
        Operand::Number(Number::Integer(i64::try_from(count).unwrap_or(i64::MAX)))
    }

    /// `length()`: characters of a text, items of a list, members of a mapping, nothing else
    /// (RFC 9535, section 2.4.4).
    pub(super) fn length(self) -> Self {
        match self {
            Operand::Text(text) => Operand::count(text.chars().count()),
            Operand::Tree(tree) => {
                let mut count = 0;
                for child in children(tree) {
                    match child.data() {
                        Data::Absent => {}
                        Data::Unknown(unknown) if unknown.maybe_absent => {
                            return Operand::Doubtful(Doubt::Unknown(child));
                        }
                        _ => count += 1,
                    }
                }
                Operand::count(count)
            }
            Operand::Unknown(value, _) => Operand::Doubtful(Doubt::Unknown(value)),
            Operand::Doubtful(_) => self,
            _ => Operand::Nothing,
        }
    }

    /// What keeps the operand from being known.
    fn doubt(self) -> Option<Doubt<'d>> {
        match self {
            Operand::Unknown(value, _) => Some(Doubt::Unknown(value)),
            Operand::Doubtful(doubt) => Some(doubt),
            _ => None,
        }
    }
}

/// Items of a list, values of a mapping.
pub(super) fn children<'d>(value: Value<'d>) -> impl DoubleEndedIterator<Item = Value<'d>> + Clone {
    value
        .items()
        .chain(value.members().map(|(_, member)| member))
}

/// `left operator right` (RFC 9535, section 2.3.5.2.2).
pub(super) fn compare<'d>(
    operator: Comparison,
    left: Operand<'d>,
    right: Operand<'d>,
) -> Truth<'d> {
    match operator {
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => equal(left, right).not(),
        Comparison::Less => less(left, right),
        Comparison::Greater => less(right, left),
        Comparison::LessOrEqual => less(left, right).or(|| equal(left, right)),
        Comparison::GreaterOrEqual => less(right, left).or(|| equal(left, right)),
    }
}

/// Whether a text fits a pattern. What is no text fits none.
pub(super) fn fits<'d>(subject: Operand<'d>, pattern: &Pattern) -> Truth<'d> {
    match subject {
        Operand::Text(text) => pattern.fits(text).into(),
        Operand::Unknown(value, unknown) => {
            let undecided = Truth::Unknown(Doubt::Unknown(value));
            match unknown
                .shape
                .as_ref()
                .and_then(|known| shape::fits(known, pattern))
            {
                Some(false) => Truth::False,
                Some(true) if !unknown.maybe_absent => Truth::True,
                _ => undecided,
            }
        }
        Operand::Doubtful(doubt) => Truth::Unknown(doubt),
        _ => Truth::False,
    }
}

fn equal<'d>(left: Operand<'d>, right: Operand<'d>) -> Truth<'d> {
    match (left, right) {
        (Operand::Unknown(a, _), Operand::Unknown(b, _)) if a.same(b) => Truth::True,
        (Operand::Unknown(value, unknown), known) | (known, Operand::Unknown(value, unknown)) => {
            equal_unknown(value, unknown, known)
        }
        (Operand::Doubtful(doubt), _) | (_, Operand::Doubtful(doubt)) => Truth::Unknown(doubt),
        (Operand::Nothing, Operand::Nothing) | (Operand::Null, Operand::Null) => Truth::True,
        (Operand::Bool(a), Operand::Bool(b)) => (a == b).into(),
        (Operand::Number(a), Operand::Number(b)) => {
            (a.order(b) == Some(std::cmp::Ordering::Equal)).into()
        }
        (Operand::Text(a), Operand::Text(b)) => (a == b).into(),
        (Operand::Tree(a), Operand::Tree(b)) => equal_trees(a, b),
        _ => Truth::False,
    }
}

/// An unknown value differs from a text that its shape does not admit, and from nothing when it
/// certainly exists. Whether it equals anything is never known.
fn equal_unknown<'d>(value: Value<'d>, unknown: &Unknown, known: Operand<'d>) -> Truth<'d> {
    let differs = match known {
        Operand::Text(text) => unknown
            .shape
            .as_ref()
            .is_some_and(|shape| !shape.admits(text)),
        Operand::Nothing => !unknown.maybe_absent,
        _ => false,
    };
    if differs {
        Truth::False
    } else {
        Truth::Unknown(Doubt::Unknown(value))
    }
}

/// Equality of lists and mappings, member by member; the depth is that of the document.
fn equal_trees<'d>(left: Value<'d>, right: Value<'d>) -> Truth<'d> {
    if left.same(right) {
        return Truth::True;
    }
    match (left.data(), right.data()) {
        (Data::Array, Data::Array) => {
            let lengths = compare(
                Comparison::Equal,
                Operand::Tree(left).length(),
                Operand::Tree(right).length(),
            );
            // While a length is open, so is which item stands beside which.
            if !matches!(lengths, Truth::True) {
                return lengths;
            }
            let present = |value: &Value<'_>| !value.is_absent();
            left.items()
                .filter(present)
                .zip(right.items().filter(present))
                .fold(lengths, |truth, (a, b)| {
                    truth.and(|| equal(Operand::node(a), Operand::node(b)))
                })
        }
        (Data::Object, Data::Object) => {
            let here = left.members().map(|(key, value)| (value, right.get(key)));
            let there = right
                .members()
                .filter(|(key, _)| left.get(key).is_none())
                .map(|(_, value)| (value, None));
            here.chain(there).fold(Truth::True, |truth, (a, b)| {
                truth.and(|| equal(Operand::node(a), b.map_or(Operand::Nothing, Operand::node)))
            })
        }
        _ => Truth::False,
    }
}

/// `<` holds between two numbers or two texts only.
fn less<'d>(left: Operand<'d>, right: Operand<'d>) -> Truth<'d> {
    match (left, right) {
        (Operand::Number(a), Operand::Number(b)) => {
            (a.order(b) == Some(std::cmp::Ordering::Less)).into()
        }
        (Operand::Text(a), Operand::Text(b)) => (a < b).into(),
        _ => {
            let ordered = |side: Operand<'_>| matches!(side, Operand::Number(_) | Operand::Text(_));
            let undecided = |a: Operand<'d>, b: Operand<'d>| {
                a.doubt()
                    .filter(|_| ordered(b) || b.doubt().is_some())
                    .map(Truth::Unknown)
            };
            undecided(left, right)
                .or_else(|| undecided(right, left))
                .unwrap_or(Truth::False)
        }
    }
}

impl Number<'_> {
    fn integer(self) -> Option<i64> {
        match self {
            Number::Integer(number) => Some(number),
            Number::Float(_) => None,
            Number::Text(text) => text.parse().ok(),
        }
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "RFC 9535 compares numbers as binary64 once one of them is no exact integer"
    )]
    fn float(self) -> Option<f64> {
        match self {
            Number::Integer(number) => Some(number as f64),
            Number::Float(number) => Some(number),
            Number::Text(text) => text.parse().ok(),
        }
    }

    fn order(self, other: Number<'_>) -> Option<std::cmp::Ordering> {
        match (self.integer(), other.integer()) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => self.float()?.partial_cmp(&other.float()?),
        }
    }
}
