//! Reads `ecrlint.yaml` and the data files that it points into.
//! It does not know the rules, the inputs or the command line: ids it cannot judge keep their spans.

mod collisions;
mod configuration;
mod extends;
mod files;
mod find;
mod follow;
mod import;
mod init;
mod keys;
mod merge;
mod organisation;
pub mod parameters;
mod pointer;
mod read;
mod sections;
mod tags;
mod words;

use std::path::{Path, PathBuf};

pub use configuration::{Config, DeclarationProblem, RuleConfig, RuleSetting};
pub use extends::Extension;
pub use files::ReadFile;
pub use find::{FILE_NAME, FILE_NAMES, Twice, find, find_above};
pub use init::init;
pub use keys::{KEYS, MappingKeys};

use crate::door::{self, Door, Namer, Refusal, refusal};
use crate::source::{Kind, Problem, Sources, Span, Tree, shown};
use files::ConfigFiles;
use read::ConfigReader;

/// Reads the configuration `path` and every file that it points into, and adds them to `sources`. What it points into
/// lies below its folder, in the checkout, or in what the user permits.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub fn load(path: &Path, door: &Door, sources: &mut Sources) -> Result<Config, Vec<Problem>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let namer = match door::is_descriptor(path) {
        true => Namer::User,
        false => Namer::File(folder),
    };
    let text = match door.text_for(&shown(path)) {
        Some(text) => Ok(text.to_owned()),
        None => door.text(path, namer, door::FileKind::Configuration),
    };
    match text {
        Ok(text) => {
            let mut way: Vec<PathBuf> = path.canonicalize().into_iter().collect();
            load_text(path, text, &mut way, (door, sources))
        }
        Err(error) => {
            let name = shown(path);
            let title = format!("cannot read `{name}`: {}", files::reason(&error));
            let source = sources.add(name, "");
            let help = match refusal(&error) {
                Some(Refusal::Outside) => "keep it in the checkout, or name it with `--config`",
                Some(Refusal::TooLarge(_)) => {
                    "keep data in files of their own, and point into them with `from`"
                }
                _ => "name a configuration file that is there, or run `ecrlint init` to write one",
            };
            Err(vec![
                Problem::new(Span::new(source, 0, 0), title).help(help),
            ])
        }
    }
}

/// Reads a configuration from its text, with all that it extends. `way` leads to it from the one that holds.
fn load_text(
    path: &Path,
    text: String,
    way: &mut Vec<PathBuf>,
    (door, sources): (&Door, &mut Sources),
) -> Result<Config, Vec<Problem>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut pointed = |path: &Path| door.text(path, Namer::File(folder), door::FileKind::Data);
    let bases = extends::bases(path, &text, way, (door, sources));
    let below = bases.iter().filter_map(|(_, base)| base.as_ref().ok());
    let organisations = below.filter_map(|base| base.organisation.as_ref());
    let environments = organisations.flat_map(|organisation| &organisation.environments);
    let names: Vec<String> = environments.map(|one| one.name.clone()).collect();
    let own = parse_over(path, text, &names, sources, &mut pointed);
    extends::merge(own, bases, way, door)
}

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
fn parse_over(
    path: &Path,
    text: String,
    known: &[String],
    sources: &mut Sources,
    read: &mut ReadFile<'_>,
) -> Result<Config, Vec<Problem>> {
    let id = sources.add(shown(path), text);
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut tree = Tree::default();
    let text = &sources.source(id).text;
    files::parse(path, text, id, &mut tree).map_err(|problem| vec![problem])?;
    let mut files = ConfigFiles::new(folder);
    load_files(&mut files, &tree, known, (id, sources), read);
    let sources = &*sources;
    let root = tree.root(&sources.source(id).text);
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
    (id, sources): (crate::source::SourceId, &mut Sources),
    read: &mut ReadFile<'_>,
) {
    let root = |sources: &Sources| -> Vec<_> {
        let root = tree.root(&sources.source(id).text);
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
        let root = tree.root(&sources.source(id).text);
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

/// Problems by place. One that was met once per environment is told once.
fn in_order<T>(mut problems: Vec<T>, problem: impl Fn(&T) -> &Problem) -> Vec<T> {
    let key = |one: &T| (problem(one).span, problem(one).title.clone());
    problems.sort_by_cached_key(key);
    problems.dedup_by(|a, b| problem(a) == problem(b));
    problems
}
