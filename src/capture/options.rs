//! What to capture, as whom, and where to.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::operation::SnapshotPart;

/// What to capture, as whom, and where to.
#[derive(Clone, Debug, Default)]
pub struct CaptureOptions {
    /// Profile of the shared configuration; `None` for the standard chain.
    pub profile: Option<String>,
    /// Roles to take, each for its account; empty for the account of the credentials themselves.
    pub roles: Vec<String>,
    /// Regions; empty for the one of the profile or the environment.
    pub regions: Vec<String>,
    /// Every region that the account has enabled.
    pub all_regions: bool,
    /// Regions of single accounts, instead of `regions`.
    pub regions_of: BTreeMap<String, Vec<String>>,
    /// Longest time from a request to the last byte of its answer.
    pub patience: Duration,
    /// Endpoint of every service instead of AWS's own.
    pub endpoint_url: Option<String>,
    /// What to capture, in the order of [`SnapshotPart::ALL`].
    pub parts: Vec<SnapshotPart>,
    /// How parameters are named, with `{BASE}` and `{kind}` in it.
    pub parameter_name: String,
    /// The file; `None` for standard output.
    pub output: Option<PathBuf>,
    /// Go on with what an interrupted run has left.
    pub resume: bool,
    /// Replace the file whatever it holds.
    pub force: bool,
}

impl CaptureOptions {
    /// The names of the parts, as a snapshot has them.
    pub(super) fn included(&self) -> Vec<&'static str> {
        self.parts.iter().map(|part| part.word()).collect()
    }
}
