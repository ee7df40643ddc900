//! Where reports are written: nothing that a user owns is replaced, and a report is whole or not there.
//! It does not know what a report says, only how one of each format begins.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::CommandError;
use super::signals::Temporary;
use crate::render::Format;

/// Bytes of a file that are looked at to see whether it is a report.
const GLANCE: u64 = 1 << 16;

/// Files that no report replaces, whatever is asked for: the inputs, the configuration, the rules.
#[derive(Debug, Default)]
pub(super) struct Protected(BTreeMap<FileIdentity, Protection>);

/// Why a file is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Protection {
    /// A search found it, so that it may be a report of an earlier run.
    Found,
    /// Somebody named it.
    Named,
}

impl Protected {
    /// Adds a file, whatever its names: a link to an input is the input.
    pub(super) fn add(&mut self, path: impl AsRef<Path>, protection: Protection) {
        if let Some(file) = FileIdentity::of(path.as_ref()) {
            let known = self.0.entry(file).or_insert(protection);
            *known = protection.max(*known);
        }
    }

    /// Why a file is protected, if it is.
    pub(super) fn holds(&self, path: &Path) -> Option<Protection> {
        self.0.get(&FileIdentity::of(path)?).copied()
    }
}

/// What all names of a file have in common, hard links included.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FileIdentity {
    /// Number of the device, and of the file on it.
    #[cfg(unix)]
    Number(u64, u64),
    /// The real name, where there is no number, or no file yet.
    Name(PathBuf),
}

impl FileIdentity {
    /// What the file at the path is, if there is one.
    pub(super) fn of(path: &Path) -> Option<Self> {
        #[cfg(unix)]
        let identity = fs::metadata(path).ok().map(|found| Self::found(&found));
        #[cfg(not(unix))]
        let identity = fs::canonicalize(path).ok().map(Self::Name);
        identity
    }

    #[cfg(unix)]
    fn found(found: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self::Number(found.dev(), found.ino())
    }

    /// What the file at the path is or would be. Terminals, pipes and devices have none: they take any number of
    /// reports.
    pub(super) fn expected(path: &Path) -> Option<Self> {
        if let Ok(found) = fs::metadata(path) {
            return Self::of(path).filter(|_| found.is_file());
        }
        let parent = path.parent().filter(|path| *path != Path::new(""));
        let parent = fs::canonicalize(parent.unwrap_or(Path::new("."))).ok()?;
        Some(Self::Name(parent.join(path.file_name()?)))
    }
}

/// A file that a report may be written to.
#[derive(Debug)]
pub(super) struct Destination {
    /// As the user named it.
    named: PathBuf,
    way: WriteMode,
}

/// A stream that the process was given.
#[derive(Clone, Copy, Debug)]
enum StandardStream {
    Output,
    Error,
}

/// How the file comes about.
#[derive(Debug)]
enum WriteMode {
    /// Through a stream that goes there already.
    Stream(StandardStream),
    /// What is not a regular file: a terminal, a pipe, a device.
    InPlace,
    /// Behind what is there.
    Append,
    /// Beside its name until it is whole. The name is that of the file itself, not of a link to it.
    Replace {
        target: PathBuf,
        old: Option<Metadata>,
    },
}

impl Destination {
    /// Looks at what is there.
    ///
    /// # Errors
    /// The file is protected, or holds something else than a report in `format` and `force` does not permit to
    /// replace that.
    pub(super) fn of(
        path: &Path,
        format: &Format,
        protected: &Protected,
        force: bool,
    ) -> Result<Self, CommandError> {
        let refused = |why: &str| Err(refusal(path, why));
        let protection = protected.holds(path);
        if protection == Some(Protection::Named) {
            return Err(is_read(path));
        }
        let found = match fs::metadata(path) {
            Ok(found) => Some(found),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(unwritable(path, source)),
        };
        let way = match found {
            Some(found) if found.is_dir() => return refused("it is a folder; name a file in it"),
            Some(found) if !found.is_file() => WriteMode::InPlace,
            Some(_) if let Some(stream) = stream(path) => WriteMode::Stream(stream),
            Some(found) => {
                let target = fs::canonicalize(path).map_err(|source| unwritable(path, source))?;
                let is_report = is_report(&target, format);
                let is_report = is_report.map_err(|source| read(path, source))?;
                if !is_report && protection.is_some() {
                    return Err(is_read(path));
                }
                if !is_report && !force {
                    let format = format.name;
                    return refused(&format!(
                        "it is there and is not a {format} report; name another file, or replace it with `--force`"
                    ));
                }
                WriteMode::Replace {
                    target,
                    old: Some(found),
                }
            }
            // A link to nothing could lead anywhere.
            None if path.is_symlink() => {
                return refused("it is a link to a file that is not there");
            }
            None => WriteMode::Replace {
                target: path.to_owned(),
                old: None,
            },
        };
        Ok(Self {
            named: path.to_owned(),
            way,
        })
    }

    /// A file that a report is added to, such as the summary of a job.
    ///
    /// # Errors
    /// The file is protected or a folder.
    pub(super) fn behind(path: &Path, protected: &Protected) -> Result<Self, CommandError> {
        if protected.holds(path).is_some() || path.is_dir() {
            let path = path.display();
            return Err(CommandError::Usage(format!(
                "cannot add to `{path}`: this run reads it, or it is a folder; name another file"
            )));
        }
        Ok(Self {
            named: path.to_owned(),
            way: WriteMode::Append,
        })
    }

    /// A file that the run has read and knows, or one that is not there.
    ///
    /// # Errors
    /// It is not a regular file.
    pub(super) fn known(path: &Path) -> Result<Self, CommandError> {
        let old = fs::metadata(path).ok();
        let target = match &old {
            Some(found) if !found.is_file() => return Err(refusal(path, "it is not a file")),
            Some(_) => fs::canonicalize(path).map_err(|source| unwritable(path, source))?,
            None if path.is_symlink() => {
                return Err(refusal(path, "it is a link to a file that is not there"));
            }
            None => path.to_owned(),
        };
        Ok(Self {
            named: path.to_owned(),
            way: WriteMode::Replace { target, old },
        })
    }

    /// Writes a report: the file is replaced by the whole of it, or is what it was.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn write(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), CommandError> {
        let written = match &self.way {
            WriteMode::Stream(StandardStream::Output) => write(&mut io::stdout().lock()),
            WriteMode::Stream(StandardStream::Error) => write(&mut io::stderr().lock()),
            WriteMode::InPlace => OpenOptions::new()
                .write(true)
                .open(&self.named)
                .and_then(|mut file| write(&mut file)),
            WriteMode::Append => OpenOptions::new()
                .append(true)
                .create(true)
                .open(&self.named)
                .and_then(|mut file| write(&mut file)),
            WriteMode::Replace { target, old } => replace(target, old.as_ref(), write),
        };
        written.map_err(|source| unwritable(&self.named, source))
    }
}

/// The stream of the process that goes to this file, such as `/dev/stdout` behind `>`: what else goes there stays.
#[cfg(unix)]
fn stream(path: &Path) -> Option<StandardStream> {
    let file = FileIdentity::of(path)?;
    let streams = streams().into_iter();
    let mut leading = streams.filter(|(_, leads_to)| *leads_to == file);
    leading.next().map(|(stream, _)| stream)
}

/// What the streams of the process go to.
#[cfg(unix)]
fn streams() -> Vec<(StandardStream, FileIdentity)> {
    use std::os::fd::AsFd;
    let leads_to = |stream: std::os::fd::BorrowedFd<'_>| {
        let found = File::from(stream.try_clone_to_owned().ok()?).metadata();
        found.ok().map(|found| FileIdentity::found(&found))
    };
    let output = leads_to(io::stdout().as_fd()).map(|file| (StandardStream::Output, file));
    let error = leads_to(io::stderr().as_fd()).map(|file| (StandardStream::Error, file));
    output.into_iter().chain(error).collect()
}

#[cfg(not(unix))]
fn stream(_: &Path) -> Option<StandardStream> {
    None
}

#[cfg(not(unix))]
fn streams() -> Vec<(StandardStream, FileIdentity)> {
    Vec::new()
}

/// The files that a run writes: those of its outputs, and those that its streams go to.
pub(super) fn written<'a>(outputs: impl Iterator<Item = &'a Path>) -> BTreeSet<FileIdentity> {
    let streams = streams().into_iter().map(|(_, file)| file);
    outputs
        .filter_map(FileIdentity::of)
        .chain(streams)
        .collect()
}

/// Writes beside the target and gives the result its name, so that a full disk leaves the old file.
fn replace(
    target: &Path,
    old: Option<&Metadata>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let folder = target.parent().filter(|path| *path != Path::new(""));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".ecrlint-").suffix(".part");
    // A scratch file is private to its owner; a new report is as readable as any file that the user makes.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut temporary = Temporary::new(|| builder.tempfile_in(folder.unwrap_or(Path::new("."))))?;
    let file = &mut temporary.file;
    write(file)?;
    if let Some(old) = old {
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, fchown};
            // Only root gives files away; whoever else replaces one owns the new one.
            let _ = fchown(&*file, Some(old.uid()), Some(old.gid()));
        }
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()?;
    temporary.name(target)
}

/// Whether a file is empty or begins like a report in `format`.
fn is_report(path: &Path, format: &Format) -> io::Result<bool> {
    let mut bytes = Vec::new();
    File::open(path)?.take(GLANCE).read_to_end(&mut bytes)?;
    Ok(bytes.is_empty() || format.begins(&String::from_utf8_lossy(&bytes)))
}

/// Why what the run reads is not written.
pub(super) fn is_read(path: &Path) -> CommandError {
    refusal(path, "this run reads it; name another file")
}

fn refusal(path: &Path, why: &str) -> CommandError {
    let path = path.display();
    CommandError::Usage(format!("cannot write `{path}`: {why}"))
}

fn read(path: &Path, source: io::Error) -> CommandError {
    CommandError::Read {
        path: path.to_owned(),
        source,
    }
}

fn unwritable(path: &Path, source: io::Error) -> CommandError {
    CommandError::Write {
        path: path.to_owned(),
        source,
    }
}
