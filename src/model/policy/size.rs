//! How long a policy is, and whether it is short enough to be evaluated.
//! It does not know what a policy says.

use super::Guarded;
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

/// How large a policy is.
#[derive(Clone, Copy, Debug)]
pub(super) struct PolicySize {
    /// Its length in characters, where that is more than AWS takes.
    pub(super) excess: Option<usize>,
    /// How many parts of it are not known.
    unknowns: usize,
}

impl PolicySize {
    /// Measures a policy.
    pub(super) fn of(policy: Value<'_>, guarded: Guarded) -> Self {
        let maximum = match guarded {
            Guarded::Repository | Guarded::Gallery | Guarded::Registry => MAXIMUM_LENGTH,
            Guarded::Key => MAXIMUM_KEY_LENGTH,
        };
        let mut bounds = Bounds::default();
        bounds.add(policy);
        let length = (bounds.most > maximum).then(|| least_length(policy));
        Self {
            excess: length.filter(|length| *length > maximum),
            unknowns: bounds.unknowns,
        }
    }

    /// Why the policy is not evaluated: its length bounds the work, and what is not known of it has no length. What AWS
    /// refuses for its length is not evaluated either.
    pub(super) fn unevaluated(self) -> Option<&'static str> {
        match self.excess {
            Some(_) => Some(TOO_LONG),
            None => (self.unknowns > MOST_UNKNOWN).then_some(TOO_OPEN),
        }
    }
}

/// What a policy has at most, which takes no look at single characters.
#[derive(Default)]
struct Bounds {
    /// Characters without any white space.
    most: usize,
    /// Parts that cannot be known.
    unknowns: usize,
}

impl Bounds {
    /// Adds a value with what surrounds it. Depth is bounded by the limit that the parsers enforce.
    fn add(&mut self, value: Value<'_>) {
        match value.data() {
            Data::Null | Data::Bool(_) => self.most += 6,
            Data::Number(text) => self.most += text.len() + 1,
            Data::String(text) => self.most += most_quoted(text),
            Data::Absent => {}
            Data::Unknown(_) => {
                self.most += 1;
                self.unknowns += 1;
            }
            Data::Array => {
                self.most += 3;
                value.items().for_each(|item| self.add(item));
            }
            Data::Object => {
                self.most += 3;
                for (key, member) in value.members() {
                    self.most += most_quoted(key);
                    self.add(member);
                }
            }
        }
    }
}

/// Characters that a string may need: quotes, a backslash before each, a comma or colon behind.
fn most_quoted(text: &str) -> usize {
    2 * text.len() + 3
}

/// Length of the policy in characters without any white space; parts that cannot be known count
/// nothing. Depth is bounded by the limit that the parsers enforce.
fn least_length(value: Value<'_>) -> usize {
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
