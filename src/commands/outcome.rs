//! What became of each file that was read.
//! It does not know how files are read.

use std::fs::File;

use super::streaming::Spool;
use crate::input::Loaded;
use crate::model::AccountRegion;

/// What became of one file.
#[derive(Default)]
pub(super) struct FileOutcome {
    /// Kept where findings may have to show it.
    pub(super) text: String,
    pub(super) loaded: Loaded,
    /// An input of a known kind, with or without repositories.
    pub(super) input: bool,
    /// Whether it may deploy other templates of the run.
    pub(super) nests: bool,
    /// Whether it may have SSM parameters of other templates' repositories, though none of its own.
    pub(super) publishes: bool,
    /// Whether it may run images of other templates' repositories, though it has none.
    pub(super) runs: bool,
    /// Where it is deployed.
    pub(super) home: AccountRegion,
    /// To be read line by line.
    pub(super) stream: Option<(File, Option<Spool>)>,
    /// Why it was not read, where a look at its bytes was enough.
    pub(super) passed_over: Option<&'static str>,
}

impl FileOutcome {
    /// Whether there is anything in it that a report would show.
    pub(super) fn is_read(&self) -> bool {
        self.loaded.kind.is_some() || !self.loaded.problems.is_empty()
    }
}
