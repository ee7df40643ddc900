//! Judges every repository by every rule that is on, and turns the verdicts into one report.
//! It does no I/O and knows neither clock, terminal nor exit codes.

mod about;
mod access;
mod active;
mod affix_index;
mod claims;
mod conclusion;
mod counterparts;
mod declarations;
mod duplicate_names;
mod finding;
mod idle;
mod ignored_rule;
mod ignoring;
pub mod lifecycle;
mod mistaken;
mod plan;
mod registries;
mod scope;
mod selection;
mod session;
mod tool_rules;
mod undetermined_help;
mod variants;

pub use access::{Givers, Looked, access, goes_by, survey};
pub use conclusion::Thresholds;
pub use counterparts::{CounterpartCriteria, Counterparts};
pub use finding::{fixed, remark, unreadable};
pub use plan::Plan;
pub use scope::Whole;
pub use selection::RuleSelection;
pub use session::{Findings, Keep, Session};
pub use tool_rules::{TOOL_RULES, ToolRule, tool_rule};

use conclusion::{UnsortedReport, conclude};

use crate::config::Config;
use crate::ignore::Date;
use crate::model::Inventory;
use crate::report::{Diagnostic, DraftReport, Severity, Summary};
use crate::source::{Order, Problem};

/// Judges `inventory` and joins the result with what went wrong before: inputs that could not be read. The report has
/// the documentation of its rules.
#[must_use]
pub fn check(
    plan: &Plan<'_>,
    config: &Config,
    inventory: &Inventory,
    thresholds: Thresholds,
    unreadable: Vec<Diagnostic>,
) -> DraftReport {
    let whole = Whole::of(inventory);
    let session = Session::new(plan, config, &whole, thresholds, Keep::Everything).explaining(true);
    let findings = session.judge_all(&inventory.entities);
    let counted = Summary {
        inputs: inventory.inputs,
        snapshots: inventory.snapshots,
        ..Summary::default()
    };
    session.finish(findings, counted, unreadable, &Order::default())
}

/// A report of a run that could not judge anything.
#[must_use]
pub fn failed(diagnostics: Vec<Diagnostic>) -> DraftReport {
    let plan = Plan::default();
    let thresholds = Thresholds {
        fail_on: None,
        undetermined: Severity::Note,
        today: Date::from_unix_seconds(0),
    };
    let found = UnsortedReport {
        diagnostics,
        ..UnsortedReport::default()
    };
    conclude(&plan, found, thresholds, &Order::default())
}

/// Adds warnings about inputs that come up once all findings are there.
pub fn warn(draft: &mut DraftReport, problems: Vec<Problem>) {
    if problems.is_empty() {
        return;
    }
    let warnings = problems.into_iter().map(|problem| Diagnostic {
        severity: Severity::Warning,
        ..unreadable(problem)
    });
    add(draft, warnings.collect());
}

/// Adds findings of the tool itself that come up once all others are there, behind these.
pub fn add(draft: &mut DraftReport, diagnostics: Vec<Diagnostic>) {
    let Some(id) = diagnostics.first().map(|one| one.rule.clone()) else {
        return;
    };
    draft.diagnostics.extend(diagnostics);
    if draft.rules.iter().all(|rule| rule.id != id) {
        draft.rules.extend(tool_rule(&id).map(ToolRule::summary));
        draft.rules.sort_by(|a, b| a.id.cmp(&b.id));
    }
}
