//! What becomes of a run that somebody stops: its temporary files go, and it ends as the system would end it.
//! It does not know what the files hold.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::{NamedTempFile, TempPath};

/// Temporary files that are there.
static FILES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A file that is gone when the run ends, in whatever way short of being killed, unless it gets its name.
#[derive(Debug)]
pub(super) struct Temporary {
    pub(super) file: fs::File,
    path: TempPath,
}

impl Temporary {
    /// Makes a file.
    pub(super) fn new(make: impl FnOnce() -> io::Result<NamedTempFile>) -> io::Result<Self> {
        listen();
        // A signal waits until the new file is known.
        let mut files = files();
        let (file, path) = make()?.into_parts();
        files.push(path.to_path_buf());
        Ok(Self { file, path })
    }

    /// Where the file is.
    #[cfg(test)]
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its name, in place of what has it.
    pub(super) fn name(self, name: &Path) -> io::Result<()> {
        let mut files = files();
        let path = self.path.to_path_buf();
        self.path.persist(name)?;
        files.retain(|other| *other != path);
        Ok(())
    }
}

fn files() -> MutexGuard<'static, Vec<PathBuf>> {
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for Ctrl-C and for the signal that asks to end, from now on.
#[cfg(unix)]
fn listen() {
    use std::sync::Once;

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Without a way to hear of it, the run is stopped by the system itself.
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
            return;
        };
        std::thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                // Never unlocked: nothing is named or made any more.
                let files = files();
                files.iter().for_each(|path| _ = fs::remove_file(path));
                end_by(signal);
            }
        });
    });
}

#[cfg(not(unix))]
fn listen() {}

/// Ends the process as the signal would have: whoever started it sees that it was stopped.
#[cfg(unix)]
pub(super) fn end_by(signal: i32) {
    // Where that fails, the command ends with a code of its own.
    let _ended = signal_hook::low_level::emulate_default_handler(signal);
}
