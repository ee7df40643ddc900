//! What parts of a policy were meant to be, where they say so themselves.
//! It does not know what is wrong with them.

use super::condition::{Condition, ConditionKey};
use super::operator::SetOperator;
use super::text::one_or_many;
use crate::model::Value;

/// The service that pulls images for functions, and says for which one.
pub(super) const LAMBDA: &str = "lambda.amazonaws.com";

/// The one organisation that a condition names, if it compares the caller's.
pub(super) fn organisation<'d>(condition: &Condition<'d>) -> Option<&'d str> {
    if condition.key != ConditionKey::PrincipalOrganisation {
        return None;
    }
    match one_or_many(condition.value).as_slice() {
        [only] => only.as_str().filter(|id| is_organisation(id)),
        _ => None,
    }
}

/// The operator that a condition was meant to have, where it only says too much: that it also holds without the key.
/// A key with a list of values needs `ForAnyValue`, any other none of it.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
pub(super) fn operator(condition: &Condition<'_>) -> Option<String> {
    let written = condition.operator;
    let operator = condition
        .test
        .filter(|one| condition.is_alone && !one.negated)?;
    let is_callers = condition.key.is_about_organisation()
        && !matches!(
            condition.key,
            ConditionKey::OwnAccount | ConditionKey::OwnOrganisation
        );
    if !(is_callers && (operator.set == SetOperator::All || operator.if_exists)) {
        return None;
    }
    let bare = written.split_once(':').map_or(written, |(_, bare)| bare);
    let bare = match bare.len().checked_sub(IF_EXISTS.len()) {
        Some(at) if operator.if_exists => bare.get(..at).unwrap_or(bare),
        _ => bare,
    };
    Some(match condition.key.is_multivalued() {
        true => format!("ForAnyValue:{bare}"),
        false => bare.to_owned(),
    })
}

/// How operators end that also hold without their key.
const IF_EXISTS: &str = "IfExists";

/// Whether a text is the id of an organisation: `o-` and 10 to 32 lower-case letters or digits.
///
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html>
fn is_organisation(text: &str) -> bool {
    let lower = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
    text.strip_prefix("o-")
        .is_some_and(|id| (10..=32).contains(&id.len()) && id.bytes().all(lower))
}

/// What stands behind the partition in a whole ARN.
pub(super) fn rest(principal: Value<'_>) -> Option<&str> {
    let parts = principal.as_str().and_then(|arn| arn.strip_prefix("arn:"));
    let rest = parts.and_then(|parts| Some(parts.split_once(':')?.1));
    rest.filter(|rest| !rest.contains('$'))
}
