//! Why a file is not read although it could be.

use std::fs::Metadata;
use std::io;

use super::ByteSize;

/// What the door does not let through; a sentence without its subject, such as "it is a folder".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A file of the checkout names what lies elsewhere, once links are resolved.
    #[error("it lies outside of the checkout")]
    Outside,
    /// No regular file is there, but this.
    #[error("it is {0}")]
    NoFile(&'static str),
    /// More bytes than a file of its kind can have.
    #[error("it is larger than {0}")]
    TooLarge(ByteSize),
    /// Bytes that are not UTF-8.
    #[error("it is not UTF-8 text")]
    NoText,
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal {
            Refusal::Outside => io::ErrorKind::PermissionDenied,
            Refusal::NoFile(_) => io::ErrorKind::InvalidInput,
            Refusal::TooLarge(_) => io::ErrorKind::FileTooLarge,
            Refusal::NoText => io::ErrorKind::InvalidData,
        };
        Self::new(kind, refusal)
    }
}

/// The refusal in an error, where it is one and not the system's.
#[must_use]
pub fn refusal(error: &io::Error) -> Option<Refusal> {
    error.get_ref()?.downcast_ref().copied()
}

/// Refuses what is not a regular file, in words.
pub(super) fn regular(found: &Metadata) -> io::Result<()> {
    match found.is_file() {
        true => Ok(()),
        false => Err(Refusal::NoFile(words(found)).into()),
    }
}

fn words(found: &Metadata) -> &'static str {
    if found.is_dir() {
        return "a folder";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = found.file_type();
        if kind.is_fifo() {
            return "a named pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    "no regular file"
}
