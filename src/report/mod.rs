//! What a run found, in plain words and spans, ready for any format.
//! It does not know rules, queries or the repository document.

pub mod access;
pub mod baseline;
mod counts;
pub mod depicted;
mod diagnostic;
mod draft;
pub(crate) mod escaped;
mod evidence;
mod finished;
mod identity;
pub mod lifecycle;
mod outcome;
pub mod sheet;
mod subject;
mod verdict;

pub use counts::{FileCounts, Summary};
pub use diagnostic::{Diagnostic, Label, Proposal, Severity, SourceLocation, UNREADABLE};
pub use draft::DraftReport;
pub use evidence::{Evidence, RuleSummary};
pub use finished::Report;
pub use outcome::Outcome;
pub use subject::{Subject, SubjectKind};
pub use verdict::{Tally, Verdict, Verdicts};
