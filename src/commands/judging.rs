//! From the command line of `check` to a report: finds the inputs, loads them, judges them.
//! It writes nothing, and does not know formats but for what they show.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::adoption::{self, Adoption, RunRecord};
use super::deployment::{Deployment, ParameterValues};
use super::loading::{self, Loading};
use super::origins::Tracing;
use super::setup::{Setup, Texts};
use super::streaming::{self, SnapshotStream, StreamRemarks};
use super::{CommandError, files, live, reports, rule_selection, terminal::Terminal};
use crate::cli::{CheckArgs, OutputArg};
use crate::config::Config;
use crate::discover::{self, Discovered, STDIN, SearchOptions};
use crate::door::Door;
use crate::engine::{self, Givers, Keep, Looked, Plan, Session, Thresholds};
use crate::ignore::Date;
use crate::input::snapshot::gaps::Gaps;
use crate::model::{Entity, EntityKind, Inventory};
use crate::render::Format;
use crate::report::{DraftReport, FileCounts, Summary};
use crate::source::{Problem, Sources, shown};

/// Reads configuration and rules anew and judges, with other texts in place of those of some files.
pub(super) fn judged(
    args: &CheckArgs,
    texts: &Texts,
    terminal: &mut Terminal,
) -> Result<(Setup, DraftReport), CommandError> {
    let mut setup = Setup::load_over(&args.rule_args, &checked(args)?, texts, terminal)?;
    let draft = judge(args, &mut setup, terminal)?;
    Ok((setup, draft))
}

/// What is checked, by the names that decide which configuration holds.
pub(super) fn checked(args: &CheckArgs) -> Result<Vec<PathBuf>, CommandError> {
    let is_stdin = |path: &&PathBuf| path.as_os_str() == STDIN;
    match &args.stdin_filename {
        None => Ok(args.paths.clone()),
        Some(_) if !args.paths.iter().any(|path| is_stdin(&path)) => {
            Err(CommandError::Usage(format!(
                "`--stdin-filename` names what comes on standard input; add `{STDIN}` to read it"
            )))
        }
        Some(name) => {
            let paths = args.paths.iter();
            let named = paths.map(|path| if is_stdin(&path) { name } else { path });
            Ok(named.cloned().collect())
        }
    }
}

/// Everything up to the report that is finished. A mistake in the configuration or in a rule is a report, too.
pub(super) fn judge(
    args: &CheckArgs,
    setup: &mut Setup,
    terminal: &mut Terminal,
) -> Result<DraftReport, CommandError> {
    let parameters = ParameterValues::read(&args.reading.parameters, setup);
    let adoption = Adoption::read(args, setup);
    if !setup.problems.is_empty() {
        return Ok(failed(std::mem::take(&mut setup.problems)));
    }
    setup.expect(&args.paths, args.reading.max_size);
    setup.door.take_part_in_synthesis(args.during_synth);
    let chosen = setup.choose(&args.reading.place)?;
    let selection = rule_selection::selection(args, setup)?;
    let plan = match Plan::new(&setup.rules, &setup.config, &selection) {
        Ok(plan) => plan,
        Err(problems) => return Ok(failed(problems)),
    };
    let mut found = find(args, &setup.door, &mut setup.searched)?;
    let (door, sources) = (&setup.door, &mut setup.sources);
    let mut deployment = place(args, door, sources, &mut found, parameters);
    deployment.chosen = live::place(chosen, &args.live, door);
    let Loading {
        inventory,
        mut unreadable,
        remarks,
        mut inline,
        languages,
        streams,
        gaps,
        passed_over,
    } = loading::load(&found.files, &mut deployment, &mut setup.sources, terminal);
    let files = files::count(&found, &passed_over);
    let inputs = adoption::names(&found.files);
    if args.debug_files {
        files::list(found, passed_over, terminal);
    }
    refuse(args, &inventory, &unreadable, &deployment, &setup.sources)?;
    if !args.no_inline_ignores {
        inline.append(deployment.acknowledged(&inventory.entities, &mut setup.sources));
        unreadable.extend(inline.problems);
        setup.config.ignores.extend(inline.ignores);
    }
    let said = StreamRemarks::of(unreadable, remarks, gaps, args.allow_partial);
    let judging = Judging {
        door: &deployment.door,
        args,
        plan: &plan,
        config: &setup.config,
        proposes: setup.proposes,
        files,
    };
    let mut draft = judging.draft(inventory, streams, &mut setup.sources, said);
    let organisation = setup.config.organisation.as_ref();
    let tracing = Tracing::new(&deployment, &languages, terminal.is_watched());
    let outdated = tracing.attach(&mut draft, organisation, &mut setup.sources);
    engine::warn(&mut draft, outdated);
    let ran = RunRecord::new(args, setup, &plan, &selection, inputs);
    adoption.decide(&ran, &mut draft, terminal)?;
    Ok(draft)
}

/// What is known about the files from outside of them.
fn place(
    args: &CheckArgs,
    door: &Door,
    sources: &mut Sources,
    found: &mut Discovered,
    parameters: ParameterValues,
) -> Deployment {
    let mut deployment = Deployment::new(&mut found.files, parameters, door, sources);
    deployment.stack_name.clone_from(&args.stack_name);
    deployment.stdin.clone_from(&args.stdin_filename);
    deployment.skips_foreign = args.skip_foreign;
    deployment.allows_partial = args.allow_partial;
    deployment
}

/// The files that the paths of the command line mean; adds the folders that were searched for them.
fn find(
    args: &CheckArgs,
    door: &Door,
    searched: &mut Vec<PathBuf>,
) -> Result<Discovered, CommandError> {
    let options = SearchOptions {
        gitignore: !args.reading.no_gitignore,
        lists_passed_over: args.debug_files,
    };
    let found = discover::discover(Path::new(""), &args.paths, door, options);
    let mut found = found.map_err(CommandError::Discover)?;
    searched.append(&mut found.folders);
    Ok(found)
}

/// Refuses a run over nothing, and `--stack-name` for several templates.
fn refuse(
    args: &CheckArgs,
    inventory: &Inventory,
    unreadable: &[Problem],
    deployment: &Deployment,
    sources: &Sources,
) -> Result<(), CommandError> {
    if inventory.inputs == 0 && unreadable.is_empty() && !args.skip_foreign {
        return Err(nothing_found(&args.paths));
    }
    one_stack(inventory, deployment, sources)
}

/// Refuses `--stack-name` for several templates: they are several stacks.
fn one_stack(
    inventory: &Inventory,
    deployment: &Deployment,
    sources: &Sources,
) -> Result<(), CommandError> {
    let Some(stack) = &deployment.stack_name else {
        return Ok(());
    };
    let repositories = inventory.entities.iter();
    let of_stack = repositories.filter(|one| one.subject.stack.as_ref() == Some(stack));
    let templates: BTreeSet<&str> = of_stack
        .map(|one| sources.source(one.place.source).name.as_str())
        .filter(|name| deployment.assembly(name).is_none())
        .collect();
    let mut templates = templates.into_iter();
    match (templates.next(), templates.next()) {
        (Some(one), Some(other)) => Err(CommandError::Usage(format!(
            "`--stack-name` names the stack of one template, but both `{one}` and `{other}` were read; check one \
             at a time"
        ))),
        _ => Ok(()),
    }
}

/// What everything in a run is judged by.
struct Judging<'a> {
    door: &'a Door,
    args: &'a CheckArgs,
    plan: &'a Plan<'a>,
    config: &'a Config,
    /// Whether edits are proposed for what is live, too.
    proposes: bool,
    /// What became of the files of the run.
    files: FileCounts,
}

impl Judging<'_> {
    /// Judges what was loaded, then what streams by, each against all that has to be known of the others. What was
    /// loaded is let go then.
    fn draft(
        &self,
        inventory: Inventory,
        mut streams: Vec<SnapshotStream>,
        sources: &mut Sources,
        mut said: StreamRemarks,
    ) -> DraftReport {
        let thresholds = Thresholds {
            fail_on: self.args.fail_on.severity(),
            undetermined: self.args.undetermined.into(),
            today: today(0),
        };
        let mut whole = streaming::gather(&inventory, &mut streams, sources, &mut said);
        let live = live::read(&self.args.live, self.door, &inventory, sources, &mut said);
        let removed = live.as_ref().map(|live| live.removed(&inventory));
        if let Some(live) = live {
            whole.compare_with(live);
        }
        let governing = self.governing(&mut streams, sources);
        let around = inventory.entities.iter().chain(&governing);
        let is_private = |one: &&Entity| one.kind() == EntityKind::Private;
        let listed = inventory.entities.iter().filter(is_private).count();
        let givers = self
            .depicts()
            .then(|| Givers::of(self.config, around, listed));
        let session = Session::new(self.plan, self.config, &whole, thresholds, keep(self.args))
            .depicting(givers.as_ref())
            .proposing(self.proposes)
            .explaining(self.has_format(|row| row.explains));
        let mut findings = session.judge_all(&inventory.entities);
        findings.append(session.judge_all(&removed.unwrap_or_default()));
        for stream in &mut streams {
            findings.append(stream.judge(&session, sources, &mut said));
        }
        let problems = said.problems.into_iter().map(engine::unreadable);
        let remarks = said.notes.into_iter();
        let organisation = self.config.organisation.as_ref();
        let remarks =
            remarks.map(|remark| engine::remark(remark, thresholds.undetermined, organisation));
        let before = problems.chain(remarks).collect();
        let counted = Summary {
            inputs: inventory.inputs,
            snapshots: inventory.snapshots,
            files: self.files,
            refused: said.gaps.iter().map(Gaps::refused).sum(),
            unlisted: said.gaps.iter().map(|gaps| gaps.unlisted).sum(),
            ..Summary::default()
        };
        session.finish(findings, counted, before, &sources.order())
    }
}

impl Judging<'_> {
    /// Whether a format of the run is such a one.
    fn has_format(&self, what: impl Fn(&Format) -> bool) -> bool {
        let formats = reports::outputs(self.args);
        formats
            .filter_map(|(output, _)| Format::named(output.format))
            .any(what)
    }

    /// Whether a format draws who may do what.
    fn depicts(&self) -> bool {
        self.has_format(|row| row.depicts)
    }

    /// The policies of the registries of what streams by, which hold for lines before theirs, too. What else there is
    /// to say of these lines is said when they are judged.
    fn governing(&self, streams: &mut [SnapshotStream], sources: &mut Sources) -> Vec<Entity> {
        let streams = streams.iter_mut().filter(|_| self.depicts());
        let found = streams.flat_map(|stream| {
            let (mut said, mut looked) = (StreamRemarks::default(), Looked::default());
            stream.seek(|_| false, sources, &mut said, &mut looked)
        });
        found.collect()
    }
}

/// Which verdicts the formats of a run show.
fn keep(args: &CheckArgs) -> Keep {
    let lists = |output: &OutputArg| Format::named(output.format).is_some_and(|row| row.lists);
    match args.evidence || reports::outputs(args).any(|(output, _)| lists(output)) {
        true => Keep::Everything,
        false => Keep::Findings,
    }
}

/// The day of the run, in UTC, or one so many days later. A clock before 1970 shows its first day.
pub(super) fn today(later: u64) -> Date {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs()) + later * 86_400;
    Date::from_unix_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

fn failed(problems: Vec<Problem>) -> DraftReport {
    engine::failed(problems.into_iter().map(engine::unreadable).collect())
}

pub(super) fn nothing_found(paths: &[PathBuf]) -> CommandError {
    let place = match paths {
        [] => "here".to_owned(),
        paths => {
            let named: Vec<_> = paths.iter().map(|path| shown(path)).collect();
            format!("at `{}`", named.join("`, `"))
        }
    };
    CommandError::Usage(format!(
        "there is no CloudFormation template or snapshot {place}; name one, or run `cdk synth` first"
    ))
}
