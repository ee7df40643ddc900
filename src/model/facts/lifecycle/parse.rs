//! Reads the rules of a lifecycle policy, with all that ECR refuses about it.
//! It does not know what the rules do.

use super::problems::PolicyProblems;
use super::refusals::{UNREADABLE, said};
use super::{grammar, mended, order};
use crate::model::{Value, Written};

/// ECR's bounds for the number of characters of a policy.
const LENGTH: std::ops::RangeInclusive<usize> = 100..=30_720;

/// The rules of a policy that is there and known, as far as they can be read. What is wrong with it is added to `problems`.
pub(super) fn parse<'v>(
    problems: &mut PolicyProblems<'_>,
    policy: Value<'v>,
    written: Written,
) -> Vec<grammar::ParsedRule<'v>> {
    // A text that is not a policy at all is not measured, too.
    if policy.as_str().is_some() {
        let problem = said("its text is not JSON", UNREADABLE);
        problems.add(policy.span(), problem);
        return Vec::new();
    }
    match written {
        Written::Mapping => {
            let text = "it is a mapping of the template, expected a JSON text";
            problems.add_mended(policy.span(), text, mended::text);
            return Vec::new();
        }
        Written::Text(length) if !LENGTH.contains(&length) => {
            let text = format!("its text has {length} characters, expected 100 to 30720");
            problems.add(policy.span(), &text);
        }
        Written::Text(_) | Written::Unmeasured => {}
    }
    let rules = grammar::policy(problems, policy);
    order::check(problems, &rules);
    rules
}
