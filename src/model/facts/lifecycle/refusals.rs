//! What ECR says of the policies that it refuses, as far as that is documented.
//! It does not know what is wrong with a policy.
//!
//! Each is a part of `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy
//! validation failure: …'`. AWS documents none of them: they are what deployments and calls were answered.

use crate::model::Mistake;

/// What is not JSON, no object, or archives images without saying where.
pub(super) const UNREADABLE: &str = "Could not map policyString into LifecyclePolicy";
/// A key that is not known.
pub(super) const STRANGE_KEY: &str =
    "object instance has properties which are not allowed by the schema";
/// No rules at all.
pub(super) const NO_RULES: &str = "array is too short";
/// More rules than ECR takes.
pub(super) const TOO_MANY_RULES: &str = "array is too long";
/// A priority that is used twice.
pub(super) const SAME_PRIORITY: &str = "Duplicate priority in multiple rules";
/// A rule about any image before another one, or two of them.
pub(super) const ANY_NOT_LAST: &str =
    "Rule for tagStatus=ANY must have the lowest priority per storage class";
/// Two rules about images without a tag.
pub(super) const UNTAGGED_TWICE: &str =
    "Only one rule can select Untagged images per storage class";
/// A rule about tags that says none.
pub(super) const NO_LIST: &str =
    "Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED";
/// A rule with both lists of tags.
pub(super) const BOTH_LISTS: &str =
    "If policy has a tagged rule, it must specify only one of tagPrefixList or tagPatternList";
/// A pattern with too many wildcards.
pub(super) const BAD_PATTERN: &str = "Invalid tag pattern provided";
/// A way of counting that is not for the archive.
pub(super) const STANDARD_ONLY: &str = "SINCE_IMAGE_PUSHED, SINCE_IMAGE_PULLED and IMAGE_COUNT_MORE_THAN support the STANDARD storage class only";

/// A problem, with what ECR says of it.
pub(super) fn said(problem: impl Into<Mistake>, says: impl Into<String>) -> Mistake {
    problem.into().with("says", says)
}

/// What ECR says of a member that is not there.
pub(super) fn missing(key: &str) -> String {
    format!("object has missing required properties ([\"{key}\"])")
}

/// What ECR says of a number below 1.
pub(super) fn too_low(number: i64) -> String {
    format!("numeric instance is lower than the required minimum (minimum: 1, found: {number})")
}

/// What ECR says of a list of tags in a rule that takes none.
pub(super) fn list_without_tags(key: &str, status: &str) -> String {
    format!("Cannot specify {key} with tagStatus {status}")
}
