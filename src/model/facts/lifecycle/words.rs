//! Words and bounds of lifecycle policies that more than one reader of them needs.
//! It does not know what follows from them.
//!
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html>

/// The count type of a rule that counts images.
pub(super) const COUNT: &str = "imageCountMoreThan";

/// Most rules that ECR takes.
pub(super) const MOST_RULES: usize = 50;
