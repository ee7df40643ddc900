//! Finds repositories in inputs of any kind, those included that are read line by line.
//! It does not know what is said of them.

use std::path::{Path, PathBuf};

use super::deployment::{Deployment, ParameterValues};
use super::judging::nothing_found;
use super::loading::{self, Loading};
use super::setup::{Setup, Texts};
use super::streaming::{self, StreamRemarks};
use super::{CommandError, terminal::Terminal};
use crate::cli::{InputArgs, RuleArgs};
use crate::discover::{self, FoundFile, SearchOptions};
use crate::engine::{self, Looked};
use crate::input::{DeployTarget, Note};
use crate::model::{Entity, Inventory};
use crate::source::Problem;

/// What to look through.
pub(super) struct InputRequest<'w> {
    pub(super) paths: &'w [PathBuf],
    pub(super) parameters: ParameterValues,
    /// Where stacks are deployed of which nothing else says it.
    pub(super) chosen: DeployTarget,
    pub(super) no_gitignore: bool,
}

impl<'w> InputRequest<'w> {
    /// What the command line names, by the parameters that were read for it.
    pub(super) fn of(
        paths: &'w [PathBuf],
        args: &InputArgs,
        parameters: ParameterValues,
        setup: &mut Setup,
    ) -> Result<Self, CommandError> {
        let chosen = setup.choose(&args.reading.place)?;
        setup.expect(paths, args.reading.max_size);
        Ok(Self {
            paths,
            parameters,
            chosen,
            no_gitignore: args.reading.no_gitignore,
        })
    }
}

/// What was found.
pub(super) struct Gathered {
    pub(super) inventory: Inventory,
    pub(super) looked: Looked,
    /// Inputs that could not be read.
    pub(super) unreadable: Vec<Problem>,
}

/// Reads the inputs. Of those that are read line by line, repositories are kept that are wanted.
pub(super) fn gather(
    wanted: InputRequest<'_>,
    setup: &mut Setup,
    is_wanted: impl Fn(&Entity) -> bool + Sync,
    terminal: &Terminal,
) -> Result<Gathered, CommandError> {
    let Loading {
        mut inventory,
        unreadable,
        remarks,
        mut streams,
        gaps,
        ..
    } = load(wanted, setup, terminal)?;
    let mut said = StreamRemarks::of(unreadable, remarks, gaps, false);
    let mut looked = Looked::default();
    streaming::gather(&inventory, &mut streams, &mut setup.sources, &mut said);
    for stream in &mut streams {
        let found = stream.seek(&is_wanted, &mut setup.sources, &mut said, &mut looked);
        inventory.entities.extend(found);
    }
    looked.unseen = said.notes.iter().filter_map(hides).collect();
    Ok(Gathered {
        inventory,
        looked,
        unreadable: said.problems,
    })
}

/// Reads the inputs, all but the lines of those that are read line by line.
pub(super) fn load(
    wanted: InputRequest<'_>,
    setup: &mut Setup,
    terminal: &Terminal,
) -> Result<Loading, CommandError> {
    let mut found = find(&wanted, setup)?;
    let parameters = wanted.parameters;
    let mut deployment = Deployment::new(&mut found, parameters, &setup.door, &mut setup.sources);
    deployment.chosen = wanted.chosen;
    let loading = loading::load(&found, &mut deployment, &mut setup.sources, terminal);
    match loading.inventory.inputs == 0 && loading.unreadable.is_empty() {
        true => Err(nothing_found(wanted.paths)),
        false => Ok(loading),
    }
}

/// The configuration that holds for what lies at some paths.
pub(super) fn setup(
    paths: &[PathBuf],
    args: &InputArgs,
    terminal: &mut Terminal,
) -> Result<Setup, CommandError> {
    setup_over(paths, args, &Texts::new(), terminal)
}

/// The same, with other texts in place of those of some files.
pub(super) fn setup_over(
    paths: &[PathBuf],
    args: &InputArgs,
    texts: &Texts,
    terminal: &mut Terminal,
) -> Result<Setup, CommandError> {
    let rules = RuleArgs::built_in(args.config.as_deref(), &args.allow_outside);
    Setup::load_over(&rules, paths, texts, terminal)
}

/// The files that the paths of the command line mean.
fn find(wanted: &InputRequest<'_>, setup: &Setup) -> Result<Vec<FoundFile>, CommandError> {
    let options = SearchOptions {
        gitignore: !wanted.no_gitignore,
        lists_passed_over: false,
    };
    let found = discover::discover(Path::new(""), wanted.paths, &setup.door, options);
    Ok(found.map_err(CommandError::Discover)?.files)
}

/// Why a remark leaves open which repositories there are, as a clause.
fn hides(note: &Note) -> Option<String> {
    match note {
        Note::Undetermined { reason, .. } => Some(reason.clone()),
        Note::Unknown(problem) => Some(problem.title.clone()),
        Note::Refused(_) | Note::Mistake(_) => None,
    }
}

/// Shows what could not be read, beside what is said about the rest; the exit code.
pub(super) fn complain(
    problems: Vec<Problem>,
    setup: &Setup,
    terminal: &mut Terminal,
) -> Result<u8, CommandError> {
    if problems.is_empty() {
        return Ok(0);
    }
    let draft = engine::failed(problems.into_iter().map(engine::unreadable).collect());
    setup.show(draft, terminal)
}
