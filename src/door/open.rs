//! Files that are open: how they are opened without waiting for anybody.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use super::refusal;

/// A file that may be read.
#[derive(Debug)]
pub struct Opened {
    /// The file, at its beginning.
    pub file: File,
    /// Its bytes when it was opened; none for what was handed over open.
    pub length: u64,
}

impl Opened {
    /// What the user handed over: a file, a pipe, a terminal.
    pub(super) fn whatever(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let found = file.metadata()?;
        let length = if found.is_file() { found.len() } else { 0 };
        Ok(Self { file, length })
    }

    /// A regular file, looked at once more when it is open: it may have been replaced in between.
    pub(super) fn file(path: &Path) -> io::Result<Self> {
        Self::regular(options(false).open(path)?)
    }

    /// The same, where no link leads to it.
    pub(super) fn no_link(path: &Path) -> io::Result<Self> {
        #[cfg(not(unix))]
        if path.symlink_metadata()?.is_symlink() {
            return Err(io::ErrorKind::Other.into());
        }
        Self::regular(options(true).open(path)?)
    }

    fn regular(file: File) -> io::Result<Self> {
        let found = file.metadata()?;
        refusal::regular(&found)?;
        let length = found.len();
        Ok(Self { file, length })
    }
}

/// Opening a pipe would wait for its other end.
fn options(no_link: bool) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let no_link = if no_link { libc::O_NOFOLLOW } else { 0 };
        options.custom_flags(libc::O_NONBLOCK | no_link);
    }
    #[cfg(not(unix))]
    let _ = no_link;
    options
}
