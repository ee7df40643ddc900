//! What became of the files of a run: how many were read, and which were not, and why.
//! It does not know what is in them.

use std::path::PathBuf;

use super::terminal::Terminal;
use crate::discover::Discovered;
use crate::report::FileCounts;
use crate::source::shown;

/// Files of inputs that a look was enough for, with the reason.
type PassedOver = [(PathBuf, &'static str)];

/// Counts the files that were found, and what a search passed over.
pub(super) fn count(found: &Discovered, passed_over: &PassedOver) -> FileCounts {
    FileCounts {
        looked_at: found.files.len() + found.passed_over,
        read: found.files.len() - passed_over.len(),
        passed_over: passed_over.len() + found.passed_over,
    }
}

/// Lists what was not read, one a line, in the order of the paths.
pub(super) fn list(
    found: Discovered,
    passed_over: Vec<(PathBuf, &'static str)>,
    terminal: &mut Terminal,
) {
    let passed_over = passed_over.into_iter();
    let passed_over = passed_over.map(|(path, why)| (path, why.to_owned()));
    let mut listed: Vec<(PathBuf, String)> = found.listed.into_iter().chain(passed_over).collect();
    listed.sort();
    for (path, why) in listed {
        terminal.say(&format!("passed over `{}`: {why}", shown(&path)));
    }
}
