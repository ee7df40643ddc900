//! The kinds of events that a pattern, read field by field, still leaves.
//! It does not know which fields come first.

use super::conjunct::Field;
use super::kind::Kind;
use super::pattern::fits;

/// The kinds of events that may be meant.
pub(super) struct Left<'k> {
    /// Those that are sent.
    pub(super) kinds: Vec<&'k Kind>,
    /// Those that are not, because of the way in which the registry scans.
    pub(super) unsent: Vec<&'k Kind>,
}

impl Left<'static> {
    /// Those that a field does not leave out.
    pub(super) fn under(&self, field: &Field<'_>) -> Self {
        let under = |kinds: &[&'static Kind]| {
            let kinds = kinds.iter().copied();
            kinds
                .filter(|kind| !fits(field, &kind.event).is_no())
                .collect()
        };
        Self {
            kinds: under(&self.kinds),
            unsent: under(&self.unsent),
        }
    }
}
