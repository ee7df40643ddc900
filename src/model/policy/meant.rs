//! What parts of a policy were meant to be, where they say so themselves.
//! It does not know what is wrong with them.

use super::condition::{Condition, Key};
use super::draft::Draft;
use super::text::one_or_many;
use crate::model::Value;

/// The service that pulls images for functions, and says for which one.
pub(super) const LAMBDA: &str = "lambda.amazonaws.com";

/// The one organisation that a condition names, if it compares the caller's.
pub(super) fn organisation(condition: &Condition<'_>) -> Draft {
    let values = one_or_many(condition.value);
    let only = values.first().copied().filter(|_| values.len() == 1);
    let id = only
        .and_then(Value::as_str)
        .filter(|id| is_organisation(id));
    let is_callers = condition.key == Key::PrincipalOrganisation;
    id.filter(|_| is_callers)
        .map_or(Draft::Absent, |id| Draft::Text(id.to_owned()))
}

/// Whether a text is the id of an organisation: `o-` and 10 to 32 lower-case letters or digits.
///
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html>
fn is_organisation(text: &str) -> bool {
    let lower = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
    text.strip_prefix("o-")
        .is_some_and(|id| (10..=32).contains(&id.len()) && id.bytes().all(lower))
}

/// What stands behind the partition in a whole ARN.
pub(super) fn rest(principal: Value<'_>) -> Draft {
    let parts = principal.as_str().and_then(|arn| arn.strip_prefix("arn:"));
    let rest = parts.and_then(|parts| Some(parts.split_once(':')?.1));
    let rest = rest.filter(|rest| !rest.contains('$'));
    rest.map_or(Draft::Absent, |rest| Draft::Text(rest.to_owned()))
}
