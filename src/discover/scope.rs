//! Which files the `.gitignore` files of a repository pass over. Those of the machine have no say, nor have any above
//! the top of the repository, and what git keeps track of is never passed over.
//! It does not know how folders are searched.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::index::Tracked;
use crate::door::{Door, FileKind, GIT, Namer};

/// The file whose patterns count.
const GITIGNORE: &str = ".gitignore";

/// What holds in a folder, and in those below it unless they say otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct FolderScope(Option<Rc<ScopeLevel>>);

/// A folder with patterns of its own, or the top of a repository.
#[derive(Debug)]
struct ScopeLevel {
    above: FolderScope,
    /// The patterns of the folder, if it has any.
    patterns: Option<Gitignore>,
    /// The repository that the folder is the top of, or lies in.
    repository: Option<Rc<GitRepository>>,
    /// Whether the folder itself is ignored, so that only what git keeps track of counts.
    is_hidden: bool,
}

/// A repository, whose index is read when something is ignored.
#[derive(Debug)]
struct GitRepository {
    top: PathBuf,
    tracked: OnceCell<Tracked>,
}

impl FolderScope {
    /// What holds in a folder at which a search begins: the patterns of the repository from its top down to it.
    /// `folder` is an absolute path without links.
    pub(super) fn at(folder: &Path, door: &Door) -> Self {
        let is_top = |path: &&Path| path.join(GIT).symlink_metadata().is_ok();
        let top = folder.ancestors().find(is_top);
        let top = top.or_else(|| Some(door.root()).filter(|root| folder.starts_with(root)));
        let top = top
            .filter(|top| !top.as_os_str().is_empty())
            .unwrap_or(folder);
        let mut between: Vec<&Path> = folder
            .ancestors()
            .take_while(|above| above.starts_with(top))
            .collect();
        between.reverse();
        let mut scope = Self::default();
        for path in between {
            scope = scope.enter(path, false, door);
        }
        scope
    }

    /// What holds in a folder of this one. What lies in a folder that is ignored, is ignored as well.
    pub(super) fn enter(&self, folder: &Path, is_ignored: bool, door: &Door) -> Self {
        let outer = self.0.as_deref();
        if outer.is_some_and(|level| level.is_hidden) {
            return self.clone();
        }
        let is_top = !is_ignored && folder.join(GIT).symlink_metadata().is_ok();
        let patterns = patterns(folder, door).filter(|_| !is_ignored);
        if !is_top && !is_ignored && patterns.is_none() && outer.is_some() {
            return self.clone();
        }
        let repository = match is_top {
            true => Some(Rc::new(GitRepository {
                top: folder.to_owned(),
                tracked: OnceCell::new(),
            })),
            false => outer.and_then(|level| level.repository.clone()),
        };
        Self(Some(Rc::new(ScopeLevel {
            // A repository in a repository has its own rules.
            above: self.clone().unless(is_top),
            patterns,
            repository,
            is_hidden: is_ignored,
        })))
    }

    /// Whether git ignores the folder itself.
    pub(super) fn is_hidden(&self) -> bool {
        self.0.as_ref().is_some_and(|level| level.is_hidden)
    }

    fn unless(self, not: bool) -> Self {
        if not { Self::default() } else { self }
    }

    /// Why git ignores something in the folder, if it does: by which pattern. A folder is ignored even if git keeps
    /// track of files in it. `path` is absolute and without links.
    pub(super) fn ignores(&self, path: &Path, is_folder: bool, door: &Door) -> Option<String> {
        let level = self.0.as_ref()?;
        // What lies in a folder that is ignored was reported with it.
        let why = match (level.is_hidden, is_folder) {
            (true, true) => return None,
            (true, false) => "in a folder that git ignores".to_owned(),
            (false, _) => self.matched(path, is_folder)?,
        };
        let is_tracked = || {
            let repository = level.repository.as_ref()?;
            let tracked = repository
                .tracked
                .get_or_init(|| Tracked::read(&repository.top, door));
            let inside = path.strip_prefix(&repository.top).unwrap_or(path);
            Some(tracked.holds(&slashed(inside), is_folder))
        };
        (is_folder || is_tracked() != Some(true)).then_some(why)
    }

    fn matched(&self, path: &Path, is_folder: bool) -> Option<String> {
        let mut scope = self;
        while let Some(level) = &scope.0 {
            if let Some(patterns) = &level.patterns {
                let matched = patterns.matched(path, is_folder);
                if matched.is_whitelist() {
                    return None;
                }
                if let Some(glob) = matched.inner() {
                    return Some(format!("ignored by `{}` of a {GITIGNORE}", glob.original()));
                }
            }
            scope = &level.above;
        }
        None
    }
}

/// The patterns of a folder. Git reads no `.gitignore` that is a link, and neither do we.
fn patterns(folder: &Path, door: &Door) -> Option<Gitignore> {
    let path = folder.join(GITIGNORE);
    if !path.symlink_metadata().ok()?.is_file() {
        return None;
    }
    let bytes = door
        .bytes(&path, Namer::File(folder), FileKind::Data)
        .ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut builder = GitignoreBuilder::new(folder);
    for line in text.lines() {
        // Git passes over a pattern that it cannot read, too.
        let _passed_over = builder.add_line(None, line);
    }
    builder.build().ok()
}

/// A path as git writes it.
fn slashed(path: &Path) -> Vec<u8> {
    let parts = path
        .components()
        .map(|part| part.as_os_str().as_encoded_bytes());
    parts.collect::<Vec<_>>().join(&b'/')
}
