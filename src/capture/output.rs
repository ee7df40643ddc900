//! Where a snapshot is written: beside its name until it is whole, so that nobody takes half of one for it.
//! It does not know what the lines are about.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::unfinished::{self, Unfinished};
use super::{CaptureError, CaptureOptions, CaptureSummary};
use crate::report::escaped;

/// Bytes of a file that are looked at to see whether it is a snapshot.
const GLANCE: u64 = 1 << 20;

/// What a line has to have to be one of a snapshot, and what it is about.
#[derive(Deserialize)]
#[serde(untagged)]
enum SnapshotLine {
    Edge(SnapshotMarker),
    Record(Record),
}

/// The first or the last line.
#[derive(Deserialize)]
struct SnapshotMarker {
    snapshot: String,
}

#[derive(Deserialize)]
struct Record {
    account: String,
    region: String,
    registry: Option<serde::de::IgnoredAny>,
    repository: Option<Listed>,
    #[serde(default)]
    included: Vec<String>,
    #[serde(default)]
    errors: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "repositoryName")]
    name: String,
}

/// A snapshot that is being written.
#[derive(Debug)]
pub(super) struct SnapshotWriter {
    to: To,
    /// Account and region of the registry lines that are there.
    registries: BTreeSet<(String, String)>,
    /// Account, region and name of the repositories that are there.
    repositories: HashSet<(String, String, String)>,
    /// Whether there is anything that another run could go on with.
    is_worth_keeping: bool,
    /// Whether the first line is there.
    has_begun: bool,
    /// What is missing from the lines that are there.
    missing: CaptureSummary,
}

#[derive(Debug)]
enum To {
    Stdout,
    /// A pipe or a device.
    InPlace(File, PathBuf),
    File(Box<Unfinished>),
    /// The snapshot has its name.
    Finished,
}

impl SnapshotWriter {
    /// Opens what the options name; with `resume`, behind what an interrupted run has left.
    ///
    /// # Errors
    /// The target holds something else than a snapshot, or cannot be written.
    pub(super) fn open(options: &CaptureOptions) -> Result<Self, CaptureError> {
        let mut output = Self {
            to: To::Stdout,
            registries: BTreeSet::new(),
            repositories: HashSet::new(),
            is_worth_keeping: false,
            has_begun: false,
            missing: CaptureSummary::default(),
        };
        let Some(path) = &options.output else {
            return Ok(output);
        };
        let found = fs::metadata(path);
        if let Ok(found) = &found
            && !found.is_file()
            && !found.is_dir()
        {
            let opened = OpenOptions::new().write(true).open(path);
            let file = opened.map_err(|source| CaptureError::Write(path.clone(), source))?;
            output.to = To::InPlace(file, path.clone());
            return Ok(output);
        }
        if found.as_ref().is_ok_and(fs::Metadata::is_dir) {
            let folder = io::ErrorKind::IsADirectory.into();
            return Err(CaptureError::Write(path.clone(), folder));
        }
        if found.is_err() && path.is_symlink() {
            return Err(CaptureError::Nowhere(path.clone()));
        }
        let target = unfinished::target(path);
        if !options.force {
            refuse_others(&target)?;
        }
        let mut unfinished = Unfinished::open(target)?;
        output.go_on(&mut unfinished, options)?;
        output.to = To::File(Box::new(unfinished));
        Ok(output)
    }

    /// Goes on behind what an interrupted run has left, where that is asked for. Nothing else is ever emptied.
    fn go_on(
        &mut self,
        unfinished: &mut Unfinished,
        options: &CaptureOptions,
    ) -> Result<(), CaptureError> {
        let path = unfinished.path.clone();
        let write = |source| CaptureError::Write(path.clone(), source);
        let length = unfinished.file.metadata().map_err(write)?.len();
        if length == 0 {
            return Ok(());
        }
        if !options.resume {
            return Err(CaptureError::Unfinished(path));
        }
        let end = self.read(&unfinished.file, &path, options)?;
        if end == 0 {
            return Err(CaptureError::NotUnfinished(path));
        }
        self.is_worth_keeping = true;
        unfinished.file.set_len(end).map_err(write)?;
        unfinished.file.seek(SeekFrom::End(0)).map_err(write)?;
        Ok(())
    }

    /// Reads what is there, up to the end of the last line that is whole.
    fn read(
        &mut self,
        file: &File,
        path: &Path,
        options: &CaptureOptions,
    ) -> Result<u64, CaptureError> {
        let mut reader = BufReader::new(file);
        let mut text = Vec::new();
        let mut end = 0;
        loop {
            text.clear();
            let read = reader.read_until(b'\n', &mut text);
            let read = read.map_err(|source| CaptureError::Read(path.to_owned(), source))?;
            if read == 0 || text.last() != Some(&b'\n') {
                return Ok(end);
            }
            let line: SnapshotLine = serde_json::from_slice(&text)
                .map_err(|_| CaptureError::NotUnfinished(path.to_owned()))?;
            let line = match line {
                // What closes a capture that could not be renamed is written anew.
                SnapshotLine::Edge(edge) if edge.snapshot == "ends" => return Ok(end),
                SnapshotLine::Edge(_) => {
                    self.has_begun = true;
                    end += u64::try_from(read).unwrap_or(0);
                    continue;
                }
                SnapshotLine::Record(record) if self.has_begun => record,
                SnapshotLine::Record(_) => {
                    return Err(CaptureError::NotUnfinished(path.to_owned()));
                }
            };
            end += u64::try_from(read).unwrap_or(0);
            self.missing.note_errors(&line.errors);
            let place = (line.account, line.region);
            if line.registry.is_some() {
                if line.included != options.included() {
                    return Err(CaptureError::OtherOptions(path.to_owned(), line.included));
                }
                self.registries.insert(place);
            } else if let Some(listed) = line.repository {
                self.repositories.insert((place.0, place.1, listed.name));
            }
        }
    }

    /// What an interrupted run has left.
    pub(super) fn left(&mut self) -> CaptureSummary {
        CaptureSummary {
            kept: self.repositories.len(),
            registries: self.registries.len(),
            ..std::mem::take(&mut self.missing)
        }
    }

    /// Writes the first line, unless an interrupted run has.
    pub(super) fn begin(&mut self, line: &Value) -> Result<(), CaptureError> {
        match std::mem::replace(&mut self.has_begun, true) {
            true => Ok(()),
            false => self.write(line),
        }
    }

    /// Refuses to go on with a snapshot of other accounts or regions than these.
    pub(super) fn refuse_foreign(&self, places: &[(String, String)]) -> Result<(), CaptureError> {
        match (
            self.registries.iter().find(|place| !places.contains(place)),
            &self.to,
        ) {
            (Some((account, region)), To::File(unfinished)) => Err(CaptureError::OtherPlace {
                path: unfinished.path.clone(),
                place: format!("{account} {region}"),
            }),
            _ => Ok(()),
        }
    }

    pub(super) fn has_registry(&self, account: &str, region: &str) -> bool {
        let place = (account.to_owned(), region.to_owned());
        self.registries.contains(&place)
    }

    pub(super) fn has_repository(&self, account: &str, region: &str, item: &Value) -> bool {
        let name = item.get("repositoryName").and_then(Value::as_str);
        !self.repositories.is_empty()
            && name.is_some_and(|name| {
                let key = (account.to_owned(), region.to_owned(), name.to_owned());
                self.repositories.contains(&key)
            })
    }

    /// Drops the lines of repositories that an interrupted run has left and that are not listed any more. Says how
    /// many, and what they were missing.
    ///
    /// # Errors
    /// The file cannot be read or written anew.
    pub(super) fn drop_others(
        &mut self,
        account: &str,
        region: &str,
        listed: &[Value],
    ) -> Result<(usize, CaptureSummary), CaptureError> {
        let mut missing = CaptureSummary::default();
        let name = |item: &'_ Value| item.get("repositoryName")?.as_str().map(str::to_owned);
        let listed: HashSet<String> = listed.iter().filter_map(name).collect();
        let is_gone = |(in_account, in_region, name): &(String, String, String)| {
            in_account == account && in_region == region && !listed.contains(name)
        };
        let gone: HashSet<_> = self.repositories.extract_if(is_gone).collect();
        if let (To::File(unfinished), false) = (&mut self.to, gone.is_empty()) {
            unfinished.keep(|text| match serde_json::from_slice(text) {
                Ok(SnapshotLine::Record(Record {
                    account,
                    region,
                    repository: Some(listed),
                    errors,
                    ..
                })) if gone.contains(&(account.clone(), region.clone(), listed.name.clone())) => {
                    missing.note_errors(&errors);
                    false
                }
                _ => true,
            })?;
        }
        Ok((gone.len(), missing))
    }

    pub(super) fn write(&mut self, line: &Value) -> Result<(), CaptureError> {
        self.write_all(std::slice::from_ref(line))
    }

    /// Writes lines at once: what an interruption leaves ends with a whole line, or nearly so.
    pub(super) fn write_all(&mut self, lines: &[Value]) -> Result<(), CaptureError> {
        let mut text = Vec::new();
        for line in lines {
            escaped::write_line(line, &mut text).map_err(|error| self.failed(error))?;
        }
        let written = match &mut self.to {
            To::Stdout => {
                let mut out = io::stdout().lock();
                out.write_all(&text).and_then(|()| out.flush())
            }
            To::InPlace(file, _) => file.write_all(&text),
            To::File(unfinished) => unfinished.file.write_all(&text),
            To::Finished => Ok(()),
        };
        let is_record = |line: &Value| line.get("account").is_some();
        self.is_worth_keeping |= written.is_ok() && lines.iter().any(is_record);
        written.map_err(|error| self.failed(error))
    }

    /// Gives the snapshot its name.
    ///
    /// # Errors
    /// The file cannot be written or renamed.
    pub(super) fn finish(mut self) -> Result<(), CaptureError> {
        match std::mem::replace(&mut self.to, To::Finished) {
            To::File(unfinished) => unfinished.finish(),
            _ => Ok(()),
        }
    }

    fn failed(&self, source: io::Error) -> CaptureError {
        match &self.to {
            To::Stdout | To::Finished => CaptureError::Stdout(source),
            To::InPlace(_, path) => CaptureError::Write(path.clone(), source),
            To::File(unfinished) => CaptureError::Write(unfinished.path.clone(), source),
        }
    }
}

impl Drop for SnapshotWriter {
    /// What nobody can go on with goes, however the run ends.
    fn drop(&mut self) {
        if let (To::File(unfinished), false) = (&self.to, self.is_worth_keeping) {
            unfinished.remove();
        }
    }
}

/// Refuses to replace what is there unless it is a snapshot, or empty.
fn refuse_others(target: &Path) -> Result<(), CaptureError> {
    let file = match File::open(target) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(CaptureError::Read(target.to_owned(), source)),
    };
    let foreign = || Err(CaptureError::NoSnapshot(target.to_owned()));
    let read = |source| CaptureError::Read(target.to_owned(), source);
    if !file.metadata().map_err(read)?.is_file() {
        return foreign();
    }
    let mut first = Vec::new();
    let mut reader = BufReader::new(io::Read::take(file, GLANCE));
    reader.read_until(b'\n', &mut first).map_err(read)?;
    match serde_json::from_slice::<SnapshotLine>(&first) {
        _ if first.is_empty() => Ok(()),
        Ok(SnapshotLine::Edge(_)) => Ok(()),
        Ok(SnapshotLine::Record(line)) if line.registry.is_some() || line.repository.is_some() => {
            Ok(())
        }
        _ => foreign(),
    }
}
