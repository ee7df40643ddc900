//! `ecrlint lifecycle`: says what lifecycle policies do with images, of a snapshot or of a history.

mod images;
mod policies;
mod session;

use super::{CommandError, gathering, terminal::Terminal};
use crate::cli::{
    DiffArgs, ExplainPolicyArgs, LifecycleArgs, LifecycleFormat, LifecycleQuestion, PreviewArgs,
};
use crate::engine::lifecycle;
use crate::render;
use crate::report::lifecycle::{Difference, StoragePrice};
use images::ImageSource;
use session::LifecycleRun;

pub(super) fn run(args: &LifecycleArgs, terminal: &mut Terminal) -> Result<u8, CommandError> {
    let input = args.question.input();
    let setup = gathering::setup(&[], input, terminal)?;
    if !setup.problems.is_empty() {
        return setup.complain(terminal);
    }
    let mut session = LifecycleRun::new(setup, input);
    match &args.question {
        LifecycleQuestion::Preview(args) => preview(args, &mut session, terminal)?,
        LifecycleQuestion::Explain(args) => explain(args, &mut session, terminal)?,
        LifecycleQuestion::Diff(args) => diff(args, &mut session, terminal)?,
    }
    session.close(terminal)
}

fn preview(
    args: &PreviewArgs,
    session: &mut LifecycleRun<'_>,
    terminal: &mut Terminal,
) -> Result<(), CommandError> {
    let day = images::day(&args.images)?;
    let images = images::read(&args.images, session)?;
    if !session.mistakes.is_empty() {
        return Ok(());
    }
    let repositories = policies::of(&args.policy, session, terminal)?;
    let mut previews = Vec::new();
    let price = match args.price {
        Some(price) => StoragePrice {
            gigabyte_month: price.0,
            source: "the price that was given".to_owned(),
        },
        None => lifecycle::list_price(),
    };
    let wanted = args.policy.repository.as_deref();
    for (repository, tried) in session.tried(&repositories) {
        let images = match &images {
            Some(ImageSource::History(history)) => Some(history.images()),
            Some(ImageSource::Live(live)) => {
                let found = live.of(repository, wanted, session, terminal)?;
                found.and_then(|found| images::captured(session, &found, live.at))
            }
            None if repository.subject.arn.is_some() => images::captured(session, repository, day),
            None => {
                return Err(CommandError::Usage(
                    "which images the policy meets is not said; name a snapshot with `--live`, or describe \
                     what is pushed with `--history \"push main-{n} daily; v{semver} weekly\"`"
                        .to_owned(),
                ));
            }
        };
        let Some(images) = images else { continue };
        match lifecycle::preview(&tried, images.lent(), price.clone()) {
            Ok(preview) => previews.push(preview),
            Err(mistake) => images::too_often(session, &mistake, args.images.history.as_deref()),
        }
    }
    let previews = lifecycle::once(previews);
    if !previews.is_empty() {
        let (sources, options) = (&session.setup.sources, terminal.options());
        terminal.print_with(|out| match args.answer.output {
            LifecycleFormat::Human => render::lifecycle::write_previews(&previews, &options, out),
            LifecycleFormat::Json => render::lifecycle::json::previews(&previews, sources, out),
        })?;
    }
    Ok(())
}

fn explain(
    args: &ExplainPolicyArgs,
    session: &mut LifecycleRun<'_>,
    terminal: &mut Terminal,
) -> Result<(), CommandError> {
    let repositories = policies::of(&args.policy, session, terminal)?;
    let tried = session.tried(&repositories);
    let told: Vec<_> = tried
        .iter()
        .map(|(_, tried)| lifecycle::explain(tried))
        .collect();
    let told = lifecycle::once(told);
    if !told.is_empty() {
        let (sources, options) = (&session.setup.sources, terminal.options());
        terminal.print_with(|out| match args.answer.output {
            LifecycleFormat::Human => render::lifecycle::write_explained(&told, &options, out),
            LifecycleFormat::Json => render::lifecycle::json::explained(&told, sources, out),
        })?;
    }
    Ok(())
}

fn diff(
    args: &DiffArgs,
    session: &mut LifecycleRun<'_>,
    terminal: &mut Terminal,
) -> Result<(), CommandError> {
    let wanted = args.repository.as_deref();
    let images = images::read(&args.images, session)?;
    if !session.mistakes.is_empty() {
        return Ok(());
    }
    let (old, new) = match &args.policies[..] {
        [old, new] => (Some(old), new),
        [new] => (None, new),
        _ => {
            return Err(CommandError::Usage(
                "name an old policy and a new one".to_owned(),
            ));
        }
    };
    let new = policies::at(std::slice::from_ref(new), wanted, session, terminal)?;
    let mut old = match old {
        Some(old) => policies::at(std::slice::from_ref(old), wanted, session, terminal)?,
        None => Vec::new(),
    };
    let mut live = None;
    if let Some(ImageSource::Live(snapshot)) = &images {
        if let Some(first) = new.first() {
            live = snapshot.of(first, wanted, session, terminal)?;
        }
    } else if args.policies.len() == 1 {
        return Err(CommandError::Usage(
            "what the policy is compared with is not said; name the old one before it, or a snapshot with `--live`"
                .to_owned(),
        ));
    }
    if args.policies.len() == 1 {
        old.extend(live.clone());
    }
    let given = match (&images, &live) {
        (Some(ImageSource::History(history)), _) => Some(history.images()),
        (Some(ImageSource::Live(snapshot)), Some(live)) => {
            images::captured(session, live, snapshot.at)
        }
        _ => None,
    };
    let (before, after) = (session.tried(&old), session.tried(&new));
    let mut told = Vec::new();
    for (_, old) in &before {
        for (_, new) in &after {
            let given = given.as_ref().map(images::TrialImages::lent);
            match lifecycle::diff(old, new, given) {
                Ok(difference) => told.push(difference),
                Err(mistake) => {
                    images::too_often(session, &mistake, args.images.history.as_deref())
                }
            }
        }
    }
    print_differences(&told, args.answer.output, session, terminal)
}

fn print_differences(
    told: &[Difference],
    output: LifecycleFormat,
    session: &LifecycleRun<'_>,
    terminal: &mut Terminal,
) -> Result<(), CommandError> {
    if told.is_empty() {
        return Ok(());
    }
    let (sources, options) = (&session.setup.sources, terminal.options());
    terminal.print_with(|out| match output {
        LifecycleFormat::Human => render::lifecycle::write_differences(told, &options, out),
        LifecycleFormat::Json => render::lifecycle::json::differences(told, sources, out),
    })?;
    Ok(())
}
