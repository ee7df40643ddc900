//! How folders are searched, and why a path means nothing.
//! It does not know how files are found.

use std::path::{Path, PathBuf};

/// The folder into which the CDK synthesizes.
pub const ASSEMBLY: &str = "cdk.out";

/// How folders are searched.
#[derive(Clone, Copy, Debug)]
pub struct SearchOptions {
    /// Whether the `.gitignore` files of the repository have a say.
    pub gitignore: bool,
    /// Whether everything that is passed over is listed.
    pub lists_passed_over: bool,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self {
            gitignore: true,
            lists_passed_over: false,
        }
    }
}

/// Why a path of the user means nothing.
#[derive(Debug, thiserror::Error)]
pub enum PathError {
    /// Nothing has this name.
    #[error("cannot find `{}`{}", path.display(), offer(nearest.as_deref()))]
    Missing {
        /// The path.
        path: PathBuf,
        /// What else there is with a similar name.
        nearest: Option<PathBuf>,
    },
    /// The path can be seen, but not looked at.
    #[error("cannot look at `{}`", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// No file has a name like this.
    #[error("no file matches `{pattern}`")]
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// The pattern cannot be read.
    #[error("cannot read the pattern `{pattern}`")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        #[source]
        source: globset::Error,
    },
    /// A folder could not be searched to its end.
    #[error("cannot search `{}`", path.display())]
    Search {
        /// The folder.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

fn offer(nearest: Option<&Path>) -> String {
    nearest.map_or_else(String::new, |path| {
        format!("; there is `{}`", path.display())
    })
}

pub(super) fn is_not_found(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
}
