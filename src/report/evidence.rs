//! What rules say, whether or not they find anything.
//! It does not know findings.

use std::sync::Arc;

use super::{Severity, Subject, Tally, Verdicts};
use crate::source::Span;

/// What a format needs to know about a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSummary {
    /// Id, such as `scan-on-push`.
    pub id: String,
    /// What a finding says in general.
    pub title: String,
    /// Severity in this run.
    pub severity: Severity,
    /// Why it matters, plain text; empty where nobody asked for documentation.
    pub why: String,
    /// The whole documentation as Markdown; empty where nobody asked for it.
    pub markdown: String,
    /// Page with more, if any.
    pub url: Option<String>,
    /// Frameworks with the controls that it checks; empty where nobody asked for documentation.
    pub controls: Vec<(String, Vec<String>)>,
    /// How bad it is when somebody makes use of a finding, from 0.1 to 10.0; `None` where nobody gains anything, or
    /// nobody asked for documentation.
    pub security: Option<String>,
    /// Category, such as `scanning`.
    pub category: String,
    /// What it says about how many repositories.
    pub tally: Tally,
}

/// What every rule says about one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The repository.
    pub subject: Arc<Subject>,
    /// Where it is declared.
    pub place: Span,
    /// Whether a tool made it, such as the CDK bootstrap.
    pub tool_owned: bool,
    /// Where its base name stands, if the organisation declares it.
    pub declared: Option<Span>,
    /// What each rule that is on says.
    pub verdicts: Verdicts,
}
