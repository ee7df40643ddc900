//! Texts of which each line is a text of its own: streams beyond any size, whose lines are kept only
//! where somebody has to see them.
//! It does not know what the lines say.

use std::collections::BTreeMap;

use super::SourceId;
use super::text::Source;

/// The lines of one text. Their ids are given out from the largest one down, so that no text that is
/// added later is in their way.
#[derive(Debug, Default)]
pub(super) struct StreamedLines {
    /// The text as a whole.
    pub(super) file: SourceId,
    /// Id of the first line.
    pub(super) first: u32,
    pub(super) count: u32,
    /// Those that somebody has to see.
    pub(super) kept: BTreeMap<u32, Source>,
}

/// In which order the texts of a run stand, when lines have ids of their own.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// First id, number of ids, and the text that they are lines of.
    pub(super) ranges: Vec<(u32, u32, SourceId)>,
}

impl Order {
    /// What to sort a text by: the file that it is, or is a line of, then itself.
    #[must_use]
    pub fn of(&self, id: SourceId) -> (SourceId, Option<SourceId>) {
        let range = self
            .ranges
            .iter()
            .find(|(first, count, _)| id.0 >= *first && id.0 - first < *count);
        match range {
            Some((_, _, file)) => (*file, Some(id)),
            None => (id, None),
        }
    }
}
