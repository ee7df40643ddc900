//! Members of lifecycle policies by their keys, each declared once.
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html>
//! It does not know what any of them means.

use crate::model::MemberKey;

/// The rules.
pub(in crate::model::facts) const RULES: MemberKey = MemberKey::new("rules");
/// When its turn is.
pub(in crate::model::facts) const RULE_PRIORITY: MemberKey = MemberKey::new("rulePriority");
/// What people say of it.
pub(in crate::model::facts) const DESCRIPTION: MemberKey = MemberKey::new("description");
/// Which images a rule is about.
pub(in crate::model::facts) const SELECTION: MemberKey = MemberKey::new("selection");
/// What it does with them.
pub(in crate::model::facts) const ACTION: MemberKey = MemberKey::new("action");
/// Whether they have tags.
pub(in crate::model::facts) const TAG_STATUS: MemberKey = MemberKey::new("tagStatus");
/// Patterns that their tags match.
pub(in crate::model::facts) const TAG_PATTERN_LIST: MemberKey = MemberKey::new("tagPatternList");
/// Beginnings that their tags have.
pub(in crate::model::facts) const TAG_PREFIX_LIST: MemberKey = MemberKey::new("tagPrefixList");
/// Where they are kept.
pub(in crate::model::facts) const STORAGE_CLASS: MemberKey = MemberKey::new("storageClass");
/// What is counted.
pub(in crate::model::facts) const COUNT_TYPE: MemberKey = MemberKey::new("countType");
/// In which unit.
pub(in crate::model::facts) const COUNT_UNIT: MemberKey = MemberKey::new("countUnit");
/// Up to which number.
pub(in crate::model::facts) const COUNT_NUMBER: MemberKey = MemberKey::new("countNumber");
/// Whether they expire or are archived.
pub(in crate::model::facts) const ACTION_TYPE: MemberKey = MemberKey::new("type");
/// Where they are kept then.
pub(in crate::model::facts) const TARGET_STORAGE_CLASS: MemberKey =
    MemberKey::new("targetStorageClass");
