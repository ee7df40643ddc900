//! A second look at templates that want values of other stacks of the run, or get some from a parent.
//! It does not know what the values are.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use super::body::bytes;
use super::deployment::{Deployment, folder};
use super::outcome::FileOutcome;
use super::scratch::with_scratch;
use crate::discover::{FoundFile, STDIN};
use crate::door::FileKind;
use crate::input::{Loaded, Note, Shelf, StackSession, StackTemplate, Stacks, Unread, load_among};
use crate::model::EntityKind;
use crate::source::{self, Problem, SourceId, shown};

/// Loads again what depends on other stacks; `first` is the id of the first file.
///
/// A run in which nothing does costs nothing. What had been passed over is read only here, and its text
/// is kept where values were taken from it.
pub(super) fn look(
    found: &[FoundFile],
    first: SourceId,
    deployment: &Deployment,
    outcomes: &mut [FileOutcome],
) -> DeploymentNotes {
    let has_repositories = |one: &FileOutcome| !one.loaded.entities.is_empty();
    let publishing = outcomes.iter().any(publishes) && outcomes.iter().any(has_repositories);
    let running = runs_images_of_other_templates(outcomes);
    let is_wanted = outcomes.iter().any(|one| one.loaded.seeks || one.nests);
    let is_alone = outcomes.len() < 2 && !outcomes.iter().any(|one| one.nests);
    if !(is_wanted || publishing || running) || is_alone {
        return DeploymentNotes::default();
    }
    let passed_over: Vec<Option<String>> = outcomes
        .par_iter()
        .zip(found)
        .map(|(outcome, file)| {
            let is_unread = outcome.input && outcome.text.is_empty();
            is_unread.then(|| source::decode(bytes(file, &deployment.door).ok()?).ok())?
        })
        .collect();
    let texts = outcomes.iter().zip(&passed_over);
    let texts: Vec<&str> = texts
        .map(|(outcome, text)| text.as_deref().unwrap_or(&outcome.text))
        .collect();
    let sheets = texts.iter().zip(found).enumerate();
    let sheets = sheets.map(|(index, (text, file))| StackTemplate {
        text,
        source: first.after(index),
        context: deployment.context(file),
        publishes: publishes(&outcomes[index]),
        runs: runs(&outcomes[index]),
    });
    let paths = FilesByPath::new(found);
    let find = |parent: usize, path: &str| paths.find(parent, path);
    let uploaded = |parent: usize, name: &str| paths.uploaded(parent, name, deployment);
    let stacks = Stacks::new(sheets.collect(), find, uploaded);
    let wants = |index: usize, one: &FileOutcome| {
        let depends = one.loaded.seeks || stacks.is_nested(first.after(index));
        let is_asked = (publishing || running) && has_repositories(one);
        one.loaded.kind.is_some() && (depends || is_asked)
    };
    let wanting = outcomes.iter().enumerate();
    let wanting = wanting.filter(|(index, one)| wants(*index, one));
    let wanting: Vec<usize> = wanting.map(|(index, _)| index).collect();
    let (loaded, mut read) = load_all(&wanting, first, &stacks);
    let mut told = DeploymentNotes {
        notes: stacks.notes,
        problems: Vec::new(),
    };
    for unread in &stacks.unread {
        told.add(unread, &found[unread.parent], deployment);
        read.push(unread.parent);
    }
    drop(texts);
    for (index, text) in passed_over.into_iter().enumerate() {
        if let (Some(text), true) = (text, read.contains(&index)) {
            outcomes[index].text = text;
            outcomes[index].passed_over = None;
        }
    }
    for (index, loaded) in wanting.into_iter().zip(loaded) {
        outcomes[index].loaded = loaded;
    }
    told
}

/// What there is to say about how the templates of a run deploy each other.
#[derive(Default)]
pub(super) struct DeploymentNotes {
    pub(super) notes: Vec<Note>,
    pub(super) problems: Vec<Problem>,
}

impl DeploymentNotes {
    /// Tells of a template that is deployed, and is none of the run: it may have repositories.
    fn add(&mut self, unread: &Unread, parent: &FoundFile, deployment: &Deployment) {
        let (path, is_noted) = match &unread.which {
            Ok((path, is_noted)) => (path, *is_noted),
            Err(why) => return self.note(unread, why.clone()),
        };
        let (id, home) = (&unread.id, folder(&parent.path));
        let look = deployment
            .door
            .look(&home.join(path), home, FileKind::Template);
        let why = match look {
            Ok(_) => "is not read",
            Err(error) if error.kind() == io::ErrorKind::NotFound => "is not there",
            Err(_) => "cannot be read",
        };
        // The assembly says that it is a part of it, and all of it is to be judged.
        if is_noted && !parent.named && deployment.assembly(&shown(&parent.path)).is_some() {
            let title = format!("`{path}` of nested stack `{id}` {why}");
            let problem = Problem::new(unread.place, title).label("the template deploys it");
            let help = "copy the whole folder that `cdk synth` writes";
            self.problems.push(problem.help(help));
            return;
        }
        self.note(unread, format!("`{id}` deploys `{path}`, which {why}"));
    }

    fn note(&mut self, unread: &Unread, reason: String) {
        let span = unread.place;
        self.notes.push(Note::Undetermined { span, reason });
    }
}

fn publishes(outcome: &FileOutcome) -> bool {
    outcome.publishes || outcome.loaded.publishes
}

fn runs(outcome: &FileOutcome) -> bool {
    outcome.runs || outcome.loaded.runs
}

/// Whether a template may run images of repositories that another one has.
fn runs_images_of_other_templates(outcomes: &[FileOutcome]) -> bool {
    let has_private = |one: &FileOutcome| {
        let mut repositories = one.loaded.entities.iter();
        repositories.any(|one| one.kind() == EntityKind::Private && one.subject.arn.is_none())
    };
    let mut with = outcomes.iter().enumerate();
    let Some((first, _)) = with.find(|(_, one)| has_private(one)) else {
        return false;
    };
    let has_more = with.any(|(_, one)| has_private(one));
    let mut running = outcomes.iter().enumerate();
    running.any(|(index, one)| runs(one) && (has_more || index != first))
}

/// Loads templates again, on every thread some, and says which ones were asked for values.
fn load_all(wanting: &[usize], first: SourceId, stacks: &Stacks<'_>) -> (Vec<Loaded>, Vec<usize>) {
    let share = wanting.len().div_ceil(rayon::current_num_threads()).max(1);
    let shares: Vec<(Vec<Loaded>, Vec<usize>)> = wanting
        .par_chunks(share)
        .map(|share| {
            let shelf = Shelf::new(stacks);
            let session = StackSession::new(stacks, &shelf);
            let load = |index: &usize| {
                with_scratch(|scratch| load_among(first.after(*index), &session, scratch))
            };
            let loaded = share.iter().map(load).collect();
            (loaded, shelf.read().collect())
        })
        .collect();
    let (mut loaded, mut read) = (Vec::new(), Vec::new());
    for (own, asked) in shares {
        loaded.extend(own);
        read.extend(asked);
    }
    (loaded, read)
}

/// The files of a run by their paths.
struct FilesByPath<'f> {
    found: &'f [FoundFile],
    by_path: BTreeMap<PathBuf, usize>,
}

impl<'f> FilesByPath<'f> {
    fn new(found: &'f [FoundFile]) -> Self {
        let files = found.iter().enumerate();
        let files = files.filter(|(_, file)| file.path.as_os_str() != STDIN);
        let by_path = files.map(|(index, file)| (plain(&file.path), index));
        Self {
            found,
            by_path: by_path.collect(),
        }
    }

    /// The file that lies at `path`, as another file writes it.
    fn find(&self, from: usize, path: &str) -> Option<usize> {
        let folder = self.found[from].path.parent()?;
        self.by_path.get(&plain(&folder.join(path))).copied()
    }

    /// The file that the assembly of another one has uploaded under a name.
    fn uploaded(&self, from: usize, name: &str, deployment: &Deployment) -> Option<usize> {
        let (home, assembly) = deployment.assembly(&shown(&self.found[from].path))?;
        let template = home.join(assembly.uploaded(name, home)?);
        self.by_path.get(&plain(&template)).copied()
    }
}

/// A path without `.` and, as far as they follow a name, without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::plain;

    #[test]
    fn a_path_is_the_same_however_it_is_written() {
        for path in ["a/c", "./a/c", "a/./c", "a/b/../c", "a/b/x/../../c"] {
            assert_eq!(plain(Path::new(path)), Path::new("a/c"), "{path}");
        }
        assert_eq!(plain(Path::new("../a")), Path::new("../a"));
        assert_eq!(plain(Path::new("../../a/../b")), Path::new("../../b"));
    }
}
