//! Judges snapshots line by line, however large they are: first what all lines say about each other,
//! then each line by itself.
//! It does not know what a record is made of.

mod chunks;
mod counterparts;
mod line_texts;
mod remarks;
mod search;
mod spool;

use std::fs::File;
use std::io::{self, Seek, SeekFrom};

use rayon::prelude::*;

use self::chunks::{Chunk, Chunks, LineBatch, lines};
pub(super) use self::counterparts::{LiveRecords, described};
use self::line_texts::{read, text};
use self::remarks::LineRemarks;
pub(super) use self::remarks::{FileRemarks, StreamRemarks};
pub(super) use self::spool::Spool;
use super::scratch::with_scratch;
use crate::engine::{Findings, Session, Whole};
use crate::input::Loaded;
use crate::input::snapshot::lines::{Glance, glance, load_line};
use crate::model::{AccountRegion, Inventory, RegistryScanning};
use crate::source::{Problem, SourceId, Sources, Span};

/// A snapshot that is read more than once.
pub(super) struct SnapshotStream {
    file: File,
    /// The file as a whole.
    id: SourceId,
    /// The first of its lines.
    first: SourceId,
    /// The file is deleted when the stream is done with.
    _spool: Option<Spool>,
}

/// What a look at some lines says.
#[derive(Default)]
struct SkimmedLines {
    arns: Vec<u64>,
    registries: Vec<RegistryScanning>,
}

impl SnapshotStream {
    pub(super) fn new(file: File, id: SourceId, spool: Option<Spool>) -> Self {
        Self {
            file,
            id,
            first: id,
            _spool: spool,
        }
    }

    /// Adds to the whole what the lines say about all others, and gives the lines ids.
    pub(super) fn skim(
        &mut self,
        whole: &mut Whole<'_>,
        sources: &mut Sources,
    ) -> Result<(), Problem> {
        let id = self.id;
        let name = sources.source(id).name.clone();
        let count = self.chunks(|chunk| {
            let pieces = chunk.pieces();
            let skimmed: Vec<SkimmedLines> =
                pieces.into_par_iter().map(|it| skim(it, id)).collect();
            for one in skimmed {
                whole.claim_all(one.arns);
                for registry in one.registries {
                    whole.add_home(AccountRegion {
                        account: registry.account.clone(),
                        region: registry.region.clone(),
                    });
                    let file = Some(name.clone());
                    whole.add_registry(RegistryScanning { file, ..registry });
                }
            }
        });
        let count = count.map_err(|error| self.unreadable(&error, sources))?;
        self.give_ids(count, sources)
    }

    /// Counts the lines, and gives them ids.
    fn number(&mut self, sources: &mut Sources) -> Result<(), Problem> {
        let count = self.chunks(|_| {});
        let count = count.map_err(|error| self.unreadable(&error, sources))?;
        self.give_ids(count, sources)
    }

    fn give_ids(&mut self, count: u32, sources: &mut Sources) -> Result<(), Problem> {
        let title = "the snapshot has more lines than can be counted";
        let too_many = || Problem::new(Span::new(self.id, 0, 0), title);
        self.first = sources.add_lines(self.id, count).ok_or_else(too_many)?;
        Ok(())
    }

    /// Tells the whole where ARNs are claimed that are claimed more than once.
    pub(super) fn locate(
        &mut self,
        whole: &mut Whole<'_>,
        sources: &mut Sources,
    ) -> Result<(), Problem> {
        let first = self.first;
        let mut found = Vec::new();
        let outcome = self.chunks(|chunk| {
            let known = &*whole;
            let pieces = chunk.pieces().into_par_iter();
            let located: Vec<Vec<Located>> = pieces.map(|it| locate(it, first, known)).collect();
            found.extend(located.into_iter().flatten());
        });
        outcome.map_err(|error| self.unreadable(&error, sources))?;
        for Located { arn, place, text } in found {
            whole.locate(&arn, place);
            sources.keep_line(place.source, text);
        }
        Ok(())
    }

    /// Judges every line, and keeps the text of those that a report has to show.
    pub(super) fn judge(
        &mut self,
        session: &Session<'_>,
        sources: &mut Sources,
        said: &mut StreamRemarks,
    ) -> Findings {
        let first = self.first;
        let mut findings = Findings::default();
        let mut remarks = FileRemarks::default();
        let mut open_line = None;
        let outcome = self.chunks(|chunk| {
            let pieces = chunk.pieces().into_par_iter();
            open_line = chunk.open_line().map(|line| first.after(line as usize));
            let judged: Vec<JudgedLines> = pieces.map(|it| judge(it, first, session)).collect();
            for one in judged {
                findings.append(one.findings);
                remarks.add(one.remarks, sources, said);
            }
        });
        if let Err(error) = outcome {
            said.problems.push(self.unreadable(&error, sources));
        }
        remarks.close(self.id, open_line, said);
        findings
    }

    fn chunks(&mut self, work: impl FnMut(&Chunk) + Send) -> io::Result<u32> {
        self.file.seek(SeekFrom::Start(0))?;
        Chunks::new(&mut self.file).each(work)
    }

    fn unreadable(&self, error: &io::Error, sources: &Sources) -> Problem {
        let name = &sources.source(self.id).name;
        let title = format!("cannot read `{name}`: {error}");
        Problem::new(Span::new(self.id, 0, 0), title)
    }
}

/// What the inputs of a run have to know of each other, those included that are read line by line.
/// Streams that cannot be read are left out from then on.
pub(super) fn gather<'a>(
    inventory: &'a Inventory,
    streams: &mut Vec<SnapshotStream>,
    sources: &mut Sources,
    said: &mut StreamRemarks,
) -> Whole<'a> {
    let mut whole = Whole::gather(inventory);
    let mut keep_readable = |outcome: Result<(), Problem>| {
        let is_read = outcome.is_ok();
        said.problems.extend(outcome.err());
        is_read
    };
    streams.retain_mut(|stream| keep_readable(stream.skim(&mut whole, sources)));
    whole.seal();
    if whole.is_contested() {
        whole.locate_all(inventory);
        streams.retain_mut(|stream| keep_readable(stream.locate(&mut whole, sources)));
    }
    if said.hides() {
        whole.veil();
    }
    whole
}

fn skim(piece: LineBatch<'_>, id: SourceId) -> SkimmedLines {
    let mut skimmed = SkimmedLines::default();
    for (_, line) in lines(piece) {
        match glance(line) {
            Glance::Empty => {}
            Glance::Repository(arn) => skimmed.arns.push(Whole::number(arn)),
            Glance::Other => {
                let Ok(text) = text(line) else { continue };
                let loaded = load(text, id, &mut Vec::new());
                let repositories = loaded.entities.iter();
                let arns = repositories.filter_map(|one| one.subject.arn.as_deref());
                skimmed.arns.extend(arns.map(Whole::number));
                skimmed.registries.extend(loaded.registries);
            }
        }
    }
    skimmed
}

fn load(text: &str, id: SourceId, strange: &mut Vec<String>) -> Loaded {
    with_scratch(|scratch| load_line(text, id, scratch, strange))
}

/// Where a line claims an ARN that another one claims, too.
struct Located {
    arn: String,
    place: Span,
    text: String,
}

fn locate(piece: LineBatch<'_>, first: SourceId, whole: &Whole<'_>) -> Vec<Located> {
    let mut located = Vec::new();
    for (number, line) in lines(piece) {
        let is_wanted = match glance(line) {
            Glance::Empty => false,
            Glance::Repository(arn) => whole.is_claimed_twice(arn),
            Glance::Other => true,
        };
        let Some(text) = text(line).ok().filter(|_| is_wanted) else {
            continue;
        };
        let loaded = load(text, first.after(number as usize), &mut Vec::new());
        for one in loaded.entities {
            let arn = one.subject.arn.clone().unwrap_or_default();
            if whole.is_claimed_twice(&arn) {
                located.push(Located {
                    arn,
                    place: one.name_place(),
                    text: text.to_owned(),
                });
            }
        }
    }
    located
}

/// What became of some lines.
#[derive(Default)]
struct JudgedLines {
    findings: Findings,
    remarks: LineRemarks,
}

fn judge(piece: LineBatch<'_>, first: SourceId, session: &Session<'_>) -> JudgedLines {
    let mut judged = JudgedLines::default();
    let mut strange = Vec::new();
    for (id, read) in read(piece, first) {
        let text = match read {
            Ok(text) => text,
            Err((text, problem)) => {
                judged.remarks.refuse(id, &text, problem);
                continue;
            }
        };
        let loaded = load(text, id, &mut strange);
        for problem in loaded.problems {
            judged.remarks.refuse(id, text, problem);
        }
        let found = session.judge(&loaded.entities);
        let is_edge = judged.remarks.lack(loaded.gaps);
        let is_shown =
            is_edge || !loaded.notes.is_empty() || found.places().any(|place| place.source == id);
        judged.remarks.notes.extend(loaded.notes);
        judged.findings.append(found);
        if is_shown {
            judged.remarks.show(id, text);
        }
    }
    judged
}
