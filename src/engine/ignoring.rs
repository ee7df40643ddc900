//! Which findings somebody decided to ignore, and what became of each such decision.
//! It does not know where ignores are written, nor the clock: what day it is, it is told.

mod index;
mod literals;

use std::sync::atomic::{AtomicBool, Ordering};

use super::finding;
use super::ignored_rule::mistake;
use super::plan::Plan;
use super::tool_rules::{EXPIRED, UNUSED};
use crate::ignore::{Date, FindingTarget, Ignore, IgnoreScope};
use crate::model::Entity;
use crate::report::{Diagnostic, Evidence, Label, Severity, Verdict};
use crate::source::{Problem, Span};
use index::{IgnoreIndex, NamedIgnores};

/// The ignores of a run and what they were good for.
pub(super) struct Ignoring<'a> {
    ignores: &'a [Ignore],
    index: IgnoreIndex<'a>,
    /// Which of them decide about a finding.
    used: Vec<AtomicBool>,
    /// Which of them mean a repository of the run.
    met: Vec<AtomicBool>,
    today: Date,
}

impl<'a> Ignoring<'a> {
    pub(super) fn new(ignores: &'a [Ignore], today: Date) -> Self {
        Self {
            ignores,
            index: IgnoreIndex::new(ignores),
            used: none_of(ignores),
            met: none_of(ignores),
            today,
        }
    }

    /// Ignores what is to be ignored of the findings about one repository.
    pub(super) fn apply(
        &self,
        repository: &Entity,
        diagnostics: &mut [Diagnostic],
        evidence: &mut Evidence,
    ) {
        if self.ignores.is_empty() {
            return;
        }
        let own: Vec<&str> = repository.names().collect();
        let own = self.meet(&own, repository.place);
        let neighbours: Vec<_> = neighbours(repository)
            .into_iter()
            .map(|(place, names)| (place, self.meet(&names, place), names))
            .collect();
        for diagnostic in diagnostics.iter_mut() {
            let mut abouts = vec![(repository.place, &own)];
            let subject = diagnostic.subject.as_ref();
            let id = subject.and_then(|subject| subject.logical_id.clone());
            let is_it = |names: &[&str]| id.as_deref().is_some_and(|id| names.contains(&id));
            let near = neighbours.iter().filter(|(_, _, names)| is_it(names));
            abouts.extend(near.map(|(place, named, _)| (*place, named)));
            self.decide(diagnostic, &abouts);
        }
        for (rule, verdict) in evidence.verdicts.iter_mut() {
            let mut own = diagnostics.iter().filter(|one| one.rule == rule).peekable();
            if own.peek().is_some() && own.all(|one| one.verdict == Verdict::Ignored) {
                *verdict = Verdict::Ignored;
            }
        }
    }

    /// The ignores that mean what has these names. Remembers that they do.
    fn meet(&self, names: &[&str], place: Span) -> NamedIgnores {
        let named = self.index.matching(FindingTarget { names, place });
        for (_, index) in &named {
            self.met[*index].store(true, Ordering::Relaxed);
        }
        named
    }

    fn decide(&self, diagnostic: &mut Diagnostic, abouts: &[(Span, &NamedIgnores)]) {
        let fitting = self.index.fitting(diagnostic, abouts);
        let is_over = |index: &usize| self.ignores[*index].is_expired(self.today);
        let (over, live): (Vec<usize>, Vec<usize>) = fitting.into_iter().partition(is_over);
        // One that is over matters only when no other one takes its place.
        let fitting = if live.is_empty() { &over } else { &live };
        for &index in fitting {
            self.used[index].store(true, Ordering::Relaxed);
        }
        let Some(&first) = fitting.first() else {
            return;
        };
        let ignore = &self.ignores[first];
        if live.is_empty() {
            let place = ignore.expires.map_or(ignore.rule_span, |(_, place)| place);
            diagnostic.related.push(Label {
                span: place,
                message: format!("counts again: {}", decision("was ignored", ignore)),
            });
        } else {
            diagnostic.verdict = Verdict::Ignored;
            diagnostic.help = Some(decision("ignored", ignore));
            diagnostic.related.push(Label {
                span: ignore.rule_span,
                message: "ignored here".to_owned(),
            });
        }
    }

    /// What there is to say about the ignores themselves, once every repository was asked about.
    pub(super) fn close(&self, plan: &Plan<'_>) -> Vec<Diagnostic> {
        let flags = self.used.iter().zip(&self.met);
        let ignores = self.ignores.iter().zip(flags);
        ignores
            .filter_map(|(ignore, (used, met))| {
                let used = used.load(Ordering::Relaxed);
                if let Some(problem) = mistake(ignore, &plan.known) {
                    return (!ignore.foreign).then(|| finding::unreadable(problem));
                }
                match ignore.expires {
                    Some((last, place)) if last < self.today => {
                        expired(ignore, last, place, used, plan)
                    }
                    _ if used => None,
                    _ => unused(ignore, plan, met.load(Ordering::Relaxed)),
                }
            })
            .collect()
    }
}

/// Who ignored something until when and why: `ignored by platform until 2027-06-30: build cache`.
fn decision(word: &str, ignore: &Ignore) -> String {
    let mut text = word.to_owned();
    if let Some(owner) = &ignore.owner {
        text.push_str(" by ");
        text.push_str(owner);
    }
    if let Some((last, _)) = ignore.expires {
        text.push_str(&format!(" until {last}"));
    }
    text.push_str(": ");
    text.push_str(&ignore.reason);
    text
}

fn expired(
    ignore: &Ignore,
    last: Date,
    place: Span,
    used: bool,
    plan: &Plan<'_>,
) -> Option<Diagnostic> {
    let (why, help) = match used {
        true => (
            "what it ignored counts again",
            "mend what it ignored, or decide anew and write a later day",
        ),
        false => ("it would not ignore anything today", "remove it"),
    };
    let title = format!("the ignore of `{}` ended on {last}: {why}", ignore.rule);
    let problem = Problem::new(place, title).help(help);
    let severity = plan.tool_severity(EXPIRED)?;
    Some(about_ignore(EXPIRED, severity, problem, ignore))
}

fn unused(ignore: &Ignore, plan: &Plan<'_>, met: bool) -> Option<Diagnostic> {
    let mut severity = plan.tool_severity(UNUSED)?;
    let rule = &ignore.rule;
    let is_on = plan.active.iter().any(|one| one.rule.id() == rule);
    let may_be_out_of_sight = plan.is_partial && matches!(ignore.scope, IgnoreScope::Named(_));
    if may_be_out_of_sight || (plan.is_narrowed && !is_on) {
        // What it was written for may be out of sight.
        return None;
    }
    let (why, help) = if !is_on {
        (
            "the rule is off in this run",
            "remove it, or switch the rule on",
        )
    } else if is_about_any(&ignore.scope, met) {
        ("the rule finds nothing here", "remove it")
    } else {
        // The run may have seen a part of what the ignore was written for.
        severity = severity.min(Severity::Note);
        (
            "no repository of the inputs is meant",
            "remove it, unless the repository belongs to other inputs",
        )
    };
    let title = format!("the ignore of `{rule}` does not ignore anything: {why}");
    let problem = Problem::new(ignore.rule_span, title).help(help);
    Some(about_ignore(UNUSED, severity, problem, ignore))
}

/// Whether any repository is meant. A block of text that declares none may be a resource that belongs
/// to one, and it is there.
fn is_about_any(scope: &IgnoreScope, met: bool) -> bool {
    match scope {
        IgnoreScope::Places(places) => !places.is_empty(),
        IgnoreScope::Named(_) => met,
    }
}

fn none_of(ignores: &[Ignore]) -> Vec<AtomicBool> {
    ignores.iter().map(|_| AtomicBool::default()).collect()
}

fn about_ignore(rule: &str, severity: Severity, problem: Problem, ignore: &Ignore) -> Diagnostic {
    let pattern = match &ignore.scope {
        IgnoreScope::Named(pattern) => pattern.as_str(),
        IgnoreScope::Places(_) => "",
    };
    Diagnostic {
        severity,
        field: format!("{}:{pattern}", ignore.rule),
        ..Diagnostic::from_problem(rule, problem)
    }
}

/// Whatever a human calls the resources that are judged with a repository, with their places.
fn neighbours(repository: &Entity) -> Vec<(Span, Vec<&str>)> {
    let own = repository.neighbours().map(|(place, id)| {
        let constructs = repository.constructs.iter();
        let paths = constructs.filter(|(at, _)| *at == place);
        let names = paths.map(|(_, path)| path.as_str()).chain([id]);
        (place, names.collect())
    });
    own.collect()
}
