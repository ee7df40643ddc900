//! The fuzz targets are a workspace of their own, with a lock file of their own: it has to follow the dependencies of the
//! program, or their locked build fails.

use std::collections::BTreeSet;
use std::fs;

fn read(path: &str) -> String {
    let path = crate::program::root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Names of the crates that whoever builds the library needs.
fn needed(manifest: &str) -> BTreeSet<&str> {
    let mut section = "";
    let mut names = BTreeSet::new();
    for line in manifest.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some((name, rest)) = line.split_once(" = ")
            && !section.contains("dev-")
            && section.ends_with("dependencies")
            && !rest.contains("optional = true")
        {
            names.insert(name);
        }
    }
    names
}

/// Names of the crates that the lock file gives to the library.
fn locked(lock: &str) -> BTreeSet<&str> {
    let mut packages = lock.split("[[package]]");
    let ours = packages.find(|it| it.contains("\nname = \"ecrlint\"\n"));
    let ours = ours.expect("the library is a package of the lock file");
    let (_, list) = ours.split_once("dependencies = [").expect("it has some");
    let (list, _) = list.split_once(']').expect("the list ends");
    list.split('"')
        .filter_map(|it| it.split(' ').next())
        .filter(|it| it.starts_with(char::is_alphabetic))
        .collect()
}

#[test]
fn the_lock_file_of_the_fuzz_targets_follows_the_program() {
    let (manifest, lock) = (read("Cargo.toml"), read("fuzz/Cargo.lock"));
    assert_eq!(
        locked(&lock),
        needed(&manifest),
        "`cd fuzz && cargo metadata > /dev/null` writes fuzz/Cargo.lock anew"
    );
}

#[test]
fn what_a_manifest_needs_is_read() {
    let manifest = "[package]\nname = \"x\"\n[dependencies]\na = \"1\"\nb = { version = \"1\", optional = true }\n\
                    [target.'cfg(unix)'.dependencies]\nc = \"1\"\n[dev-dependencies]\nd = \"1\"\n[features]\ne = []\n";
    assert_eq!(needed(manifest), BTreeSet::from(["a", "c"]));
}
