//! The parser of YAML as it is used here.
//! It does not know what comes of its events.

use granit_parser::Options;

use super::super::stack::MAX_DEPTH;

/// Limits of the YAML parser. It reads up to 1,024 characters ahead to find out what is a key, so
/// its limits of nesting are that much wider than ours, and ours speak first.
pub(super) fn options() -> Options {
    let mut options = Options::default();
    options.flow_nesting_limit = MAX_DEPTH + 2 * 1024;
    options.block_nesting_limit = MAX_DEPTH + 2 * 1024;
    options.max_buffered_comment_events = usize::MAX;
    options
}
