//! Where reports are written: nothing that a user owns is replaced, and a report is whole or not there.
//! It does not know what a report says, only how one of each format begins.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::Error;
use crate::render::Format;

/// Bytes of a file that are looked at to see whether it is a report.
const GLANCE: u64 = 1 << 16;

/// Files that no report replaces, whatever is asked for: the inputs, the configuration, the rules.
#[derive(Debug, Default)]
pub(super) struct Protected(BTreeSet<PathBuf>);

impl Protected {
    /// Adds a file, under its real name: a link to an input is the input.
    pub(super) fn add(&mut self, path: impl AsRef<Path>) {
        self.0.extend(fs::canonicalize(path));
    }

    fn holds(&self, path: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|path| self.0.contains(&path))
    }
}

/// A file that a report may be written to.
#[derive(Debug)]
pub(super) struct Destination {
    /// As the user named it.
    named: PathBuf,
    way: Way,
}

/// How the file comes about.
#[derive(Debug)]
enum Way {
    /// What is no regular file: a terminal, a pipe, a device.
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
    ) -> Result<Self, Error> {
        let refused = |why: &str| {
            let path = path.display();
            Err(Error::Usage(format!("cannot write `{path}`: {why}")))
        };
        if protected.holds(path) {
            return refused("this run reads it; name another file");
        }
        let found = match fs::metadata(path) {
            Ok(found) => Some(found),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(unwritable(path, source)),
        };
        let way = match found {
            Some(found) if found.is_dir() => return refused("it is a folder; name a file in it"),
            Some(found) if !found.is_file() => Way::InPlace,
            Some(found) => {
                let target = fs::canonicalize(path).map_err(|source| unwritable(path, source))?;
                if !force && !is_report(&target, format).map_err(|source| read(path, source))? {
                    let format = format.name;
                    return refused(&format!(
                        "it is there and is no {format} report; name another file, or replace it with `--force`"
                    ));
                }
                Way::Replace {
                    target,
                    old: Some(found),
                }
            }
            // A link to nothing could lead anywhere.
            None if path.is_symlink() => {
                return refused("it is a link to a file that is not there");
            }
            None => Way::Replace {
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
    pub(super) fn behind(path: &Path, protected: &Protected) -> Result<Self, Error> {
        if protected.holds(path) || path.is_dir() {
            let path = path.display();
            return Err(Error::Usage(format!(
                "cannot add to `{path}`: this run reads it, or it is a folder; name another file"
            )));
        }
        Ok(Self {
            named: path.to_owned(),
            way: Way::Append,
        })
    }

    /// Writes a report: the file is replaced by the whole of it, or is what it was.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn write(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Error> {
        let written = match &self.way {
            Way::InPlace => OpenOptions::new()
                .write(true)
                .open(&self.named)
                .and_then(|mut file| write(&mut file)),
            Way::Append => OpenOptions::new()
                .append(true)
                .create(true)
                .open(&self.named)
                .and_then(|mut file| write(&mut file)),
            Way::Replace { target, old } => replace(target, old.as_ref(), write),
        };
        written.map_err(|source| unwritable(&self.named, source))
    }
}

/// What two paths of the same regular file have in common, whether it is there or not. Terminals, pipes and devices
/// take any number of reports.
pub(super) fn same_file(path: &Path) -> Option<PathBuf> {
    match fs::canonicalize(path) {
        Ok(real) => real.is_file().then_some(real),
        Err(_) => {
            let parent = path.parent().filter(|path| *path != Path::new(""));
            let parent = fs::canonicalize(parent.unwrap_or(Path::new("."))).ok()?;
            Some(parent.join(path.file_name()?))
        }
    }
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
    let mut file = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    write(&mut file)?;
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(target)?;
    Ok(())
}

/// Whether a file is empty or begins like a report in `format`.
fn is_report(path: &Path, format: &Format) -> io::Result<bool> {
    let mut bytes = Vec::new();
    File::open(path)?.take(GLANCE).read_to_end(&mut bytes)?;
    Ok(bytes.is_empty() || format.begins(&String::from_utf8_lossy(&bytes)))
}

fn read(path: &Path, source: io::Error) -> Error {
    Error::Read {
        path: path.to_owned(),
        source,
    }
}

fn unwritable(path: &Path, source: io::Error) -> Error {
    Error::Write {
        path: path.to_owned(),
        source,
    }
}
