//! A type name has one meaning in the whole house.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::rooms::rust_files;

const KEYWORDS: [&str; 5] = ["struct ", "enum ", "trait ", "type ", "union "];

#[test]
fn each_type_name_has_one_meaning() {
    let src = crate::program::root().join("src");
    let mut declared: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in rust_files(&src) {
        let name = path.strip_prefix(&src).expect("the file lies below src");
        let name = name.to_string_lossy().replace('\\', "/");
        if name.ends_with("tests.rs") || name.contains("/tests/") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source file can be read");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for of in code.lines().filter_map(declares) {
            let files = declared.entry(of.to_owned()).or_default();
            files.insert(name.clone());
        }
    }
    for (name, files) in &declared {
        assert!(
            files.len() == 1,
            "`{name}` has several meanings; call each by its standard term: {files:#?}"
        );
    }
}

#[test]
fn declarations_are_read() {
    assert_eq!(declares("pub(super) struct Scope<'s> {"), Some("Scope"));
    assert_eq!(declares("type Members = Vec<u8>;"), Some("Members"));
    assert_eq!(declares("    type Target = Entity;"), None);
    assert_eq!(declares("// struct Scope"), None);
}

/// The name of the type that a line of a file declares for the file.
fn declares(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub").map_or(Some(line), |rest| {
        let rest = match rest.strip_prefix('(') {
            Some(inside) => inside.split_once(')')?.1,
            None => rest,
        };
        Some(rest.trim_start())
    })?;
    let named = KEYWORDS.iter().find_map(|word| rest.strip_prefix(word))?;
    let end = named.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let name = &named[..end.unwrap_or(named.len())];
    name.starts_with(char::is_uppercase).then_some(name)
}
