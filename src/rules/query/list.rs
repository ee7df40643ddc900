//! Positions in a list whose items may be absent, or may turn out to be.
//! It does not know queries.

use crate::model::{Data, Value};
use crate::rules::format::Slice;

/// Number of items of a list, 0 for anything else; or the item that may not be there, because of
/// which no position behind it is certain.
pub(super) fn sure_length(value: Value<'_>) -> Result<i64, Value<'_>> {
    let mut length = 0;
    for item in value.items() {
        match item.data() {
            Data::Absent => {}
            Data::Unknown(unknown) if unknown.maybe_absent => return Err(item),
            _ => length += 1,
        }
    }
    Ok(length)
}

/// The item at a position; the first that may be absent where that leaves the positions open.
pub(super) fn at(index: i64, list: Value<'_>) -> Option<Value<'_>> {
    let length = match sure_length(list) {
        Ok(length) => length,
        Err(unsure) => return Some(unsure),
    };
    let position = if index < 0 {
        length.checked_add(index)
    } else {
        Some(index)
    };
    let position = usize::try_from(position?).ok()?;
    list.items().filter(|item| !item.is_absent()).nth(position)
}

/// Whether a value is not known, and may turn out not to be there.
pub(super) fn may_be_absent(value: Value<'_>) -> bool {
    value
        .as_unknown()
        .is_some_and(|unknown| unknown.maybe_absent)
}

impl Slice {
    /// The bounds within a list of `length` items (RFC 9535, section 2.3.4.2.2); none for step 0.
    pub(super) fn bounds(self, length: i64) -> Option<(i64, i64)> {
        let normal = |index: i64| {
            if index >= 0 {
                index
            } else {
                length.saturating_add(index)
            }
        };
        match self.step {
            0 => None,
            1.. => Some((
                normal(self.start.unwrap_or(0)).clamp(0, length),
                normal(self.end.unwrap_or(length)).clamp(0, length),
            )),
            _ => Some((
                self.end.map_or(-1, |end| normal(end).clamp(-1, length - 1)),
                self.start
                    .map_or(length - 1, |start| normal(start).clamp(-1, length - 1)),
            )),
        }
    }
}
