//! Looks in a snapshot for single repositories, and keeps these with what governs them.
//! It does not know what is said of them.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::chunks::LineBatch;
use super::line_texts::read;
use super::remarks::{FileRemarks, LineRemarks, StreamRemarks};
use super::{SnapshotStream, load};
use crate::engine::Looked;
use crate::model::{Entity, EntityKind};
use crate::source::{SourceId, Sources};

/// Names that are kept for whoever mistypes one.
const MOST_NAMES: usize = 10_000;

/// What a look at some lines finds.
#[derive(Default)]
struct Sighted {
    found: Vec<Entity>,
    names: BTreeSet<String>,
    count: usize,
    remarks: LineRemarks,
}

impl SnapshotStream {
    /// The repositories of a snapshot that are wanted, and the policies of its registries. Lines have ids by now.
    pub(in crate::commands) fn seek(
        &mut self,
        is_wanted: impl Fn(&Entity) -> bool + Sync,
        sources: &mut Sources,
        said: &mut StreamRemarks,
        looked: &mut Looked,
    ) -> Vec<Entity> {
        let first = self.first;
        let mut found = Vec::new();
        let mut remarks = FileRemarks::default();
        let outcome = self.chunks(|chunk| {
            let pieces = chunk.pieces().into_par_iter();
            let sighted = pieces.map(|piece| sight(piece, first, &is_wanted));
            for one in sighted.collect::<Vec<Sighted>>() {
                found.extend(one.found);
                looked.count += one.count;
                let room = MOST_NAMES.saturating_sub(looked.names.len());
                looked.names.extend(one.names.into_iter().take(room));
                remarks.add(one.remarks, sources, said);
            }
        });
        if let Err(error) = outcome {
            said.problems.push(self.unreadable(&error, sources));
        }
        remarks.close(self.id, None, said);
        found
    }
}

fn sight(piece: LineBatch<'_>, first: SourceId, is_wanted: &impl Fn(&Entity) -> bool) -> Sighted {
    let mut sighted = Sighted::default();
    for (id, read) in read(piece, first) {
        match read {
            Ok(text) => sighted.take(id, text, is_wanted),
            Err((text, problem)) => sighted.remarks.refuse(id, &text, problem),
        }
    }
    sighted
}

impl Sighted {
    fn take(&mut self, id: SourceId, text: &str, is_wanted: &impl Fn(&Entity) -> bool) {
        let loaded = load(text, id, &mut Vec::new());
        let mut is_shown = self.remarks.lack(loaded.gaps) || !loaded.notes.is_empty();
        for problem in loaded.problems {
            self.remarks.refuse(id, text, problem);
        }
        self.remarks.notes.extend(loaded.notes);
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
            self.remarks.show(id, text);
        }
    }
}
