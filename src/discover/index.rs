//! What git keeps track of: the names in its index, read as git writes it.
//! It does not know what becomes of files that are not in it.
//!
//! Format: <https://git-scm.com/docs/index-format>. Versions 2, 3 and 4, split and sparse ones.

use std::path::{Path, PathBuf};

use crate::door::{Door, FileKind, GIT, Namer};

/// Bytes of an entry before the hash: times, device, inode, mode, owner and size.
const STAT: usize = 40;
/// Lengths of the hashes that git knows: SHA-1 and SHA-256.
const HASHES: [usize; 2] = [20, 32];
/// Bit of the flags of an entry that has more flags.
const EXTENDED: u16 = 0x4000;

/// The files that git keeps track of, by their paths from the top.
#[derive(Debug, Default)]
pub(super) struct Tracked {
    /// Sorted. A folder of a sparse checkout ends with `/`, and stands for all in it.
    names: Vec<Vec<u8>>,
    has_folders: bool,
    /// The index cannot be read: anything may be in it.
    is_unknown: bool,
}

impl Tracked {
    /// Reads the index of the repository with this top. Without any, nothing is tracked.
    pub(super) fn read(top: &Path, door: &Door) -> Self {
        let Some(folder) = folder(top, door) else {
            return Self::default();
        };
        let index = folder.join("index");
        let read = |path: &Path| door.bytes(path, Namer::User, FileKind::Index);
        let bytes = match read(&index) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Self::default(),
            Err(_) => return Self::unknown(),
        };
        let Some(mut index) = parse(&bytes) else {
            return Self::unknown();
        };
        if let Some(shared) = index.shared {
            // What the split index removes from the shared one counts as tracked: that hides nothing.
            let shared = read(&folder.join(format!("sharedindex.{shared}")));
            match shared.ok().and_then(|bytes| Some(parse(&bytes)?.names)) {
                Some(names) => index.names.extend(names),
                None => return Self::unknown(),
            }
        }
        index.names.sort_unstable();
        Self {
            has_folders: index.names.iter().any(|name| name.ends_with(b"/")),
            names: index.names,
            is_unknown: false,
        }
    }

    fn unknown() -> Self {
        Self {
            is_unknown: true,
            ..Self::default()
        }
    }

    /// Whether git keeps track of a file, or of any in a folder. `path` is its path from the top, with `/`.
    pub(super) fn holds(&self, path: &[u8], is_folder: bool) -> bool {
        if self.is_unknown {
            return true;
        }
        let inside = [path, b"/"].concat();
        let at = |name: &[u8]| {
            let at = self.names.partition_point(|own| own.as_slice() < name);
            self.names.get(at).map(Vec::as_slice)
        };
        let is_there = match is_folder {
            true => at(&inside).is_some_and(|name| name.starts_with(&inside)),
            false => at(path) == Some(path),
        };
        is_there || self.has_folders && self.is_in_folder(path)
    }

    fn is_in_folder(&self, path: &[u8]) -> bool {
        let ends = path.iter().enumerate();
        let ends = ends.filter(|(_, byte)| **byte == b'/');
        let mut folders = ends.map(|(at, _)| &path[..=at]);
        folders.any(|folder| {
            let found = self
                .names
                .binary_search_by(|own| own.as_slice().cmp(folder));
            found.is_ok()
        })
    }
}

/// Where git keeps the index of a repository: in its `.git`, or where that points for worktrees and submodules.
fn folder(top: &Path, door: &Door) -> Option<PathBuf> {
    let git = top.join(GIT);
    if git.is_dir() {
        return Some(git);
    }
    let text = door.text(&git, Namer::User, FileKind::Configuration).ok()?;
    let path = text.strip_prefix("gitdir:")?.trim();
    Some(top.join(path))
}

/// What is in an index.
struct GitIndex {
    names: Vec<Vec<u8>>,
    /// The index that this one adds to, by its hash.
    shared: Option<String>,
}

fn parse(bytes: &[u8]) -> Option<GitIndex> {
    HASHES.into_iter().find_map(|hash| parse_with(bytes, hash))
}

/// Reads an index with hashes of this length; `None` where it is none.
fn parse_with(bytes: &[u8], hash: usize) -> Option<GitIndex> {
    let version = number(bytes.get(4..8)?)?;
    let count = number(bytes.get(8..12)?)?;
    if !bytes.starts_with(b"DIRC") || !(2..=4).contains(&version) {
        return None;
    }
    let end = bytes.len().checked_sub(hash)?;
    let mut names: Vec<Vec<u8>> = Vec::new();
    let mut at = 12;
    for _ in 0..count {
        let start = at;
        let flags = bytes.get(at + STAT + hash..at + STAT + hash + 2)?;
        let flags = u16::from_be_bytes(flags.try_into().ok()?);
        at += STAT + hash + 2;
        if flags & EXTENDED != 0 {
            at += 2;
        }
        let mut name = Vec::new();
        if version == 4 {
            let cut = cut(bytes, &mut at)?;
            let before = names.last().map_or(&[][..], Vec::as_slice);
            name.extend_from_slice(&before[..before.len().checked_sub(cut)?]);
        }
        let length = memchr::memchr(0, bytes.get(at..end)?)?;
        name.extend_from_slice(&bytes[at..at + length]);
        at += length + 1;
        if version < 4 {
            // One to eight zeros, so that the next entry begins at a multiple of eight.
            at = start + (at - start).next_multiple_of(8);
        }
        if name.is_empty() {
            return None;
        }
        names.push(name);
    }
    let shared = shared(bytes.get(at..end)?, hash)?;
    Some(GitIndex { names, shared })
}

fn number(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// How many bytes of the last name are not in the next one; in the encoding of offsets in packs.
fn cut(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let mut value = 0_usize;
    loop {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value = value
            .checked_mul(128)?
            .checked_add(usize::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        value = value.checked_add(1)?;
    }
}

/// The hash of the shared index in what follows the entries; `None` where that is not a list of extensions.
fn shared(mut bytes: &[u8], hash: usize) -> Option<Option<String>> {
    let mut shared = None;
    while !bytes.is_empty() {
        let (name, length) = (bytes.get(..4)?, number(bytes.get(4..8)?)?);
        let body = bytes.get(8..8_usize.checked_add(usize::try_from(length).ok()?)?)?;
        if name == b"link" {
            let hex = body.get(..hash)?.iter().map(|byte| format!("{byte:02x}"));
            shared = Some(hex.collect::<String>());
        }
        bytes = &bytes[8 + body.len()..];
    }
    // A shared index of zeros is none.
    Some(shared.filter(|hex| hex.bytes().any(|digit| digit != b'0')))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use super::Tracked;
    use crate::door::Door;

    fn git(folder: &Path, arguments: &[&str]) -> bool {
        let run = Command::new("git")
            .current_dir(folder)
            .args([
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@b",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .output();
        run.is_ok_and(|run| run.status.success())
    }

    #[test]
    fn indexes_of_every_version_are_read() {
        for (format, version) in [("sha1", "2"), ("sha1", "3"), ("sha1", "4"), ("sha256", "2")] {
            let folder = tempfile::tempdir().expect("a folder");
            let at = folder.path();
            let format = format!("--object-format={format}");
            if !git(at, &["init", "-q", &format]) {
                continue;
            }
            for name in [
                "a.json",
                "a/b/c.yaml",
                "a/b/d.yaml",
                "z-long-name-of-a-file.json",
            ] {
                let path = at.join(name);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                std::fs::write(path, name).expect("a file");
            }
            assert!(git(at, &["add", "."]));
            if version == "3" {
                std::fs::write(at.join("later"), "x").expect("a file");
                assert!(git(at, &["add", "-N", "later"]));
            }
            assert!(git(at, &["update-index", "--index-version", version]));
            let tracked = Tracked::read(at, &Door::at(at));
            assert!(!tracked.is_unknown, "{format} {version}");
            for (name, is_folder, is_there) in [
                ("a.json", false, true),
                ("a/b/c.yaml", false, true),
                ("a/b/d.yaml", false, true),
                ("z-long-name-of-a-file.json", false, true),
                ("a", true, true),
                ("a/b", true, true),
                ("a", false, false),
                ("a/b/e.yaml", false, false),
                ("b", true, false),
                ("a.jso", true, false),
            ] {
                let holds = tracked.holds(name.as_bytes(), is_folder);
                assert_eq!(holds, is_there, "{format} {version} {name}");
            }
        }
    }

    #[test]
    fn a_split_index_adds_to_the_shared_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path();
        if !git(at, &["init", "-q"]) {
            return;
        }
        std::fs::write(at.join("one"), "1").expect("a file");
        assert!(git(at, &["add", "."]));
        assert!(git(at, &["update-index", "--split-index"]));
        std::fs::write(at.join("two"), "2").expect("a file");
        assert!(git(at, &["add", "."]));
        let tracked = Tracked::read(at, &Door::at(at));
        for name in ["one", "two"] {
            assert!(tracked.holds(name.as_bytes(), false), "{name}");
        }
        assert!(!tracked.holds(b"three", false));
    }

    #[test]
    fn whatever_cannot_be_read_may_hold_anything() {
        for bytes in [
            &b""[..],
            b"DIRC",
            b"DIRC\0\0\0\x02\xff\xff\xff\xff",
            &[0xff; 200],
            &[b'D'; 999],
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let git = folder.path().join(".git");
            std::fs::create_dir(&git).expect("a folder");
            std::fs::write(git.join("index"), bytes).expect("a file");
            let tracked = Tracked::read(folder.path(), &Door::at(folder.path()));
            assert!(tracked.holds(b"x", false), "{bytes:?}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        assert!(!Tracked::read(folder.path(), &Door::at(folder.path())).holds(b"x", false));
    }
}
