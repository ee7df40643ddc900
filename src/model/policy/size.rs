//! How long a policy is, and whether it is short enough to be evaluated.
//! It does not know what a policy says.

use super::{Guarded, Owner};
use crate::model::{Data, Value};

/// The longest policy that ECR takes, in characters.
pub(super) const MAXIMUM_LENGTH: usize = 10_240;

/// The longest policy that KMS takes, in characters.
const MAXIMUM_KEY_LENGTH: usize = 32_768;

/// Parts of a policy that may be anything, or not be there: more of them than the longest policy has statements.
const MOST_UNKNOWN: usize = 400;

/// Why a policy is not evaluated that AWS would refuse for its length.
const TOO_LONG: &str = "the policy is longer than AWS accepts";

/// Why a policy is not evaluated whose length nobody knows.
const TOO_OPEN: &str = "the policy has more parts that are not known than a policy has statements";

/// Why a policy is not evaluated: its length bounds the work, and what is not known of it has no length.
pub(super) fn unevaluated(policy: Value<'_>, owner: &Owner<'_>) -> Option<&'static str> {
    if is_too_long(policy, owner) {
        return Some(TOO_LONG);
    }
    (unknowns(policy) > MOST_UNKNOWN).then_some(TOO_OPEN)
}

fn unknowns(value: Value<'_>) -> usize {
    match value.data() {
        Data::Unknown(_) => 1,
        Data::Array => value.items().map(unknowns).sum(),
        Data::Object => value.members().map(|(_, member)| unknowns(member)).sum(),
        _ => 0,
    }
}

/// Whether AWS refuses the policy for its length. What it refuses is not evaluated either: it bounds
/// the work.
pub(super) fn is_too_long(policy: Value<'_>, owner: &Owner<'_>) -> bool {
    let maximum = match owner.guarded {
        Guarded::Repository | Guarded::Gallery | Guarded::Registry => MAXIMUM_LENGTH,
        Guarded::Key => MAXIMUM_KEY_LENGTH,
    };
    policy.most_characters() > maximum && least_length(policy) > maximum
}

/// Length of the policy in characters without any white space; parts that cannot be known count
/// nothing. Depth is bounded by the limit that the parsers enforce.
pub(super) fn least_length(value: Value<'_>) -> usize {
    let listed = |lengths: &mut dyn Iterator<Item = usize>| {
        // Brackets around, a comma after each but the last.
        let inside: usize = lengths.map(|length| length + 1).sum();
        2 + inside.saturating_sub(1)
    };
    match value.data() {
        Data::Null | Data::Bool(true) => 4,
        Data::Bool(false) => 5,
        Data::Number(text) => text.len(),
        Data::String(text) => quoted(text),
        Data::Absent | Data::Unknown(_) => 0,
        Data::Array => {
            let items = value.items().filter(|item| !item.is_absent());
            listed(&mut items.map(least_length))
        }
        Data::Object => {
            let members = value.members().filter(|(_, member)| !member.is_absent());
            listed(&mut members.map(|(key, member)| quoted(key) + 1 + least_length(member)))
        }
    }
}

/// Characters of a JSON string: quotes around, a backslash before some.
fn quoted(text: &str) -> usize {
    let escaped = text
        .bytes()
        .filter(|byte| matches!(byte, b'"' | b'\\'))
        .count();
    2 + text.chars().count() + escaped
}
