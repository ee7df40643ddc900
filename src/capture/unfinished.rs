//! The file of a snapshot that is not whole yet: beside its target, with a name of its own, until it takes its place.
//! Nothing that somebody else has put there is emptied or replaced. It does not know what the lines say.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::CaptureError;

/// What its name ends in, behind the name of the target.
const ENDING: &str = ".part";
/// How often the file may be replaced between being opened and being locked.
const ATTEMPTS: usize = 8;

/// An open file, locked against other runs.
#[derive(Debug)]
pub(super) struct Unfinished {
    pub(super) file: File,
    pub(super) path: PathBuf,
    target: PathBuf,
    /// What the target was when the run began.
    old: Option<Metadata>,
}

impl Unfinished {
    /// Opens what an interrupted run has left for `target`, or makes it anew.
    ///
    /// # Errors
    /// It cannot be written, is not a regular file with this name alone, or another run writes it.
    pub(super) fn open(target: PathBuf) -> Result<Self, CaptureError> {
        let path = beside(&target);
        let write = |source| CaptureError::Write(path.clone(), source);
        let old = match fs::metadata(&target) {
            Ok(old) => Some(old),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(CaptureError::Write(target, source)),
        };
        for _ in 0..ATTEMPTS {
            if path.is_symlink() {
                return Err(CaptureError::NotUnfinished(path));
            }
            let file = options().open(&path).map_err(write)?;
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => return Err(CaptureError::Busy(path)),
                // Not every file system knows locks.
                Ok(()) | Err(TryLockError::Error(_)) => {}
            }
            let found = file.metadata().map_err(write)?;
            if !found.is_file() || has_other_names(&found) {
                return Err(CaptureError::NotUnfinished(path));
            }
            // Another run may have given the file its last name before it was locked here.
            if is_still(&path, &found) {
                return Ok(Self {
                    file,
                    path,
                    target,
                    old,
                });
            }
        }
        Err(CaptureError::Busy(path))
    }

    /// Keeps some of the lines: writes them anew beside the file, and takes its place in one step, so that an
    /// interruption leaves either. What is written next stands behind them.
    ///
    /// # Errors
    /// The file cannot be read, or the new one not be written.
    pub(super) fn keep(&mut self, mut keep: impl FnMut(&[u8]) -> bool) -> Result<(), CaptureError> {
        let folder = self.path.parent().filter(|it| !it.as_os_str().is_empty());
        let fresh = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")));
        let mut fresh = fresh.map_err(|source| CaptureError::Write(self.path.clone(), source))?;
        copy(&self.file, fresh.as_file_mut(), &mut keep)
            .map_err(|source| CaptureError::Write(self.path.clone(), source))?;
        // Nobody else knows it yet; not every file system knows locks.
        let _locked = fresh.as_file().try_lock();
        let persisted = fresh.persist(&self.path);
        self.file =
            persisted.map_err(|error| CaptureError::Write(self.path.clone(), error.error))?;
        Ok(())
    }

    /// Gives the file the name and the mode of the target. It stays locked until then.
    pub(super) fn finish(self) -> Result<(), CaptureError> {
        let failed = |source| CaptureError::Write(self.target.clone(), source);
        self.file.sync_all().map_err(failed)?;
        if let Some(old) = &self.old {
            #[cfg(unix)]
            {
                use std::os::unix::fs::{MetadataExt, fchown};
                // Only root gives files away; whoever else replaces one owns the new one.
                let _ = fchown(&self.file, Some(old.uid()), Some(old.gid()));
            }
            let mode = self.file.set_permissions(old.permissions());
            mode.map_err(failed)?;
        }
        fs::rename(&self.path, &self.target).map_err(failed)
    }

    /// Removes the file.
    pub(super) fn remove(&self) {
        // Nothing can be done about a file that does not go.
        let _gone = fs::remove_file(&self.path);
    }
}

/// The file that a path leads to: whoever wrote a link wants that replaced, not the link.
pub(super) fn target(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn beside(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(ENDING);
    PathBuf::from(name)
}

/// Whether a run that did not end well has left something for the snapshot of this name that another can go on with.
#[must_use]
pub fn is_left(path: &Path) -> bool {
    fs::metadata(beside(&target(path))).is_ok_and(|file| file.len() > 0)
}

/// Copies the lines that are to be kept.
fn copy(from: &File, to: &mut File, keep: &mut impl FnMut(&[u8]) -> bool) -> io::Result<()> {
    let mut from = from;
    from.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::new(from);
    let mut writer = BufWriter::new(to);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        if keep(&line) {
            writer.write_all(&line)?;
        }
        line.clear();
    }
    writer.flush()
}

/// Creates what is not there, for its owner alone: a snapshot names accounts, roles and policies. Follows no link, and
/// waits for nobody at a pipe.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOFOLLOW);
    }
    options
}

#[cfg(unix)]
fn has_other_names(found: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(found) > 1
}

#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

/// Whether the path still leads to the file that was opened.
#[cfg(unix)]
fn is_still(path: &Path, found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let now = fs::symlink_metadata(path);
    now.is_ok_and(|now| (now.dev(), now.ino()) == (found.dev(), found.ino()))
}

#[cfg(not(unix))]
fn is_still(path: &Path, _: &Metadata) -> bool {
    path.exists()
}
