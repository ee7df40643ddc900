//! Compares two sides of a comparison: values, nothing, or something that is not known.
//! It does not know queries.

use super::nodes::Doubt;
use super::shape;
use crate::model::{Data, Truth, Unknown, Value};
use crate::rules::format::{Comparison, Literal, QueryRegex};

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub(super) enum OperandValue<'d> {
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

impl<'d> OperandValue<'d> {
    /// The value of a node.
    pub(super) fn node(value: Value<'d>) -> Self {
        match value.data() {
            Data::Absent => OperandValue::Nothing,
            Data::Null => OperandValue::Null,
            Data::Bool(flag) => OperandValue::Bool(flag),
            Data::Number(text) => OperandValue::Number(Number::Text(text)),
            Data::String(text) => OperandValue::Text(text),
            Data::Array | Data::Object => OperandValue::Tree(value),
            Data::Unknown(unknown) => OperandValue::Unknown(value, unknown),
        }
    }

    /// A value that stands in a query.
    pub(super) fn literal(literal: &'d Literal) -> Self {
        match literal {
            Literal::Null => OperandValue::Null,
            Literal::Bool(flag) => OperandValue::Bool(*flag),
            Literal::Integer(number) => OperandValue::Number(Number::Integer(*number)),
            Literal::Float(number) => OperandValue::Number(Number::Float(*number)),
            Literal::String(text) => OperandValue::Text(text),
        }
    }

    /// A count of something.
    pub(super) fn count(count: usize) -> Self {
        OperandValue::Number(Number::Integer(i64::try_from(count).unwrap_or(i64::MAX)))
    }

    /// `length()`: characters of a text, items of a list, members of a mapping, nothing else
    /// (RFC 9535, section 2.4.4).
    pub(super) fn length(self) -> Self {
        match self {
            OperandValue::Text(text) => OperandValue::count(text.chars().count()),
            OperandValue::Tree(tree) => {
                let mut count = 0;
                for child in children(tree) {
                    match child.data() {
                        Data::Absent => {}
                        Data::Unknown(unknown) if unknown.maybe_absent => {
                            return OperandValue::Doubtful(Doubt::Unknown(child));
                        }
                        _ => count += 1,
                    }
                }
                OperandValue::count(count)
            }
            OperandValue::Unknown(value, _) => OperandValue::Doubtful(Doubt::Unknown(value)),
            OperandValue::Doubtful(_) => self,
            _ => OperandValue::Nothing,
        }
    }

    /// What keeps the operand from being known.
    fn doubt(self) -> Option<Doubt<'d>> {
        match self {
            OperandValue::Unknown(value, _) => Some(Doubt::Unknown(value)),
            OperandValue::Doubtful(doubt) => Some(doubt),
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
    left: OperandValue<'d>,
    right: OperandValue<'d>,
) -> Truth<Doubt<'d>> {
    match operator {
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => !equal(left, right),
        Comparison::Less => less(left, right),
        Comparison::Greater => less(right, left),
        Comparison::LessOrEqual => less(left, right).or_else(|| equal(left, right)),
        Comparison::GreaterOrEqual => less(right, left).or_else(|| equal(left, right)),
    }
}

/// Whether a text fits a pattern. What is not a text fits none.
pub(super) fn fits<'d>(subject: OperandValue<'d>, pattern: &QueryRegex) -> Truth<Doubt<'d>> {
    match subject {
        OperandValue::Text(text) => pattern.fits(text).into(),
        OperandValue::Unknown(value, unknown) => {
            let undecided = Truth::Unknown(Doubt::Unknown(value));
            match unknown
                .shape
                .as_ref()
                .map(|known| shape::fits(known, pattern))
            {
                Some(Truth::False) => Truth::False,
                Some(Truth::True) if !unknown.maybe_absent => Truth::True,
                _ => undecided,
            }
        }
        OperandValue::Doubtful(doubt) => Truth::Unknown(doubt),
        _ => Truth::False,
    }
}

fn equal<'d>(left: OperandValue<'d>, right: OperandValue<'d>) -> Truth<Doubt<'d>> {
    match (left, right) {
        (OperandValue::Unknown(a, _), OperandValue::Unknown(b, _)) if a.same(b) => Truth::True,
        (OperandValue::Unknown(value, unknown), known)
        | (known, OperandValue::Unknown(value, unknown)) => equal_unknown(value, unknown, known),
        (OperandValue::Doubtful(doubt), _) | (_, OperandValue::Doubtful(doubt)) => {
            Truth::Unknown(doubt)
        }
        (OperandValue::Nothing, OperandValue::Nothing)
        | (OperandValue::Null, OperandValue::Null) => Truth::True,
        (OperandValue::Bool(a), OperandValue::Bool(b)) => (a == b).into(),
        (OperandValue::Number(a), OperandValue::Number(b)) => {
            (a.order(b) == Some(std::cmp::Ordering::Equal)).into()
        }
        (OperandValue::Text(a), OperandValue::Text(b)) => (a == b).into(),
        (OperandValue::Tree(a), OperandValue::Tree(b)) => equal_trees(a, b),
        _ => Truth::False,
    }
}

/// An unknown value differs from a text that its shape does not admit, and from nothing when it
/// certainly exists. Whether it equals anything is never known.
fn equal_unknown<'d>(
    value: Value<'d>,
    unknown: &Unknown,
    known: OperandValue<'d>,
) -> Truth<Doubt<'d>> {
    let differs = match known {
        OperandValue::Text(text) => unknown
            .shape
            .as_ref()
            .is_some_and(|shape| !shape.admits(text)),
        OperandValue::Nothing => !unknown.maybe_absent,
        _ => false,
    };
    if differs {
        Truth::False
    } else {
        Truth::Unknown(Doubt::Unknown(value))
    }
}

/// Equality of lists and mappings, member by member; the depth is that of the document.
fn equal_trees<'d>(left: Value<'d>, right: Value<'d>) -> Truth<Doubt<'d>> {
    if left.same(right) {
        return Truth::True;
    }
    match (left.data(), right.data()) {
        (Data::Array, Data::Array) => {
            let lengths = compare(
                Comparison::Equal,
                OperandValue::Tree(left).length(),
                OperandValue::Tree(right).length(),
            );
            // While a length is open, so is which item stands beside which.
            if !lengths.is_true() {
                return lengths;
            }
            let present = |value: &Value<'_>| !value.is_absent();
            left.items()
                .filter(present)
                .zip(right.items().filter(present))
                .fold(lengths, |truth, (a, b)| {
                    truth.and_then(|| equal(OperandValue::node(a), OperandValue::node(b)))
                })
        }
        (Data::Object, Data::Object) => {
            let here = left
                .members()
                .map(|(key, value)| (value, right.by_key(key)));
            let there = right
                .members()
                .filter(|(key, _)| left.by_key(key).is_none())
                .map(|(_, value)| (value, None));
            here.chain(there).fold(Truth::True, |truth, (a, b)| {
                truth.and_then(|| {
                    equal(
                        OperandValue::node(a),
                        b.map_or(OperandValue::Nothing, OperandValue::node),
                    )
                })
            })
        }
        _ => Truth::False,
    }
}

/// `<` holds between two numbers or two texts only.
fn less<'d>(left: OperandValue<'d>, right: OperandValue<'d>) -> Truth<Doubt<'d>> {
    match (left, right) {
        (OperandValue::Number(a), OperandValue::Number(b)) => {
            (a.order(b) == Some(std::cmp::Ordering::Less)).into()
        }
        (OperandValue::Text(a), OperandValue::Text(b)) => (a < b).into(),
        _ => {
            let ordered = |side: OperandValue<'_>| {
                matches!(side, OperandValue::Number(_) | OperandValue::Text(_))
            };
            let undecided = |a: OperandValue<'d>, b: OperandValue<'d>| {
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
        reason = "RFC 9535 compares numbers as binary64 once one of them is not an exact integer"
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
