//! Files of a program that were written after what it was synthesized to, by their times.
//! It does not know what is in them: a checkout sets all times anew.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The first of `files` that was written after `written`, which is there.
pub(super) fn newer(written: &Path, files: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
    let written = time(written)?;
    let mut files = files.into_iter();
    files.find(|file| time(file).is_some_and(|time| time > written))
}

/// When a file was last written to.
fn time(path: &Path) -> Option<SystemTime> {
    let about = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
    about.modified().ok()
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::{Duration, SystemTime};

    use super::newer;

    #[test]
    fn the_first_file_that_is_newer_is_found() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let at = |name: &str, seconds: u64| {
            let path = folder.path().join(name);
            let file = File::create(&path).expect("a file");
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            file.set_modified(time).expect("a time can be set");
            path
        };
        let (written, old, same) = (at("manifest", 50), at("old", 49), at("same", 50));
        let (new, newest) = (at("new", 51), at("newest", 52));
        let gone = folder.path().join("gone");
        let files = || {
            [
                gone.clone(),
                folder.path().to_owned(),
                old.clone(),
                same.clone(),
            ]
        };
        assert_eq!(newer(&written, files()), None);
        let files = files().into_iter().chain([new.clone(), newest]);
        assert_eq!(newer(&written, files), Some(new.clone()));
        assert_eq!(newer(&gone, [new]), None);
    }
}
