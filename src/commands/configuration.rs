//! Which configuration holds for a run, where the user names none: one for all of its inputs.
//! It does not read it.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::{self, Twice};
use crate::discover::STDIN;
use crate::door::{Door, is_descriptor};

/// The nearest configuration upward from the folder `working`, else from the folder that holds everything that
/// is checked.
///
/// # Errors
/// Two lie in one folder.
pub(super) fn nearest(
    working: &Path,
    checked: &[PathBuf],
    door: &Door,
) -> Result<Option<PathBuf>, Twice> {
    if let Some(path) = config::find(working, door)? {
        return Ok(Some(path));
    }
    match common_folder(checked) {
        Some(folder) => config::find(&folder, &door.of(&folder)),
        None => Ok(None),
    }
}

/// The deepest folder that holds all of `paths`, absolute and without links.
fn common_folder(paths: &[PathBuf]) -> Option<PathBuf> {
    let files = paths
        .iter()
        .filter(|path| path.as_os_str() != STDIN && !is_descriptor(path));
    let mut folders = files.filter_map(|path| folder(path).ok());
    let first = folders.next()?;
    Some(folders.fold(first, |common, folder| {
        let parts = common.components().zip(folder.components());
        let same = parts.take_while(|(one, other)| one == other);
        same.map(|(part, _)| part).collect()
    }))
}

/// The folder that a path means or lies in. That of a pattern is the last one in front of it.
fn folder(path: &Path) -> io::Result<PathBuf> {
    let mut folders = path.ancestors();
    let folder = folders.find(|folder| folder.as_os_str().is_empty() || folder.is_dir());
    match folder.filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => folder.canonicalize(),
        None => Path::new(".").canonicalize(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::common_folder;

    #[test]
    fn what_is_checked_has_one_folder() {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let top = scratch.path().canonicalize().expect("it is there");
        fs::create_dir_all(top.join("a/b/c")).expect("folders can be made");
        fs::create_dir_all(top.join("a/d")).expect("folders can be made");
        fs::write(top.join("a/b/t.yaml"), "").expect("files can be written");
        let common = |paths: &[&str]| {
            let paths: Vec<PathBuf> = paths.iter().map(|path| top.join(path)).collect();
            let folder = common_folder(&paths)?;
            Some(folder.strip_prefix(&top).expect("below").to_owned())
        };
        for (paths, expected) in [
            (&["a/b/t.yaml"][..], "a/b"),
            (&["a/b/*.yaml"], "a/b"),
            (&["a/b/c", "a/b/t.yaml"], "a/b"),
            (&["a/b/**/x", "a/d"], "a"),
            (&["a", "a/b"], "a"),
            (&["a/b/../d/x.yaml"], "a/d"),
        ] {
            assert_eq!(common(paths), Some(PathBuf::from(expected)), "{paths:?}");
        }
        assert_eq!(common_folder(&[PathBuf::from("-")]), None);
        assert_eq!(common_folder(&[]), None);
    }
}
