//! Turns what was found into one report: sorted, each finding once, counted, with its outcome.
//! It does not know how anything was found.

use std::collections::BTreeSet;

use super::plan::Plan;
use super::tool_rules::{TOOL_RULES, ToolRule};
use crate::ignore::Date;
use crate::report::{
    Diagnostic, DraftReport, Evidence, RuleSummary, Severity, SubjectKind, Summary, Tally,
};
use crate::source::{Order, Span};

/// How verdicts become an outcome.
#[derive(Clone, Copy, Debug)]
pub struct Thresholds {
    /// The run fails at a finding of this severity or above; never when `None`.
    pub fail_on: Option<Severity>,
    /// Severity of findings that cannot be decided.
    pub undetermined: Severity,
    /// The day of the run: an ignore holds through its last day.
    pub today: Date,
}

/// What one repository adds to the report.
pub(super) struct RepositoryFindings {
    pub(super) evidence: Evidence,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// What a run comes to, before it is sorted.
#[derive(Default)]
pub(super) struct UnsortedReport {
    /// What was counted before anything was judged.
    pub(super) counted: Summary,
    /// Whether the documentation of the rules is wanted.
    pub(super) explains: bool,
    pub(super) repositories: usize,
    /// One for each rule that is on.
    pub(super) tallies: Vec<Tally>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) evidence: Vec<Evidence>,
    /// Of what is not a repository.
    pub(super) others: Vec<Evidence>,
}

/// Sorts and removes duplicates, and says what is known of the rules.
pub(super) fn conclude(
    plan: &Plan<'_>,
    found: UnsortedReport,
    thresholds: Thresholds,
    order: &Order,
) -> DraftReport {
    let UnsortedReport {
        counted,
        explains,
        repositories,
        tallies,
        mut diagnostics,
        evidence,
        others,
    } = found;
    let place = |one: &Diagnostic| order.of(one.primary.span.source);
    // The same finding about a role that was judged with several repositories counts unless it is ignored with
    // all of them.
    let is_ignored = |one: &Diagnostic| !one.verdict.counts();
    diagnostics
        .sort_by(|a, b| (place(a), key(a), is_ignored(a)).cmp(&(place(b), key(b), is_ignored(b))));
    diagnostics.dedup_by(|a, b| key(a) == key(b));
    let counted = Summary {
        repositories,
        others: others.iter().filter(|one| is_of_inputs(one)).count(),
        ..counted
    };
    let rules = summaries(plan, explains, &tallies, &diagnostics);
    DraftReport {
        diagnostics,
        repositories: evidence,
        others,
        rules,
        counted,
        fail_on: thresholds.fail_on,
        ..DraftReport::default()
    }
}

/// The rules that are on, and those of the tool itself that have something to say, by id.
fn summaries(
    plan: &Plan<'_>,
    explains: bool,
    tallies: &[Tally],
    diagnostics: &[Diagnostic],
) -> Vec<RuleSummary> {
    let raised: BTreeSet<&str> = diagnostics.iter().map(|one| one.rule.as_str()).collect();
    let tool = TOOL_RULES
        .iter()
        .filter(|rule| raised.contains(rule.id))
        .map(ToolRule::summary);
    let tallies = tallies
        .iter()
        .copied()
        .chain(std::iter::repeat(Tally::default()));
    let active = plan.active.iter().zip(tallies);
    let active = active.map(|(active, tally)| {
        let mut summary = RuleSummary {
            tally,
            ..active.summary(raised.contains(active.rule.id()))
        };
        // Reading the documentation takes longer than judging one template, and few formats tell it.
        if explains {
            active.explain(&mut summary);
        }
        summary
    });
    let mut rules: Vec<RuleSummary> = active.chain(tool).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules
}

/// Order of a report: by place, then rule. Two findings that agree in all of this are one.
type SortKey<'d> = (Span, &'d str, &'d str, Option<&'d str>, [&'d str; 2]);

fn key(diagnostic: &Diagnostic) -> SortKey<'_> {
    let subject = diagnostic.subject.as_ref();
    let stack = subject.and_then(|subject| subject.stack.as_deref());
    // A loop makes several resources of one text.
    let id = subject.and_then(|subject| subject.logical_id.as_deref());
    (
        diagnostic.primary.span,
        &diagnostic.rule,
        &diagnostic.message,
        diagnostic.when.as_deref(),
        [stack, id].map(Option::unwrap_or_default),
    )
}

/// Whether an input has what was judged: what is declared and in no input was judged all the same.
fn is_of_inputs(evidence: &Evidence) -> bool {
    evidence.subject.kind != SubjectKind::Declaration
}
