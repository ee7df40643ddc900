//! What is said about a finding that is edited, or is not.

use crate::report::Diagnostic;
use crate::source::Sources;

/// What is said about a finding.
#[derive(Clone, Debug)]
pub(in crate::commands) struct FindingText {
    pub(in crate::commands) rule: String,
    pub(in crate::commands) message: String,
    /// The file, and the line in it, from 1.
    pub(in crate::commands) path: String,
    pub(in crate::commands) line: u32,
}

/// What is said about a finding.
pub(in crate::commands) fn told(finding: &Diagnostic, sources: &Sources) -> FindingText {
    let place = sources.locate(finding.primary.span);
    FindingText {
        rule: finding.rule.clone(),
        message: finding.message.clone(),
        path: place.path,
        line: place.start.line,
    }
}
