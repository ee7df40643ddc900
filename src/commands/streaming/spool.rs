//! A copy of what can be read only once, in a file that goes when it is done with.
//! It does not know what it holds.

use std::fs::File;
use std::io::{self, Read, Write};

use tempfile::Builder;

use crate::commands::signals::Temporary;

/// A file of the system's folder for such files, private to its owner, deleted when this is dropped or the run is
/// stopped.
#[derive(Debug)]
pub(in crate::commands) struct Spool {
    _temporary: Temporary,
}

impl Spool {
    /// Copies `head` and whatever `rest` has.
    pub(in crate::commands) fn new(head: &[u8], rest: &mut dyn Read) -> io::Result<(Self, File)> {
        let mut builder = Builder::new();
        builder.prefix("ecrlint-").suffix(".ndjson");
        let temporary = Temporary::new(|| builder.tempfile())?;
        let mut file = temporary.file.try_clone()?;
        file.write_all(head)?;
        io::copy(rest, &mut file)?;
        Ok((
            Self {
                _temporary: temporary,
            },
            file,
        ))
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
        let path = spool._temporary.path().to_owned();
        assert!(path.exists());
        drop((spool, file));
        assert!(!path.exists());
    }
}
