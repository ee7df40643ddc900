//! `ecrlint check`: finds the inputs, judges them, writes every requested report.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::loading::{self, Loading};
use super::placing::{Parameters, Placing};
use super::streaming::{self, Said};
use super::{Error, origins, setup::Setup, terminal::Terminal};
use crate::cli::{CheckArgs, Output};
use crate::discover;
use crate::engine::{self, Keep, Plan, Session, Thresholds};
use crate::ignore::Date;
use crate::render::{self, Format, Options};
use crate::report::Report;
use crate::source::{Problem, Sources, shown};

pub(super) fn run(args: &CheckArgs, terminal: &mut Terminal) -> Result<u8, Error> {
    let mut setup = Setup::load(&args.rule_args)?;
    setup.known_sets(&args.rule_args.sets)?;
    let report = judge(args, &mut setup)?;
    let options = Options {
        evidence: args.evidence,
        verbose: args.verbose,
        ..terminal.options()
    };
    for output in &args.output {
        write(output, &report, &setup.sources, &options, terminal)?;
    }
    Ok(report.outcome.exit_code())
}

/// Everything up to the report. A mistake in the configuration or in a rule is a report, too.
fn judge(args: &CheckArgs, setup: &mut Setup) -> Result<Report, Error> {
    let parameters = Parameters::read(&args.parameters, setup);
    if !setup.problems.is_empty() {
        return Ok(failed(std::mem::take(&mut setup.problems)));
    }
    let chosen = setup.choose(args.environment.as_deref())?;
    let plan = match Plan::new(&setup.rules, &setup.config, &args.rule_args.sets) {
        Ok(plan) => plan,
        Err(problems) => return Ok(failed(problems)),
    };
    let found = discover::discover(Path::new(""), &args.paths).map_err(Error::Discover)?;
    let mut placing = Placing::new(&found, parameters, &mut setup.sources);
    placing.chosen = chosen;
    let Loading {
        inventory,
        mut unreadable,
        remarks,
        mut inline,
        languages,
        mut streams,
    } = loading::load(&found, &mut placing, &mut setup.sources);
    if inventory.inputs == 0 && unreadable.is_empty() {
        return Err(nothing_found(&args.paths));
    }
    if !args.no_inline_ignores {
        inline.append(placing.acknowledged(&inventory.repositories, &mut setup.sources));
        unreadable.extend(inline.problems);
        setup.config.ignores.extend(inline.ignores);
    }
    let thresholds = Thresholds {
        fail_on: args.fail_on.severity(),
        undetermined: args.undetermined.into(),
        today: today(),
    };
    let mut said = Said {
        problems: unreadable,
        notes: remarks,
    };
    let keep = keep(args);
    let sources = &mut setup.sources;
    let whole = streaming::gather(&inventory, &mut streams, sources, &mut said);
    let session = Session::new(&plan, &setup.config, &whole, thresholds, keep);
    let mut findings = session.judge_all(&inventory.repositories);
    for stream in &mut streams {
        findings.append(stream.judge(&session, sources, &mut said));
    }
    let problems = said.problems.into_iter().map(engine::unreadable);
    let remarks = said.notes.into_iter();
    let remarks = remarks.map(|remark| engine::remark(remark, thresholds.undetermined));
    let before = problems.chain(remarks).collect();
    let mut report = session.finish(findings, inventory.inputs, before, &sources.order());
    let explains = |output: &Output| Format::named(output.format).is_some_and(|row| row.explains);
    if args.output.iter().any(explains) {
        engine::explain(&plan, &mut report);
    }
    let organisation = setup.config.organisation.as_ref();
    let working = std::env::current_dir().unwrap_or_default();
    origins::attach(
        &mut report,
        organisation,
        (&placing, &languages),
        &working,
        &mut setup.sources,
    );
    Ok(report)
}

/// Which verdicts the formats of a run tell.
fn keep(args: &CheckArgs) -> Keep {
    let lists = |output: &Output| Format::named(output.format).is_some_and(|row| row.lists);
    match args.evidence || args.output.iter().any(lists) {
        true => Keep::Everything,
        false => Keep::Findings,
    }
}

/// The day of the run, in UTC. A clock before 1970 shows its first day.
fn today() -> Date {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    Date::from_unix_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

fn failed(problems: Vec<Problem>) -> Report {
    engine::failed(problems.into_iter().map(engine::unreadable).collect())
}

pub(super) fn nothing_found(paths: &[PathBuf]) -> Error {
    let place = match paths {
        [] => "here".to_owned(),
        paths => {
            let named: Vec<_> = paths.iter().map(|path| shown(path)).collect();
            format!("at `{}`", named.join("`, `"))
        }
    };
    Error::Usage(format!(
        "there is no CloudFormation template {place}; name one, or run `cdk synth` first"
    ))
}

/// Writes one report; a file is complete or not there.
fn write(
    output: &Output,
    report: &Report,
    sources: &Sources,
    options: &Options,
    terminal: &mut Terminal,
) -> Result<(), Error> {
    let format = Format::named(output.format).expect("the command line knows the same formats");
    match &output.file {
        None => terminal
            .print_with(|out| render::write(format, report, sources, options, out))
            .map(drop),
        Some(path) => {
            let plain = Options {
                color: false,
                links: false,
                ..options.clone()
            };
            File::create(path)
                .and_then(|mut file| render::write(format, report, sources, &plain, &mut file))
                .map_err(|source| Error::Write {
                    path: path.clone(),
                    source,
                })
        }
    }
}
