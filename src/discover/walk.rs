//! Goes through folders: what may be an input, where links lead, and what is passed over and why.
//! It does not know what is in any file.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use super::options::{ASSEMBLY, PathError, SearchOptions, is_not_found};
use super::scope::FolderScope;

use crate::door::{Door, Refusal, refusal};

/// Folders that hold no inputs of the project, however they are reached.
const FOREIGN_FOLDERS: [&str; 2] = ["node_modules", ".git"];

/// A file whose name is one of an input.
#[derive(Debug)]
pub(super) struct Met {
    pub(super) path: PathBuf,
    /// Whether it is, or lies behind, a symbolic link, so that it may have another name.
    pub(super) behind_link: bool,
}

/// A folder that is still to be searched.
struct PendingFolder {
    path: PathBuf,
    /// The same without links.
    real: PathBuf,
    /// `None` where nothing is ignored: in assemblies, and behind links.
    scope: Option<FolderScope>,
    in_assembly: bool,
    behind_link: bool,
}

/// A walk through folders.
pub(super) struct Walk<'a> {
    door: &'a Door,
    options: SearchOptions,
    /// Whether a file may be an input, by its path.
    fits: &'a dyn Fn(&Path) -> bool,
    pub(super) met: Vec<Met>,
    /// What is passed over, with the reason.
    pub(super) listed: Vec<(PathBuf, String)>,
    /// How much is passed over that may be an input, by its name, or hold some.
    pub(super) passed_over: usize,
    /// The folders that were searched, without links, but for those that git ignores.
    pub(super) folders: Vec<PathBuf>,
    /// Folders that links led to.
    seen: BTreeSet<PathBuf>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        door: &'a Door,
        options: SearchOptions,
        fits: &'a dyn Fn(&Path) -> bool,
    ) -> Self {
        Self {
            door,
            options,
            fits,
            met: Vec::new(),
            listed: Vec::new(),
            passed_over: 0,
            folders: Vec::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Searches a folder and those in it.
    pub(super) fn search(&mut self, root: &Path) -> Result<(), PathError> {
        let failed = |path: &Path, source| PathError::Search {
            path: path.to_owned(),
            source,
        };
        let real = fs::canonicalize(root).map_err(|error| failed(root, error))?;
        let in_assembly = root.components().any(|part| part.as_os_str() == ASSEMBLY);
        let is_ruled = self.options.gitignore && !in_assembly;
        let mut places = vec![PendingFolder {
            path: root.to_owned(),
            scope: is_ruled.then(|| FolderScope::at(&real, self.door)),
            real,
            in_assembly,
            behind_link: false,
        }];
        while let Some(place) = places.pop() {
            let entries = match fs::read_dir(&place.path) {
                Ok(entries) => entries,
                // A folder may vanish while it is being searched.
                Err(error) if is_not_found(&error) => continue,
                Err(error) => return Err(failed(&place.path, error)),
            };
            for entry in entries {
                let entry = entry.map_err(|error| failed(&place.path, error))?;
                places.extend(self.enter(&place, &entry));
            }
            let is_hidden = place.scope.as_ref().is_some_and(FolderScope::is_hidden);
            self.folders.extend((!is_hidden).then_some(place.real));
        }
        Ok(())
    }

    /// Takes note of what is in a folder; a folder in it is searched, too.
    fn enter(&mut self, place: &PendingFolder, entry: &DirEntry) -> Option<PendingFolder> {
        let (path, name) = (entry.path(), entry.file_name());
        // It may have vanished.
        let kind = entry.file_type().ok()?;
        let ignored = place.ignored(&name, kind.is_dir(), self.door);
        if kind.is_dir() {
            return self.folder(place, path, &name, ignored);
        }
        if let Some(why) = ignored {
            self.pass_over(path, &why);
        } else if kind.is_symlink() {
            return self.link(place, path, &name);
        } else {
            self.file(path, place.behind_link);
        }
        None
    }

    fn file(&mut self, path: PathBuf, behind_link: bool) {
        if (self.fits)(&path) {
            self.met.push(Met { path, behind_link });
        } else {
            self.list(path, "its name is not that of an input");
        }
    }

    fn folder(
        &mut self,
        place: &PendingFolder,
        path: PathBuf,
        name: &OsStr,
        ignored: Option<String>,
    ) -> Option<PendingFolder> {
        // Nearly every project lets git ignore its assembly, and it is what has to be judged.
        let is_assembly = name == ASSEMBLY;
        if !is_assembly {
            if FOREIGN_FOLDERS.iter().any(|foreign| name == *foreign) {
                self.leave(path, "a folder with other people's code");
                return None;
            }
            if name.as_encoded_bytes().starts_with(b"asset.") && is_of_assembly(&place.path) {
                self.leave(path, "an asset; what the manifest names of it is read");
                return None;
            }
        }
        let real = place.real.join(name);
        let mut scope = place.scope.clone().filter(|_| !is_assembly);
        if let Some(outer) = &scope {
            scope = Some(outer.enter(&real, ignored.is_some(), self.door));
        }
        // Git may keep track of files in a folder that it ignores, and there may be an assembly in it.
        if let Some(why) = ignored.filter(|_| !is_assembly) {
            self.leave(path.clone(), &why);
        }
        Some(PendingFolder {
            path,
            real,
            scope,
            in_assembly: place.in_assembly || is_assembly,
            behind_link: place.behind_link,
        })
    }

    /// A link inside of the checkout is followed; one that leads out is for whoever opens it to tell.
    fn link(
        &mut self,
        place: &PendingFolder,
        path: PathBuf,
        name: &OsStr,
    ) -> Option<PendingFolder> {
        let is_assembly = name == ASSEMBLY;
        let real = match self.door.resolve(&path, &place.path) {
            Ok(real) => real,
            Err(error) if refusal(&error) == Some(Refusal::Outside) => {
                match is_assembly || (self.fits)(&path) {
                    true => self.met.push(Met {
                        path,
                        behind_link: false,
                    }),
                    false => self.leave(path, "a link out of the checkout"),
                }
                return None;
            }
            Err(_) => {
                self.leave(path, "a link that leads nowhere");
                return None;
            }
        };
        if !real.is_dir() {
            self.file(path, true);
            return None;
        }
        let is_foreign = FOREIGN_FOLDERS.iter().any(|foreign| name == *foreign);
        if is_foreign || place.real.starts_with(&real) || !self.seen.insert(real.clone()) {
            self.leave(path, "a link to a folder that is searched anyway");
            return None;
        }
        Some(PendingFolder {
            path,
            real,
            scope: None,
            in_assembly: place.in_assembly || is_assembly,
            behind_link: true,
        })
    }

    fn list(&mut self, path: PathBuf, why: &str) {
        if self.options.lists_passed_over {
            self.listed.push((path, why.to_owned()));
        }
    }

    /// Takes note of a folder or a link that is not searched.
    fn leave(&mut self, path: PathBuf, why: &str) {
        self.passed_over += 1;
        self.list(path, why);
    }

    /// Takes note of a file that is not read.
    fn pass_over(&mut self, path: PathBuf, why: &str) {
        self.passed_over += usize::from((self.fits)(&path));
        self.list(path, why);
    }
}

impl PendingFolder {
    /// Why git ignores something in the folder, if it does and has a say here.
    fn ignored(&self, name: &OsStr, is_folder: bool, door: &Door) -> Option<String> {
        let scope = self.scope.as_ref()?;
        scope.ignores(&self.real.join(name), is_folder, door)
    }
}

/// Whether a folder is one of an assembly, whose assets are not inputs.
fn is_of_assembly(folder: &Path) -> bool {
    folder.file_name() == Some(OsStr::new(ASSEMBLY)) || folder.join("manifest.json").is_file()
}

/// Prefers, of several names of one file, that of the file itself; but an assembly says what stack a file in it is,
/// link or not.
pub(super) fn rank(met: &Met) -> u8 {
    let in_assembly = || met.path.parent().is_some_and(is_of_assembly);
    match met.behind_link {
        false => 1,
        true if in_assembly() => 0,
        true => 2,
    }
}
