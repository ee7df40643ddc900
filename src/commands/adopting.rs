//! What a run does for whoever takes ecrlint into use: which of its findings are new, and which are in changed lines.
//! It does not know how anything was found.

mod baselines;
mod blocks;
mod changes;
mod edits;
mod git;
pub(super) mod ignores;
mod ran;

use std::collections::BTreeSet;

pub(super) use self::ran::Ran;
use super::terminal::Terminal;
use super::{CommandError, setup::Setup};
use crate::cli::CheckArgs;
use crate::discover::{FoundFile, STDIN};
use crate::report::DraftReport;
use crate::report::baseline::Baseline;
use crate::source::shown;

/// What is known before anything is judged.
#[derive(Debug, Default)]
pub(super) struct Adopting {
    baseline: Option<Baseline>,
}

impl Adopting {
    /// Reads what the command line names; mistakes in it are added to those of the configuration.
    pub(super) fn read(args: &CheckArgs, setup: &mut Setup) -> Self {
        Self {
            baseline: baselines::read(&args.adopt, setup),
        }
    }

    /// Sets findings aside that are not what was asked for.
    pub(super) fn decide(
        self,
        ran: &Ran<'_>,
        draft: &mut DraftReport,
        terminal: &mut Terminal,
    ) -> Result<(), CommandError> {
        if let Some(baseline) = self.baseline {
            baselines::compare(baseline, ran, draft, terminal)?;
        }
        changes::compare(ran, draft, terminal)
    }
}

/// The names that files have in reports.
pub(super) fn names(files: &[FoundFile]) -> BTreeSet<String> {
    let names = files.iter().map(|file| match file.path.as_os_str() {
        name if name == STDIN => "<stdin>".to_owned(),
        _ => shown(&file.path),
    });
    names.collect()
}
