//! Reads a configuration from its file, with everything that it extends, read in the same way.
//! It does not know what any of them says.

use std::path::{Path, PathBuf};

use super::configuration::Config;
use super::extends::{DEPTH, ExtendsChain, merge, paths};
use super::files;
use super::parse::parse_over;
use crate::door::{self, Door, FileKind, Namer, Refusal, refusal};
use crate::source::{Problem, Sources, Span, shown};

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
        None => door.text(path, namer, FileKind::Configuration),
    };
    match text {
        Ok(text) => {
            let mut way: ExtendsChain = path.canonicalize().into_iter().collect();
            load_text(path, text, &mut way, door, sources)
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
    way: &mut ExtendsChain,
    door: &Door,
    sources: &mut Sources,
) -> Result<Config, Vec<Problem>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut pointed = |path: &Path| door.text(path, Namer::File(folder), FileKind::Data);
    let bases = bases(path, &text, way, door, sources);
    let below = bases.iter().filter_map(|(_, base)| base.as_ref().ok());
    let organisations = below.filter_map(|base| base.organisation.as_ref());
    let environments = organisations.flat_map(|organisation| &organisation.environments);
    let names: Vec<String> = environments.map(|one| one.name.clone()).collect();
    let own = parse_over(path, text, &names, sources, &mut pointed);
    merge(own, bases, way, door)
}

/// Reads what `path` extends, each before those that are named later, which win.
fn bases(
    path: &Path,
    text: &str,
    way: &mut ExtendsChain,
    door: &Door,
    sources: &mut Sources,
) -> Vec<(PathBuf, Result<Config, Vec<Problem>>)> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut found = Vec::new();
    for named in paths(path, text) {
        let Ok(real) = door.resolve(&named, folder) else {
            // Told at its place, once that is known.
            continue;
        };
        if real.is_dir() || way.contains(&real) || way.len() > DEPTH {
            continue;
        }
        way.push(real);
        let Ok(text) = door.text(&named, Namer::File(folder), FileKind::Configuration) else {
            way.pop();
            continue;
        };
        found.push((named.clone(), load_text(&named, text, way, door, sources)));
        way.pop();
    }
    found
}
