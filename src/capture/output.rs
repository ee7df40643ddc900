//! Where a snapshot is written: beside its name until it is whole, so that nobody takes half of one for it.
//! It does not know what the lines are about.

use std::collections::{BTreeSet, HashSet};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::{Error, Options};

/// What the name of an unfinished snapshot ends in.
const UNFINISHED: &str = ".part";
/// Bytes of a file that are looked at to see whether it is a snapshot.
const GLANCE: u64 = 1 << 20;

/// What a line has to have to be one of a snapshot, and what it is about.
#[derive(Deserialize)]
struct Line {
    account: String,
    region: String,
    registry: Option<serde::de::IgnoredAny>,
    repository: Option<Listed>,
    #[serde(default)]
    included: Vec<String>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "repositoryName")]
    name: String,
}

/// A snapshot that is being written.
#[derive(Debug)]
pub(super) struct Output {
    to: To,
    /// Account and region of the registry lines that are there.
    registries: BTreeSet<(String, String)>,
    /// Account, region and name of the repositories that are there.
    repositories: HashSet<(String, String, String)>,
}

#[derive(Debug)]
enum To {
    Stdout,
    File {
        file: File,
        unfinished: PathBuf,
        target: PathBuf,
    },
}

impl Output {
    /// Opens what the options name; with `resume`, behind what an interrupted run has left.
    ///
    /// # Errors
    /// The target holds something else than a snapshot, or cannot be written.
    pub(super) fn open(options: &Options) -> Result<Self, Error> {
        let mut output = Self {
            to: To::Stdout,
            registries: BTreeSet::new(),
            repositories: HashSet::new(),
        };
        let Some(path) = &options.output else {
            return Ok(output);
        };
        // Whoever wrote a link wants what it points to replaced, not the link.
        let target = path.canonicalize().unwrap_or_else(|_| path.clone());
        if !options.force {
            refuse_others(&target)?;
        }
        let unfinished = unfinished(&target);
        let write = |source| Error::Write(unfinished.clone(), source);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&unfinished)
            .map_err(write)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(Error::Busy(unfinished)),
            // Not every file system knows locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let end = if options.resume {
            output.read(&file, &unfinished, options)?
        } else {
            0
        };
        file.set_len(end).map_err(write)?;
        file.seek(SeekFrom::End(0)).map_err(write)?;
        output.to = To::File {
            file,
            unfinished,
            target,
        };
        Ok(output)
    }

    /// Reads what is there, up to the end of the last line that is whole.
    fn read(&mut self, file: &File, path: &Path, options: &Options) -> Result<u64, Error> {
        let mut reader = BufReader::new(file);
        let mut text = Vec::new();
        let mut end = 0;
        loop {
            text.clear();
            let read = reader.read_until(b'\n', &mut text);
            let read = read.map_err(|source| Error::Read(path.to_owned(), source))?;
            if read == 0 || text.last() != Some(&b'\n') {
                return Ok(end);
            }
            let line: Line =
                serde_json::from_slice(&text).map_err(|_| Error::NotUnfinished(path.to_owned()))?;
            end += u64::try_from(read).unwrap_or(0);
            let place = (line.account, line.region);
            if line.registry.is_some() {
                let wanted = options.parts.iter().map(|part| part.word());
                if !line.included.iter().map(String::as_str).eq(wanted) {
                    return Err(Error::OtherOptions(path.to_owned(), line.included));
                }
                self.registries.insert(place);
            } else if let Some(listed) = line.repository {
                self.repositories.insert((place.0, place.1, listed.name));
            }
        }
    }

    /// Repositories that an interrupted run has left.
    pub(super) fn kept(&self) -> usize {
        self.repositories.len()
    }

    /// Refuses to go on with a snapshot of other accounts or regions than these.
    pub(super) fn refuse_foreign(&self, places: &[(String, String)]) -> Result<(), Error> {
        match (
            self.registries.iter().find(|place| !places.contains(place)),
            &self.to,
        ) {
            (Some((account, region)), To::File { unfinished, .. }) => Err(Error::OtherPlace {
                path: unfinished.clone(),
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

    pub(super) fn write(&mut self, line: &Value) -> Result<(), Error> {
        self.write_all(std::slice::from_ref(line))
    }

    /// Writes lines at once: what an interruption leaves ends with a whole line, or nearly so.
    pub(super) fn write_all(&mut self, lines: &[Value]) -> Result<(), Error> {
        let mut text = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut text, line).map_err(|error| self.failed(error.into()))?;
            text.push(b'\n');
        }
        let written = match &mut self.to {
            To::Stdout => {
                let mut out = io::stdout().lock();
                out.write_all(&text).and_then(|()| out.flush())
            }
            To::File { file, .. } => file.write_all(&text),
        };
        written.map_err(|error| self.failed(error))
    }

    /// Gives the snapshot its name.
    ///
    /// # Errors
    /// The file cannot be written or renamed.
    pub(super) fn finish(self) -> Result<(), Error> {
        let To::File {
            file,
            unfinished,
            target,
        } = self.to
        else {
            return Ok(());
        };
        let failed = |source| Error::Write(target.clone(), source);
        file.sync_all().map_err(failed)?;
        drop(file);
        std::fs::rename(&unfinished, &target).map_err(failed)
    }

    fn failed(&self, source: io::Error) -> Error {
        match &self.to {
            To::Stdout => Error::Stdout(source),
            To::File { unfinished, .. } => Error::Write(unfinished.clone(), source),
        }
    }
}

/// The name of a snapshot that is not whole.
fn unfinished(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(UNFINISHED);
    PathBuf::from(name)
}

/// Refuses to replace what is there unless it is a snapshot, or empty.
fn refuse_others(target: &Path) -> Result<(), Error> {
    let file = match File::open(target) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(Error::Read(target.to_owned(), source)),
    };
    let foreign = || Err(Error::NoSnapshot(target.to_owned()));
    let read = |source| Error::Read(target.to_owned(), source);
    if !file.metadata().map_err(read)?.is_file() {
        return foreign();
    }
    let mut first = Vec::new();
    let mut reader = BufReader::new(io::Read::take(file, GLANCE));
    reader.read_until(b'\n', &mut first).map_err(read)?;
    match serde_json::from_slice::<Line>(&first) {
        _ if first.is_empty() => Ok(()),
        Ok(line) if line.registry.is_some() || line.repository.is_some() => Ok(()),
        _ => foreign(),
    }
}
