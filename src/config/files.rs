//! The data files that a configuration points into: found, read and parsed once each.
//! It does not know what any value in them is for.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use super::pointer::Pointer;
use crate::door::{Refusal, refusal};
use crate::source::{
    Kind, Node, Problem, SourceId, Sources, Span, Syntax, Tree, json, shown, yaml,
};

/// Data files are written by hand; more than this is a mistake or an attack.
const SIZE_LIMIT: usize = 16_000_000;
/// All data files of one configuration together.
const TOTAL_LIMIT: usize = 64_000_000;
/// So many data files are read.
const COUNT_LIMIT: usize = 1000;

/// What to do about a file that lies elsewhere.
pub(super) const OUTSIDE: &str =
    "keep it in the checkout, or permit its folder with `--allow-outside`";

/// Gives the text of a file, by a path that was joined to the configuration's folder.
pub type ReadFile<'r> = dyn FnMut(&Path) -> io::Result<String> + 'r;

/// The files by the names that pointers give them.
#[derive(Debug)]
pub(crate) struct ConfigFiles {
    folder: PathBuf,
    files: BTreeMap<String, Option<File>>,
    size: usize,
    /// What could not be read or parsed, each once.
    pub(crate) problems: Vec<Problem>,
}

#[derive(Debug)]
struct File {
    source: SourceId,
    tree: Tree,
}

impl ConfigFiles {
    /// No files yet, all of them relative to `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            files: BTreeMap::new(),
            size: 0,
            problems: Vec::new(),
        }
    }

    /// Reads and parses `name`, unless that was tried before; `at` is the pointer that wants it.
    pub(crate) fn load(
        &mut self,
        name: &str,
        at: Span,
        sources: &mut Sources,
        read: &mut ReadFile<'_>,
    ) {
        if self.files.contains_key(name) || self.files.len() > COUNT_LIMIT {
            return;
        }
        let file = match self.read(name, at, sources, read) {
            Ok(file) => Some(file),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        };
        self.files.insert(name.to_owned(), file);
    }

    /// The topmost value of a file. `None` when it could not be read, which is reported, or is empty.
    pub(crate) fn root<'t>(&'t self, name: &str, sources: &'t Sources) -> Option<Node<'t>> {
        let file = self.files.get(name)?.as_ref()?;
        file.tree.root(sources.source(file.source).text())
    }

    fn read(
        &mut self,
        name: &str,
        at: Span,
        sources: &mut Sources,
        read: &mut ReadFile<'_>,
    ) -> Result<File, Problem> {
        if self.files.len() == COUNT_LIMIT {
            return Err(too_many(at));
        }
        let path = self.folder.join(name);
        let text = read(&path).map_err(|error| unread(name, at, &error))?;
        self.size = self.size.saturating_add(text.len());
        if text.len() > SIZE_LIMIT || self.size > TOTAL_LIMIT {
            return Err(too_large(name, at));
        }
        let source = sources.add(shown(&path), text);
        let mut tree = Tree::default();
        let text = sources.source(source).text();
        parse(&path, text, source, &mut tree).map_err(|problem| wanted(problem, at))?;
        if tree.root(text).is_none() {
            return Err(Problem::new(at, format!("`{name}` is empty"))
                .label("points into an empty file")
                .help("name a file that has the value"));
        }
        Ok(File { source, tree })
    }
}

/// Parses JSON when the file's name says so, else YAML.
pub(crate) fn parse(
    path: &Path,
    text: &str,
    source: SourceId,
    tree: &mut Tree,
) -> Result<(), Problem> {
    match Syntax::of_path(path) {
        Syntax::Json if !text.trim_ascii().is_empty() => json::parse(text, source, tree),
        Syntax::Json | Syntax::Yaml => yaml::parse(text, source, tree),
    }
}

/// Why a file could not be read, in words that are the same on every system.
pub(crate) fn reason(error: &io::Error) -> String {
    if let Some(refusal) = refusal(error) {
        return refusal.to_string();
    }
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::InvalidData => "it is not UTF-8 text".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        _ => error.to_string().replace('\n', " "),
    }
}

/// Every pointer in a tree, with the place of its text. Aliased values are visited once.
pub(crate) fn pointers(root: Node<'_>) -> Vec<(Pointer, Span)> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        if !seen.insert(node.id()) {
            continue;
        }
        if let Some(text) = pointer_text(node) {
            let pointer = Pointer::parse(text.as_str().unwrap_or_default());
            found.extend(pointer.ok().map(|pointer| (pointer, text.span())));
        } else {
            waiting.extend(node.items());
            waiting.extend(node.members().map(|member| member.value));
        }
    }
    // The stack turns the order around; files are read in the order of the text.
    found.sort_by_key(|(_, span)| *span);
    found
}

/// The text of `{ from: TEXT }`, for a mapping that has nothing else.
pub(crate) fn pointer_text(node: Node<'_>) -> Option<Node<'_>> {
    let mut members = node.members();
    let only = members.next()?;
    let alone = members.next().is_none() && only.key == "from";
    (alone && only.value.kind() == Kind::String).then_some(only.value)
}

fn unread(name: &str, at: Span, error: &io::Error) -> Problem {
    let help = match refusal(error) {
        Some(Refusal::TooLarge(_)) => return too_large(name, at),
        Some(Refusal::Outside) => OUTSIDE,
        _ => "name a file by its path from the folder of the configuration",
    };
    Problem::new(at, format!("cannot read `{name}`: {}", reason(error)))
        .label("points into this file")
        .help(help)
}

fn too_many(at: Span) -> Problem {
    let title = format!("the configuration points into more than {COUNT_LIMIT} files");
    Problem::new(at, title)
        .label("one file too many")
        .help("keep the values in fewer files")
}

fn too_large(name: &str, at: Span) -> Problem {
    Problem::new(at, format!("`{name}` is too large to point into"))
        .label("points into this file")
        .help("keep a data file below 16 MB, and all of them together below 64 MB")
}

/// A parser's problem does not know who wanted the file.
fn wanted(problem: Problem, at: Span) -> Problem {
    if problem.related.is_some() {
        problem
    } else {
        problem.related(at, "a value of this file is wanted here")
    }
}
