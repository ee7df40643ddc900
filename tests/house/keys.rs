//! Code reads members of documents by keys that are declared once, so that a misspelt one does not compile. By its text a
//! member is read where a text names it: a query, a message, the grammar of what users write.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::rooms::rust_files;

/// How a member is read by a text.
const READ: &str = ".by_key(";
/// How a key is declared.
const DECLARE: &str = "MemberKey::new(";

/// Files and folders that read members by texts, each with the reason.
const READERS: &[(&str, &str)] = &[
    ("model/document/value.rs", "it is what all others read by"),
    (
        "model/events/",
        "the patterns of event rules have keys and operators that users write",
    ),
    (
        "model/facts/lifecycle/reading.rs",
        "the grammar of lifecycle policies names the keys that it asks for",
    ),
    ("rules/query/", "queries name members"),
    (
        "rules/judge/place.rs",
        "a rule names the place of a finding",
    ),
    ("rules/wording.rs", "messages and fixes name members"),
    (
        "rules/declared.rs",
        "what a query compares with is shown where it is declared",
    ),
    ("rules/settings.rs", "rules name their settings"),
    ("engine/plan.rs", "a rule names its setting"),
];

/// Files that declare keys, each with what they are keys of.
const DECLARERS: &[(&str, &str)] = &[
    (
        "model/members.rs",
        "facts, and settings as loaders write them",
    ),
    ("model/facts/rows/mod.rs", "facts themselves, by their rows"),
    ("model/facts/lifecycle/keys.rs", "lifecycle policies"),
    ("model/policy/keys.rs", "policies of IAM"),
];

#[test]
fn members_are_read_by_texts_only_where_texts_name_them() {
    hold(READ, READERS, "read it by a key of `model::members`");
}

#[test]
fn keys_are_declared_where_all_can_find_them() {
    hold(DECLARE, DECLARERS, "declare the key in `model::members`");
}

#[test]
fn no_key_of_policies_is_declared_twice() {
    for (file, _) in DECLARERS
        .iter()
        .filter(|(file, _)| file.ends_with("keys.rs"))
    {
        let code = code(&source().join(file));
        let keys = code.split(DECLARE).skip(1);
        let keys = keys.map(|rest| rest.split(')').next().unwrap_or_default().to_owned());
        let mut seen = BTreeSet::new();
        for key in keys {
            assert!(seen.insert(key.clone()), "{file}: {key} is declared twice");
        }
        assert!(!seen.is_empty(), "{file}: no key is found in it");
    }
}

/// Nobody but these says `words`, and each of these does.
fn hold(words: &str, permitted: &[(&str, &str)], instead: &str) {
    let mut found = BTreeSet::new();
    for path in rust_files(&source()) {
        let name = path.strip_prefix(source()).expect("it lies below src");
        let name = name.to_string_lossy().replace('\\', "/");
        let is_test = name.ends_with("tests.rs") || name.contains("/tests/");
        if is_test || !code(&path).contains(words) {
            continue;
        }
        let place = permitted.iter().find(|(place, _)| name.starts_with(place));
        let (place, _) = place.unwrap_or_else(|| panic!("{name}: says `{words}`; {instead}"));
        found.insert(*place);
    }
    for (place, why) in permitted {
        assert!(
            found.contains(place),
            "{place} does not say `{words}`: {why}"
        );
    }
}

fn source() -> PathBuf {
    crate::program::root().join("src")
}

/// Text of a file up to its inline tests, without comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a source file can be read");
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines();
    let lines = lines.filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}
