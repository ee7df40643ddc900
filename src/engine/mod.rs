//! Judges every repository by every rule that is on, and turns the verdicts into one report.
//! It does no I/O and knows neither clock, terminal nor exit codes.

mod declarations;
mod finding;
mod ignoring;
mod plan;
mod scope;
mod tool_rules;
mod variants;

use std::collections::BTreeSet;

use rayon::prelude::*;

pub use finding::{remark, unreadable};
pub use plan::Plan;
pub use tool_rules::{TOOL_RULES, ToolRule, tool_rule};

use crate::config::Config;
use crate::ignore::Date;
use crate::model::facts::{self, Described, Scope};
use crate::model::{Inventory, Repository, RepositoryKind};
use crate::report::{
    Diagnostic, Evidence, Outcome, Report, RuleSummary, Severity, SubjectKind, Summary, Verdict,
};
use crate::rules::{Judgement, World};
use declarations::{Built, Pledge};
use ignoring::Ignoring;
use plan::ActiveRule;
use scope::Surroundings;

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
struct Judged {
    evidence: Evidence,
    diagnostics: Vec<Diagnostic>,
}

/// Judges `inventory` and joins the result with what went wrong before: inputs that could not be read.
#[must_use]
pub fn check(
    plan: &Plan<'_>,
    config: &Config,
    inventory: &Inventory,
    thresholds: Thresholds,
    unreadable: Vec<Diagnostic>,
) -> Report {
    let surroundings = Surroundings::new(config, inventory);
    let mut judged: Vec<Judged> = (0..inventory.repositories.len())
        .into_par_iter()
        .map(|index| {
            let described =
                facts::describe(&inventory.repositories[index], &surroundings.scope(index));
            judge(plan, &inventory.repositories[index], &described, thresholds)
        })
        .collect();

    let doubt = unreadable.iter().find_map(hides_repositories);
    let mut diagnostics = unreadable;
    let mut repositories = Vec::with_capacity(judged.len());
    let mut others = Vec::new();
    let mut ignoring = Ignoring::new(&config.ignores, thresholds.today);
    for (one, repository) in judged.iter_mut().zip(&inventory.repositories) {
        ignoring.apply(repository, &mut one.diagnostics, &mut one.evidence);
    }
    for one in variants::merge(&inventory.repositories, judged) {
        diagnostics.extend(one.diagnostics);
        match one.evidence.subject.kind {
            SubjectKind::Repository => repositories.push(one.evidence),
            _ => others.push(one.evidence),
        }
    }
    let declarations = declarations(plan, config, inventory, doubt);
    for (pledge, mut one) in judge_declarations(plan, &declarations, thresholds) {
        ignoring.apply(&pledge.repository, &mut one.diagnostics, &mut one.evidence);
        diagnostics.extend(one.diagnostics);
        others.push(one.evidence);
    }
    let declared = declarations.iter().map(|pledge| &pledge.repository);
    let subjects = inventory.repositories.iter().chain(declared);
    diagnostics.extend(ignoring.close(plan, subjects));
    let inputs = inventory.inputs;
    Report {
        others,
        ..report(plan, inputs, diagnostics, repositories, thresholds)
    }
}

/// Why a finding about the inputs leaves open which repositories there are: a clause.
fn hides_repositories(finding: &Diagnostic) -> Option<&'static str> {
    match (finding.verdict, finding.severity) {
        (Verdict::Undetermined, _) => {
            Some("it cannot be told which repositories some of the inputs have")
        }
        (_, Severity::Error) => Some("another input could not be read"),
        _ => None,
    }
}

/// The declarations to judge, none where no rule of the run asks about them.
fn declarations<'a>(
    plan: &Plan<'_>,
    config: &'a Config,
    inventory: &'a Inventory,
    doubt: Option<&'a str>,
) -> Vec<Pledge<'a>> {
    let asks = |one: &ActiveRule<'_>| one.rule.judges(RepositoryKind::Declaration);
    if !plan.active.iter().any(asks) {
        return Vec::new();
    }
    let mut built = Built::default();
    for repository in &inventory.repositories {
        built.add(repository);
    }
    declarations::pledges(config, &built, inventory.homes.iter(), doubt)
}

fn judge_declarations<'p, 'a>(
    plan: &Plan<'_>,
    pledges: &'p [Pledge<'a>],
    thresholds: Thresholds,
) -> Vec<(&'p Pledge<'a>, Judged)> {
    let judge = |pledge: &'p Pledge<'a>| {
        let scope = Scope {
            fate: Some(&pledge.fate),
            ..pledge.scope
        };
        let described = facts::describe(&pledge.repository, &scope);
        (
            pledge,
            judge(plan, &pledge.repository, &described, thresholds),
        )
    };
    pledges.par_iter().map(judge).collect()
}

/// A report of a run that could not judge anything.
#[must_use]
pub fn failed(diagnostics: Vec<Diagnostic>) -> Report {
    let plan = Plan::default();
    let thresholds = Thresholds {
        fail_on: None,
        undetermined: Severity::Note,
        today: Date::from_unix_seconds(0),
    };
    report(&plan, 0, diagnostics, Vec::new(), thresholds)
}

/// Asks every rule about one repository.
fn judge(
    plan: &Plan<'_>,
    repository: &Repository,
    described: &Described,
    thresholds: Thresholds,
) -> Judged {
    let document = &described.document;
    let subject = finding::subject(repository);
    let tool_owned = document
        .value(described.repository)
        .get("tool_owned")
        .is_some_and(|value| value.as_bool() == Some(true));
    let mut diagnostics = Vec::new();
    let mut verdicts = Vec::with_capacity(plan.active.len());
    let kind = repository.kind;
    for active in plan.active.iter().filter(|one| one.rule.judges(kind)) {
        let world = World {
            repository: document.value(described.repository),
            declared: described.declared.map(|id| document.value(id)),
            registry: described.registry.map(|id| document.value(id)),
            organisation: described.organisation.map(|id| document.value(id)),
            settings: active.settings.value(),
        };
        let judgement = active.rule.judge(&world);
        verdicts.push((active.rule.id().to_owned(), verdict(&judgement)));
        // What a tool made is shown with its verdicts, but nobody here can change it.
        if !tool_owned {
            let context = finding::Context {
                active,
                world: &world,
                subject: &subject,
                language: repository.subject.language,
                undetermined: thresholds.undetermined,
            };
            context.diagnostics(judgement, &mut diagnostics);
        }
    }
    Judged {
        evidence: Evidence {
            subject,
            place: repository.place,
            tool_owned,
            verdicts,
        },
        diagnostics,
    }
}

fn verdict(judgement: &Judgement) -> Verdict {
    match judgement {
        Judgement::NotApplicable => Verdict::NotApplicable,
        Judgement::Pass => Verdict::Pass,
        Judgement::Undetermined { .. } => Verdict::Undetermined,
        Judgement::Fail(_) => Verdict::Fail,
    }
}

/// Sorts, removes duplicates, counts, and decides the outcome.
fn report(
    plan: &Plan<'_>,
    inputs: usize,
    mut diagnostics: Vec<Diagnostic>,
    repositories: Vec<Evidence>,
    thresholds: Thresholds,
) -> Report {
    diagnostics.sort_by(|a, b| key(a).cmp(&key(b)));
    diagnostics.dedup_by(|a, b| key(a) == key(b));
    let summary = summary(inputs, &diagnostics, &repositories);
    let outcome = if summary.unreadable > 0 {
        Outcome::Error
    } else if diagnostics.iter().any(|one| counts(one, thresholds)) {
        Outcome::Fail
    } else {
        Outcome::Pass
    };
    let rules = summaries(plan, &diagnostics);
    Report {
        outcome,
        summary,
        diagnostics,
        repositories,
        others: Vec::new(),
        rules,
        hint: None,
    }
}

/// Adds the documentation of its rules to a report. Reading it takes longer than judging one template,
/// and few formats tell it.
pub fn explain(plan: &Plan<'_>, report: &mut Report) {
    for summary in &mut report.rules {
        let active = plan.active.iter();
        if let Some(active) = active
            .into_iter()
            .find(|active| active.rule.id() == summary.id)
        {
            active.explain(summary);
        }
    }
}

/// The rules that are on, and those of the tool itself that have something to say, by id.
fn summaries(plan: &Plan<'_>, diagnostics: &[Diagnostic]) -> Vec<RuleSummary> {
    let raised = |rule: &&ToolRule| diagnostics.iter().any(|one| one.rule == rule.id);
    let tool = TOOL_RULES.iter().filter(raised).map(ToolRule::summary);
    let active = plan.active.iter().map(ActiveRule::summary);
    let mut rules: Vec<RuleSummary> = active.chain(tool).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules
}

/// Order of a report: by place, then rule. Two findings that agree in all of this are one.
fn key(diagnostic: &Diagnostic) -> (crate::source::Span, &str, &str, Option<&str>, &str) {
    let subject = diagnostic.subject.as_ref();
    (
        diagnostic.primary.span,
        &diagnostic.rule,
        &diagnostic.message,
        diagnostic.when.as_deref(),
        subject
            .and_then(|subject| subject.stack.as_deref())
            .unwrap_or_default(),
    )
}

fn counts(diagnostic: &Diagnostic, thresholds: Thresholds) -> bool {
    let threshold = match thresholds.fail_on {
        Some(threshold) => threshold,
        None => return false,
    };
    diagnostic.verdict != Verdict::Ignored && diagnostic.severity >= threshold
}

fn summary(inputs: usize, diagnostics: &[Diagnostic], repositories: &[Evidence]) -> Summary {
    let mut unreadable = BTreeSet::new();
    let mut summary = Summary {
        inputs,
        repositories: repositories.len(),
        ..Summary::default()
    };
    for diagnostic in diagnostics {
        match diagnostic.verdict {
            Verdict::Undetermined => summary.undetermined += 1,
            Verdict::Ignored => summary.ignored += 1,
            // A remark about an input that was read all the same is a warning like any other.
            _ if diagnostic.rule == tool_rules::UNREADABLE
                && diagnostic.severity == Severity::Error =>
            {
                unreadable.insert(diagnostic.primary.span.source);
            }
            _ => match diagnostic.severity {
                Severity::Error => summary.errors += 1,
                Severity::Warning => summary.warnings += 1,
                Severity::Note => summary.notes += 1,
            },
        }
    }
    summary.unreadable = unreadable.len();
    summary
}
