//! What texts of a template may hold that is not known before the stack is deployed, by its first letters.
//! It does not know what becomes of it.

use memchr::memmem;

/// How a dynamic reference starts.
pub(crate) const DYNAMIC: &str = "{{resolve:";

/// What made-up values hold: those of SSM parameters start with it, the ARNs of ECR repositories end.
pub(crate) const MARKS: [&str; 2] = ["dummy-value-for-", "DUMMY_ARN"];

/// Whether a text holds a value that the CDK made up.
pub(crate) fn holds_placeholder(text: &str) -> bool {
    let holds = |mark: &&str| memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    MARKS.iter().any(holds)
}
