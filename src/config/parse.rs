//! Reads a configuration from its text, with the data files that it points into.
//! It does not know where the text comes from.

use std::path::Path;

use super::configuration::Config;
use super::files::{self, ConfigFiles, ReadFile};
use super::read::ConfigReader;
use super::{organisation, pointer, sections};
use crate::source::{Kind, Problem, Sources, Tree, shown};

/// Reads a configuration from its text; `read` gives the text of the files that it points into.
///
/// A path that ends in `.json` makes the text JSON, any other makes it YAML.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub fn parse(
    path: &Path,
    text: String,
    sources: &mut Sources,
    read: &mut ReadFile<'_>,
) -> Result<Config, Vec<Problem>> {
    parse_over(path, text, &[], sources, read)
}

/// The same, where environments with some names are known already.
pub(super) fn parse_over(
    path: &Path,
    text: String,
    known: &[String],
    sources: &mut Sources,
    read: &mut ReadFile<'_>,
) -> Result<Config, Vec<Problem>> {
    let id = sources.add(shown(path), text);
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut tree = Tree::default();
    let text = sources.source(id).text();
    files::parse(path, text, id, &mut tree).map_err(|problem| vec![problem])?;
    let mut files = ConfigFiles::new(folder);
    load_files(&mut files, &tree, known, sources, read);
    let sources = &*sources;
    let root = tree.root(sources.source(id).text());
    let Some(root) = root.filter(|root| root.kind() != Kind::Null) else {
        return Ok(Config {
            path: Some(path.to_owned()),
            ..Config::default()
        });
    };
    let mut names = organisation::environment_names(&mut ConfigReader::new(&files, sources), root);
    let others = known.iter().map(String::as_str);
    let others: Vec<&str> = others.filter(|name| !names.contains(name)).collect();
    names.extend(others);
    let mut reader = ConfigReader::new(&files, sources);
    reader.problems.clone_from(&files.problems);
    let mut config = sections::read(&mut reader, root, folder, &names);
    config.path = Some(path.to_owned());
    config.declaration_problems = in_order(reader.declaration_problems, |one| &one.problem);
    let problems = in_order(reader.problems, |one| one);
    if problems.is_empty() {
        Ok(config)
    } else {
        Err(problems)
    }
}

/// Reads every file that is pointed into; those named after environments once these are known.
fn load_files(
    files: &mut ConfigFiles,
    tree: &Tree,
    known: &[String],
    sources: &mut Sources,
    read: &mut ReadFile<'_>,
) {
    let id = tree.source();
    let root = |sources: &Sources| -> Vec<_> {
        let root = tree.root(sources.source(id).text());
        root.map(files::pointers).unwrap_or_default()
    };
    let pointers = root(sources);
    let (named, plain): (Vec<_>, Vec<_>) = pointers
        .into_iter()
        .partition(|(pointer, _)| pointer.file.contains(pointer::ENVIRONMENT));
    for (pointer, at) in plain {
        files.load(&pointer.file, at, sources, read);
    }
    let names: Vec<String> = {
        let mut reader = ConfigReader::new(files, sources);
        let root = tree.root(sources.source(id).text());
        let names = root.map(|root| organisation::environment_names(&mut reader, root));
        let own = names.into_iter().flatten().map(str::to_owned);
        own.chain(known.iter().cloned()).collect()
    };
    for (pointer, at) in named {
        for name in &names {
            let file = pointer.of_environment(name).file;
            files.load(&file, at, sources, read);
        }
    }
}

/// Problems by place. One that was met once per environment is reported once.
fn in_order<T>(mut problems: Vec<T>, problem: impl Fn(&T) -> &Problem) -> Vec<T> {
    let key = |one: &T| (problem(one).span, problem(one).title.clone());
    problems.sort_by_cached_key(key);
    problems.dedup_by(|a, b| problem(a) == problem(b));
    problems
}
