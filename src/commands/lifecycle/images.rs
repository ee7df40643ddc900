//! Which images a policy is tried on: those of a snapshot, or those of a history that is typed.
//! It does not know policies.

use std::path::PathBuf;
use std::time::SystemTime;

use super::policies;
use super::session::LifecycleRun;
use crate::cli::ImageArgs;
use crate::commands::{CommandError, terminal::Terminal};
use crate::engine;
use crate::engine::lifecycle::{self as told, TooOften};
use crate::input::snapshot;
use crate::model::lifecycle::history::History;
use crate::model::lifecycle::{Image, Time};
use crate::model::{Entity, EntityKind};
use crate::source::{Problem, SourceId, Span};

/// Days of a month in a history.
const MONTH: u64 = 30;
/// The name of the description of a history in messages.
const NAME: &str = "--history";

/// Where images come from.
pub(super) enum ImageSource {
    Live(LiveSnapshot),
    History(TypedHistory),
}

/// A snapshot of live repositories.
pub(super) struct LiveSnapshot {
    path: PathBuf,
    /// The day that was typed.
    pub(super) at: Option<Time>,
}

/// A history that was typed.
pub(super) struct TypedHistory {
    history: History,
    text: String,
    days: u64,
    seed: u64,
}

/// The images that a policy is tried on.
pub(super) enum TrialImages {
    Captured {
        images: Vec<Image>,
        now: Time,
        is_captured: bool,
        taken: Vec<String>,
    },
    History {
        history: History,
        text: String,
        days: u64,
        seed: u64,
    },
}

impl TrialImages {
    pub(super) fn lent(&self) -> told::BorrowedImages<'_> {
        match self {
            TrialImages::Captured {
                images,
                now,
                is_captured,
                taken,
            } => told::BorrowedImages::Captured {
                images,
                now: *now,
                is_captured: *is_captured,
                taken,
            },
            TrialImages::History {
                history,
                text,
                days,
                seed,
            } => told::BorrowedImages::History {
                history,
                text,
                days: *days,
                seed: *seed,
            },
        }
    }
}

impl TypedHistory {
    pub(super) fn images(&self) -> TrialImages {
        TrialImages::History {
            history: self.history.clone(),
            text: self.text.clone(),
            days: self.days,
            seed: self.seed,
        }
    }
}

/// The day that was typed.
pub(super) fn day(args: &ImageArgs) -> Result<Option<Time>, CommandError> {
    let Some(text) = args.at.as_deref() else {
        return Ok(None);
    };
    match Time::parse(text) {
        Some(time) => Ok(Some(time)),
        None => Err(CommandError::Usage(format!(
            "`--at {text}` is not a day; write one such as `2026-01-31`"
        ))),
    }
}

/// What the command line says of images. A mistake in it is told with its place.
pub(super) fn read(
    args: &ImageArgs,
    session: &mut LifecycleRun<'_>,
) -> Result<Option<ImageSource>, CommandError> {
    let at = day(args)?;
    if let Some(path) = &args.live {
        return Ok(Some(ImageSource::Live(LiveSnapshot {
            path: path.clone(),
            at,
        })));
    }
    let Some(text) = &args.history else {
        return Ok(None);
    };
    match History::parse(text) {
        Ok(history) => Ok(Some(ImageSource::History(TypedHistory {
            history,
            text: text.clone(),
            days: args.months * MONTH,
            seed: args.seed,
        }))),
        Err(mistake) => {
            let id = session.setup.sources.add(NAME, text.as_str());
            session.mistakes.push(problem(id, &mistake));
            Ok(None)
        }
    }
}

/// Takes note that more is pushed than can be looked at.
pub(super) fn too_often(session: &mut LifecycleRun<'_>, mistake: &TooOften, text: Option<&str>) {
    // It is the same for every repository.
    if !session.mistakes.is_empty() {
        return;
    }
    let id = session.setup.sources.add(NAME, text.unwrap_or_default());
    session.mistakes.push(problem(id, mistake));
}

fn problem(id: SourceId, mistake: &TooOften) -> Problem {
    let place = Span::new(id, mistake.range.start, mistake.range.end);
    Problem::new(place, mistake.title.as_str()).help(mistake.help)
}

impl LiveSnapshot {
    /// The live repository that belongs to one of a template, or that is wanted.
    pub(super) fn of(
        &self,
        repository: &Entity,
        wanted: Option<&str>,
        session: &mut LifecycleRun<'_>,
        terminal: &Terminal,
    ) -> Result<Option<Entity>, CommandError> {
        let name = repository.known_name();
        let subject = &repository.subject;
        let is_there = |own: &Option<String>, live: &Option<String>| {
            own.is_none() || live.is_none() || own == live
        };
        let is_counterpart = |live: &Entity| {
            let live_name = live.known_name();
            let is_named = match name {
                Some(name) => live_name == Some(name),
                None => wanted.is_none_or(|wanted| engine::goes_by(live, wanted)),
            };
            is_named
                && is_there(&subject.account, &live.subject.account)
                && is_there(&subject.region, &live.subject.region)
        };
        let before = session.problems.len();
        let path = std::slice::from_ref(&self.path);
        let (inventory, _) = policies::inputs(path, session, terminal, &is_counterpart)?;
        let live = inventory.entities.into_iter();
        let mut live = live.filter(|one| {
            one.kind() == EntityKind::Private && one.subject.arn.is_some() && is_counterpart(one)
        });
        let shown = self.path.display();
        match (live.next(), live.next()) {
            (Some(only), None) => Ok(Some(only)),
            (Some(one), Some(other)) => {
                let arn = |one: &Entity| one.subject.arn.clone().unwrap_or_default();
                Err(CommandError::Usage(format!(
                    "`{shown}` has several repositories that may be meant, `{}` and `{}` among them; name one with \
                     `--repository`, or say with `--account` and `--region` where it is",
                    arn(&one),
                    arn(&other)
                )))
            }
            (None, _) if session.problems.len() > before => Ok(None),
            (None, _) => Err(CommandError::Usage(match name.or(wanted) {
                Some(name) => format!("`{shown}` has no repository `{name}`"),
                None => format!("`{shown}` has no repository"),
            })),
        }
    }
}

/// The images of a live repository; what cannot be read is reported at the end.
pub(super) fn captured(
    session: &mut LifecycleRun<'_>,
    live: &Entity,
    at: Option<Time>,
) -> Option<TrialImages> {
    let arn = live.subject.arn.as_deref()?;
    let id = live.place.source;
    let text = session.setup.sources.source(id).text();
    let found = snapshot::images::images(text, id, arn, &mut session.scratch);
    let captured = match found {
        Ok(captured) => captured,
        Err(problem) => {
            session.problems.push(problem);
            return None;
        }
    };
    if let (Some(at), Some(then)) = (at, captured.at)
        && at < then.midnight()
    {
        let title = format!(
            "{} lies before the capture, and what was there then is not known",
            at.date()
        );
        let help = format!("give `--at` a day from {} on", then.date());
        session
            .problems
            .push(Problem::new(live.place, title).help(help));
        return None;
    }
    let mut taken = Vec::new();
    if captured.is_vague {
        taken.push("what has no `imageManifestMediaType` is not an index".to_owned());
    }
    Some(TrialImages::Captured {
        now: at.or(captured.at).unwrap_or_else(today),
        is_captured: at.is_none() && captured.at.is_some(),
        images: captured.images,
        taken,
    })
}

/// The moment by the clock of this machine.
fn today() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    Time::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}
