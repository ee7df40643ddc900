//! Severities as they are typed on the command line.
//! It does not know what has them.

use clap::ValueEnum;

use crate::report::Severity;

/// A severity as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(
    missing_docs,
    reason = "clap would print docstrings as help; the words speak for themselves"
)]
pub enum LevelArg {
    Note,
    Warning,
    Error,
}

impl From<LevelArg> for Severity {
    fn from(level: LevelArg) -> Self {
        match level {
            LevelArg::Note => Severity::Note,
            LevelArg::Warning => Severity::Warning,
            LevelArg::Error => Severity::Error,
        }
    }
}

/// The severity from which findings make the run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(
    missing_docs,
    reason = "clap would print docstrings as help; the words speak for themselves"
)]
pub enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    /// The severity, or `None` for never.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Note => Some(Severity::Note),
            FailOn::Never => None,
        }
    }
}
