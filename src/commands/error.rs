//! Why a command could not be carried out.

use std::path::PathBuf;

use crate::discover;

/// Why a command could not be carried out, other than by a mistake inside a user's file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// A file or folder could not be read.
    #[error("cannot read `{path}`: {source}", path = .path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("cannot write `{path}`: {source}", path = .path.display())]
    Write {
        path: PathBuf,
        source: std::io::Error,
    },
    /// Standard output could not be written.
    #[error("cannot write to standard output: {0}")]
    Stdout(std::io::Error),
    /// Paths that mean nothing.
    #[error("{}", .0.iter().map(with_causes).collect::<Vec<_>>().join("; "))]
    Discover(Vec<discover::PathError>),
    /// Some of several things could not be done; the others were.
    #[error("{}", .0.iter().map(CommandError::to_string).collect::<Vec<_>>().join("; "))]
    Several(Vec<CommandError>),
    /// An editor that does not speak the protocol, or has gone away in the middle of it.
    #[error("the editor ended the connection: {0}")]
    Editor(String),
    /// Something that the user named is not there, with what to do.
    #[error("{0}")]
    Usage(String),
}

impl CommandError {
    /// What to say, line by line: a line break in the name of a file is none.
    pub(super) fn lines(&self) -> Vec<String> {
        match self {
            CommandError::Discover(errors) => errors.iter().map(with_causes).collect(),
            CommandError::Several(errors) => errors.iter().flat_map(CommandError::lines).collect(),
            error => vec![error.to_string()],
        }
    }
}

/// An error with its causes.
fn with_causes(error: &discover::PathError) -> String {
    let mut line = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        line.push_str(&format!(": {error}"));
        cause = error.source();
    }
    line
}
