//! The kinds of events that a pattern, read field by field, still leaves.
//! It does not know which fields come first.

use super::conjunct::PatternField;
use super::kind::EventKind;
use super::pattern::fits;

/// The kinds of events that may be meant.
pub(super) struct CandidateKinds<'k> {
    /// Those that are sent.
    pub(super) kinds: Vec<&'k EventKind>,
    /// Those that are not, because of the way in which the registry scans.
    pub(super) unsent: Vec<&'k EventKind>,
}

impl CandidateKinds<'static> {
    /// Those that a field does not leave out.
    pub(super) fn under(&self, field: &PatternField<'_>) -> Self {
        let under = |kinds: &[&'static EventKind]| {
            let kinds = kinds.iter().copied();
            kinds
                .filter(|kind| !fits(field, &kind.event).is_false())
                .collect()
        };
        Self {
            kinds: under(&self.kinds),
            unsent: under(&self.unsent),
        }
    }
}
