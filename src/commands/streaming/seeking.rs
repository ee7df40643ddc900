//! Looks in a snapshot for single repositories, and keeps these with what governs them.
//! It does not know what is said of them.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::reading::read;
use super::waves::LineBatch;
use super::{MOST_PROBLEMS, SnapshotStream, StreamRemarks, load};
use crate::engine::Looked;
use crate::input::snapshot::gaps::Gaps;
use crate::model::{Entity, EntityKind};
use crate::source::{Problem, SourceId, Sources};

/// Names that are kept for whoever mistypes one.
const MOST_NAMES: usize = 10_000;

/// What a look at some lines finds.
#[derive(Default)]
struct Sighted {
    found: Vec<Entity>,
    /// Texts that have to be shown.
    kept: Vec<(SourceId, String)>,
    names: BTreeSet<String>,
    count: usize,
    said: StreamRemarks,
    gaps: Gaps,
}

impl SnapshotStream {
    /// The repositories of a snapshot that are wanted, and the policies of its registries. Lines have ids by now.
    pub(in crate::commands) fn seek(
        &mut self,
        is_wanted: impl Fn(&Entity) -> bool + Sync,
        (sources, said, looked): (&mut Sources, &mut StreamRemarks, &mut Looked),
    ) -> Vec<Entity> {
        let first = self.first;
        let mut found = Vec::new();
        let mut gaps = Gaps::default();
        let outcome = self.waves(|wave| {
            let is_cut = wave.is_cut;
            let pieces = wave.pieces().into_par_iter();
            let sighted = pieces.map(|piece| sight(piece, first, is_cut, &is_wanted));
            for one in sighted.collect::<Vec<Sighted>>() {
                found.extend(one.found);
                for (id, text) in one.kept {
                    sources.keep_line(id, text);
                }
                looked.count += one.count;
                let room = MOST_NAMES.saturating_sub(looked.names.len());
                looked.names.extend(one.names.into_iter().take(room));
                let room = MOST_PROBLEMS.saturating_sub(said.problems.len());
                said.problems
                    .extend(one.said.problems.into_iter().take(room));
                said.notes.extend(one.said.notes);
                gaps.add(one.gaps);
            }
        });
        if let Err(error) = outcome {
            said.problems.push(self.unreadable(&error, sources));
        }
        said.note(gaps);
        found
    }
}

fn sight(
    piece: LineBatch<'_>,
    first: SourceId,
    is_cut: bool,
    is_wanted: &impl Fn(&Entity) -> bool,
) -> Sighted {
    let mut sighted = Sighted::default();
    for (id, read) in read(piece, first, is_cut) {
        match read {
            Ok(text) => sighted.take(id, text, is_wanted),
            Err((text, problem)) => sighted.refuse(id, &text, problem),
        }
    }
    sighted
}

impl Sighted {
    fn take(&mut self, id: SourceId, text: &str, is_wanted: &impl Fn(&Entity) -> bool) {
        let loaded = load(text, id, &mut Vec::new());
        let is_edge = self.gaps.is_new_place(&loaded.gaps);
        let mut is_shown = is_edge || !loaded.notes.is_empty();
        self.gaps.add(loaded.gaps);
        for problem in loaded.problems {
            self.refuse(id, text, problem);
        }
        self.said.notes.extend(loaded.notes);
        for repository in loaded.entities {
            let is_private = repository.kind() == EntityKind::Private;
            self.count += usize::from(is_private);
            if repository.kind() == EntityKind::Registry || is_wanted(&repository) {
                is_shown = true;
                self.found.push(repository);
            } else if is_private && self.names.len() < MOST_NAMES {
                self.names.extend(repository.subject.name);
            }
        }
        if is_shown {
            self.kept.push((id, text.to_owned()));
        }
    }

    /// Takes note of a line that cannot be read; a few of a piece are enough.
    fn refuse(&mut self, id: SourceId, text: &str, problem: Problem) {
        if self.said.problems.len() < MOST_PROBLEMS {
            self.kept.push((id, text.to_owned()));
            self.said.problems.push(problem);
        }
    }
}
