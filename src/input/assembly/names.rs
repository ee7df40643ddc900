//! Names of the files and folders of an assembly.
//! It does not know what is in them.

/// File that describes an assembly.
pub const MANIFEST: &str = "manifest.json";
/// File that marks the folder of an assembly.
pub(super) const MARKER: &str = "cdk.out";
/// File that is there while a synthesis runs.
pub(super) const LOCK: &str = "synth.lock";
