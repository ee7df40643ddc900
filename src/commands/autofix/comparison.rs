//! What edits have done, by two runs of `check`: whether findings are gone, and whether others came.
//! It does not know what was edited.

use std::collections::BTreeMap;

use super::check_run::CheckRun;
use crate::report::{Diagnostic, DraftReport, Verdict};
use crate::source::Sources;

/// How often each rule says something about each thing in each file.
type Counts<'r> = BTreeMap<ComparisonKey<'r>, (usize, &'r Diagnostic)>;

/// A rule, a file, a thing, and what is said of it.
type ComparisonKey<'r> = (&'r str, &'r str, String, Verdict);

/// `Err` says why the run after the edits is no better than the one before: a finding that they were made for is there
/// still, or another has come.
pub(super) fn is_better(
    before: CheckRun<'_>,
    after: CheckRun<'_>,
    made: &[&Diagnostic],
) -> Result<(), String> {
    // What is not judged any more has no findings, too.
    if after.draft.counted.repositories < before.draft.counted.repositories {
        return Err("with it, a repository is gone".to_owned());
    }
    let old = counts(before.draft, &before.setup.sources);
    let new = counts(after.draft, &after.setup.sources);
    let mut fixed: BTreeMap<ComparisonKey<'_>, usize> = BTreeMap::new();
    for one in made {
        *fixed.entry(key(one, &before.setup.sources)).or_default() += 1;
    }
    for (key, (count, finding)) in &new {
        let there = old.get(key).map_or(0, |(count, _)| *count);
        let fixed = fixed.get(key).copied().unwrap_or(0);
        if *count > there.saturating_sub(fixed) {
            return Err(match fixed {
                0 => format!("with it, `{}` finds more: {}", key.0, finding.message),
                _ => format!(
                    "with it, `{}` still finds something: {}",
                    key.0, finding.message
                ),
            });
        }
    }
    Ok(())
}

fn counts<'r>(draft: &'r DraftReport, sources: &'r Sources) -> Counts<'r> {
    let mut counts = Counts::new();
    for one in draft.diagnostics.iter().filter(|one| one.verdict.counts()) {
        counts.entry(key(one, sources)).or_insert((0, one)).0 += 1;
    }
    counts
}

fn key<'r>(finding: &'r Diagnostic, sources: &'r Sources) -> ComparisonKey<'r> {
    let path = sources.source(finding.primary.span.source).name.as_str();
    let subject = finding.subject.as_deref();
    let subject = subject.and_then(|subject| subject.label());
    (
        finding.rule.as_str(),
        path,
        subject.unwrap_or_default(),
        finding.verdict,
    )
}
