//! No two files need each other: what both need stands in a third one below them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Files that use files, by their path below `src`.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// Folders in which files still need each other, each with the reason.
const KNOWN: &[(&str, &str)] = &[(
    "input/cloudformation",
    "the evaluator asks conditions, and conditions evaluate",
)];

#[test]
fn no_files_use_each_other() {
    let uses = uses(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let circles = circles(&uses);
    for circle in &circles {
        let is_known = |file: &String| {
            let mut known = KNOWN.iter();
            known.any(|(folder, _)| file.starts_with(&format!("{folder}/")))
        };
        assert!(
            circle.iter().all(is_known),
            "these files use each other: {circle:?}"
        );
    }
    for (folder, why) in KNOWN {
        assert!(
            circles
                .iter()
                .flatten()
                .any(|file| file.starts_with(folder)),
            "no files of {folder} use each other any more: {why}"
        );
    }
}

#[test]
fn a_circle_is_found() {
    let uses = [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")];
    let mut graph = Uses::new();
    for (file, used) in uses {
        let all = graph.entry(file.to_owned()).or_default();
        all.insert(used.to_owned());
    }
    let circle = BTreeSet::from(["b".to_owned(), "c".to_owned()]);
    assert_eq!(circles(&graph), BTreeSet::from([circle]));
}

#[test]
fn trees_of_imports_are_read() {
    let expanded = expand("super::{a::{b, c as d}, e}::f");
    assert_eq!(
        expanded,
        ["super::a::b::f", "super::a::c as d::f", "super::e::f"]
    );
}

/// Sets of files each of which leads to all others.
fn circles(uses: &Uses) -> BTreeSet<BTreeSet<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> = uses
        .keys()
        .map(|file| (file, reachable(uses, file)))
        .collect();
    let files = reached.iter().filter(|(file, all)| all.contains(*file));
    files
        .map(|(file, all)| {
            let leads_back = |other: &&&String| {
                let back = reached.get(**other);
                back.is_some_and(|back| back.contains(file))
            };
            all.iter()
                .filter(leads_back)
                .map(|it| (*it).clone())
                .collect()
        })
        .collect()
}

/// What a file leads to in one step or more.
fn reachable<'u>(uses: &'u Uses, file: &String) -> BTreeSet<&'u String> {
    let mut found = BTreeSet::new();
    let mut next: Vec<&String> = uses.get(file).into_iter().flatten().collect();
    while let Some(file) = next.pop() {
        if found.insert(file) {
            next.extend(uses.get(file).into_iter().flatten());
        }
    }
    found
}

/// Which file uses which by an import that names its module. Items that a parent hands on count as the parent's.
fn uses(src: &Path) -> Uses {
    let mut files = BTreeMap::new();
    collect(src, src, &mut files);
    let by_module: BTreeMap<Vec<String>, String> = files
        .keys()
        .map(|file| (module(file), file.clone()))
        .collect();
    let used = |file: &String, text: &String| {
        let imports = imports(text).into_iter();
        let used = imports.filter_map(|path| resolve(&path, &module(file), &by_module));
        used.filter(|used| used != file).collect()
    };
    files
        .iter()
        .map(|(file, text)| (file.clone(), used(file, text)))
        .collect()
}

fn collect(folder: &Path, src: &Path, files: &mut BTreeMap<String, String>) {
    let entries = fs::read_dir(folder).expect("a folder of the source can be read");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    for path in paths.collect::<Vec<PathBuf>>() {
        if path.is_dir() {
            collect(&path, src, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let name = path.strip_prefix(src).expect("it lies below src");
            let name = name.to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).expect("a source file can be read");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            if !name.ends_with("tests.rs") && !name.contains("/tests/") {
                files.insert(name, code.to_owned());
            }
        }
    }
}

/// The path of a file's module below the crate.
fn module(file: &str) -> Vec<String> {
    let mut path: Vec<String> = file
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect();
    if path
        .last()
        .is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
    {
        path.pop();
    }
    path
}

/// The paths that a file imports.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("use ") {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|it| !it.is_whitespace()) {
            continue;
        }
        let tree = text[at + "use ".len()..]
            .split(';')
            .next()
            .unwrap_or_default();
        if ["crate::", "super::", "self::"]
            .iter()
            .any(|start| tree.starts_with(start))
        {
            found.extend(expand(
                &tree.split_whitespace().collect::<Vec<_>>().join(" "),
            ));
        }
    }
    found
}

/// The paths of a tree of imports.
fn expand(tree: &str) -> Vec<String> {
    let Some(open) = tree.find('{') else {
        return vec![tree.trim().to_owned()];
    };
    let mut depth = 0;
    let mut start = open + 1;
    let mut parts = Vec::new();
    for (at, letter) in tree.char_indices().skip_while(|(at, _)| *at < open) {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => {
                parts.push(&tree[start..at]);
                let behind = &tree[at + 1..];
                let whole = |part: &&str| format!("{}{}{behind}", &tree[..open], part.trim());
                let parts = parts.iter().filter(|part| !part.trim().is_empty());
                return parts.map(whole).flat_map(|path| expand(&path)).collect();
            }
            '}' => depth -= 1,
            ',' if depth == 1 => {
                parts.push(&tree[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    Vec::new()
}

/// The file whose module an import names.
fn resolve(path: &str, own: &[String], files: &BTreeMap<Vec<String>, String>) -> Option<String> {
    let path = path.split(" as ").next().unwrap_or_default();
    let mut base = own.to_vec();
    let mut rest: Vec<&str> = path.split("::").map(str::trim).collect();
    while let Some(first) = rest.first().copied() {
        match first {
            "crate" => base.clear(),
            "super" => drop(base.pop()),
            "self" => {}
            _ => break,
        }
        rest.remove(0);
    }
    let shortest = base.len() + 1;
    base.extend(rest.into_iter().map(str::to_owned));
    (shortest..=base.len())
        .rev()
        .find_map(|length| files.get(&base[..length]).cloned())
}
