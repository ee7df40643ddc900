//! One alternative of a pattern against the numbers that stand at a place of events.
//! It does not know where in a pattern it stands.

use super::operator::{because, operator};
use super::sample::undocumented;
use crate::model::{Data, Truth, Value};

/// Which numbers there are at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Any.
    All,
    /// Whole ones from 0 on: how many there are of something.
    Counts,
}

/// The end of a range, and whether that belongs to it.
type NumberLimit = (f64, bool);

impl Numbers {
    /// Whether one of them is in a range.
    fn has_between(self, low: NumberLimit, high: NumberLimit) -> bool {
        let within = |low: NumberLimit, high: NumberLimit| {
            low.0 < high.0 || (low.0 <= high.0 && low.1 && high.1)
        };
        if self == Self::All {
            return within(low, high);
        }
        let above = match low.0.ceil() {
            first if first <= low.0 && !low.1 => first + 1.0,
            first => first,
        };
        let first = above.max(0.0);
        within((first, true), high)
    }
}

/// Whether an alternative holds of some of the numbers.
pub(super) fn number(test: Value<'_>, numbers: Numbers) -> Truth {
    match test.data() {
        Data::Number(text) => match text.parse::<f64>() {
            Ok(number) => Truth::from(numbers.has_between((number, true), (number, true))),
            Err(_) => undocumented("numbers that are not decimal fractions"),
        },
        Data::Unknown(unknown) => because(unknown),
        Data::Object => match operator(test) {
            Some(("numeric", range)) => in_range(range, numbers),
            Some(("anything-but", _)) => Truth::True,
            _ => Truth::False,
        },
        _ => Truth::False,
    }
}

/// Whether one of them is in a range such as `[">", 0, "<=", 5]`.
fn in_range(range: Value<'_>, numbers: Numbers) -> Truth {
    if let Some(unknown) = range.as_unknown() {
        return because(unknown);
    }
    let (mut low, mut high) = ((f64::NEG_INFINITY, false), (f64::INFINITY, false));
    let mut items = range.items();
    while let Some(sign) = items.next() {
        let Some(limit) = items.next() else {
            return undocumented("a range without a number");
        };
        if let Some(unknown) = sign.as_unknown().or(limit.as_unknown()) {
            return because(unknown);
        }
        let limit = match limit.data() {
            Data::Number(text) => text.parse::<f64>().ok(),
            _ => None,
        };
        let (Some(sign), Some(limit)) = (sign.as_str(), limit) else {
            return undocumented("ranges of anything but numbers");
        };
        match sign {
            "=" => (low, high) = ((limit, true), (limit, true)),
            ">" | ">=" => low = (limit, sign == ">="),
            "<" | "<=" => high = (limit, sign == "<="),
            _ => return undocumented("that sign in a range"),
        }
    }
    Truth::from(numbers.has_between(low, high))
}
