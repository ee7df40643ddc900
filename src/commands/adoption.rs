//! What a run does for whoever takes ecrlint into use: which of its findings are new, and which are in changed lines.
//! It does not know how anything was found.

pub(super) mod add_ignores;
mod baseline;
mod changed_blocks;
mod changed_since;
mod git;
mod ignore_edits;
mod run_record;

use std::collections::BTreeSet;

pub(super) use self::run_record::RunRecord;
use super::terminal::Terminal;
use super::{CommandError, setup::Setup};
use crate::cli::CheckArgs;
use crate::discover::{FoundFile, STDIN};
use crate::report::DraftReport;
use crate::report::baseline::Baseline;
use crate::source::shown;

/// What is known before anything is judged.
#[derive(Debug, Default)]
pub(super) struct Adoption {
    baseline: Option<Baseline>,
}

impl Adoption {
    /// Reads what the command line names; mistakes in it are added to those of the configuration.
    pub(super) fn read(args: &CheckArgs, setup: &mut Setup) -> Self {
        Self {
            baseline: baseline::read(&args.adopt, setup),
        }
    }

    /// Sets findings aside that are not what was asked for.
    pub(super) fn decide(
        self,
        ran: &RunRecord<'_>,
        draft: &mut DraftReport,
        terminal: &mut Terminal,
    ) -> Result<(), CommandError> {
        if let Some(baseline) = self.baseline {
            baseline::compare(baseline, ran, draft, terminal)?;
        }
        changed_since::compare(ran, draft, terminal)
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
