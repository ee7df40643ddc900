//! Takes findings out of what counts, once a run is over: somebody knows of them, or they are not what was asked for.
//! It does not know why; that it is told.

use std::collections::BTreeMap;

use super::{Diagnostic, Outcome, Report, Severity, UNREADABLE, Verdict};
use crate::source::Span;

impl Report {
    /// Gives each finding that counts the verdict that `decide` has for it, if any, with the reason in place of its
    /// help. What could not be read is never set aside.
    pub fn set_aside(
        &mut self,
        mut decide: impl FnMut(usize, &Diagnostic) -> Option<(Verdict, String)>,
    ) {
        for index in 0..self.diagnostics.len() {
            let one = &self.diagnostics[index];
            let is_unreadable = one.rule == UNREADABLE && one.severity == Severity::Error;
            if !one.verdict.counts() || is_unreadable {
                continue;
            }
            let Some((verdict, reason)) = decide(index, one) else {
                continue;
            };
            *self.count(index) -= 1;
            let one = &mut self.diagnostics[index];
            one.verdict = verdict;
            one.help = Some(reason);
            *self.count(index) += 1;
        }
        self.follow();
        if self.outcome == Outcome::Fail && !self.diagnostics.iter().any(|one| self.is_failing(one))
        {
            self.outcome = Outcome::Pass;
        }
    }

    /// Adds findings of the tool itself that came up when the report was there.
    pub fn add(&mut self, diagnostics: Vec<Diagnostic>) {
        for one in diagnostics {
            self.diagnostics.push(one);
            *self.count(self.diagnostics.len() - 1) += 1;
        }
        let fails = self.diagnostics.iter().any(|one| self.is_failing(one));
        if self.outcome == Outcome::Pass && fails {
            self.outcome = Outcome::Fail;
        }
    }

    /// The count that a finding is part of.
    fn count(&mut self, index: usize) -> &mut usize {
        let (one, summary) = (&self.diagnostics[index], &mut self.summary);
        match (one.verdict, one.severity) {
            (Verdict::Undetermined, _) => &mut summary.undetermined,
            (Verdict::Ignored, _) => &mut summary.ignored,
            (Verdict::Baselined, _) => &mut summary.baselined,
            (Verdict::Unchanged, _) => &mut summary.unchanged,
            (_, Severity::Error) => &mut summary.errors,
            (_, Severity::Warning) => &mut summary.warnings,
            (_, Severity::Note) => &mut summary.notes,
        }
    }

    /// Changes what rules say about repositories where none of their findings counts any more.
    fn follow(&mut self) {
        let mut worst: BTreeMap<(Span, &str), Verdict> = BTreeMap::new();
        for one in &self.diagnostics {
            if let Some(place) = one.judged {
                let known = worst.entry((place, &one.rule)).or_insert(one.verdict);
                *known = one.verdict.max(*known);
            }
        }
        let rules = self.rules.iter_mut();
        let mut tallies: BTreeMap<&str, _> = rules
            .map(|rule| (rule.id.as_str(), &mut rule.tally))
            .collect();
        let repositories = self.repositories.iter_mut().map(|one| (one, true));
        let others = self.others.iter_mut().map(|one| (one, false));
        for (one, is_repository) in repositories.chain(others) {
            let is_tallied = is_repository && !one.tool_owned;
            for (rule, verdict) in one.verdicts.iter_mut() {
                let now = worst.get(&(one.place, rule)).copied();
                let Some(now) = now.filter(|now| verdict.counts() && !now.counts()) else {
                    continue;
                };
                if let Some(tally) = tallies.get_mut(rule).filter(|_| is_tallied) {
                    tally.take(*verdict);
                    tally.add(now);
                }
                *verdict = now;
            }
        }
    }
}
