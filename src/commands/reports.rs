//! Writes every report of a run, each to where the user wants it.
//! It does not know how a report comes about.

use std::collections::BTreeSet;

use super::destination::{Destination, FileIdentity, Protected, Protection};
use super::{CommandError, terminal::Terminal};
use crate::cli::{CheckArgs, OutputArg};
use crate::render::{self, Format, RenderOptions};
use crate::report::Report;
use crate::source::Sources;

/// Refuses to write two reports to one file: one would be lost.
///
/// # Errors
/// Two outputs name the same file.
pub(super) fn refuse_same(args: &CheckArgs) -> Result<(), CommandError> {
    let mut seen = BTreeSet::new();
    let files = args.output.iter().filter_map(|output| output.file.as_ref());
    let appended = args.append.iter().filter_map(|output| output.file.as_ref());
    let appended: BTreeSet<_> = appended
        .filter_map(|path| FileIdentity::expected(path))
        .collect();
    for path in files {
        let Some(file) = FileIdentity::expected(path) else {
            continue;
        };
        if appended.contains(&file) || !seen.insert(file) {
            return Err(CommandError::Usage(format!(
                "two outputs name the file `{}`; give each a file of its own",
                path.display()
            )));
        }
    }
    Ok(())
}

/// Writes each report. All are tried, even if one cannot be written.
///
/// # Errors
/// What could not be written, and why.
pub(super) fn write(
    args: &CheckArgs,
    report: &Report,
    sources: &Sources,
    options: &RenderOptions,
    terminal: &mut Terminal,
) -> Result<(), CommandError> {
    let mut protected = Protected::default();
    let named = args.paths.iter().chain(&args.live);
    named.for_each(|path| protected.add(path, Protection::Named));
    sources
        .names()
        .for_each(|name| protected.add(name, Protection::Found));
    let plain = RenderOptions {
        color: false,
        links: false,
        ..options.clone()
    };
    let mut errors = Vec::new();
    for (output, appended) in outputs(args) {
        let format = Format::named(output.format).expect("the command line knows the same formats");
        let written = match &output.file {
            None => terminal
                .print_with(|out| render::write(format, report, options, out))
                .map(drop),
            Some(path) => {
                let destination = match appended {
                    true => Destination::behind(path, &protected),
                    false => Destination::of(path, format, &protected, args.force),
                };
                destination.and_then(|destination| {
                    destination.write(|out| render::write(format, report, &plain, out))
                })
            }
        };
        errors.extend(written.err());
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(CommandError::Several(errors)),
    }
}

/// Every output, and whether it is added to the end of its file.
pub(super) fn outputs(args: &CheckArgs) -> impl Iterator<Item = (&OutputArg, bool)> {
    let replaced = args.output.iter().map(|output| (output, false));
    replaced.chain(args.append.iter().map(|output| (output, true)))
}
