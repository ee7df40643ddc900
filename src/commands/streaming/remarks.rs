//! What there is to say about snapshots that are read line by line, besides findings.
//! It does not know how lines are read.

use crate::input::Note;
use crate::input::snapshot::gaps::Gaps;
use crate::source::{Problem, SourceId, Sources, Span};

/// Lines of one file that cannot be read and are reported one by one.
const MOST_PROBLEMS: usize = 100;

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
    fn forgive(&mut self, line: SourceId) {
        let is_there = |problem: &mut Problem| problem.span.source == line;
        let forgiven = self.problems.extract_if(.., is_there);
        self.notes.extend(forgiven.map(Note::Mistake));
    }

    /// What there is to say before streams are read: problems, notes, and what of other snapshots is not there.
    pub(in crate::commands) fn of(
        problems: Vec<Problem>,
        notes: Vec<Note>,
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

/// What there is to show and to say of some lines of a file.
#[derive(Default)]
pub(super) struct LineRemarks {
    /// Texts that a report has to show.
    kept: Vec<(SourceId, String)>,
    problems: Vec<Problem>,
    pub(super) notes: Vec<Note>,
    /// Lines that cannot be read, those included that are not told.
    unread: usize,
    gaps: Gaps,
}

impl LineRemarks {
    /// Takes note of a line that cannot be read; a few of a piece are enough.
    pub(super) fn refuse(&mut self, id: SourceId, text: &str, problem: Problem) {
        self.unread += 1;
        if self.problems.len() < MOST_PROBLEMS {
            self.show(id, text);
            self.problems.push(problem);
        }
    }

    /// Keeps a text that a report has to show.
    pub(super) fn show(&mut self, id: SourceId, text: &str) {
        self.kept.push((id, text.to_owned()));
    }

    /// Takes what of the snapshot is not there by a line; whether it is of a place that no line before was of.
    pub(super) fn lack(&mut self, gaps: Gaps) -> bool {
        let is_edge = self.gaps.is_new_place(&gaps);
        self.gaps.add(gaps);
        is_edge
    }
}

/// What was said about the lines of one file.
#[derive(Default)]
pub(in crate::commands) struct FileRemarks {
    told: usize,
    untold: usize,
    /// Titles of remarks, which are made once.
    remarks: Vec<String>,
    gaps: Gaps,
}

impl FileRemarks {
    /// Hands on what there is to say of some lines, and keeps those that a report has to show.
    pub(super) fn add(
        &mut self,
        mut new: LineRemarks,
        sources: &mut Sources,
        said: &mut StreamRemarks,
    ) {
        for (id, text) in new.kept {
            sources.keep_line(id, text);
        }
        new.problems.truncate(MOST_PROBLEMS - self.told);
        self.told += new.problems.len();
        self.untold += new.unread - new.problems.len();
        said.problems.extend(new.problems);
        for note in new.notes {
            if let Note::Mistake(problem) = &note {
                if self.remarks.contains(&problem.title) {
                    continue;
                }
                self.remarks.push(problem.title.clone());
            }
            said.notes.push(note);
        }
        self.gaps.add(new.gaps);
    }

    /// Says what is left to say when all lines of the file `id` are known, of which the last, `open_line`, may have been
    /// cut off.
    pub(in crate::commands) fn close(
        self,
        id: SourceId,
        open_line: Option<SourceId>,
        said: &mut StreamRemarks,
    ) {
        if self.untold > 0 {
            let title = format!("{} more lines of the snapshot cannot be read", self.untold);
            let help = "capture the snapshot again, with `ecrlint snapshot`";
            let problem = Problem::new(Span::new(id, 0, 0), title);
            said.problems.push(problem.help(help));
        }
        if let Some(line) = open_line.filter(|_| said.allows_partial) {
            said.forgive(line);
        }
        said.note(self.gaps);
    }
}
