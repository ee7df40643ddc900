//! The time of day, as snapshots have it.

use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// The time of day in UTC, to the second.
pub(super) fn now() -> String {
    let seconds = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let time = DateTime::from_secs(i64::try_from(seconds).unwrap_or(0));
    time.fmt(Format::DateTime).unwrap_or_default()
}
