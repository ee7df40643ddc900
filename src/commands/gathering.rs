//! Finds repositories in inputs of any kind, those included that are read line by line.
//! It does not know what is said of them.

use std::path::{Path, PathBuf};

use super::deployment::{Deployment, Parameters};
use super::judging::nothing_found;
use super::loading::{self, Loading};
use super::streaming::{self, Said};
use super::{Error, setup::Setup, terminal::Terminal};
use crate::discover::{self, Found, Manner};
use crate::engine::{self, Looked};
use crate::input::{Note, Target};
use crate::model::{Inventory, Repository};
use crate::render::{self, Format};
use crate::source::Problem;

/// What to look through.
pub(super) struct Wanted<'w> {
    pub(super) paths: &'w [PathBuf],
    pub(super) parameters: Parameters,
    /// Where stacks are deployed of which nothing else says it.
    pub(super) chosen: Target,
    pub(super) no_gitignore: bool,
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
    wanted: Wanted<'_>,
    setup: &mut Setup,
    is_wanted: impl Fn(&Repository) -> bool + Sync,
    terminal: &Terminal,
) -> Result<Gathered, Error> {
    let mut found = find(&wanted, setup)?;
    let parameters = wanted.parameters;
    let mut deployment = Deployment::new(&mut found, parameters, &setup.door, &mut setup.sources);
    deployment.chosen = wanted.chosen;
    let Loading {
        mut inventory,
        unreadable,
        remarks,
        mut streams,
        gaps,
        ..
    } = loading::load(&found, &mut deployment, &mut setup.sources, terminal);
    if inventory.inputs == 0 && unreadable.is_empty() && streams.is_empty() {
        return Err(nothing_found(wanted.paths));
    }
    let mut said = Said::of((unreadable, remarks), gaps, false);
    let mut looked = Looked::default();
    streaming::gather(&inventory, &mut streams, &mut setup.sources, &mut said);
    for stream in &mut streams {
        let with = (&mut setup.sources, &mut said, &mut looked);
        inventory.repositories.extend(stream.seek(&is_wanted, with));
    }
    looked.unseen = said.notes.iter().filter_map(hides).collect();
    Ok(Gathered {
        inventory,
        looked,
        unreadable: said.problems,
    })
}

/// The files that the paths of the command line mean.
fn find(wanted: &Wanted<'_>, setup: &Setup) -> Result<Vec<Found>, Error> {
    let manner = Manner {
        gitignore: !wanted.no_gitignore,
        tells: false,
    };
    let found = discover::discover(Path::new(""), wanted.paths, &setup.door, manner);
    Ok(found.map_err(Error::Discover)?.files)
}

/// Why a remark leaves open which repositories there are, as a clause.
fn hides(note: &Note) -> Option<String> {
    match note {
        Note::Undetermined { reason, .. } => Some(reason.clone()),
        Note::Unknown(problem) => Some(problem.title.clone()),
        Note::Refused(_) | Note::Mistake(_) => None,
    }
}

/// Shows what could not be read, beside what is told of the rest; the exit code.
pub(super) fn complain(
    problems: Vec<Problem>,
    setup: &Setup,
    terminal: &mut Terminal,
) -> Result<u8, Error> {
    if problems.is_empty() {
        return Ok(0);
    }
    let report = engine::failed(problems.into_iter().map(engine::unreadable).collect());
    let format = Format::named("human").expect("the human format is a row of the table");
    let options = terminal.options();
    let mut text = Vec::new();
    render::write(format, &report, &setup.sources, &options, &mut text).map_err(Error::Stdout)?;
    terminal.show(String::from_utf8_lossy(&text).trim_end());
    Ok(report.outcome.exit_code())
}
