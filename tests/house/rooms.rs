//! The rules of the house: who may use whom, how large a file may grow, what every file says first.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::program::root;

/// Rooms by floor, the lowest first. A room uses rooms of lower floors, never its own floor's or higher ones.
const FLOORS: &[&[&str]] = &[
    &["source", "door"],
    &["model", "report", "discover", "ignore"],
    &["input", "rules", "config", "render", "capture"],
    &["engine", "cli"],
    &["commands"],
    &["main"],
];

/// Non-test lines that a file may have.
const MAX_LINES: usize = 400;

#[test]
fn every_room_uses_only_rooms_below_it() {
    for path in rust_files(&root().join("src")) {
        let room = room(&path);
        if room == "lib" {
            continue;
        }
        let floor =
            floor(&room).unwrap_or_else(|| panic!("{}: no floor for `{room}`", path.display()));
        for used in used_rooms(&code(&path), room == "main") {
            if used == room {
                continue;
            }
            let below = self::floor(&used)
                .unwrap_or_else(|| panic!("{}: uses `{used}`, which has no floor", path.display()));
            assert!(
                below < floor,
                "{}: `{room}` uses `{used}`, which does not stand below it",
                path.display()
            );
        }
    }
}

#[test]
fn every_room_has_a_floor_and_every_floor_its_rooms() {
    let rooms: BTreeSet<String> = rust_files(&root().join("src"))
        .iter()
        .map(|path| room(path))
        .filter(|room| room != "lib")
        .collect();
    let planned: BTreeSet<String> = FLOORS
        .iter()
        .flat_map(|floor| floor.iter().map(|room| (*room).to_owned()))
        .collect();
    assert_eq!(rooms, planned);
}

#[test]
fn no_file_outgrows_one_idea() {
    for path in rust_files(&root().join("src")) {
        let lines = code(&path).lines().count();
        assert!(
            lines <= MAX_LINES,
            "{}: {lines} non-test lines, more than {MAX_LINES}",
            path.display()
        );
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for path in rust_files(&root().join("src")) {
        assert!(
            code(&path).starts_with("//!"),
            "{}: the first line does not say what the file is for",
            path.display()
        );
    }
}

#[test]
fn no_room_is_a_lumber_room() {
    for path in rust_files(&root().join("src")) {
        let stem = path
            .file_stem()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned();
        assert!(
            !["util", "utils", "common", "helpers", "misc"].contains(&stem.as_str()),
            "{}: a function without a home shows a missing concept",
            path.display()
        );
    }
}

/// Files that open files themselves, each with the reason. Every other text comes through `src/door.rs`.
const OPENERS: &[(&str, &str)] = &[
    ("src/door/open.rs", "it is the door"),
    ("src/commands/init.rs", "creates a new file, and reads none"),
    (
        "src/commands/new_rule.rs",
        "creates a new file, and reads none",
    ),
    (
        "src/commands/destination.rs",
        "writes reports, and looks at what it would replace",
    ),
    (
        "src/capture/output.rs",
        "writes snapshots, and looks at what it would replace",
    ),
    (
        "src/capture/unfinished.rs",
        "makes unfinished snapshots, and takes up its own",
    ),
];

#[test]
fn every_text_comes_through_the_door() {
    let ways = [
        "fs::read(",
        "fs::read_to_string(",
        "fs::read_link(",
        "File::open(",
        "File::options(",
        "OpenOptions::new(",
    ];
    let mut openers = BTreeSet::new();
    for path in rust_files(&root().join("src")) {
        let code = code(&path);
        let lines = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        let code: String = lines.collect();
        let name = path
            .strip_prefix(root())
            .expect("the file lies in the checkout");
        let name = name.to_string_lossy().replace('\\', "/");
        if name.ends_with("/tests.rs") || !ways.iter().any(|way| code.contains(way)) {
            continue;
        }
        let is_known = OPENERS.iter().any(|(known, _)| *known == name);
        assert!(
            is_known,
            "{name}: opens a file; ask `door::Door` for its text"
        );
        openers.insert(name);
    }
    for (known, why) in OPENERS {
        assert!(
            openers.contains(*known),
            "{known} opens no file any more: {why}"
        );
    }
}

#[test]
fn every_dependency_has_a_reason() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest can be read");
    let mut section = "";
    for line in manifest.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if section.ends_with("dependencies") && line.contains('=') {
            assert!(line.contains(" # "), "Cargo.toml: no reason for `{line}`");
        }
    }
}

/// Text of a file up to its inline tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file can be read");
    match text.find("\n#[cfg(test)]") {
        Some(tests) => text[..=tests].to_owned(),
        None => text,
    }
}

/// The room a file belongs to: its first folder below `src`, or its own name.
fn room(path: &Path) -> String {
    let below = path
        .strip_prefix(root().join("src"))
        .expect("the file lies below src");
    let first = below.components().next().expect("a file has a name");
    first
        .as_os_str()
        .to_string_lossy()
        .trim_end_matches(".rs")
        .to_owned()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&room))
}

/// Rooms named behind `crate::`, or behind `ecrlint::` in the program itself.
fn used_rooms(code: &str, program: bool) -> BTreeSet<String> {
    let prefix = if program { "ecrlint::" } else { "crate::" };
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices(prefix) {
        let rest = &code[at + prefix.len()..];
        let names = match rest.strip_prefix('{') {
            Some(group) => group.split_once('}').unwrap_or((group, "")).0,
            None => rest.split(|c: char| !is_word(c)).next().unwrap_or_default(),
        };
        for name in names.split(',') {
            let name: String = name.trim().chars().take_while(|c| is_word(*c)).collect();
            if !name.is_empty() {
                rooms.insert(name);
            }
        }
    }
    rooms
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
