//! `ecrlint check`: finds the inputs, judges them, writes every requested report.

use super::adoption::add_ignores::{self, IgnoreRequest};
use super::judging::{self, checked, judge};
use super::watch::{self, WatchedPaths};
use super::{CommandError, autofix, reports, setup::Setup, terminal::Terminal};
use crate::cli::{CheckArgs, OutputArg};
use crate::render::{Format, RenderOptions};
use crate::report::{DraftReport, Severity};
use crate::source::shown;

pub(super) fn run(args: &CheckArgs, terminal: &mut Terminal) -> Result<u8, CommandError> {
    reports::refuse_same(args)?;
    add_ignores::refuse(args)?;
    let checked = checked(args)?;
    if args.quiet {
        terminal.hush();
    }
    let once = |terminal: &mut Terminal, seen: Option<&mut WatchedPaths>| {
        let mut setup = Setup::load_for(&args.rule_args, &checked, terminal)?;
        let draft = judge(args, &mut setup, terminal);
        if let Some(seen) = seen {
            seen.note(&mut setup);
        }
        let mut draft = draft?;
        if reports::outputs(args).any(|(output, _)| has_fixes(output)) {
            autofix::suggest(args, &mut draft, &setup)?;
        }
        write_reports(args, draft, &mut setup, terminal)
    };
    if args.adopt.add_ignores {
        let mut setup = Setup::load_for(&args.rule_args, &checked, terminal)?;
        let draft = judge(args, &mut setup, terminal)?;
        let wanted = IgnoreRequest {
            least: min_severity(args),
            ending: judging::today(add_ignores::DAYS),
        };
        add_ignores::add(args, &setup, &draft, wanted, terminal)?;
    }
    match args.watch {
        true => watch::watch(args, terminal, once),
        false => once(terminal, None),
    }
}

/// Whether a format shows edits.
fn has_fixes(output: &OutputArg) -> bool {
    Format::named(output.format).is_some_and(|row| row.fixes)
}

/// Writes every report of a run.
fn write_reports(
    args: &CheckArgs,
    draft: DraftReport,
    setup: &mut Setup,
    terminal: &mut Terminal,
) -> Result<u8, CommandError> {
    let draft = DraftReport {
        configuration: setup.configuration.take(),
        requires_repositories: args.require_repositories,
        ..draft
    };
    let report = draft.finish(&setup.sources);
    // The report has the lines that it shows.
    setup.sources.let_go();
    let options = RenderOptions {
        evidence: args.evidence,
        verbose: args.verbose,
        quiet: args.quiet,
        min_severity: min_severity(args),
        checkout: Some(shown(setup.door.root())),
        ..terminal.options()
    };
    reports::write(args, &report, &setup.sources, &options, terminal)?;
    Ok(report.outcome().exit_code())
}

/// The least severity of findings that are shown: what fails the run is never hidden.
fn min_severity(args: &CheckArgs) -> Severity {
    let wanted = args.min_severity.map_or(Severity::Note, Severity::from);
    let failing = args.fail_on.severity();
    failing.map_or(wanted, |failing| failing.min(wanted))
}
