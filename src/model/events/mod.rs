//! What EventBridge does with a rule about a repository: which of its events the pattern matches, and
//! what keeps the pattern from matching any.
//! It does not know how a rule is written down, nor whether it has a target.

mod pattern;
mod sample;
mod sense;

use super::policy::Truth;
use super::{Repository, Value};

pub(crate) use sense::problems;

/// Whether a pattern matches an event that says a scan of the repository is finished.
///
/// `enhanced` says which of the two ways of scanning is in use, where that is known.
pub(crate) fn sees_finished_scans(
    pattern: Value<'_>,
    repository: &Repository,
    enhanced: Option<bool>,
) -> Truth {
    let samples = sample::finished_scans(repository, enhanced);
    Truth::any(
        samples
            .iter()
            .map(|sample| pattern::matches(pattern, sample)),
    )
}

/// Whether a pattern asks for certain repositories.
pub(crate) fn names_repositories(pattern: Value<'_>) -> bool {
    let name = pattern
        .get("detail")
        .and_then(|detail| detail.get("repository-name"));
    [name, pattern.get("resources")]
        .into_iter()
        .flatten()
        .any(|value| !value.is_absent())
}
