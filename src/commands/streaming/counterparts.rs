//! Looks in a snapshot for what templates are compared with, and keeps nothing else.
//! It does not know what differs.

use std::collections::BTreeSet;
use std::io;

use rayon::prelude::*;

use super::super::scratch::with_scratch;
use super::chunks::LineBatch;
use super::line_texts::read;
use super::remarks::{FileRemarks, LineRemarks, StreamRemarks};
use super::{SnapshotStream, load};
use crate::engine::{CounterpartCriteria, Counterparts};
use crate::input::snapshot::images;
use crate::input::{Loaded, Note};
use crate::model::{AccountRegion, Entity, RegistryScanning};
use crate::source::{SourceId, Sources};

/// What records of a snapshot say to templates.
#[derive(Default)]
pub(in crate::commands) struct LiveRecords {
    found: Vec<Entity>,
    registries: Vec<RegistryScanning>,
    /// Accounts and regions of all repositories.
    shown: BTreeSet<AccountRegion>,
    remarks: LineRemarks,
}

impl LiveRecords {
    /// Takes what a text says that is `id`.
    pub(in crate::commands) fn take(
        &mut self,
        loaded: Loaded,
        id: SourceId,
        text: &str,
        sought: &CounterpartCriteria,
    ) {
        let mut is_shown = self.remarks.lack(loaded.gaps) || !loaded.registries.is_empty();
        for problem in loaded.problems {
            self.remarks.refuse(id, text, problem);
        }
        for note in loaded.notes {
            if matches!(note, Note::Undetermined { .. }) {
                is_shown = true;
                self.remarks.notes.push(note);
            }
        }
        self.registries.extend(loaded.registries);
        for mut repository in loaded.entities {
            if sought.seeks(&repository) {
                with_scratch(|scratch| images::give(&mut repository, text, scratch));
                is_shown = true;
                self.found.push(repository);
            } else {
                self.shown.insert(home(&repository));
            }
        }
        if is_shown {
            self.remarks.show(id, text);
        }
    }

    /// Hands on what was found, and what there is to say of it.
    pub(in crate::commands) fn hand_on(
        self,
        live: &mut Counterparts,
        remarks: &mut FileRemarks,
        sources: &mut Sources,
        said: &mut StreamRemarks,
    ) {
        self.found.into_iter().for_each(|one| live.add(one));
        let registries = self.registries.into_iter();
        registries.for_each(|one| live.add_registry(one));
        self.shown.iter().for_each(|place| live.show(place));
        remarks.add(self.remarks, sources, said);
    }
}

impl SnapshotStream {
    /// Finds the live repositories that templates are compared with, and gives the lines ids.
    pub(in crate::commands) fn meet(
        &mut self,
        sought: &CounterpartCriteria,
        live: &mut Counterparts,
        sources: &mut Sources,
        said: &mut StreamRemarks,
    ) {
        let mut remarks = FileRemarks::default();
        let mut open_line = None;
        let outcome = self.number(sources).and_then(|()| {
            let first = self.first;
            let outcome = self.chunks(|chunk| {
                open_line = chunk.open_line().map(|line| first.after(line as usize));
                let pieces = chunk.pieces().into_par_iter();
                let met = pieces.map(|piece| meet(piece, first, sought));
                for one in met.collect::<Vec<LiveRecords>>() {
                    one.hand_on(live, &mut remarks, sources, said);
                }
            });
            outcome.map_err(|error| self.unreadable(&error, sources))
        });
        said.problems.extend(outcome.err());
        remarks.close(self.id, open_line, said);
    }

    /// Accounts and regions of what the lines describe; once there are two, no more are looked for.
    pub(in crate::commands) fn homes(&mut self) -> io::Result<BTreeSet<AccountRegion>> {
        let id = self.id;
        let mut homes = BTreeSet::new();
        let outcome = self.chunks(|chunk| {
            if homes.len() < 2 {
                let pieces = chunk.pieces().into_par_iter();
                let found = pieces.map(|piece| homes_of(piece, id));
                homes.extend(found.collect::<Vec<_>>().into_iter().flatten());
            }
        });
        outcome.map(|_| homes)
    }
}

fn meet(piece: LineBatch<'_>, first: SourceId, sought: &CounterpartCriteria) -> LiveRecords {
    let mut records = LiveRecords::default();
    for (id, read) in read(piece, first) {
        match read {
            Ok(text) => {
                let loaded = load(text, id, &mut Vec::new());
                records.take(loaded, id, text, sought);
            }
            Err((text, problem)) => records.remarks.refuse(id, &text, problem),
        }
    }
    records
}

fn homes_of(piece: LineBatch<'_>, id: SourceId) -> BTreeSet<AccountRegion> {
    let lines = read(piece, id);
    let texts = lines.filter_map(|(_, read)| read.ok());
    texts
        .flat_map(|text| described(&load(text, id, &mut Vec::new())))
        .collect()
}

/// Accounts and regions of what a text describes.
pub(in crate::commands) fn described(loaded: &Loaded) -> BTreeSet<AccountRegion> {
    let registries = loaded.registries.iter();
    let registries = registries.map(|one| AccountRegion {
        account: one.account.clone(),
        region: one.region.clone(),
    });
    let repositories = loaded.entities.iter();
    repositories.map(home).chain(registries).collect()
}

fn home(entity: &Entity) -> AccountRegion {
    AccountRegion {
        account: entity.subject.account.clone(),
        region: entity.subject.region.clone(),
    }
}
