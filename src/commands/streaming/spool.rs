//! A copy of what can be read only once, in a file that goes when it is done with.
//! It does not know what it holds.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// A file of the system's folder for such files, deleted when this is dropped.
#[derive(Debug)]
pub(in crate::commands) struct Spool {
    path: PathBuf,
}

impl Spool {
    /// Copies `head` and whatever `rest` has.
    pub(in crate::commands) fn new(head: &[u8], rest: &mut dyn Read) -> io::Result<(Self, File)> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("ecrlint-{}-{number}.ndjson", std::process::id());
        let path = std::env::temp_dir().join(name);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            // A snapshot names accounts, roles and policies.
            options.mode(0o600);
        }
        let mut file = options.open(&path)?;
        let spool = Self { path };
        file.write_all(head)?;
        io::copy(rest, &mut file)?;
        Ok((spool, file))
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // Nothing can be done about a file that does not go.
        let _gone = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek, SeekFrom};

    use super::Spool;

    #[test]
    fn a_spool_has_all_and_goes_when_it_is_done_with() {
        let (spool, mut file) = Spool::new(b"head ", &mut &b"rest"[..]).expect("there is room");
        let mut text = String::new();
        file.seek(SeekFrom::Start(0)).expect("a file");
        file.read_to_string(&mut text).expect("a file");
        assert_eq!(text, "head rest");
        let path = spool.path.clone();
        assert!(path.exists());
        drop((spool, file));
        assert!(!path.exists());
    }
}
