//! A report that is being made: what is known of findings only once all of them are there is put in here.
//! It does not know why; that it is told.

use std::collections::{BTreeMap, BTreeSet};

use super::depicted::Depicted;
use super::finished::Report;
use super::{Diagnostic, Evidence, Outcome, RuleSummary, Severity, Summary, Verdict};
use crate::source::{Excerpts, Order, Sources, Span};

/// Everything that a run found, sorted and without duplicates, before it is counted. What is said besides of findings,
/// such as where in a program they come from or that a baseline lists them, is put in, and then [`DraftReport::finish`]
/// makes the report, which nobody changes any more.
#[derive(Clone, Debug, Default)]
pub struct DraftReport {
    /// Findings, by source, place, rule.
    pub diagnostics: Vec<Diagnostic>,
    /// Verdicts per repository, in the order of the inputs: of every one, or of those with a finding,
    /// as was asked for.
    pub repositories: Vec<Evidence>,
    /// What was judged besides and is not a repository. It counts as none and is not listed.
    pub others: Vec<Evidence>,
    /// The rules that were switched on, by id.
    pub rules: Vec<RuleSummary>,
    /// What was counted so far: everything but findings.
    pub counted: Summary,
    /// Findings of this severity or above fail the run; none does when `None`.
    pub fail_on: Option<Severity>,
    /// Whether a run that judged no repository has not done its job.
    pub requires_repositories: bool,
    /// How the next report can say more, in one line.
    pub hint: Option<String>,
    /// The configuration that held, as the user would type its path; `None` where there is none.
    pub configuration: Option<String>,
    /// The baseline that findings were compared with, as the user typed its path; `None` where there is none.
    pub baseline: Option<String>,
    /// What is drawn of repositories besides; `None` where no format draws it.
    pub depicted: Option<Box<Depicted>>,
}

impl DraftReport {
    /// Whether something that belongs to the run cannot be read, so that not all findings are known.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_unreadable)
    }

    /// Gives each finding that counts the verdict that `decide` has for it, if any, with the reason in place of its
    /// help. What could not be read is never set aside.
    pub fn set_aside(
        &mut self,
        mut decide: impl FnMut(usize, &Diagnostic) -> Option<(Verdict, String)>,
    ) {
        for (index, one) in self.diagnostics.iter_mut().enumerate() {
            if !one.verdict.counts() || one.is_unreadable() {
                continue;
            }
            if let Some((verdict, reason)) = decide(index, one) {
                one.verdict = verdict;
                one.help = Some(reason);
            }
        }
        self.follow();
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

    /// Counts, decides the outcome, and takes the lines that formats show out of the texts of the run.
    #[must_use]
    pub fn finish(self, sources: &Sources) -> Report {
        let summary = self.summary(&sources.order());
        let is_idle = self.requires_repositories && summary.repositories == 0;
        let outcome = if summary.unreadable > 0 || is_idle {
            Outcome::Error
        } else if self.diagnostics.iter().any(|one| one.fails(self.fail_on)) {
            Outcome::Fail
        } else {
            Outcome::Pass
        };
        let excerpts = Excerpts::of(sources, self.shown(), self.located());
        Report {
            outcome,
            summary,
            diagnostics: self.diagnostics,
            repositories: self.repositories,
            others: self.others,
            rules: self.rules,
            fail_on: self.fail_on,
            hint: self.hint,
            configuration: self.configuration,
            baseline: self.baseline,
            depicted: self.depicted,
            excerpts,
        }
    }

    /// Adds the findings to what was counted.
    fn summary(&self, order: &Order) -> Summary {
        let mut summary = self.counted;
        let mut unreadable = BTreeSet::new();
        for one in &self.diagnostics {
            let count = match (one.verdict, one.severity) {
                (Verdict::Undetermined, _) => &mut summary.undetermined,
                (Verdict::Ignored, _) => &mut summary.ignored,
                (Verdict::Baselined, _) => &mut summary.baselined,
                (Verdict::Unchanged, _) => &mut summary.unchanged,
                // A remark about an input that was read all the same is a warning like any other.
                _ if one.is_unreadable() => {
                    // Lines of one file are one file.
                    unreadable.insert(order.of(one.primary.span.source).0);
                    continue;
                }
                (_, Severity::Error) => &mut summary.errors,
                (_, Severity::Warning) => &mut summary.warnings,
                (_, Severity::Note) => &mut summary.notes,
            };
            *count += 1;
        }
        summary.unreadable = unreadable.len();
        summary
    }

    /// Places whose lines formats show.
    fn shown(&self) -> impl Iterator<Item = Span> {
        self.diagnostics.iter().flat_map(|one| {
            let related = one.related.iter().map(|label| label.span);
            let origin = one.source_location.as_deref();
            let origin = origin.map(|origin| [origin.span, origin.line_span]);
            let origin = origin.into_iter().flatten().flatten();
            let fixes = one.fixes.iter().map(|one| one.span);
            related.chain([one.primary.span]).chain(origin).chain(fixes)
        })
    }

    /// Places of which formats show the line and the column.
    fn located(&self) -> impl Iterator<Item = Span> {
        let judged = self.repositories.iter().chain(&self.others);
        let depicted = self.depicted.iter();
        let depicted = depicted.flat_map(|depicted| depicted.places());
        judged.map(|one| one.place).chain(depicted)
    }
}
