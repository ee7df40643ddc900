//! The checkout that a program is kept in: which files of it a stack trace names, and their texts.
//! It does not know stack traces. Nothing outside of the folder is read or named.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::door::{Door, FileKind, GIT, Namer, is_plain};
use crate::source::shown;

/// What marks the folder of a program, which may be one of several in a checkout.
const PROGRAM: &str = "cdk.json";
/// How the names of programs' files end. Nothing else is shown, whatever a trace says.
const LANGUAGES: [&str; 14] = [
    "ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "py", "java", "kt", "cs", "fs", "go",
];
/// Folders of a path that are tried, from its end.
const DEEPEST: usize = 64;

/// A text with the beginnings of its lines.
type IndexedText = (Arc<str>, Arc<[usize]>);

/// A checkout of a program.
#[derive(Debug)]
pub struct Checkout {
    /// What may be read of it.
    door: Arc<Door>,
    /// Absolute, without symbolic links.
    root: PathBuf,
    /// The folder of the program, from the root: empty, or with a slash at its end.
    program: String,
    /// The folder that files are named from, absolute and without symbolic links.
    working: PathBuf,
    /// What became of the paths that were asked for.
    located: FxHashMap<String, Option<String>>,
    /// Texts that were read.
    texts: FxHashMap<String, Option<IndexedText>>,
    /// Files by what they were shown as.
    names: FxHashMap<String, String>,
}

impl Checkout {
    /// The program that a folder belongs to: the nearest folder upwards from `folder` with `cdk.json` or
    /// `.git`, else the same from the working directory, else the working directory itself.
    #[must_use]
    pub fn program(folder: &Path, working: &Path) -> PathBuf {
        let upwards = |from: &Path| {
            let from = from.canonicalize().ok()?;
            let marked =
                |folder: &&Path| [PROGRAM, GIT].iter().any(|mark| folder.join(mark).exists());
            from.ancestors().find(marked).map(Path::to_owned)
        };
        upwards(&working.join(folder))
            .or_else(|| upwards(working))
            .unwrap_or_else(|| working.to_owned())
    }

    /// The checkout of the program in a folder, whose files are named as seen from `working`: the
    /// nearest folder upwards with `.git`, else the program's own. `None` when either is not there.
    #[must_use]
    pub fn open(program: &Path, working: &Path, door: &Arc<Door>) -> Option<Self> {
        let program = program.canonicalize().ok()?;
        let mut upwards = program.ancestors();
        let root = upwards.find(|folder| folder.join(GIT).exists());
        let root = root.unwrap_or(&program).to_owned();
        let mut inside = shown(program.strip_prefix(&root).ok()?);
        if !inside.is_empty() {
            inside.push('/');
        }
        Some(Self {
            door: Arc::clone(door),
            root,
            program: inside,
            working: working.canonicalize().ok()?,
            names: FxHashMap::default(),
            located: FxHashMap::default(),
            texts: FxHashMap::default(),
        })
    }

    /// The file that another machine called `path`: the longest end of it that exists here, in the
    /// folder of the program or else in the whole checkout, with forward slashes.
    pub(super) fn locate(&mut self, path: &str) -> Option<String> {
        if let Some(known) = self.located.get(path) {
            return known.clone();
        }
        let found = self.search(path);
        self.located.insert(path.to_owned(), found.clone());
        found
    }

    fn search(&self, path: &str) -> Option<String> {
        let path = path.replace('\\', "/");
        let parts: Vec<&str> = path
            .split('/')
            .filter(|part| !part.is_empty() && *part != ".")
            .collect();
        if parts.contains(&"..") {
            return None;
        }
        let inside = Path::new(&path).strip_prefix(&self.root).ok();
        if let Some(inside) = inside.map(shown).filter(|inside| self.holds(inside)) {
            return Some(inside);
        }
        let first = parts.len().saturating_sub(DEEPEST);
        let ends = (first..parts.len()).map(|start| parts[start..].join("/"));
        let mut places = ends.flat_map(|end| [format!("{}{end}", self.program), end]);
        places.find(|place| self.holds(place))
    }

    /// The file at `path` as seen from the file `from`, both relative to the root.
    pub(super) fn beside(&self, from: &str, path: &str) -> Option<String> {
        if path.starts_with('/') || path.contains(':') {
            return None;
        }
        let mut parts: Vec<&str> = from.split('/').collect();
        parts.pop();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => _ = parts.pop()?,
                part => parts.push(part),
            }
        }
        Some(parts.join("/"))
    }

    /// Whether `relative` is a file of a program in the checkout.
    pub(super) fn holds(&self, relative: &str) -> bool {
        let name = Path::new(relative);
        let language = name.extension().and_then(|end| end.to_str());
        language.is_some_and(|end| LANGUAGES.contains(&end)) && self.path(relative).is_some()
    }

    /// The text of a file of the checkout, read once.
    pub(super) fn text(&mut self, relative: &str) -> Option<Arc<str>> {
        self.counted(relative).map(|(text, _)| text)
    }

    /// Whether a file has so many lines: one that was changed since, or another one of its name,
    /// may not.
    pub(super) fn has_line(&mut self, relative: &str, line: u32) -> bool {
        let text = self.counted(relative);
        text.is_some_and(|(_, lines)| (1..=lines.len()).contains(&(line as usize)))
    }

    fn counted(&mut self, relative: &str) -> Option<IndexedText> {
        if let Some(known) = self.texts.get(relative) {
            return known.clone();
        }
        let text = self.path(relative).and_then(|path| {
            let from = Namer::File(&self.root);
            self.door.text(&path, from, FileKind::Program).ok()
        });
        let text = text.map(|text| {
            let ends = memchr::memchr_iter(b'\n', text.as_bytes());
            let starts = std::iter::once(0).chain(ends.map(|end| end + 1));
            let starts = starts.filter(|start| *start < text.len()).collect();
            (Arc::from(text), starts)
        });
        self.texts.insert(relative.to_owned(), text.clone());
        text
    }

    /// The text of the file that `Checkout::shown` calls `name`, if it was read before.
    #[must_use]
    pub fn read_text(&self, name: &str) -> Option<Arc<str>> {
        let relative = self.names.get(name)?;
        let (text, _) = self.texts.get(relative)?.as_ref()?;
        Some(text.clone())
    }

    /// The text of such a file from the beginning of a line on.
    pub(super) fn text_from(&self, name: &str, line: u32) -> Option<&str> {
        let (text, lines) = self.texts.get(self.names.get(name)?)?.as_ref()?;
        let start = lines.get((line as usize).checked_sub(1)?)?;
        Some(&text[*start..])
    }

    /// Whether a file that was found for `path` surely is the one: it lies where the path says, or has the name of its
    /// folder, too.
    pub(super) fn is_sure(&self, relative: &str, path: &str) -> bool {
        let path = path.replace('\\', "/");
        let mut ends = relative.rsplit('/').zip(path.rsplit('/'));
        Path::new(&path).starts_with(&self.root)
            || ends.by_ref().take(2).filter(|(a, b)| a == b).count() == 2
    }

    /// The files that were asked for and are there.
    pub fn found(&self) -> impl Iterator<Item = PathBuf> {
        let found = self.located.values().flatten();
        found.map(|relative| self.root.join(relative))
    }

    /// A file of the checkout as seen from the working directory.
    pub(super) fn shown(&mut self, relative: &str) -> String {
        let name = way(&self.working, &self.root.join(relative));
        self.names.insert(name.clone(), relative.to_owned());
        name
    }

    fn path(&self, relative: &str) -> Option<PathBuf> {
        // What is hidden is not a program, but may hold secrets.
        let hidden = relative.split('/').any(|part| part.starts_with('.'));
        let path = (!hidden).then(|| inside(&self.root, relative))??;
        self.door.holds(&path).then_some(path)
    }
}

/// The path of a file below `root`, which is without symbolic links. One that leads out of it is
/// none.
fn inside(root: &Path, relative: &str) -> Option<PathBuf> {
    if !is_plain(relative) {
        return None;
    }
    let path = root.join(relative).canonicalize().ok()?;
    (path.starts_with(root) && path.is_file()).then_some(path)
}

/// The way from a folder to a file, both absolute, with forward slashes.
fn way(from: &Path, to: &Path) -> String {
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = std::iter::repeat_n("..".into(), from.components().count() - shared);
    let down = to.components().skip(shared);
    let parts: Vec<_> = up
        .chain(down.map(|part| part.as_os_str().to_string_lossy()))
        .collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Arc, Checkout, Door};
    use crate::door::read_inside;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, *file).unwrap();
        }
        folder
    }

    fn door(folder: &Path) -> Arc<Door> {
        Arc::new(Door::at(folder))
    }

    fn checkout(folder: &Path) -> Checkout {
        Checkout::open(folder, folder, &door(folder)).unwrap()
    }

    #[test]
    fn the_longest_end_of_a_path_that_exists_is_the_file() {
        let folder = folder(&["lib/a.ts", "a.ts", "pkg/lib/a.ts", "one/lib/b.py"]);
        let mut checkout = checkout(folder.path());
        let mut locate = |path: &str| checkout.locate(path);
        assert_eq!(locate("/ci/x/lib/a.ts").as_deref(), Some("lib/a.ts"));
        assert_eq!(locate("/ci/pkg/lib/a.ts").as_deref(), Some("pkg/lib/a.ts"));
        assert_eq!(locate(r"C:\ci\lib\a.ts").as_deref(), Some("lib/a.ts"));
        assert_eq!(locate("/ci/src/a.ts").as_deref(), Some("a.ts"));
        assert_eq!(
            locate("/ci/one/./lib//b.py").as_deref(),
            Some("one/lib/b.py")
        );
        assert_eq!(locate("/ci/lib/gone.ts"), None);
        let own = folder.path().join("a.ts");
        assert_eq!(locate(&own.to_string_lossy()).as_deref(), Some("a.ts"));
    }

    #[test]
    fn nothing_outside_and_nothing_hidden_is_a_file_of_the_checkout() {
        let outer = folder(&[
            "secret.ts",
            "in/a.ts",
            "in/.env.ts",
            "in/.git/x.ts",
            "in/.npmrc",
        ]);
        let root = outer.path().join("in");
        let mut checkout = checkout(&root);
        let secret = outer.path().join("secret.ts");
        for path in [
            "../secret.ts",
            "/ci/../secret.ts",
            "a.ts/../../secret.ts",
            &secret.to_string_lossy(),
            "/ci/.env.ts",
            "/ci/.git/x.ts",
            "/ci/.npmrc",
            "/etc/passwd",
            "",
            "/",
            "a\0.ts",
        ] {
            assert_eq!(checkout.locate(path), None, "{path}");
        }
        assert_eq!(checkout.text("../secret.ts"), None);
        assert_eq!(checkout.beside("lib/a.js", "../../secret.ts"), None);
        assert_eq!(checkout.beside("lib/a.js", "/etc/passwd"), None);
        assert_eq!(read_inside(&root, "../secret.ts"), None);
        assert_eq!(read_inside(&root, &secret.to_string_lossy()), None);
        assert_eq!(read_inside(&root, "a.ts").as_deref(), Some("in/a.ts"));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_only_inside() {
        use std::os::unix::fs::symlink;

        let outer = folder(&["secret.ts", "deep/x.ts", "in/lib/a.ts"]);
        let root = outer.path().join("in");
        symlink(outer.path().join("secret.ts"), root.join("leak.ts")).unwrap();
        symlink(outer.path().join("deep"), root.join("deep")).unwrap();
        symlink(root.join("lib/a.ts"), root.join("same.ts")).unwrap();
        let mut checkout = checkout(&root);
        assert_eq!(checkout.locate("/ci/leak.ts"), None);
        assert_eq!(checkout.locate("/ci/deep/x.ts"), None);
        assert_eq!(checkout.text("leak.ts"), None);
        assert_eq!(read_inside(&root, "leak.ts"), None);
        assert_eq!(checkout.locate("/ci/same.ts").as_deref(), Some("same.ts"));
    }

    #[test]
    fn a_checkout_may_hold_several_programs() {
        let outer = folder(&[
            "secret.ts",
            "repo/.git/HEAD",
            "repo/lib/a.ts",
            "repo/packages/builder/lib/b.ts",
            "repo/services/shop/cdk.json",
            "repo/services/shop/lib/a.ts",
            "repo/services/shop/bin/c.ts",
        ]);
        let shop = outer.path().join("repo/services/shop");
        let mut checkout = Checkout::open(&shop, outer.path(), &door(outer.path())).unwrap();
        let own = Some("services/shop/lib/a.ts");
        let mut locate = |path: &str| checkout.locate(path);
        assert_eq!(locate("/ci/repo/services/shop/lib/a.ts").as_deref(), own);
        assert_eq!(locate("/app/lib/a.ts").as_deref(), own, "copied alone");
        let shared = Some("packages/builder/lib/b.ts");
        assert_eq!(
            locate("/ci/repo/packages/builder/lib/b.ts").as_deref(),
            shared
        );
        assert_eq!(locate("/ci/repo/secret.ts"), None);
        assert_eq!(locate("/ci/secret.ts"), None);
        let name = checkout.shown("services/shop/bin/c.ts");
        assert_eq!(name, "repo/services/shop/bin/c.ts");
    }

    #[test]
    fn the_program_is_in_the_nearest_marked_folder() {
        let outer = folder(&[
            "work/x",
            "repo/app/cdk.json",
            "repo/.git/HEAD",
            "repo/out/y",
        ]);
        let at = |path: &str| outer.path().canonicalize().unwrap().join(path);
        let working = at("work");
        fs::create_dir_all(at("repo/app/cdk.out")).unwrap();
        let root = |folder: &Path| Checkout::program(folder, &working);
        assert_eq!(root(&at("repo/app/cdk.out")), at("repo/app"));
        assert_eq!(root(Path::new("../repo/out")), at("repo"));
        let from_app = Checkout::program(Path::new("gone"), &at("repo/app"));
        assert_eq!(from_app, at("repo/app"));
    }

    #[test]
    fn files_are_named_as_seen_from_the_working_directory() {
        let outer = folder(&["app/lib/a.ts", "app/infra/x"]);
        let shown = |working: &str| {
            let root = outer.path().join("app");
            let mut checkout =
                Checkout::open(&root, &outer.path().join(working), &door(outer.path())).unwrap();
            let text = checkout.text("lib/a.ts");
            let name = checkout.shown("lib/a.ts");
            assert_eq!(checkout.read_text(&name), text);
            name
        };
        assert_eq!(shown("app"), "lib/a.ts");
        assert_eq!(shown(""), "app/lib/a.ts");
        assert_eq!(shown("app/infra"), "../lib/a.ts");
        assert_eq!(shown("app/lib"), "a.ts");
    }
}
