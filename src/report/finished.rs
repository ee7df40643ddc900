//! A report that is made: formats read it, and nobody changes it.
//! It does not know how it came about.

use super::depicted::Depicted;
use super::{Diagnostic, Evidence, Outcome, RuleSummary, Severity, Summary};
use crate::source::Excerpts;

/// Everything that a run found, sorted, counted and without duplicates, with the lines that show it.
/// [`DraftReport::finish`](super::DraftReport::finish) makes it.
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) outcome: Outcome,
    pub(super) summary: Summary,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) repositories: Vec<Evidence>,
    pub(super) others: Vec<Evidence>,
    pub(super) rules: Vec<RuleSummary>,
    pub(super) fail_on: Option<Severity>,
    pub(super) hint: Option<String>,
    pub(super) configuration: Option<String>,
    pub(super) baseline: Option<String>,
    pub(super) depicted: Option<Box<Depicted>>,
    pub(super) excerpts: Excerpts,
}

impl Report {
    /// What it amounts to.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Counts.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Findings, by source, place, rule.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Verdicts per repository, in the order of the inputs: of every one, or of those with a finding,
    /// as was asked for.
    #[must_use]
    pub fn repositories(&self) -> &[Evidence] {
        &self.repositories
    }

    /// What was judged besides and is not a repository. It counts as none and is not listed.
    #[must_use]
    pub fn others(&self) -> &[Evidence] {
        &self.others
    }

    /// The rules that were switched on, by id.
    #[must_use]
    pub fn rules(&self) -> &[RuleSummary] {
        &self.rules
    }

    /// Findings of this severity or above fail the run; none does when `None`.
    #[must_use]
    pub fn fail_on(&self) -> Option<Severity> {
        self.fail_on
    }

    /// How the next report can say more, in one line.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The configuration that held, as the user would type its path; `None` where there is none.
    #[must_use]
    pub fn configuration(&self) -> Option<&str> {
        self.configuration.as_deref()
    }

    /// The baseline that findings were compared with, as the user typed its path; `None` where there is none.
    #[must_use]
    pub fn baseline(&self) -> Option<&str> {
        self.baseline.as_deref()
    }

    /// What is drawn of repositories besides; `None` where no format draws it.
    #[must_use]
    pub fn depicted(&self) -> Option<&Depicted> {
        self.depicted.as_deref()
    }

    /// The lines that findings are shown in, and where each place of the report is.
    #[must_use]
    pub fn excerpts(&self) -> &Excerpts {
        &self.excerpts
    }

    /// Whether a finding fails the run.
    #[must_use]
    pub fn is_failing(&self, diagnostic: &Diagnostic) -> bool {
        diagnostic.fails(self.fail_on)
    }
}
