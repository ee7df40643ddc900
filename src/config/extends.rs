//! What a configuration builds on: other configurations and folders of rules, with their checksums.
//! It does not know what they say.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::configuration::{Config, Extension};
use super::files::{self, OUTSIDE};
use super::keys;
use super::merge;
use super::read::{ConfigReader, Cursor};
use crate::door::{Door, FileKind, GIT, Namer, Refusal, refusal};
use crate::model::Declared;
use crate::source::{self, Node, Problem, SourceId, Tree, shown};

/// How many configurations build on each other at most.
pub(super) const DEPTH: usize = 8;
/// Files of rules that a checksum goes over at most.
const FILES: usize = 10_000;

/// Reads `extends`: one of them, or a list.
pub(super) fn read<'t>(
    reader: &mut ConfigReader<'t>,
    value: Cursor<'t>,
    folder: &Path,
) -> Vec<Extension> {
    let items = match value.node.kind() {
        source::Kind::Array => reader.items(value, "`extends`"),
        _ => vec![value],
    };
    let extensions = items.into_iter().filter_map(|item| {
        let (path, sha256) = match item.node.kind() {
            source::Kind::Object => {
                let fields = reader.mapping(item, "what is extended", &keys::EXTENSION)?;
                let sha256 = fields.get("sha256");
                let sha256 = sha256.and_then(|value| checksum(reader, value));
                let Some(path) = fields.get("path") else {
                    let problem = Problem::new(item.span(), "what is extended has no path");
                    reader.report(
                        item,
                        problem.help("write the `path` of a configuration or of a folder of rules"),
                    );
                    return None;
                };
                (reader.text(path, "`path`")?, sha256)
            }
            _ => (reader.text(item, "`extends`")?, None),
        };
        Some(Extension {
            path: Declared {
                value: folder.join(&path.value),
                span: path.span,
            },
            sha256,
        })
    });
    extensions.collect()
}

fn checksum<'t>(reader: &mut ConfigReader<'t>, value: Cursor<'t>) -> Option<Declared<String>> {
    let sum = reader.text(value, "`sha256`")?;
    let is_sum = sum.value.len() == 64 && sum.value.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_sum {
        let problem = Problem::new(
            sum.span,
            "`sha256` is not a checksum: it has 64 digits from 0 to f",
        );
        reader.report(value, problem.help("write what `sha256sum` prints"));
        return None;
    }
    Some(Declared {
        value: sum.value.to_ascii_lowercase(),
        span: sum.span,
    })
}

/// The paths that a text extends, as far as they can be determined before it is read: names of environments come from there.
pub(super) fn paths(path: &Path, text: &str) -> Vec<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut tree = Tree::default();
    if files::parse(path, text, SourceId(0), &mut tree).is_err() {
        return Vec::new();
    }
    let extends = tree.root(text).and_then(|root| root.get("extends"));
    let Some(extends) = extends else {
        return Vec::new();
    };
    let items: Vec<Node<'_>> = match extends.kind() {
        source::Kind::Array => extends.items().collect(),
        _ => vec![extends],
    };
    let named = items.into_iter().map(|item| match item.kind() {
        source::Kind::Object => item.get("path").and_then(Node::as_str),
        _ => item.as_str(),
    });
    named.flatten().map(|name| folder.join(name)).collect()
}

/// Configurations on the way from the one that holds, without links.
pub(super) type ExtendsChain = Vec<PathBuf>;

/// What `own` says, over what it extends. Whatever is wrong there is added to its own mistakes.
pub(super) fn merge(
    own: Result<Config, Vec<Problem>>,
    bases: Vec<(PathBuf, Result<Config, Vec<Problem>>)>,
    way: &ExtendsChain,
    door: &Door,
) -> Result<Config, Vec<Problem>> {
    let (mut config, mut problems) = match own {
        Ok(config) => (config, Vec::new()),
        Err(problems) => (Config::default(), problems),
    };
    let folder = config.path.as_deref().and_then(Path::parent);
    let folder = folder.unwrap_or(Path::new("")).to_owned();
    let mut base: Option<Config> = None;
    let mut bases = bases.into_iter().peekable();
    for extension in &config.extends {
        match check(extension, &folder, way, door) {
            Err(problem) => problems.push(problem),
            Ok(true) => {
                let below = base.get_or_insert_default();
                below.rules_dirs.push(extension.path.clone());
                continue;
            }
            Ok(false) => {}
        }
        if let Some((_, read)) = bases.next_if(|(path, _)| *path == extension.path.value) {
            match read {
                Ok(next) => base = Some(merge::over(base.unwrap_or_default(), next)),
                Err(more) => problems.extend(more),
            }
        }
    }
    // Those of a configuration with mistakes, whose places are not known.
    problems.extend(bases.filter_map(|(_, read)| read.err()).flatten());
    if !problems.is_empty() {
        return Err(problems);
    }
    if let Some(base) = base {
        config = merge::over(base, config);
    }
    Ok(config)
}

/// Whether something that is extended is a folder; why it cannot be used.
fn check(
    extension: &Extension,
    folder: &Path,
    way: &ExtendsChain,
    door: &Door,
) -> Result<bool, Problem> {
    let (path, place) = (&extension.path.value, extension.path.span);
    let name = shown(path);
    let real = door.resolve(path, folder).map_err(|error| {
        let (title, help) = match refusal(&error) {
            Some(Refusal::Outside) => (format!("`{name}` lies outside of the checkout"), OUTSIDE),
            _ => (
                format!("cannot read `{name}`, which is extended: {}", files::reason(&error)),
                "name a configuration or a folder of rules by its path from the folder of this configuration",
            ),
        };
        Problem::new(place, title).help(help)
    })?;
    if way.contains(&real) {
        let title = format!("`{name}` is extended by itself");
        return Err(Problem::new(place, title).help("leave one of the two `extends` out"));
    }
    if way.len() > DEPTH {
        let title = format!("more than {DEPTH} configurations build on each other");
        return Err(Problem::new(place, title).help("extend fewer of them"));
    }
    let is_folder = real.is_dir();
    let cannot = |error: io::Error| {
        let title = format!(
            "cannot read `{name}`, which is extended: {}",
            files::reason(&error)
        );
        Problem::new(place, title)
    };
    let sum = match is_folder {
        true => extension
            .sha256
            .as_ref()
            .map(|_| sum_of_folder(path, folder, door))
            .transpose(),
        false => door
            .bytes(path, Namer::File(folder), FileKind::Configuration)
            .map(|bytes| Some(hex(&Sha256::digest(bytes)))),
    };
    let sum = sum.map_err(cannot)?;
    match (&extension.sha256, sum) {
        (Some(wanted), Some(sum)) if wanted.value != sum => {
            let title = format!("`{name}` is not what it was: its checksum is {sum}");
            Err(Problem::new(wanted.span, title)
                .label("another checksum is wanted")
                .help("look at what has changed there, then write its new checksum"))
        }
        _ => Ok(is_folder),
    }
}

/// The checksum of the list that `sha256sum` prints for the rules below a folder, sorted by their paths from there.
fn sum_of_folder(path: &Path, from: &Path, door: &Door) -> io::Result<String> {
    let mut open = vec![(path.to_owned(), String::new())];
    let mut found = Vec::new();
    while let Some((folder, name)) = open.pop() {
        door.resolve(&folder, from)?;
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let own = entry.file_name().to_string_lossy().into_owned();
            let below = match name.is_empty() {
                true => own.clone(),
                false => format!("{name}/{own}"),
            };
            let kind = entry.file_type()?;
            // A link may lead around in a circle; what it leads to is not part of the folder.
            if kind.is_dir() && own != GIT {
                open.push((entry.path(), below));
            } else if kind.is_file() && (own.ends_with(".yaml") || own.ends_with(".yml")) {
                found.push((below, entry.path()));
            }
        }
        if found.len() + open.len() > FILES {
            return Err(io::Error::other("it has too many files"));
        }
    }
    found.sort();
    let mut list = Sha256::new();
    for (name, path) in found {
        let bytes = door.bytes(&path, Namer::File(from), FileKind::Rule)?;
        list.update(format!("{}  {name}\n", hex(&Sha256::digest(bytes))));
    }
    Ok(hex(&list.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
