//! `--baseline` and `--write-baseline`: lets what was known before count no more, and says what is fixed of it.
//! It does not know how a finding is known again.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::Path;

use super::run_record::RunRecord;
use crate::cli::AdoptArgs;
use crate::commands::destination::Destination;
use crate::commands::{CommandError, setup::Setup, terminal::Terminal};
use crate::discover::ASSEMBLY;
use crate::door::{FileKind, Namer};
use crate::engine::{self, tool_rule};
use crate::report::baseline::{Baseline, BaselineEntry};
use crate::report::{Diagnostic, DraftReport, UNREADABLE, Verdict};
use crate::source::{Problem, Sources, Span, shown};

/// The baseline that was named. One that is to be written need not be there.
pub(super) fn read(args: &AdoptArgs, setup: &mut Setup) -> Option<Baseline> {
    let path = args.baseline.as_deref()?;
    let name = shown(path);
    let text = match setup.door.text(path, Namer::User, FileKind::Baseline) {
        Ok(text) if args.write_baseline && text.trim().is_empty() => {
            return Some(Baseline::default());
        }
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound && args.write_baseline => {
            return Some(Baseline::default());
        }
        Err(error) => {
            let place = Span::new(setup.sources.add(name.as_str(), ""), 0, 0);
            let problem = match error.kind() {
                ErrorKind::NotFound => {
                    Problem::new(place, format!("there is no baseline `{name}`"))
                        .help("write it with `--write-baseline`")
                }
                _ => Problem::new(place, format!("cannot read the baseline `{name}`: {error}")),
            };
            setup.problems.push(problem);
            return None;
        }
    };
    let source = setup.sources.add(name, text.as_str());
    match Baseline::read(&text, source) {
        Ok(baseline) => Some(baseline),
        Err(problem) => {
            setup.problems.push(problem);
            None
        }
    }
}

/// Sets aside what the baseline lists, after it was written anew where that is asked for.
pub(super) fn compare(
    baseline: Baseline,
    ran: &RunRecord<'_>,
    draft: &mut DraftReport,
    terminal: &mut Terminal,
) -> Result<(), CommandError> {
    let Some(path) = ran.args.adopt.baseline.as_deref() else {
        return Ok(());
    };
    draft.baseline = Some(shown(path));
    let paths = CheckoutPaths::of(ran, draft);
    let compared = baseline.compare(draft, |one| paths.of_finding(one, &ran.setup.sources));
    let sight = Sight::of(ran, draft, &paths);
    let lost = baseline.entries.iter().zip(&compared.found);
    let lost = lost.filter(|(_, found)| !**found).map(|(entry, _)| entry);
    let (fixed, unseen): (Vec<&BaselineEntry>, Vec<&BaselineEntry>) =
        lost.partition(|entry| sight.holds(entry));
    draft.counted.fixed = fixed.len();
    if !ran.args.adopt.write_baseline {
        let reason = format!("listed in the baseline `{}`", shown(path));
        let known = |index: usize| compared.known[index].is_some();
        draft.set_aside(|index, _| known(index).then(|| (Verdict::Baselined, reason.clone())));
        engine::add(draft, engine::fixed(ran.plan, fixed.into_iter()));
        return Ok(());
    }
    let name = shown(path);
    if draft.is_incomplete() {
        terminal.say(&format!(
            "`{name}` is left as it is: something could not be read, so not all findings are known"
        ));
        return Ok(());
    }
    let mut next = Baseline::of(draft, |one| paths.of_finding(one, &ran.setup.sources));
    let (listed, known) = (next.entries.len(), compared.known.iter().flatten().count());
    next.entries.extend(unseen.iter().copied().cloned());
    Destination::known(path)?.write(|out| next.write(out))?;
    let told = [
        (listed - known, "new"),
        (fixed.len(), "fixed and removed"),
        (unseen.len(), "not judged in this run and kept"),
    ];
    let told = told.into_iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let told = match told.is_empty() {
        true => String::new(),
        false => format!(": {}", told.join(", ")),
    };
    let plural = if next.entries.len() == 1 { "" } else { "s" };
    terminal.say(&format!(
        "`{name}` lists {} finding{plural}{told}",
        next.entries.len()
    ));
    let reason = format!("listed in the baseline `{name}`");
    draft.set_aside(|_, _| Some((Verdict::Baselined, reason.clone())));
    Ok(())
}

/// The names of files as seen from the top of the checkout, each found out once.
struct CheckoutPaths(BTreeMap<String, String>);

impl CheckoutPaths {
    fn of(ran: &RunRecord<'_>, draft: &DraftReport) -> Self {
        let findings = draft.diagnostics.iter();
        let found = findings.map(|one| one.primary.span);
        let places = found.chain(draft.others.iter().map(|one| one.place));
        let names: BTreeSet<&str> = places
            .map(|place| ran.setup.sources.source(place.source).name.as_str())
            .chain(ran.inputs.iter().map(String::as_str))
            .collect();
        let seen = names
            .into_iter()
            .map(|name| (name.to_owned(), ran.of_checkout(name)));
        Self(seen.collect())
    }

    fn of_name(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_default()
    }

    fn of_finding(&self, finding: &Diagnostic, sources: &Sources) -> String {
        self.of_name(&sources.source(finding.primary.span.source).name)
    }
}

/// What a run would have found again, had it still been there.
struct Sight<'a> {
    ran: &'a RunRecord<'a>,
    on: BTreeSet<&'a str>,
    /// Inputs that were read, by their names from the top of the checkout.
    inputs: BTreeSet<String>,
    /// What is declared and was judged, with the file that declares it.
    declared: BTreeSet<(String, String)>,
    /// Whether there may be live repositories that nobody could list.
    is_veiled: bool,
}

impl<'a> Sight<'a> {
    fn of(ran: &'a RunRecord<'a>, draft: &'a DraftReport, paths: &CheckoutPaths) -> Self {
        let failing = draft
            .diagnostics
            .iter()
            .filter(|one| one.fails(draft.fail_on));
        let broken = failing.filter(|one| one.rule == UNREADABLE);
        let broken: BTreeSet<String> = broken
            .map(|one| paths.of_finding(one, &ran.setup.sources))
            .collect();
        let inputs = ran.inputs.iter().map(|name| paths.of_name(name));
        let declared = draft.others.iter().filter_map(|one| {
            let path = paths.of_name(&ran.setup.sources.source(one.place.source).name);
            Some((path, one.subject.label()?))
        });
        Self {
            ran,
            on: draft.rules.iter().map(|rule| rule.id.as_str()).collect(),
            inputs: inputs.filter(|path| !broken.contains(path)).collect(),
            declared: declared.collect(),
            is_veiled: draft.counted.unlisted + draft.counted.refused > 0,
        }
    }

    /// Whether the finding of an entry would have been found by this run.
    fn holds(&self, entry: &BaselineEntry) -> bool {
        if self.ran.setup.rules.get(&entry.rule).is_none() && tool_rule(&entry.rule).is_none() {
            return true;
        }
        if entry.rule != UNREADABLE && tool_rule(&entry.rule).is_some() {
            return !self.ran.selection.is_partial && !self.ran.selection.is_narrowed();
        }
        let is_on = entry.rule == UNREADABLE || self.on.contains(entry.rule.as_str());
        if !is_on || (self.is_veiled && entry.subject.starts_with("arn:")) {
            return false;
        }
        let is_declared = || {
            let key = (entry.path.clone(), entry.subject.clone());
            self.declared.contains(&key)
        };
        self.inputs.contains(&entry.path) || is_declared() || self.is_gone(entry)
    }

    /// Whether the file is no more, though the run has looked where it was. Without an assembly nothing is known of
    /// what was in it.
    fn is_gone(&self, entry: &BaselineEntry) -> bool {
        let path = self.ran.setup.door.root().join(&entry.path);
        if path.symlink_metadata().is_ok() {
            return false;
        }
        let mut above = path.ancestors().skip(1);
        let Some(there) = above.find(|folder| folder.is_dir()) else {
            return false;
        };
        let missing = path.strip_prefix(there).unwrap_or(Path::new(""));
        let is_assembly = missing.iter().any(|part| part == ASSEMBLY);
        !is_assembly && self.ran.setup.searched.iter().any(|folder| folder == there)
    }
}
