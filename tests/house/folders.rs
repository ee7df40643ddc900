//! Folders of a room that is too large for one look: each uses only folders below it.

use std::collections::BTreeSet;

use crate::circles::House;

/// Rooms with folders, and these by floor, the lowest first. What lies in the room itself stands above all of them.
const FOLDERS: &[(&str, &[&[&str]])] = &[(
    "input/cloudformation",
    &[
        &["ignores", "template"],
        &["expression"],
        &["conditions"],
        &["transforms"],
        &["validation"],
        &["resources"],
        &["stacks"],
    ],
)];

#[test]
fn every_folder_uses_only_folders_below_it() {
    let house = House::read(&crate::program::root().join("src"));
    for (room, floors) in FOLDERS {
        let above = floors.len();
        let floor = |folder: &str| match folder.ends_with(".rs") {
            true => above,
            false => (floors.iter().position(|floor| floor.contains(&folder)))
                .unwrap_or_else(|| panic!("{room}/{folder} has no floor")),
        };
        let mut found = BTreeSet::new();
        for (file, used, path) in house.ways() {
            let (Some(own), Some(other)) = (folder(&file, room), folder(&used, room)) else {
                continue;
            };
            found.insert(own.to_owned());
            assert!(
                own == other || floor(own) == above || floor(other) < floor(own),
                "{file} uses {used} because of `{path}`: `{other}` does not stand below `{own}`"
            );
        }
        for folder in floors.iter().flat_map(|floor| floor.iter()) {
            assert!(found.contains(*folder), "{room}/{folder} is not there");
        }
    }
}

/// The folder of a room that a file lies in, or the file itself.
fn folder<'f>(file: &'f str, room: &str) -> Option<&'f str> {
    let below = file.strip_prefix(room)?.strip_prefix('/')?;
    below.split('/').next()
}
