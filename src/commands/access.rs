//! `ecrlint access`: finds a repository in the inputs and says who may do what with it.

use std::path::Path;

use super::check::nothing_found;
use super::loading::{self, Loading};
use super::placing::{Parameters, Placing};
use super::{Error, setup::Setup, terminal::Terminal};
use crate::cli::{AccessArgs, AccessFormat, RuleArgs};
use crate::discover::{self, Manner};
use crate::engine;
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
    let manner = Manner {
        gitignore: !args.no_gitignore,
        tells: false,
    };
    let found = discover::discover(Path::new(""), &args.paths, &setup.door, manner);
    let mut found = found.map_err(Error::Discover)?.files;
    let mut placing = Placing::new(&mut found, parameters, &setup.door, &mut setup.sources);
    placing.chosen = chosen;
    let Loading {
        inventory,
        unreadable,
        ..
    } = loading::load(&found, &mut placing, &mut setup.sources);
    if inventory.inputs == 0 && unreadable.is_empty() {
        return Err(nothing_found(&args.paths));
    }
    let listings = match engine::access(&setup.config, &inventory, &args.repository) {
        Ok(listings) => listings,
        // It may be in what could not be read.
        Err(_) if !unreadable.is_empty() => Vec::new(),
        Err(reason) => return Err(Error::Usage(reason)),
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
