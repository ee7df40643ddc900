//! What there is to say about snapshots that are read line by line, besides findings.
//! It does not know how lines are read.

use crate::input::Note;
use crate::input::snapshot::gaps::Gaps;
use crate::source::{Problem, SourceId};

/// What there is to say about the lines of streams, besides findings.
#[derive(Default)]
pub(in crate::commands) struct StreamRemarks {
    pub(in crate::commands) problems: Vec<Problem>,
    pub(in crate::commands) notes: Vec<Note>,
    /// Whether what is there of a snapshot that was cut off is judged all the same.
    pub(in crate::commands) allows_partial: bool,
    /// What of the snapshots of the run is not there.
    pub(in crate::commands) gaps: Vec<Gaps>,
}

impl StreamRemarks {
    /// Makes remarks of the mistakes in a line that was cut off.
    pub(super) fn forgive(&mut self, line: SourceId) {
        let is_there = |problem: &mut Problem| problem.span.source == line;
        let forgiven = self.problems.extract_if(.., is_there);
        self.notes.extend(forgiven.map(Note::Mistake));
    }

    /// What there is to say before streams are read: problems, notes, and what of other snapshots is not there.
    pub(in crate::commands) fn of(
        (problems, notes): (Vec<Problem>, Vec<Note>),
        gaps: Vec<Gaps>,
        allows_partial: bool,
    ) -> Self {
        let mut said = Self {
            problems,
            notes,
            allows_partial,
            gaps: Vec::new(),
        };
        gaps.into_iter().for_each(|gaps| said.note(gaps));
        said
    }

    /// Whether there may be repositories that are not seen.
    pub(super) fn hides(&self) -> bool {
        let hides = |note: &Note| matches!(note, Note::Undetermined { .. } | Note::Unknown(_));
        !self.problems.is_empty() || self.notes.iter().any(hides)
    }

    /// Takes what of a snapshot is not there.
    pub(in crate::commands) fn note(&mut self, gaps: Gaps) {
        match (gaps.loss(), self.allows_partial) {
            (Some(loss), true) => {
                let loss = loss.help("capture it again with `ecrlint snapshot`");
                self.notes.push(Note::Unknown(loss));
            }
            (loss, _) => self.problems.extend(loss),
        }
        self.notes.extend(gaps.refusals().map(Note::Refused));
        self.gaps.push(gaps);
    }
}
