//! Answers about one policy that are the same under several conditions, told once.
//! It does not know what is reported.

use crate::report::lifecycle::{DescribedPolicy, Explained, Preview};

/// Conditions that are named; of more, it is said how many there are.
const NAMED: usize = 4;

/// Something that is said about a policy.
pub trait ToldOfPolicy: PartialEq {
    /// The policy.
    fn about(&mut self) -> &mut DescribedPolicy;
}

impl ToldOfPolicy for Preview {
    fn about(&mut self) -> &mut DescribedPolicy {
        &mut self.about
    }
}

impl ToldOfPolicy for Explained {
    fn about(&mut self) -> &mut DescribedPolicy {
        &mut self.about
    }
}

/// Each answer once, with all conditions under which it is given, in the order of the first ones.
#[must_use]
pub fn once<T: ToldOfPolicy>(all: Vec<T>) -> Vec<T> {
    let mut found: Vec<(T, Vec<Option<String>>)> = Vec::new();
    for mut one in all {
        let when = one.about().when.take();
        match found.iter_mut().find(|(known, _)| *known == one) {
            // What has no condition is another repository with the same name and policy, and stays apart.
            Some((_, conditions)) if when.is_some() && conditions[0].is_some() => {
                conditions.push(when);
            }
            _ => found.push((one, vec![when])),
        }
    }
    found
        .into_iter()
        .map(|(mut one, conditions)| {
            one.about().when = joined(conditions.into_iter().flatten().collect());
            one
        })
        .collect()
}

/// Conditions of which one is met.
fn joined(mut conditions: Vec<String>) -> Option<String> {
    conditions.dedup();
    let more = conditions.len().saturating_sub(NAMED);
    conditions.truncate(NAMED);
    if more > 0 {
        conditions.push(format!("under {more} further conditions"));
    }
    (!conditions.is_empty()).then(|| conditions.join(", or "))
}
