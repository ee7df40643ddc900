//! `ecrlint access`: finds a repository in the inputs and says who may do what with it.

use std::path::Path;

use super::deployment::ParameterValues;
use super::gathering::{self, Gathered, InputRequest};
use super::{CommandError, terminal::Terminal};
use crate::cli::{AccessArgs, AccessFormat, LookArgs};
use crate::engine;
use crate::model::Entity;
use crate::render;

pub(super) fn run(args: &AccessArgs, terminal: &mut Terminal) -> Result<u8, CommandError> {
    let LookArgs { paths, input } = &args.inputs;
    let mut setup = gathering::setup(paths, input, terminal)?;
    let parameters = ParameterValues::read(&input.reading.parameters, &mut setup);
    if !setup.problems.is_empty() {
        return setup.complain(terminal);
    }
    let wanted = InputRequest::of(paths, input, parameters, &mut setup)?;
    let is_wanted = |one: &Entity| engine::goes_by(one, &args.repository);
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
            return Err(CommandError::Usage(format!(
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
