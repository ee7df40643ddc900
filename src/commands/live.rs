//! `ecrlint check --live`: reads what is live where the templates are deployed, and keeps what they are about.
//! It does not know what differs.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::body::{self, Body};
use super::loading::{is_unfinished, unfinished};
use super::scratch::with_scratch;
use super::streaming::{FileRemarks, LiveRecords, SnapshotStream, Spool, StreamRemarks, described};
use crate::door::{Door, Namer};
use crate::engine::{CounterpartCriteria, Counterparts};
use crate::input::{self, Context, DeployTarget, Loaded};
use crate::model::{AccountRegion, Inventory};
use crate::source::{self, NotText, Problem, SourceId, Sources, Span, shown};

/// The live repositories that the templates of a run are about. What cannot be read is added to `problems`.
pub(super) fn read(
    paths: &[PathBuf],
    door: &Door,
    inventory: &Inventory,
    sources: &mut Sources,
    said: &mut StreamRemarks,
) -> Option<Counterparts> {
    if paths.is_empty() {
        return None;
    }
    let mut reading = Reading {
        sought: CounterpartCriteria::of(inventory),
        live: Counterparts::default(),
        door,
        said,
    };
    for path in paths {
        let file = sources.add(shown(path), "");
        if is_unfinished(path) && !reading.said.allows_partial {
            reading.said.problems.push(unfinished(path, file));
            continue;
        }
        if let Err(error) = reading.file(path, file, sources) {
            let title = format!("cannot read `{}`: {error}", shown(path));
            let problem = Problem::new(Span::new(file, 0, 0), title);
            reading.said.problems.push(problem);
        }
    }
    Some(reading.live)
}

/// Where templates are deployed of which nothing else says it: what was `chosen`, else where what they are compared with is.
pub(super) fn place(chosen: DeployTarget, paths: &[PathBuf], door: &Door) -> DeployTarget {
    match (&chosen.account, &chosen.region) {
        (None, None) => only_place(paths, door).unwrap_or_default(),
        _ => chosen,
    }
}

/// The one account and region that snapshots show; `None` where they show several, or none that is known. What cannot
/// be read says so when it is read for good.
fn only_place(paths: &[PathBuf], door: &Door) -> Option<DeployTarget> {
    let mut places = BTreeSet::new();
    for path in paths {
        places.extend(homes(path, door).ok()?);
    }
    let mut places = places.into_iter();
    let AccountRegion { account, region } = places.next()?;
    let only = places.next().is_none();
    (only && account.is_some() && region.is_some()).then_some(DeployTarget { account, region })
}

/// Accounts and regions of what a file holds.
fn homes(path: &Path, door: &Door) -> io::Result<BTreeSet<AccountRegion>> {
    let id = SourceId::default();
    Ok(match open(path, door)? {
        LiveFile::Stream(file, spool) => SnapshotStream::new(file, id, spool).homes()?,
        LiveFile::Document(text) => described(&load(&text, id)),
        LiveFile::NoText(_) => BTreeSet::new(),
    })
}

/// What is in a file.
enum LiveFile {
    /// One record a line.
    Stream(File, Option<Spool>),
    /// One document.
    Document(String),
    NoText(NotText),
}

fn open(path: &Path, door: &Door) -> io::Result<LiveFile> {
    let bytes = match body::open(path, door, Namer::User, body::memory())? {
        Body::Lines(file, spool) => return Ok(LiveFile::Stream(file, spool)),
        Body::Whole(bytes) => bytes,
    };
    let text = match source::decode(bytes) {
        Ok(text) => text,
        Err(not_text) => return Ok(LiveFile::NoText(not_text)),
    };
    match body::decoded_lines(&text) {
        Some(copied) => copied.map(|(spool, file)| LiveFile::Stream(file, Some(spool))),
        None => Ok(LiveFile::Document(text)),
    }
}

fn load(text: &str, id: SourceId) -> Loaded {
    with_scratch(|scratch| input::load(text, id, &Context::default(), scratch))
}

struct Reading<'p> {
    door: &'p Door,
    sought: CounterpartCriteria,
    live: Counterparts,
    said: &'p mut StreamRemarks,
}

impl Reading<'_> {
    /// Reads a file line by line, or as one document where it has no record a line.
    fn file(&mut self, path: &Path, file: SourceId, sources: &mut Sources) -> io::Result<()> {
        match open(path, self.door)? {
            LiveFile::Stream(open, spool) => {
                let mut stream = SnapshotStream::new(open, file, spool);
                stream.meet(&self.sought, &mut self.live, sources, self.said);
            }
            LiveFile::Document(text) => self.document(text, file, sources),
            LiveFile::NoText(not_text) => {
                self.said.problems.push(not_text.problem(file));
                sources.fill(file, not_text.text);
            }
        }
        Ok(())
    }

    fn document(&mut self, text: String, file: SourceId, sources: &mut Sources) {
        let loaded = load(&text, file);
        let is_live = loaded.kind.is_some_and(input::is_live);
        if !is_live && loaded.problems.is_empty() {
            let problem = Problem::new(Span::new(file, 0, 0), "this is not a record of a snapshot");
            let help = "give `--live` what `ecrlint snapshot` wrote";
            self.said.problems.push(problem.help(help));
        } else {
            let mut records = LiveRecords::default();
            records.take(loaded, file, &text, &self.sought);
            let mut remarks = FileRemarks::default();
            records.hand_on(&mut self.live, &mut remarks, sources, self.said);
            remarks.close(file, None, self.said);
        }
        sources.fill(file, text);
    }
}
