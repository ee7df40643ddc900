//! Tries the edits that rules propose: each is made in memory, everything is judged again, and only what ends its
//! finding and brings no other stays.
//! It does not know who wants to know, and writes no file.

mod check_run;
mod comparison;
mod trial;
mod wording;

use std::collections::{BTreeMap, BTreeSet};

use super::judging::judged;
use super::setup::{Setup, Texts};
use super::{CommandError, editing, terminal::Terminal};
use crate::cli::CheckArgs;
use crate::discover::STDIN;
use crate::door;
use crate::report::{Diagnostic, DraftReport, Verdict};
use crate::source::Sources;
use crate::source::edit::{Extent, replacements};
pub(super) use check_run::CheckRun;
use trial::Trial;
pub(super) use wording::{FindingText, told};

/// Bytes of texts that are read for edits that a report shows.
const SUGGESTED: usize = 4_000_000;
/// Times that everything is judged again for them, at most.
const RUNS: usize = 6;

/// Whose edits are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct FixSelection<'a> {
    /// Rules whose edits are wanted though somebody may be let in, or something deleted, by them.
    pub(super) unsafe_rules: &'a [String],
    /// Bytes of texts that are read for edits before everything is judged again.
    pub(super) effort: usize,
    /// Times that everything is judged again, at most.
    pub(super) runs: usize,
}

/// A finding, by what it is known again after an edit.
pub(super) type FindingKey = (String, String);

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct FixOutcome {
    /// The texts of edited files as they are and as they would be, by the names of the files.
    pub(super) before: Texts,
    pub(super) after: Texts,
    /// What is fixed then.
    pub(super) fixed: Vec<FindingText>,
    pub(super) known: BTreeSet<FindingKey>,
    /// What is not, though an edit was proposed, and why.
    pub(super) left: Vec<(FindingText, String)>,
}

impl FixOutcome {
    /// Takes over what a trial has made.
    fn keep(&mut self, trial: Trial<'_>, sources: &Sources) {
        for (name, text) in trial.before {
            self.before.entry(name).or_insert(text);
        }
        for one in trial.made {
            self.fixed.push(told(one, sources));
            self.known.insert(known(one, sources));
        }
        self.after = trial.texts;
    }
}

/// A run of `check`, as it stands after some edits.
struct FixProgress<'a> {
    first: CheckRun<'a>,
    now: Option<(Setup, DraftReport)>,
}

impl FixProgress<'_> {
    fn now(&self) -> CheckRun<'_> {
        let now = self.now.as_ref();
        now.map_or(self.first, |(setup, draft)| CheckRun { setup, draft })
    }
}

/// Makes the edits that a run proposes, as long as there are any. Texts that it judged in place of files still hold.
pub(super) fn mend(
    args: &CheckArgs,
    wanted: FixSelection<'_>,
    first: CheckRun<'_>,
) -> Result<FixOutcome, CommandError> {
    let mut quiet = Terminal::silent();
    let mut state = FixProgress { first, now: None };
    let mut mended = FixOutcome::default();
    let mut refused = BTreeSet::new();
    let mut editable = BTreeMap::new();
    let (mut most, mut runs) = (usize::MAX, 0);
    loop {
        let before = state.now();
        let CheckRun { setup, draft } = before;
        let mut found: Vec<&Diagnostic> = wished(draft, &setup.sources, wanted)
            .filter(|one| !refused.contains(&known(one, &setup.sources)))
            .collect();
        // What stands under a wrong key is there: nothing has to be added once that is right.
        found.sort_by_key(|one| !is_about_key(one));
        let mut trial = Trial::new(setup, &mended.after, &mut editable);
        for finding in found {
            if trial.made.len() >= most || trial.effort > wanted.effort {
                break;
            }
            if let Err(why) = trial.make(finding) {
                refused.insert(known(finding, &setup.sources));
                mended.left.push((told(finding, &setup.sources), why));
            }
        }
        if trial.made.is_empty() {
            match trial.effort > wanted.effort {
                true => continue,
                false => break,
            }
        }
        if runs == wanted.runs {
            let why = "so much is to be judged again that the rest is left for another run";
            mended.left.extend(trial.told(why));
            break;
        }
        runs += 1;
        let mut all = setup.door.texts().clone();
        all.extend(trial.texts.clone());
        let next = judged(args, &all, &mut quiet)?;
        let made = &trial.made;
        let after = CheckRun {
            setup: &next.0,
            draft: &next.1,
        };
        match comparison::is_better(before, after, made) {
            Ok(()) => {
                mended.keep(trial, &setup.sources);
                state.now = Some(next);
                most = usize::MAX;
            }
            Err(why) if made.len() == 1 => {
                refused.insert(known(made[0], &setup.sources));
                mended.left.push((told(made[0], &setup.sources), why));
                most = usize::MAX;
            }
            Err(_) => most = made.len() / 2,
        }
    }
    Ok(mended)
}

/// Adds to findings the edits that end them, where these are safe and have been tried.
pub(super) fn suggest(
    args: &CheckArgs,
    draft: &mut DraftReport,
    setup: &Setup,
) -> Result<(), CommandError> {
    let wanted = FixSelection {
        unsafe_rules: &[],
        effort: SUGGESTED,
        runs: RUNS,
    };
    // What comes on standard input comes once.
    let is_stdin = args
        .paths
        .iter()
        .any(|path| door::is_descriptor(path) || path.as_os_str() == STDIN);
    let writes = args.adopt.write_baseline;
    if is_stdin
        || writes
        || draft.is_incomplete()
        || wished(draft, &setup.sources, wanted).next().is_none()
    {
        return Ok(());
    }
    let mended = mend(args, wanted, CheckRun { setup, draft })?;
    let mut effort = 0;
    for finding in &mut draft.diagnostics {
        let Some(proposal) = finding.proposal.as_deref() else {
            continue;
        };
        if effort > SUGGESTED || !mended.known.contains(&known(finding, &setup.sources)) {
            continue;
        }
        let text = setup.sources.source(proposal.amendment.place.source).text();
        effort += text.len();
        finding.fixes = replacements(text, &proposal.amendment).unwrap_or_default();
    }
    Ok(())
}

/// The findings whose edits are wanted.
pub(super) fn wished<'r>(
    draft: &'r DraftReport,
    sources: &'r Sources,
    wanted: FixSelection<'r>,
) -> impl Iterator<Item = &'r Diagnostic> {
    let findings = draft.diagnostics.iter();
    findings.filter(move |one| {
        let Some(proposal) = &one.proposal else {
            return false;
        };
        let is_wanted = proposal.is_safe || wanted.unsafe_rules.contains(&one.rule);
        let place = proposal.amendment.place;
        let is_written = || editing::written(place, sources).is_some() && !editing::is_made(one);
        one.verdict == Verdict::Fail && is_wanted && is_written()
    })
}

fn is_about_key(finding: &Diagnostic) -> bool {
    let proposal = finding.proposal.as_ref();
    proposal.is_some_and(|one| one.amendment.extent == Extent::Key)
}

/// By what a finding is known again.
pub(super) fn known(finding: &Diagnostic, sources: &Sources) -> FindingKey {
    let path = sources.source(finding.primary.span.source).name.clone();
    (finding.content(), path)
}
