//! A run of `check` that is over: what it ran with, and what it found. It does not know what comes of that.

use crate::commands::setup::Setup;
use crate::report::DraftReport;

/// What a run of `check` ran with, and what it found.
#[derive(Clone, Copy)]
pub(in crate::commands) struct CheckRun<'a> {
    pub(in crate::commands) setup: &'a Setup,
    pub(in crate::commands) draft: &'a DraftReport,
}
