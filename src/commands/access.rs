//! `ecrlint access`: finds a repository in the inputs and says who may do what with it.

use std::path::Path;

use super::deployment::{Deployment, Parameters};
use super::judging::nothing_found;
use super::loading::{self, Loading};
use super::streaming::{self, Said};
use super::{Error, setup::Setup, terminal::Terminal};
use crate::cli::{AccessArgs, AccessFormat, RuleArgs};
use crate::discover::{self, Found, Manner};
use crate::engine::{self, Looked};
use crate::input::Note;
use crate::model::Repository;
use crate::render::{self, Format};

pub(super) fn run(args: &AccessArgs, terminal: &mut Terminal) -> Result<u8, Error> {
    let rules = RuleArgs::built_in(args.config.as_deref(), &args.allow_outside);
    let mut setup = Setup::load_for(&rules, &args.paths, terminal)?;
    let parameters = Parameters::read(&args.parameters, &mut setup);
    if !setup.problems.is_empty() {
        return setup.complain(terminal);
    }
    let chosen = setup.choose(&args.place)?;
    setup.expect(&args.paths, args.max_size);
    let mut found = find(args, &setup)?;
    let mut deployment = Deployment::new(&mut found, parameters, &setup.door, &mut setup.sources);
    deployment.chosen = chosen;
    let Loading {
        mut inventory,
        unreadable,
        remarks,
        mut streams,
        gaps,
        ..
    } = loading::load(&found, &mut deployment, &mut setup.sources, terminal);
    if inventory.inputs == 0 && unreadable.is_empty() {
        return Err(nothing_found(&args.paths));
    }
    let mut said = Said::of((unreadable, remarks), gaps, false);
    let mut looked = Looked::default();
    streaming::gather(&inventory, &mut streams, &mut setup.sources, &mut said);
    let is_wanted = |one: &Repository| engine::goes_by(one, &args.repository);
    for stream in &mut streams {
        let with = (&mut setup.sources, &mut said, &mut looked);
        inventory.repositories.extend(stream.seek(is_wanted, with));
    }
    looked.unseen = said.notes.iter().filter_map(hides).collect();
    let unreadable = said.problems;
    let listings = match engine::access(&setup.config, &inventory, &args.repository, &looked) {
        Ok(listings) => listings,
        // It may be in what could not be read.
        Err(_) if !unreadable.is_empty() => Vec::new(),
        Err(reason) => {
            return Err(Error::Usage(format!(
                "{reason}{}",
                swapped(&args.repository)
            )));
        }
    };
    let (sources, options) = (&setup.sources, terminal.options());
    if !listings.is_empty() {
        terminal.print_with(|out| match args.output {
            AccessFormat::Human => render::access::write_human(&listings, sources, &options, out),
            AccessFormat::Json => render::access::write_json(&listings, sources, out),
        })?;
    }
    if unreadable.is_empty() {
        return Ok(0);
    }
    // Whoever is let in by an input that nobody could read is missing above.
    let report = engine::failed(unreadable.into_iter().map(engine::unreadable).collect());
    let format = Format::named("human").expect("the human format is a row of the table");
    let mut text = Vec::new();
    render::write(format, &report, sources, &options, &mut text).map_err(Error::Stdout)?;
    terminal.show(String::from_utf8_lossy(&text).trim_end());
    Ok(report.outcome.exit_code())
}

/// A word to whoever named a file in the place of a repository.
fn swapped(wanted: &str) -> String {
    match Path::new(wanted).exists() {
        true => format!("; `{wanted}` is a path, which stands behind the name of the repository"),
        false => String::new(),
    }
}

/// The files that the paths of the command line mean.
fn find(args: &AccessArgs, setup: &Setup) -> Result<Vec<Found>, Error> {
    let manner = Manner {
        gitignore: !args.no_gitignore,
        tells: false,
    };
    let found = discover::discover(Path::new(""), &args.paths, &setup.door, manner);
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
