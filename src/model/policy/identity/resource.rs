//! Repositories as policies of IAM name them: by the resources of statements.
//! It does not know which of them exist.

use super::super::statement;
use super::super::text::{Text, member, one_or_many};
use super::super::{Owner, Truth, wildcard};
use super::may_be_own;
use crate::model::Value;

/// Resources of one identity that are looked at: more than a policy of IAM has room for.
const MOST: usize = 64;

/// The resources on which policies give actions of ECR, each once, in reading order.
pub(crate) fn resources<'d>(policies: &[Value<'d>], owner: &Owner<'_>) -> Vec<Value<'d>> {
    let mut found: Vec<Value<'d>> = Vec::new();
    for policy in policies {
        let Some(list) = member(*policy, "Statement") else {
            continue;
        };
        for statement in statement::read_all(list, owner) {
            let named = member(statement.value, "Resource");
            let named = named.filter(|_| !statement.actions().possible.is_empty());
            for value in named.map(one_or_many).unwrap_or_default() {
                let is_new = !found.iter().any(|known| is_equal(*known, value, owner));
                if is_new && found.len() < MOST {
                    found.push(value);
                }
            }
        }
    }
    found
}

/// Whether the resource `value` of a statement covers all that `own` names.
pub(super) fn covers(value: Value<'_>, own: Value<'_>, owner: &Owner<'_>) -> Truth {
    if is_equal(value, own, owner) {
        return Truth::Yes;
    }
    match (Text::read(value, owner), Text::read(own, owner)) {
        (Text::Known(pattern), _) if wildcard::is_anything(&pattern) => Truth::Yes,
        (Text::Known(pattern), Text::Known(own)) if wildcard::matches(&pattern, &own) => Truth::Yes,
        (Text::Known(pattern), Text::Known(own)) => may_be_own(&pattern, &own),
        (Text::Partial { reason, .. }, Text::Known(_) | Text::Partial { .. })
        | (Text::Known(_), Text::Partial { reason, .. }) => Truth::unknown(reason),
        (Text::Other, _) | (_, Text::Other) => Truth::No,
    }
}

/// Whether both are certainly one: the same value, text, or attribute of a resource.
fn is_equal(one: Value<'_>, other: Value<'_>, owner: &Owner<'_>) -> bool {
    if one.span() == other.span() {
        return true;
    }
    if let (Some(one), Some(other)) = (one.as_unknown(), other.as_unknown())
        && let (Some(one), Some(other)) = (&one.reference, &other.reference)
    {
        return one == other;
    }
    match (Text::read(one, owner), Text::read(other, owner)) {
        (Text::Known(one), Text::Known(other)) => one == other,
        _ => false,
    }
}
