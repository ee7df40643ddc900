//! `ecrlint check --live`: reads what is live where the templates are deployed, and keeps what they are about.
//! It does not know what differs.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use super::loading::{is_unfinished, unfinished};
use super::streaming::StreamRemarks;
use crate::door::{Door, FileKind, Namer};
use crate::engine::{CounterpartCriteria, Counterparts};
use crate::input::snapshot::gaps::Gaps;
use crate::input::snapshot::images;
use crate::input::snapshot::lines::is_stream;
use crate::input::{self, Context, DeployTarget, Loaded, Note, Scratch};
use crate::model::Inventory;
use crate::source::{self, Problem, SourceId, Sources, Span, shown};

/// Bytes of the longest line of a snapshot that is read.
const MAX_LINE: u64 = 64 << 20;

/// The live repositories that the templates of a run are about. What cannot be read is added to `problems`.
pub(super) fn read(
    (paths, door): (&[PathBuf], &Door),
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
        scratch: Scratch::default(),
        door,
        said,
        gaps: Gaps::default(),
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
        let gaps = std::mem::take(&mut reading.gaps);
        reading.said.note(gaps);
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
        gather_places(path, door, &mut places).ok()?;
    }
    let mut places = places.into_iter();
    let (account, region) = places.next()?;
    let only = places.next().is_none();
    (only && account.is_some() && region.is_some()).then_some(DeployTarget { account, region })
}

/// Account and region, as far as a record says them.
type RecordRegistry = (Option<String>, Option<String>);

/// Adds the places of what a file holds, until there are two.
fn gather_places(
    path: &Path,
    door: &Door,
    places: &mut BTreeSet<RecordRegistry>,
) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(1 << 20, door.open(path, Namer::User)?.file);
    let mut scratch = Scratch::default();
    let mut text = Vec::new();
    let is_stream = is_stream(reader.fill_buf()?);
    while places.len() < 2 {
        text.clear();
        let read = match is_stream {
            true => reader
                .by_ref()
                .take(MAX_LINE)
                .read_until(b'\n', &mut text)?,
            false => {
                let limit = door.limit(FileKind::Template).bytes();
                reader.by_ref().take(limit).read_to_end(&mut text)?
            }
        };
        if read == 0 {
            break;
        }
        let Ok(text) = source::decode(std::mem::take(&mut text)) else {
            continue;
        };
        let context = Context::default();
        let loaded = input::load(&text, SourceId::default(), &context, &mut scratch);
        let repositories = loaded.entities.into_iter();
        places.extend(repositories.map(|one| (one.subject.account, one.subject.region)));
        let registries = loaded.registries.into_iter();
        places.extend(registries.map(|one| (one.account, one.region)));
    }
    Ok(())
}

struct Reading<'p> {
    door: &'p Door,
    sought: CounterpartCriteria,
    live: Counterparts,
    scratch: Scratch,
    said: &'p mut StreamRemarks,
    /// What of the file is not there.
    gaps: Gaps,
}

impl Reading<'_> {
    /// Reads a file line by line, or as one document where its first line is none.
    fn file(&mut self, path: &Path, file: SourceId, sources: &mut Sources) -> io::Result<()> {
        let opened = self.door.open(path, Namer::User)?;
        let mut reader = BufReader::with_capacity(1 << 20, opened.file);
        // What is one document, and more than can be read, is not read at all.
        if !is_stream(reader.fill_buf()?) {
            self.door.fits(opened.length, FileKind::Template)?;
        }
        let mut first = Vec::new();
        reader
            .by_ref()
            .take(MAX_LINE)
            .read_until(b'\n', &mut first)?;
        let count = 1 + lines(&mut reader)?;
        reader.rewind()?;
        let is_stream = count > 1 && self.load(&first, file).kind.is_some();
        let lines = match is_stream {
            true => sources.add_lines(file, count),
            false => None,
        };
        match lines {
            Some(lines) => self.stream(reader, lines, sources),
            None => self.document(reader, file, sources),
        }
    }

    fn stream(
        &mut self,
        mut reader: BufReader<File>,
        first: SourceId,
        sources: &mut Sources,
    ) -> io::Result<()> {
        let mut line = Vec::new();
        for index in 0.. {
            line.clear();
            if reader
                .by_ref()
                .take(MAX_LINE)
                .read_until(b'\n', &mut line)?
                == 0
            {
                return Ok(());
            }
            let id = first.after(index);
            if line.trim_ascii().is_empty() {
                continue;
            }
            let loaded = self.load(&line, id);
            if self.take(loaded, &line, id) {
                sources.keep_line(id, String::from_utf8_lossy(line.trim_ascii_end()));
            }
        }
        Ok(())
    }

    fn document(
        &mut self,
        mut reader: BufReader<File>,
        file: SourceId,
        sources: &mut Sources,
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        let limit = self.door.limit(FileKind::Template).bytes();
        reader.by_ref().take(limit + 1).read_to_end(&mut bytes)?;
        self.door.fits(bytes.len() as u64, FileKind::Template)?;
        let loaded = self.load(&bytes, file);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.take(loaded, &bytes, file);
        sources.fill(file, text);
        Ok(())
    }

    fn load(&mut self, bytes: &[u8], id: SourceId) -> Loaded {
        match source::decode(bytes.to_vec()) {
            Ok(text) => input::load(&text, id, &Context::default(), &mut self.scratch),
            Err(not_text) => Loaded {
                problems: vec![not_text.problem(id)],
                ..Loaded::default()
            },
        }
    }

    /// Whether anything of the text has to be shown.
    fn take(&mut self, loaded: Loaded, bytes: &[u8], id: SourceId) -> bool {
        let mut shows = !loaded.problems.is_empty();
        let is_snapshot = loaded.kind.is_some_and(|kind| kind.starts_with("snapshot"));
        if !is_snapshot && loaded.problems.is_empty() {
            let problem = Problem::new(Span::new(id, 0, 0), "this is no record of a snapshot");
            let help = "give `--live` what `ecrlint snapshot` wrote";
            self.said.problems.push(problem.help(help));
            return true;
        }
        self.said.problems.extend(loaded.problems);
        let listings = loaded.notes.into_iter();
        let listings = listings.filter(|note| matches!(note, Note::Undetermined { .. }));
        let before = self.said.notes.len();
        self.said.notes.extend(listings);
        shows |= self.said.notes.len() > before;
        shows |= self.gaps.is_new_place(&loaded.gaps);
        self.gaps.add(loaded.gaps);
        for mut repository in loaded.entities {
            if self.sought.seeks(&repository)
                && let Ok(text) = source::decode(bytes.to_vec())
            {
                images::give(&mut repository, &text, &mut self.scratch);
            }
            shows |= self.live.meet(&self.sought, repository);
        }
        for registry in loaded.registries {
            shows = true;
            self.live.know(registry);
        }
        shows
    }
}

/// Number of lines behind a line break.
fn lines(reader: &mut impl BufRead) -> io::Result<u32> {
    let (mut count, mut at_start) = (0_u32, true);
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(count.saturating_add(u32::from(!at_start)));
        }
        let breaks = memchr::memchr_iter(b'\n', buffer).count();
        count = count.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        at_start = buffer.ends_with(b"\n");
        let length = buffer.len();
        reader.consume(length);
    }
}
