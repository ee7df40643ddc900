//! Where a configuration lies: the nearest file of its name, never above the checkout.
//! It does not know what is in the file.

use std::path::{Path, PathBuf};

use crate::door::Door;

/// Name of the configuration file, as it is written where there is none.
pub const FILE_NAME: &str = FILE_NAMES[0];

/// Every name that a configuration file may have.
pub const FILE_NAMES: [&str; 2] = ["ecrlint.yaml", "ecrlint.yml"];

/// A folder with a configuration under each of the names: which one is meant is ambiguous.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` and `{}` lie in one folder, and only one can hold", FILE_NAMES[0], FILE_NAMES[1])]
pub struct Twice {
    /// The second of the two.
    pub path: PathBuf,
}

/// The nearest configuration in `start` or a folder above it, up to the top of the checkout.
///
/// `start` has to be absolute: the folders above a relative path cannot be read off its text. Whatever has the
/// name is meant: a link to nowhere or a pipe is refused when it is read, not passed over.
///
/// # Errors
/// The nearest folder with one has two.
pub fn find(start: &Path, door: &Door) -> Result<Option<PathBuf>, Twice> {
    for folder in door.upwards(start) {
        let paths = FILE_NAMES.map(|name| folder.join(name));
        let mut there = paths
            .into_iter()
            .filter(|path| path.symlink_metadata().is_ok());
        match (there.next(), there.next()) {
            (Some(_), Some(path)) => return Err(Twice { path }),
            (Some(path), None) => return Ok(Some(path)),
            (None, _) => {}
        }
    }
    Ok(None)
}

/// The nearest configuration above the checkout, which nobody who works in it has to know of.
#[must_use]
pub fn find_above(start: &Path, door: &Door) -> Option<PathBuf> {
    let inside = door.upwards(start).count();
    let above = start.ancestors().skip(inside);
    let mut paths = above.flat_map(|folder| FILE_NAMES.map(|name| folder.join(name)));
    paths.find(|path| path.is_file())
}
