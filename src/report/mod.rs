//! What a run found, in plain words and spans, ready for any format.
//! It does not know rules, queries or the repository document.

pub mod access;
mod aside;
pub mod baseline;
mod counts;
pub mod depicted;
pub(crate) mod escaped;
mod identity;
pub mod lifecycle;
pub mod sheet;
mod subject;
mod verdict;

pub use counts::{FileCounts, Summary};
pub use subject::{Subject, SubjectKind};
pub use verdict::{Tally, Verdict, Verdicts};

use std::sync::Arc;

use crate::source::edit::{Amendment, Replacement};
use crate::source::{Problem, Span};
use depicted::Depicted;

/// Id of the finding that an input, a rule or the configuration could not be read.
pub const UNREADABLE: &str = "unreadable-input";

/// How much a finding matters, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be changed.
    Warning,
    /// Must be changed.
    Error,
}

impl Severity {
    /// Every severity, least first.
    pub const ALL: [Severity; 3] = [Severity::Note, Severity::Warning, Severity::Error];

    /// The word used in rules, reports and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl std::str::FromStr for Severity {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Severity::ALL
            .into_iter()
            .find(|severity| severity.as_str() == text)
            .ok_or(())
    }
}

/// A place with a few words about what stands there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What stands there; may be empty.
    pub message: String,
}

/// A place in the user's own program from which the input was generated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceLocation {
    /// Path as the user would type it, with forward slashes.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, where it is known.
    pub column: Option<u32>,
    /// What happens there; may be empty.
    pub message: String,
    /// All that it is about, where that is known: without it, what stands behind the column.
    pub span: Option<Span>,
}

/// An edit of the input that would end a finding. Nobody has looked yet whether it can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What is to change.
    pub amendment: Amendment,
    /// Whether it may be made unseen: nobody is let in by it, and nothing is deleted, expired or replaced.
    pub is_safe: bool,
}

/// One finding. It has exactly one primary place, by type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Id of the rule.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is said of it: never that the rule is kept or has nothing to say.
    pub verdict: Verdict,
    /// What is wrong, in one line without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The condition under which it holds, in the user's names.
    pub when: Option<String>,
    /// What it is about; `None` for a finding about a whole file. Findings about one thing share it.
    pub subject: Option<Arc<Subject>>,
    /// Where the repository is declared, or what stands in its place, that was judged when it was found:
    /// [`Evidence::place`] of the same one. Not always what it is about: a role is judged with the repositories
    /// that it uses.
    pub judged: Option<Span>,
    /// Where it is. The words of an undetermined finding are its reason, such that they complete
    /// `because …`.
    pub primary: Label,
    /// Other places that belong to it.
    pub related: Vec<Label>,
    /// Where in the user's own program it comes from.
    pub source_location: Option<Box<SourceLocation>>,
    /// Path of the field in the repository document, or in what is said of the subject there: part of the
    /// fingerprint, which must not change when lines move.
    pub field: String,
    /// The edit that would end it, where a rule knows one.
    pub proposal: Option<Box<Proposal>>,
    /// The replacements that end it and bring nothing new: somebody has tried. All are about one file, in the order of
    /// its text; empty where nobody looked, or there are none.
    pub fixes: Vec<Replacement>,
}

impl Diagnostic {
    /// A finding of the tool itself about a text that it could not use.
    #[must_use]
    pub fn from_problem(rule: &str, problem: Problem) -> Self {
        Self {
            rule: rule.to_owned(),
            severity: Severity::Error,
            verdict: Verdict::Fail,
            message: problem.title,
            help: problem.help,
            when: None,
            subject: None,
            judged: None,
            primary: Label {
                span: problem.span,
                message: problem.label,
            },
            related: problem
                .related
                .map(|(span, message)| Label { span, message })
                .into_iter()
                .collect(),
            source_location: None,
            field: String::new(),
            proposal: None,
            fixes: Vec::new(),
        }
    }
}

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

/// What a run amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing at or above the threshold.
    Pass,
    /// A finding at or above the threshold.
    Fail,
    /// The job could not be done.
    Error,
}

impl Outcome {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Fail => "fail",
            Outcome::Error => "error",
        }
    }

    /// The exit code of the process.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Outcome::Pass => 0,
            Outcome::Fail => 1,
            Outcome::Error => 2,
        }
    }
}

/// Everything that a run found, sorted and without duplicates.
#[derive(Clone, Debug)]
pub struct Report {
    /// What it amounts to.
    pub outcome: Outcome,
    /// Counts.
    pub summary: Summary,
    /// Findings, by source, place, rule.
    pub diagnostics: Vec<Diagnostic>,
    /// Verdicts per repository, in the order of the inputs: of every one, or of those with a finding,
    /// as was asked for.
    pub repositories: Vec<Evidence>,
    /// What was judged besides and is no repository. It counts as none and is not listed.
    pub others: Vec<Evidence>,
    /// The rules that were switched on, by id.
    pub rules: Vec<RuleSummary>,
    /// Findings of this severity or above fail the run; none does when `None`.
    pub fail_on: Option<Severity>,
    /// How the next report can say more, in one line.
    pub hint: Option<String>,
    /// The configuration that held, as the user would type its path; `None` where there is none.
    pub configuration: Option<String>,
    /// The baseline that findings were compared with, as the user typed its path; `None` where there is none.
    pub baseline: Option<String>,
    /// What is drawn of repositories besides; `None` where no format draws it.
    pub depicted: Option<Box<Depicted>>,
}

impl Report {
    /// Whether nothing in the inputs was about ECR: there is no verdict on anything, and none to be had.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let summary = &self.summary;
        summary.repositories == 0 && summary.others == 0 && summary.unreadable == 0
    }

    /// Whether a finding fails the run: it is severe enough, or the job could not be done because of it.
    #[must_use]
    pub fn is_failing(&self, diagnostic: &Diagnostic) -> bool {
        let severity = diagnostic.severity;
        let is_severe = self.fail_on.is_some_and(|least| severity >= least);
        let is_unreadable = diagnostic.rule == UNREADABLE && severity == Severity::Error;
        diagnostic.verdict.counts() && (is_severe || is_unreadable)
    }

    /// A run that judged no repository has not done its job.
    pub fn require_repositories(&mut self) {
        if self.summary.repositories == 0 {
            self.outcome = Outcome::Error;
        }
    }
}
