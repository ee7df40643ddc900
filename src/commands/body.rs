//! The bytes of one input: all of them, or a file that is read line by line.
//! It does not know what they say.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::streaming::Spool;
use crate::discover::{FoundFile, STDIN};
use crate::door::{Door, FileKind, Namer};
use crate::input::snapshot::lines::is_stream;
use crate::source::shown;

/// Memory that is kept for the next file.
const MOST_REUSED: usize = 1 << 20;
/// Bytes at the beginning of a file that say whether it is read line by line.
const HEAD: usize = 64 << 10;

/// What is in a file.
pub(super) enum Body {
    Whole(Vec<u8>),
    Lines(File, Option<Spool>),
}

thread_local! {
    /// Looking at the next file uses the memory of the last one: most files of a folder are passed over, and the
    /// system clears fresh memory, which takes longer than searching it.
    static BYTES: RefCell<Vec<u8>> = RefCell::default();
}

/// Memory that an earlier file left.
pub(super) fn memory() -> Vec<u8> {
    BYTES.take()
}

/// Keeps memory for the next file, unless it is much.
pub(super) fn recycle(mut bytes: Vec<u8>) {
    bytes.clear();
    bytes.shrink_to(MOST_REUSED);
    BYTES.set(bytes);
}

/// What is in a file: all of it, unless it is to be read line by line. Standard input is copied then,
/// because lines are read more than once. `bytes` is memory that may be used for it.
pub(super) fn read(file: &FoundFile, door: &Door, mut bytes: Vec<u8>) -> io::Result<Body> {
    let limit = door.limit(FileKind::Template).bytes();
    if let Some(text) = door.text_for(&shown(&file.path)) {
        return Ok(Body::Whole(text.as_bytes().to_vec()));
    }
    if file.path.as_os_str() == STDIN {
        let mut input = io::stdin().lock();
        input.by_ref().take(HEAD as u64).read_to_end(&mut bytes)?;
        if is_stream(&bytes) {
            let (spool, copy) = Spool::new(&bytes, &mut input)?;
            return Ok(Body::Lines(copy, Some(spool)));
        }
        input.take(limit).read_to_end(&mut bytes)?;
        door.fits(bytes.len() as u64, FileKind::Template)?;
        return Ok(Body::Whole(bytes));
    }
    let namer = match file.named {
        true => Namer::User,
        false => Namer::Search,
    };
    open(&file.path, door, namer, bytes)
}

/// The same for a file that is not standard input.
pub(super) fn open(path: &Path, door: &Door, namer: Namer, mut bytes: Vec<u8>) -> io::Result<Body> {
    let opened = door.open(path, namer)?;
    let mut open = opened.file;
    let size = usize::try_from(opened.length).unwrap_or(0);
    read_head(&mut open, size, &mut bytes)?;
    if is_stream(&bytes) {
        // A pipe with a name can be read only once, too.
        return match open.seek(SeekFrom::Start(0)) {
            Ok(_) => Ok(Body::Lines(open, None)),
            Err(_) => {
                Spool::new(&bytes, &mut open).map(|(spool, copy)| Body::Lines(copy, Some(spool)))
            }
        };
    }
    door.fits(opened.length, FileKind::Template)?;
    if bytes.len() == HEAD {
        let limit = door.limit(FileKind::Template).bytes();
        bytes.reserve_exact(size.saturating_sub(HEAD) + 1);
        open.take(limit).read_to_end(&mut bytes)?;
    }
    door.fits(bytes.len() as u64, FileKind::Template)?;
    Ok(Body::Whole(bytes))
}

/// Reads the beginning of a file, of which `size` bytes are known to be there: most files are read at once, and once
/// more to see that nothing follows.
fn read_head(file: &mut File, size: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
    bytes.clear();
    bytes.resize((size + 1).min(HEAD), 0);
    let mut length = 0;
    while length < bytes.len() {
        match file.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let is_full = length == bytes.len();
    bytes.truncate(length);
    // There is more than was known of, as in a pipe.
    if is_full && length < HEAD {
        let rest = (HEAD - length) as u64;
        file.take(rest).read_to_end(bytes)?;
    }
    Ok(())
}

/// A text that turns out to have one record a line once it is decoded, as a file to be read line by line.
pub(super) fn decoded_lines(text: &str) -> Option<io::Result<(Spool, File)>> {
    is_stream(head(text.as_bytes())).then(|| Spool::new(text.as_bytes(), &mut io::empty()))
}

fn head(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(HEAD)]
}

/// The bytes of a file that is not read line by line.
pub(super) fn bytes(file: &FoundFile, door: &Door) -> io::Result<Vec<u8>> {
    match read(file, door, Vec::new())? {
        Body::Whole(bytes) => Ok(bytes),
        Body::Lines(..) => Err(io::Error::other("it is a snapshot, which has no templates")),
    }
}
