//! Why there is no snapshot.

use std::path::PathBuf;

/// Why there is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// No credentials, or none that AWS takes.
    #[error("{0}")]
    Credentials(String),
    /// A role that may not be taken.
    #[error("cannot take the role `{0}`: {1}")]
    Role(String, String),
    /// Nothing says which region is meant.
    #[error("no AWS region is set; name one with `--region`, or set `AWS_REGION`")]
    NoRegion,
    /// Something that is not the name of a region.
    #[error("`{0}` is not a region, expected a name such as `eu-west-1`")]
    NotRegion(String),
    /// The regions of an account could not be listed.
    #[error("cannot list the regions of account {0}: {1}; name them with `--region`")]
    Regions(String, String),
    /// The region does not take the credentials, which elsewhere hold.
    #[error(
        "`{region}` does not know the credentials of account {account} (`{code}`); the region may not be enabled for it"
    )]
    Region {
        /// The region.
        region: String,
        /// The account.
        account: String,
        /// Name of AWS's error.
        code: String,
    },
    /// No service answers.
    #[error("{why}; look whether `{region}` is the region that is meant, and at the network")]
    Unreachable {
        /// The region.
        region: String,
        /// What was attempted, and why it failed.
        why: String,
    },
    /// Repositories could not be listed, for another reason than a missing permission.
    #[error("cannot list the repositories of {0}: {1}")]
    Listing(String, String),
    /// The file holds something else.
    #[error("`{}` is there and is not a snapshot; name another file, or replace it with `--force`", .0.display())]
    NoSnapshot(PathBuf),
    /// A link to nothing could lead anywhere.
    #[error("`{}` is a link to a file that is not there; name the file itself", .0.display())]
    Nowhere(PathBuf),
    /// An interrupted run has left something.
    #[error("`{}` is what an interrupted run has captured; go on with `--resume`, or remove it", .0.display())]
    Unfinished(PathBuf),
    /// What is in the place of an unfinished snapshot, and is none: a link, somebody's file.
    #[error("`{}` is in the way and is not an unfinished snapshot; move it elsewhere, or name another file", .0.display())]
    NotUnfinished(PathBuf),
    /// An unfinished snapshot of other parts.
    #[error("`{}` was begun with `{}`; go on with the same, or remove it", .0.display(), .1.join(","))]
    OtherOptions(PathBuf, Vec<String>),
    /// An unfinished snapshot of another account or region.
    #[error("`{}` holds {place}, which is not asked for; go on with the same accounts and regions, or remove it", path.display())]
    OtherPlace {
        /// The unfinished snapshot.
        path: PathBuf,
        /// Account and region.
        place: String,
    },
    /// Another run writes the same snapshot.
    #[error("`{}` is being written by another run", .0.display())]
    Busy(PathBuf),
    /// A file cannot be read.
    #[error("cannot read `{path}`: {1}", path = .0.display())]
    Read(PathBuf, std::io::Error),
    /// A file cannot be written.
    #[error("cannot write `{path}`: {1}", path = .0.display())]
    Write(PathBuf, std::io::Error),
    /// Standard output cannot be written.
    #[error("cannot write to standard output: {0}")]
    Stdout(std::io::Error),
    /// Somebody has stopped the run, by a signal of this number.
    #[error("interrupted")]
    Interrupted(i32),
    /// The machine gives no means to run anything at once.
    #[error("cannot start: {0}")]
    Start(std::io::Error),
}
