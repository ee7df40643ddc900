//! `ecrlint fix`: shows the edits that end findings, and writes them where that is wanted.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufRead, IsTerminal};
use std::path::Path;

use similar::TextDiff;

use super::autofix::{CheckRun, FindingText, FixOutcome, FixSelection, mend, told};
use super::destination::Destination;
use super::judging::judged;
use super::{CommandError, editing, remediation, setup::Setup, terminal::Terminal};
use crate::cli::{FixArgs, Remediation};
use crate::discover::STDIN;
use crate::report::{Diagnostic, DraftReport, UNREADABLE, Verdict};
use crate::source::nearest;

/// Bytes of texts that are read for edits before everything is judged again.
const EFFORT: usize = 64_000_000;
/// Times that everything is judged again, at most.
const RUNS: usize = 64;
/// Lines of a file around each change.
const CONTEXT: usize = 3;

pub(super) fn run(args: &FixArgs, terminal: &mut Terminal) -> Result<u8, CommandError> {
    if args.paths.iter().any(|path| path.as_os_str() == STDIN) {
        return Err(CommandError::Usage(
            "standard input cannot be written; name the file".to_owned(),
        ));
    }
    let check = args.run();
    let (setup, draft) = match args.remediation {
        Some(Remediation::Sh) => remediation::judged(&check, terminal)?,
        None => judged(&check, &BTreeMap::new(), terminal)?,
    };
    refuse_unknown(&args.unsafe_rules, &setup)?;
    if draft.is_incomplete() {
        terminal.say("nothing is fixed: something could not be read, so not all is known");
        return unread(&setup, draft, terminal);
    }
    if args.remediation.is_some() {
        return remediation::write(args, &setup, &draft, terminal);
    }
    let wanted = FixSelection {
        unsafe_rules: &args.unsafe_rules,
        effort: EFFORT,
        runs: RUNS,
    };
    let ran = CheckRun {
        setup: &setup,
        draft: &draft,
    };
    let mended = mend(&check, wanted, ran)?;
    show(&mended, terminal)?;
    let is_written = match args.check {
        true => false,
        false => args.write || asks(&mended, terminal)?,
    };
    if is_written {
        write(&mended, &setup)?;
    }
    report(args, ran, &mended, is_written, terminal);
    programs(args, ran, terminal)?;
    Ok(u8::from(args.check && !mended.fixed.is_empty()))
}

/// Refuses a rule that is not there, with the nearest that is.
fn refuse_unknown(named: &[String], setup: &Setup) -> Result<(), CommandError> {
    let known = || setup.rules.iter().map(|rule| rule.id());
    let Some(id) = named.iter().find(|id| setup.rules.get(id).is_none()) else {
        return Ok(());
    };
    let help = match nearest(id, known()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "list the rules with `ecrlint rules`".to_owned(),
    };
    Err(CommandError::Usage(format!(
        "there is no rule `{id}`; {help}"
    )))
}

/// Shows what could not be read.
fn unread(
    setup: &Setup,
    mut draft: DraftReport,
    terminal: &mut Terminal,
) -> Result<u8, CommandError> {
    draft.diagnostics.retain(|one| one.rule == UNREADABLE);
    setup.show(draft, terminal)
}

/// Prints the edits as a unified diff.
fn show(mended: &FixOutcome, terminal: &mut Terminal) -> Result<(), CommandError> {
    for (name, before) in &mended.before {
        let after = mended.after.get(name).unwrap_or(before);
        let is_plain = !Path::new(name).is_absolute() && !name.starts_with("..");
        let [old, new] = match is_plain {
            true => [format!("a/{name}"), format!("b/{name}")],
            false => [name.clone(), name.clone()],
        };
        let diff = TextDiff::from_lines(before.as_str(), after.as_str());
        let mut diff = diff.unified_diff();
        let diff = diff.context_radius(CONTEXT).header(&old, &new).to_string();
        terminal.print_diff(&diff)?;
    }
    Ok(())
}

/// Whether somebody at a terminal wants what they have seen.
fn asks(mended: &FixOutcome, terminal: &mut Terminal) -> Result<bool, CommandError> {
    if mended.fixed.is_empty() || !terminal.is_watched() || !io::stdin().is_terminal() {
        return Ok(false);
    }
    let files = many(mended.before.len(), "file");
    terminal.say(&format!("write {files}? [y/N]"));
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    read.map_err(|source| CommandError::Read {
        path: "<stdin>".into(),
        source,
    })?;
    Ok(matches!(
        answer.trim().to_ascii_lowercase().as_str(),
        "y" | "yes"
    ))
}

/// Replaces each file, after a look at whether all of them still say what was judged.
fn write(mended: &FixOutcome, setup: &Setup) -> Result<(), CommandError> {
    for (name, before) in &mended.before {
        editing::check(Path::new(name), before, &setup.door)?;
    }
    for name in mended.before.keys() {
        let Some(text) = mended.after.get(name) else {
            continue;
        };
        Destination::known(Path::new(name))?.write(|out| out.write_all(text.as_bytes()))?;
    }
    Ok(())
}

/// Says what is fixed and what is not.
fn report(
    args: &FixArgs,
    ran: CheckRun<'_>,
    mended: &FixOutcome,
    is_written: bool,
    terminal: &mut Terminal,
) {
    let place = |told: &FindingText| format!("{}:{}: {}", told.path, told.line, told.rule);
    let done = if is_written { "fixed" } else { "can be fixed" };
    for one in &mended.fixed {
        terminal.say(&format!("{}: {done}: {}", place(one), one.message));
    }
    for (one, why) in &mended.left {
        terminal.say(&format!("{}: left alone: {why}", place(one)));
    }
    let mut others: BTreeMap<&str, usize> = BTreeMap::new();
    let wanted = |one: &Diagnostic| args.unsafe_rules.contains(&one.rule);
    for one in &ran.draft.diagnostics {
        let is_unsafe = one.proposal.as_ref().is_some_and(|it| !it.is_safe);
        let is_open = one.verdict == Verdict::Fail && is_unsafe && !wanted(one);
        let place = one.proposal.as_ref().map(|it| it.amendment.place);
        let is_written =
            || place.is_some_and(|it| editing::written(it, &ran.setup.sources).is_some());
        if is_open && is_written() && !editing::is_made(one) {
            *others.entry(&one.rule).or_default() += 1;
        }
    }
    let (findings, files) = (
        many(mended.fixed.len(), "finding"),
        many(mended.before.len(), "file"),
    );
    terminal.say(&match (mended.fixed.is_empty(), is_written) {
        (true, _) => "nothing to fix that is safe to fix".to_owned(),
        (false, true) => format!("fixed {findings} in {files}"),
        (false, false) if args.check => format!("{findings} in {files} can be fixed"),
        (false, false) => format!("{findings} in {files} can be fixed; write them with `--write`"),
    });
    if !others.is_empty() {
        let others = others
            .iter()
            .map(|(rule, count)| format!("`{rule}` ({count})"));
        let others = others.collect::<Vec<_>>().join(", ");
        terminal.say(&format!(
            "not tried, for somebody may be let in, or something deleted, expired or replaced: {others}; \
             look at one with `--unsafe RULE`"
        ));
    }
}

/// Prints what to write into the programs that make inputs: they are not edited.
fn programs(
    args: &FixArgs,
    ran: CheckRun<'_>,
    terminal: &mut Terminal,
) -> Result<(), CommandError> {
    let CheckRun { setup, draft } = ran;
    let is_wanted = |one: &&Diagnostic| {
        let rule = setup.rules.get(&one.rule);
        let is_safe = rule.is_some_and(|rule| rule.documentation().fix.is_safe());
        let is_named = args.unsafe_rules.contains(&one.rule);
        one.verdict == Verdict::Fail && editing::is_made(one) && (is_safe || is_named)
    };
    let mut text = String::new();
    for one in draft.diagnostics.iter().filter(is_wanted) {
        let Some(help) = &one.help else { continue };
        let told = told(one, &setup.sources);
        let place = match one.source_location.as_deref() {
            Some(place) => format!("{}:{}", place.path, place.line),
            None => format!("{}:{}", told.path, told.line),
        };
        let _ = writeln!(text, "{place}: {}: {}", told.rule, told.message);
        for line in help.lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    if text.is_empty() {
        return Ok(());
    }
    terminal.say("a program makes these; what to write into it:");
    terminal.print_text(text.trim_end())?;
    Ok(())
}

fn many(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
