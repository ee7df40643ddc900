//! One finding: what is wrong, where, and what would end it.
//! It does not know which others there are.

use std::sync::Arc;

use super::{Subject, Verdict};
use crate::source::edit::{Amendment, Replacement};
use crate::source::{Problem, Span};

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
    /// All that it is about, where that is known.
    pub span: Option<Span>,
    /// What stands in the line, from the column on, where its text is at hand.
    pub line_span: Option<Span>,
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
    /// [`Evidence::place`](super::Evidence::place) of the same one. Not always what it is about: a role is judged with
    /// the repositories that it uses.
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
    /// Whether it says that something that belongs to the run cannot be read, so that not all findings are known.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        let is_error = self.severity == Severity::Error && self.verdict == Verdict::Fail;
        self.rule == UNREADABLE && is_error
    }

    /// Whether it fails a run that findings of this severity or above fail: it counts and is severe enough, or the job
    /// could not be done because of it.
    #[must_use]
    pub fn fails(&self, least: Option<Severity>) -> bool {
        let is_severe = least.is_some_and(|least| self.severity >= least);
        self.verdict.counts() && is_severe || self.is_unreadable()
    }

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
