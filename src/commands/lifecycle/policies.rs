//! Which policies are meant: those of repositories in inputs of any kind, or one in a file of its own.
//! It does not know what is asked about them.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::session::LifecycleRun;
use crate::cli::PolicyArgs;
use crate::commands::deployment::ParameterValues;
use crate::commands::gathering::{self, InputRequest};
use crate::commands::{CommandError, terminal::Terminal};
use crate::discover::STDIN;
use crate::door::{FileKind, Namer};
use crate::engine::{self, Looked, lifecycle};
use crate::input::snapshot;
use crate::model::{Entity, EntityKind, Inventory};
use crate::source::{Problem, Span, shown};

/// Repositories of a snapshot that are kept where nobody says which one is meant: more than one is told anyway.
const MOST_KEPT: usize = 100;

/// The repositories whose policies are meant; one in each way in which conditions turn out.
pub(super) fn of(
    args: &PolicyArgs,
    session: &mut LifecycleRun<'_>,
    terminal: &Terminal,
) -> Result<Vec<Entity>, CommandError> {
    match &args.policy {
        Some(file) => Ok(file_of_its_own(file, session)?.into_iter().collect()),
        None => at(&args.paths, args.repository.as_deref(), session, terminal),
    }
}

/// The same for what lies at paths, where a single one may be a policy in a file of its own.
pub(super) fn at(
    paths: &[PathBuf],
    wanted: Option<&str>,
    session: &mut LifecycleRun<'_>,
    terminal: &Terminal,
) -> Result<Vec<Entity>, CommandError> {
    if let [path] = paths
        && path.is_file()
        && is_policy(path, session)
    {
        return Ok(file_of_its_own(path, session)?.into_iter().collect());
    }
    let (found, looked) = inputs(paths, session, terminal, &|one| {
        wanted.is_none_or(|wanted| engine::goes_by(one, wanted))
    })?;
    match lifecycle::meant(&found, wanted, &looked) {
        Ok(meant) => Ok(meant.into_iter().cloned().collect()),
        // It may be in what could not be read.
        Err(_) if !session.problems.is_empty() => Ok(Vec::new()),
        Err(reason) => Err(CommandError::Usage(reason)),
    }
}

/// What the inputs at some paths say.
pub(super) fn inputs(
    paths: &[PathBuf],
    session: &mut LifecycleRun<'_>,
    terminal: &Terminal,
    is_wanted: &(dyn Fn(&Entity) -> bool + Sync),
) -> Result<(Inventory, Looked), CommandError> {
    let args = session.input;
    let setup = &mut session.setup;
    let parameters = ParameterValues::read(&args.reading.parameters, setup);
    session.problems.append(&mut setup.problems);
    let wanted = InputRequest::of(paths, args, parameters, setup)?;
    let kept = AtomicUsize::new(0);
    let is_kept = |one: &Entity| {
        one.kind() == EntityKind::Private
            && is_wanted(one)
            && kept.fetch_add(1, Ordering::Relaxed) < MOST_KEPT
    };
    let gathered = gathering::gather(wanted, setup, is_kept, terminal)?;
    session.problems.extend(gathered.unreadable);
    Ok((gathered.inventory, gathered.looked))
}

/// Whether a file holds a policy and nothing else.
fn is_policy(path: &Path, session: &mut LifecycleRun<'_>) -> bool {
    let text = session
        .setup
        .door
        .text(path, Namer::User, FileKind::Configuration);
    text.is_ok_and(|text| snapshot::policy::is_policy(&text, &mut session.scratch))
}

/// The policy in a file; what is wrong with it is told at the end.
fn file_of_its_own(
    path: &Path,
    session: &mut LifecycleRun<'_>,
) -> Result<Option<Entity>, CommandError> {
    if path == Path::new("-") {
        let help = format!("name the file; {STDIN} is read for inputs only");
        return Err(CommandError::Usage(help));
    }
    let text = session
        .setup
        .door
        .text(path, Namer::User, FileKind::Configuration);
    let (text, problem) = match text {
        Ok(text) => (text, None),
        Err(error) => (
            String::new(),
            Some(format!("cannot read `{}`: {error}", shown(path))),
        ),
    };
    let id = session.setup.sources.add(shown(path), text.as_str());
    if let Some(title) = problem {
        session
            .problems
            .push(Problem::new(Span::new(id, 0, 0), title));
        return Ok(None);
    }
    match snapshot::policy::policy(&text, id, &mut session.scratch) {
        Ok(repository) => Ok(Some(repository)),
        Err(problem) => {
            session.problems.push(problem);
            Ok(None)
        }
    }
}
