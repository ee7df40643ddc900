//! The words by which ignores are known, in metadata and in comments.
//! It does not know how they are read.

/// The key of the tool's metadata, and the first word of its comments.
pub(super) const TOOL: &str = "ecrlint";
/// The one thing that either can say.
pub(super) const IGNORE: &str = "ignore";
