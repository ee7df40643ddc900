//! The one way to the texts of files: what the user named, and what lies in the checkout.
//! It does not know what a file is for, only who named it and how large one of its kind may be.

mod kind;
mod open;
mod refusal;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

pub use kind::{ByteSize, FileKind};
pub use open::Opened;
pub use refusal::{Refusal, refusal};

/// What marks the top of a git repository, and holds what is not part of the checkout: remotes with their
/// credentials.
pub const GIT: &str = ".git";
/// Folders of the system whose files are not files: what they say is made up when they are read.
const SYSTEM: [&str; 3] = ["/proc", "/sys", "/dev"];
/// Names under which the user hands over what is open already: standard input, or what a shell substitutes.
const DESCRIPTORS: [&str; 3] = ["/dev/stdin", "/dev/fd/", "/proc/self/fd/"];

/// Who names a file, and may so decide where it lies.
#[derive(Clone, Copy, Debug)]
pub enum Namer<'a> {
    /// The user, on the command line: wherever they like.
    User,
    /// A file in this folder: below the folder, in the checkout, or in what was admitted.
    File(&'a Path),
    /// A search of folders that follows no links: what it finds lies in them.
    Search,
}

/// Opens files, and refuses what nobody meant to show.
///
/// The checkout is the git repository that holds the working directory, else the working directory. The files
/// of it come from whoever wrote the last commit: what they name lies in the checkout once all links are
/// resolved, or is not read.
#[derive(Clone, Debug, Default)]
pub struct Door {
    /// Top of the checkout, absolute and without links. Empty in a door through which nothing goes.
    root: PathBuf,
    /// The same of what the user named.
    admitted: Vec<PathBuf>,
    largest_template: ByteSize,
    takes_part: bool,
    /// Texts that are read in place of what is in files, by the names of these.
    texts: Arc<BTreeMap<String, String>>,
}

impl Door {
    /// The door of the checkout that holds the folder `working`.
    #[must_use]
    pub fn at(working: &Path) -> Self {
        let working = resolved(working).unwrap_or_default();
        let mut upwards = working.ancestors();
        let top = upwards.find(|folder| folder.join(GIT).symlink_metadata().is_ok());
        Self {
            root: top.unwrap_or(&working).to_owned(),
            ..Self::default()
        }
    }

    /// The door of the checkout that holds another folder: this one, unless the folder lies outside of it or in a
    /// repository of its own.
    #[must_use]
    pub fn of(&self, folder: &Path) -> Self {
        let own = Self {
            takes_part: self.takes_part,
            ..Self::at(folder)
        };
        let is_here = own.root.starts_with(&self.root);
        match is_here && own.root.join(GIT).symlink_metadata().is_err() {
            true => self.clone(),
            false => own,
        }
    }

    /// Lets files name what lies at `path`, which the user named, or below it. What is not there admits nothing.
    pub fn admit(&mut self, path: &Path) {
        if !is_descriptor(path) {
            self.admitted.extend(resolved(path));
        }
    }

    /// Reads templates of up to this size.
    pub fn read_templates_up_to(&mut self, size: ByteSize) {
        self.largest_template = size;
    }

    /// Lets a text be read in place of what is in the file of this name, as if it had been written there.
    pub fn put(&mut self, name: String, text: String) {
        Arc::make_mut(&mut self.texts).insert(name, text);
    }

    /// All texts that are read in place of what is in files, by the names of these.
    #[must_use]
    pub fn texts(&self) -> &BTreeMap<String, String> {
        &self.texts
    }

    /// The text that is read in place of what is in a file.
    #[must_use]
    pub fn text_for(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// Whether the lock of an assembly is that of the synthesis that has started this run, and the assembly whole.
    pub fn take_part_in_synthesis(&mut self, takes_part: bool) {
        self.takes_part = takes_part;
    }

    /// What `take_part_in_synthesis` was told.
    #[must_use]
    pub fn takes_part_in_synthesis(&self) -> bool {
        self.takes_part
    }

    /// Top of the checkout, absolute and without links.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A folder and those above it, up to the top of the checkout.
    pub fn upwards<'p>(&self, folder: &'p Path) -> impl Iterator<Item = &'p Path> {
        let real = resolved(folder).unwrap_or_default();
        let above = real
            .strip_prefix(&self.root)
            .map(|inside| inside.components().count());
        folder.ancestors().take(above.map_or(0, |above| above + 1))
    }

    /// Whether files may name what lies at `real`, a path without links.
    #[must_use]
    pub fn holds(&self, real: &Path) -> bool {
        let root = Some(&self.root).filter(|root| !root.as_os_str().is_empty());
        let mut inside = root.into_iter().chain(&self.admitted);
        inside.any(|folder| is_below(real, folder))
    }

    /// The largest that a file may be.
    #[must_use]
    pub fn limit(&self, kind: FileKind) -> ByteSize {
        match kind {
            FileKind::Template => self.largest_template,
            other => other.limit(),
        }
    }

    /// The real path of a file or folder that a file in the folder `from` names.
    ///
    /// # Errors
    /// It is not there, or lies where `from` may not lead.
    pub fn resolve(&self, path: &Path, from: &Path) -> io::Result<PathBuf> {
        let beside = |real: &Path| resolved(from).is_ok_and(|folder| is_below(real, &folder));
        let is_inside = |real: &Path| self.holds(real) || beside(real);
        match resolved(path) {
            Ok(real) if is_inside(&real) => Ok(real),
            Ok(_) => Err(Refusal::Outside.into()),
            // Whether there is something elsewhere is not told either.
            Err(error) => {
                let mut above = path.ancestors().skip(1);
                match above.find_map(|folder| resolved(folder).ok()) {
                    Some(folder) if is_inside(&folder) => Err(error),
                    _ => Err(Refusal::Outside.into()),
                }
            }
        }
    }

    /// What is at a path that a file in the folder `from` names, of files that are not too large to be read.
    ///
    /// # Errors
    /// As for [`Door::resolve`], and what is neither a file nor a folder, or too large.
    pub fn look(&self, path: &Path, from: &Path, kind: FileKind) -> io::Result<Metadata> {
        let found = self.find(path, from)?.1;
        if !found.is_dir() {
            refusal::regular(&found)?;
            self.fits(found.len(), kind)?;
        }
        Ok(found)
    }

    /// Opens a file. Nothing is waited for: what is not a regular file is refused at once, unless the user handed
    /// it over open.
    ///
    /// # Errors
    /// It is not there, cannot be opened, is not a regular file, or lies where `namer` may not lead.
    pub fn open(&self, path: &Path, namer: Namer<'_>) -> io::Result<Opened> {
        match namer {
            Namer::User if is_descriptor(path) => Opened::whatever(path),
            Namer::User => {
                refusal::regular(&fs::metadata(path)?)?;
                Opened::file(path)
            }
            Namer::File(from) => {
                let (real, found) = self.find(path, from)?;
                refusal::regular(&found)?;
                Opened::file(&real)
            }
            // What a search finds is not a link, unless it is one that leads out, or changed since.
            Namer::Search => Opened::no_link(path).or_else(|error| {
                let from = path.parent().unwrap_or(Path::new(""));
                match refusal(&error) {
                    None => self.open(path, Namer::File(from)),
                    Some(_) => Err(error),
                }
            }),
        }
    }

    /// All of a file.
    ///
    /// # Errors
    /// As for [`Door::open`], those of reading, and more than a file of this kind can hold.
    pub fn bytes(&self, path: &Path, namer: Namer<'_>, kind: FileKind) -> io::Result<Vec<u8>> {
        let opened = self.open(path, namer)?;
        self.fits(opened.length, kind)?;
        let mut bytes = Vec::with_capacity(usize::try_from(opened.length).unwrap_or(0) + 1);
        let limit = self.limit(kind).bytes();
        opened.file.take(limit + 1).read_to_end(&mut bytes)?;
        // A file may grow while it is read, and what was handed over open tells no length.
        self.fits(bytes.len() as u64, kind)?;
        Ok(bytes)
    }

    /// All of a file that has to be text.
    ///
    /// # Errors
    /// As for [`Door::bytes`], and what is not UTF-8.
    pub fn text(&self, path: &Path, namer: Namer<'_>, kind: FileKind) -> io::Result<String> {
        let bytes = self.bytes(path, namer, kind)?;
        String::from_utf8(bytes).map_err(|_| Refusal::NoText.into())
    }

    /// Refuses what is larger than a file of this kind can be.
    ///
    /// # Errors
    /// It is.
    pub fn fits(&self, length: u64, kind: FileKind) -> io::Result<()> {
        let limit = self.limit(kind);
        match length > limit.bytes() {
            true => Err(Refusal::TooLarge(limit).into()),
            false => Ok(()),
        }
    }

    /// The real path of what a file in the folder `from` names, and what is there.
    fn find(&self, path: &Path, from: &Path) -> io::Result<(PathBuf, Metadata)> {
        // What lies beside the file that names it, and is not a link, lies nowhere else.
        if path.parent() == Some(from) && path.file_name().is_some_and(|name| name != GIT) {
            let found = path.symlink_metadata()?;
            if !found.is_symlink() {
                return Ok((path.to_owned(), found));
            }
        }
        let real = self.resolve(path, from)?;
        let found = fs::metadata(&real)?;
        Ok((real, found))
    }
}

/// The text of the file `name` in `folder`, which was admitted; `None` when it is not there, lies elsewhere, or is
/// not text of a size that can be read.
#[must_use]
pub fn read_inside(folder: &Path, name: &str) -> Option<String> {
    if !is_plain(name) {
        return None;
    }
    // Through this door goes only what lies in the folder.
    let closed = Door::default();
    let path = folder.join(name);
    closed
        .text(&path, Namer::File(folder), FileKind::Metadata)
        .ok()
}

/// Whether a relative path names nothing but what lies below a folder.
#[must_use]
pub fn is_plain(relative: &str) -> bool {
    let normal = |part| matches!(part, Component::Normal(_));
    // A colon would start at another drive on Windows.
    !relative.is_empty() && !relative.contains(':') && Path::new(relative).components().all(normal)
}

/// A path without links, absolute. The empty one is the working directory.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    match path.as_os_str().is_empty() {
        true => fs::canonicalize("."),
        false => fs::canonicalize(path),
    }
}

/// Whether a path lies in a folder, or is it, and is neither of git's own files nor of the system's.
fn is_below(real: &Path, folder: &Path) -> bool {
    let is_system = |path: &Path| SYSTEM.iter().any(|system| path.starts_with(system));
    let Ok(inside) = real.strip_prefix(folder) else {
        return false;
    };
    let is_git = |part: Component<'_>| part.as_os_str() == OsStr::new(GIT);
    !inside.components().any(is_git) && (!is_system(real) || is_system(folder))
}

/// Whether the user names what is open already: standard input, or what a shell puts in for a command.
#[must_use]
pub fn is_descriptor(path: &Path) -> bool {
    let path = path.to_string_lossy();
    let [stdin, rest @ ..] = DESCRIPTORS;
    path == stdin || rest.iter().any(|folder| path.starts_with(folder))
}

#[cfg(test)]
mod tests;
