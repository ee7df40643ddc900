//! The operators of patterns, such as `{"prefix": "v"}`, as they are written. It does not know what they do.

use crate::model::{Truth, Unknown, Value};

/// The operator that a mapping is, with its operand.
pub(super) fn operator(test: Value<'_>) -> Option<(&str, Value<'_>)> {
    let mut members = test.members().filter(|(_, value)| !value.is_absent());
    match (members.next(), members.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// That nobody knows, for the reason of a value.
pub(super) fn because(unknown: &Unknown) -> Truth {
    Truth::unknown(unknown.reason.as_str())
}
