//! No two files need each other: what both need stands in a third one below them.
//!
//! A path is followed to the file that declares the item, through all files that hand it on. Who only hands on what
//! another file declares does not use it, unless its name stands in the rest of the file, too.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Files that use files, by their path below `src`.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// Path of a module below the crate.
type Module = Vec<String>;

#[test]
fn no_files_use_each_other() {
    let house = House::read(&crate::program::root().join("src"));
    let circles = circles(&house.uses());
    let told: Vec<String> = circles.iter().map(|circle| house.told(circle)).collect();
    assert!(
        circles.is_empty(),
        "these files use each other:\n{}",
        told.join("\n\n")
    );
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
fn a_child_that_uses_an_item_of_its_parent_is_found() {
    let parent = |item: &str| format!("mod child;\nmod other;\n{item}\nfn f() {{ child::g(); }}\n");
    let child = "use super::Item;\npub fn g() {}\n";
    let inline = "pub fn g() { super::item() }\n";
    let other = "pub struct Item;\npub fn item() {}\n";
    let is_circle = |item: &str, child: &str| {
        let files = [
            ("parent.rs", parent(item)),
            ("parent/child.rs", child.to_owned()),
            ("parent/other.rs", other.to_owned()),
        ];
        let files = files.map(|(file, text)| (file.to_owned(), text));
        !circles(&House::of(BTreeMap::from(files)).uses()).is_empty()
    };
    assert!(is_circle("pub struct Item;", child));
    assert!(is_circle("fn item() {}", inline));
    // The parent hands on what another of its children declares.
    assert!(!is_circle("pub use other::Item;", child));
    assert!(!is_circle("use other::{Item, item};", inline));
}

#[test]
fn a_parent_that_hands_on_an_item_of_its_child_and_uses_it_is_found() {
    let is_circle = |parent: &str| {
        let parent = format!("mod child;\npub use child::Item;\npub struct Own;\n{parent}");
        let child = "use super::Own;\npub struct Item;\n".to_owned();
        let files = [("parent.rs", parent), ("parent/child.rs", child)];
        let files = files.map(|(file, text)| (file.to_owned(), text));
        !circles(&House::of(BTreeMap::from(files)).uses()).is_empty()
    };
    assert!(!is_circle(""));
    assert!(!is_circle("fn f(_: AnItem) {}"));
    assert!(is_circle("fn f(_: Item) {}"));
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

/// The source, file by file.
pub(crate) struct House {
    /// The code of each file by its path below `src`, without comments and tests.
    files: BTreeMap<String, String>,
    by_module: BTreeMap<Module, String>,
    /// What each module calls by a name of its own, with the path of it.
    names: BTreeMap<Module, BTreeMap<String, String>>,
}

impl House {
    pub(crate) fn read(src: &Path) -> Self {
        let mut files = BTreeMap::new();
        collect(src, src, &mut files);
        Self::of(files)
    }

    fn of(files: BTreeMap<String, String>) -> Self {
        // The program itself has nothing that the library could use.
        let library = files.keys().filter(|file| *file != "main.rs");
        let by_module = library.map(|file| (module(file), file.clone())).collect();
        let mut house = Self {
            files,
            by_module,
            names: BTreeMap::new(),
        };
        for (file, text) in &house.files {
            let own = module(file);
            let imports = imports(text).0.into_iter();
            let ours = imports.filter(|it| house.is_ours(&it.path, &own));
            let names: BTreeMap<_, _> = ours.map(|it| (it.name, it.path)).collect();
            house.names.insert(own, names);
        }
        house
    }

    /// Whether a path begins within the crate, or at a child of the module.
    fn is_ours(&self, path: &str, own: &[String]) -> bool {
        let first = path.split("::").next().unwrap_or_default();
        let child = [own, &[first.to_owned()]].concat();
        ["crate", "super", "self"].contains(&first) || self.by_module.contains_key(&child)
    }

    /// Which file uses which.
    fn uses(&self) -> Uses {
        let none = self
            .files
            .keys()
            .map(|file| (file.clone(), BTreeSet::new()));
        let mut uses: Uses = none.collect();
        for (file, used, _) in self.ways() {
            uses.entry(file).or_default().insert(used);
        }
        uses
    }

    /// Each file with one that it uses, and the path by which it does.
    pub(crate) fn ways(&self) -> Vec<(String, String, String)> {
        let mut ways = Vec::new();
        for (file, text) in &self.files {
            let own = module(file);
            let (imports, rest) = imports(text);
            let is_used = |it: &Import| !it.is_handed_on || has_word(&rest, &it.name);
            let imports = imports.into_iter().filter(is_used);
            let imports = imports.map(|it| it.path);
            let inline = rest.split(|letter: char| !is_word(letter) && letter != ':');
            let inline = inline.map(|path| path.trim_matches(':').to_owned());
            let inline = inline.filter(|path| path.contains("::"));
            let all = imports.chain(inline);
            for path in all.filter(|path| self.is_ours(path, &own)) {
                let used = self.resolve(&path, &own, 0);
                if let Some(used) = used.filter(|used| used != file) {
                    ways.push((file.clone(), used, path));
                }
            }
        }
        ways
    }

    /// The ways inside of a circle, one a line.
    fn told(&self, circle: &BTreeSet<String>) -> String {
        let ways = self.ways().into_iter();
        let inside = ways.filter(|(file, used, _)| circle.contains(file) && circle.contains(used));
        let lines = inside.map(|(file, used, path)| format!("{file} → {used} because of `{path}`"));
        let lines: BTreeSet<String> = lines.collect();
        lines.into_iter().collect::<Vec<_>>().join("\n")
    }

    /// The file that declares what a path leads to.
    fn resolve(&self, path: &str, own: &[String], depth: usize) -> Option<String> {
        const DEEPEST: usize = 12;
        let mut module = own.to_vec();
        let mut rest: Vec<&str> = path.split("::").map(str::trim).collect();
        while let Some(first) = rest.first() {
            match *first {
                "crate" => module.clear(),
                "super" => drop(module.pop()),
                "self" => {}
                _ => break,
            }
            rest.remove(0);
        }
        while let Some((first, behind)) = rest.split_first() {
            let child = [module.as_slice(), &[(*first).to_owned()]].concat();
            if self.by_module.contains_key(&child) {
                module = child;
                rest = behind.to_vec();
                continue;
            }
            let names = self.names.get(&module);
            let handed = names.and_then(|names| names.get(*first));
            if let Some(handed) = handed.filter(|handed| depth < DEEPEST && *handed != path) {
                let path = [&[handed.as_str()], behind].concat().join("::");
                return self.resolve(&path, &module, depth + 1);
            }
            break;
        }
        let is_root = module.is_empty();
        self.by_module.get(&module).filter(|_| !is_root).cloned()
    }
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
            let lines = code.lines();
            let code = lines.filter(|line| !line.trim_start().starts_with("//"));
            let code = without_visibility(&code.collect::<Vec<_>>().join("\n"));
            if !name.ends_with("tests.rs") && !name.contains("/tests/") {
                files.insert(name, code);
            }
        }
    }
}

/// The code without `in crate::some::module` of visibilities: who may see an item is no use of it.
fn without_visibility(code: &str) -> String {
    let mut parts = code.split("pub(in ");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str("pub");
        kept.push_str(part.split_once(')').map_or("", |(_, behind)| behind));
    }
    kept
}

/// The path of a file's module below the crate.
fn module(file: &str) -> Module {
    let mut path: Module = file
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

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Whether the code has this word.
fn has_word(code: &str, word: &str) -> bool {
    let mut words = code.split(|letter: char| !is_word(letter));
    words.any(|it| it == word)
}

/// One path that a file imports.
struct Import {
    path: String,
    name: String,
    /// Whether others may use it from here.
    is_handed_on: bool,
}

/// What a file imports, and its code without that.
fn imports(text: &str) -> (Vec<Import>, String) {
    let mut found = Vec::new();
    let mut rest = String::new();
    let mut from = 0;
    for (at, _) in text.match_indices("use ") {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let before = text[line..at].trim();
        let is_handed_on = before.starts_with("pub");
        if at < from || !(before.is_empty() || is_handed_on) {
            continue;
        }
        let tree = &text[at + "use ".len()..];
        let tree = tree.split(';').next().unwrap_or_default();
        rest.push_str(&text[from..at]);
        from = at + "use ".len() + tree.len();
        let tree = tree.split_whitespace().collect::<Vec<_>>().join(" ");
        found.extend(expand(&tree).into_iter().map(|path| {
            let (path, name) = path.split_once(" as ").unwrap_or((&path, ""));
            let path = path.trim_end_matches("::self");
            let last = path.rsplit("::").next().unwrap_or_default();
            Import {
                path: path.to_owned(),
                name: if name.is_empty() { last } else { name }.to_owned(),
                is_handed_on,
            }
        }));
    }
    rest.push_str(&text[from..]);
    (found, rest)
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
