//! `ecrlint access`: finds a repository in the inputs and says who may do what with it.

use std::path::Path;

use super::deployment::Parameters;
use super::gathering::{self, Gathered, Wanted};
use super::{Error, setup::Setup, terminal::Terminal};
use crate::cli::{AccessArgs, AccessFormat, RuleArgs};
use crate::engine;
use crate::model::Repository;
use crate::render;

pub(super) fn run(args: &AccessArgs, terminal: &mut Terminal) -> Result<u8, Error> {
    let rules = RuleArgs::built_in(args.config.as_deref(), &args.allow_outside);
    let mut setup = Setup::load_for(&rules, &args.paths, terminal)?;
    let parameters = Parameters::read(&args.parameters, &mut setup);
    if !setup.problems.is_empty() {
        return setup.complain(terminal);
    }
    let chosen = setup.choose(&args.place)?;
    setup.expect(&args.paths, args.max_size);
    let wanted = Wanted {
        paths: &args.paths,
        parameters,
        chosen,
        no_gitignore: args.no_gitignore,
    };
    let is_wanted = |one: &Repository| engine::goes_by(one, &args.repository);
    let Gathered {
        inventory,
        looked,
        unreadable,
    } = gathering::gather(wanted, &mut setup, is_wanted, terminal)?;
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
    // Whoever is let in by an input that nobody could read is missing above.
    gathering::complain(unreadable, &setup, terminal)
}

/// A word to whoever named a file in the place of a repository.
fn swapped(wanted: &str) -> String {
    match Path::new(wanted).exists() {
        true => format!("; `{wanted}` is a path, which stands behind the name of the repository"),
        false => String::new(),
    }
}
