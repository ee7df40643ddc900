//! Looks in a snapshot for what templates are compared with, and keeps nothing else.
//! It does not know what differs.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::reading::read;
use super::waves::LineBatch;
use super::{MOST_PROBLEMS, SCRATCH, SnapshotStream, StreamRemarks, load};
use crate::engine::{CounterpartCriteria, Counterparts};
use crate::input::snapshot::gaps::Gaps;
use crate::input::snapshot::images;
use crate::input::{Loaded, Note};
use crate::model::{AccountRegion, Entity, RegistryScanning};
use crate::source::{Problem, SourceId, Sources};

/// What records of a snapshot say to templates.
#[derive(Default)]
pub(in crate::commands) struct LiveRecords {
    found: Vec<Entity>,
    registries: Vec<RegistryScanning>,
    /// Accounts and regions of all repositories.
    shown: BTreeSet<AccountRegion>,
    /// Texts that have to be shown.
    kept: Vec<(SourceId, String)>,
    said: StreamRemarks,
    gaps: Gaps,
}

impl LiveRecords {
    /// Takes what a text says that is `id`.
    pub(in crate::commands) fn take(
        &mut self,
        loaded: Loaded,
        (id, text): (SourceId, &str),
        sought: &CounterpartCriteria,
    ) {
        let mut is_shown = self.gaps.is_new_place(&loaded.gaps) || !loaded.problems.is_empty();
        self.gaps.add(loaded.gaps);
        let room = MOST_PROBLEMS.saturating_sub(self.said.problems.len());
        let problems = loaded.problems.into_iter();
        self.said.problems.extend(problems.take(room));
        let notes = loaded.notes.into_iter();
        let hidden: Vec<Note> = notes
            .filter(|note| matches!(note, Note::Undetermined { .. }))
            .collect();
        is_shown |= !hidden.is_empty() || !loaded.registries.is_empty();
        self.said.notes.extend(hidden);
        self.registries.extend(loaded.registries);
        for mut repository in loaded.entities {
            if sought.seeks(&repository) {
                SCRATCH.with_borrow_mut(|scratch| images::give(&mut repository, text, scratch));
                is_shown = true;
                self.found.push(repository);
            } else {
                self.shown.insert(home(&repository));
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

    /// Hands on what was found, and keeps the lines that a report has to show. What is not there is told when the file
    /// is at its end.
    pub(in crate::commands) fn hand_on(
        self,
        live: &mut Counterparts,
        (sources, said): (&mut Sources, &mut StreamRemarks),
    ) -> Gaps {
        self.found.into_iter().for_each(|one| live.add(one));
        let registries = self.registries.into_iter();
        registries.for_each(|one| live.add_registry(one));
        self.shown.iter().for_each(|place| live.show(place));
        for (id, text) in self.kept {
            sources.keep_line(id, text);
        }
        let room = MOST_PROBLEMS.saturating_sub(said.problems.len());
        said.problems
            .extend(self.said.problems.into_iter().take(room));
        said.notes.extend(self.said.notes);
        self.gaps
    }
}

impl SnapshotStream {
    /// Finds the live repositories that templates are compared with, and gives the lines ids.
    pub(in crate::commands) fn meet(
        &mut self,
        sought: &CounterpartCriteria,
        live: &mut Counterparts,
        (sources, said): (&mut Sources, &mut StreamRemarks),
    ) {
        let mut gaps = Gaps::default();
        let mut open_line = None;
        let outcome = self.number(sources).and_then(|()| {
            let first = self.first;
            let outcome = self.waves(|wave| {
                open_line = wave.open_line().map(|line| first.after(line as usize));
                let pieces = wave.pieces().into_par_iter();
                let met = pieces.map(|piece| meet(piece, first, wave.is_cut, sought));
                for one in met.collect::<Vec<LiveRecords>>() {
                    gaps.add(one.hand_on(live, (sources, said)));
                }
            });
            outcome.map_err(|error| self.unreadable(&error, sources))
        });
        said.problems.extend(outcome.err());
        if let Some(line) = open_line.filter(|_| said.allows_partial) {
            said.forgive(line);
        }
        said.note(gaps);
    }

    /// Accounts and regions of what the lines describe; no more than two, which say that there are several. What cannot
    /// be read says so when it is read for good.
    pub(in crate::commands) fn homes(&mut self) -> BTreeSet<AccountRegion> {
        let id = self.id;
        let mut homes = BTreeSet::new();
        let outcome = self.waves(|wave| {
            if homes.len() < 2 {
                let pieces = wave.pieces().into_par_iter();
                let found = pieces.map(|piece| homes_of(piece, id));
                homes.extend(found.collect::<Vec<_>>().into_iter().flatten());
            }
        });
        outcome.map_or_else(|_| BTreeSet::new(), |_| homes)
    }
}

fn meet(
    piece: LineBatch<'_>,
    first: SourceId,
    is_cut: bool,
    sought: &CounterpartCriteria,
) -> LiveRecords {
    let mut records = LiveRecords::default();
    for (id, read) in read(piece, first, is_cut) {
        match read {
            Ok(text) => {
                let loaded = load(text, id, &mut Vec::new());
                records.take(loaded, (id, text), sought);
            }
            Err((text, problem)) => records.refuse(id, &text, problem),
        }
    }
    records
}

fn homes_of(piece: LineBatch<'_>, id: SourceId) -> BTreeSet<AccountRegion> {
    let lines = read(piece, id, false);
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
