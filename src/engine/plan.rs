//! Which rules are on, how severe they are and how they are set, from the rules and the configuration.
//! It does not judge anything.

use super::active::ActiveRule;
use super::ignored_rule;
use super::selection::{RuleSelection, Wish};
use super::tool_rules::{TOOL_RULES, ToolRule, tool_rule};
use crate::config::{Config, RuleConfig, RuleSetting};
use crate::model::facts::FactName;
use crate::model::{EntityKind, Value};
use crate::report::Severity;
use crate::rules::{Rule, RuleSet, pinned, unfit};
use crate::source::{Problem, nearest};

/// Set that is on when nothing is configured.
const RECOMMENDED: &str = "recommended";
/// Set that is on instead as soon as an organisation is configured.
const ORGANISATION: &str = "organisation";

/// The rules of a run.
#[derive(Debug, Default)]
pub struct Plan<'r> {
    /// In the order of their ids.
    pub(crate) active: Vec<ActiveRule<'r>>,
    /// The ids of all rules, those that are off included.
    pub(super) known: Vec<&'r str>,
    /// What is configured for rules of the tool itself.
    tool: Vec<(&'static str, RuleSetting)>,
    /// Whether rules that are off here may be on in other runs.
    pub(super) is_narrowed: bool,
    /// Whether other runs may see more of the inputs.
    pub(super) is_partial: bool,
}

impl<'r> Plan<'r> {
    /// Chooses the rules of a run: those of the sets that are on, and those that the configuration
    /// names, less those that it switches off; over that goes what the command line selects.
    ///
    /// # Errors
    /// Every unknown rule, unknown set and mistaken setting of the configuration.
    pub fn new(
        rules: &'r RuleSet,
        config: &Config,
        selection: &RuleSelection,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = unknown_names(rules, config);
        let known: Vec<&str> = rules.iter().map(Rule::id).collect();
        let ignores = config.ignores.iter();
        problems.extend(ignores.filter_map(|ignore| ignored_rule::mistake(ignore, &known)));
        let mut tool = tool_settings(config, &mut problems);
        let off = |rule: &&ToolRule| selection.without.iter().any(|name| name == rule.id);
        let off = TOOL_RULES.iter().filter(off);
        tool.splice(0..0, off.map(|rule| (rule.id, RuleSetting::Off)));
        let selected = selected_sets(config);
        let mut active = Vec::new();
        for rule in rules.iter() {
            let configured = config
                .rules
                .iter()
                .find(|entry| entry.id.value == rule.id());
            let Some(severity) = severity(rule, configured, &selected, selection) else {
                continue;
            };
            match rule.settings(configured.and_then(overrides)) {
                Ok(settings) => active.push(ActiveRule::new(rule, severity, settings)),
                Err(found) => problems.extend(found),
            }
        }
        match problems.is_empty() {
            true => Ok(Self {
                active,
                known,
                tool,
                is_narrowed: selection.is_narrowed(),
                is_partial: selection.is_partial,
            }),
            false => Err(problems),
        }
    }

    /// A plan of one rule with its defaults, for running examples.
    ///
    /// # Errors
    /// Mistaken settings of the configuration.
    pub fn only(rule: &'r Rule, config: &Config) -> Result<Self, Vec<Problem>> {
        let configured = config
            .rules
            .iter()
            .find(|entry| entry.id.value == rule.id());
        let settings = rule.settings(configured.and_then(overrides))?;
        Ok(Self {
            active: vec![ActiveRule::new(rule, rule.logic().severity, settings)],
            known: vec![rule.id()],
            ..Self::default()
        })
    }

    /// The rules that are on and judge what is of this kind, in the order of their ids.
    pub(super) fn judging(&self, kind: EntityKind) -> impl Iterator<Item = &ActiveRule<'r>> {
        let active = self.active.iter();
        active.filter(move |one| one.rule.judges(kind))
    }

    /// Whether a rule says of names that they miss the organisation's standard, not a pattern in its place.
    pub(super) fn holds_to_standard(&self) -> bool {
        let mut active = self.active.iter();
        active.any(|active| {
            let members = active.rule.reads().unwrap_or_default();
            let pattern = active.settings.value().by_key("pattern");
            let pattern = pattern.and_then(Value::as_str);
            members.contains(FactName::NameConforms.name()) && pattern.is_none_or(str::is_empty)
        })
    }

    /// Severity of a rule of the tool itself, or `None` when it is off.
    pub(super) fn tool_severity(&self, id: &str) -> Option<Severity> {
        match self.tool.iter().find(|(tool, _)| *tool == id) {
            Some((_, RuleSetting::Off)) => None,
            Some((_, RuleSetting::Severity(severity))) => Some(*severity),
            None => tool_rule(id).map(|rule| rule.severity),
        }
    }
}

/// What the configuration sets the rules of the tool itself to; mistakes in it are added.
fn tool_settings(config: &Config, problems: &mut Vec<Problem>) -> Vec<(&'static str, RuleSetting)> {
    let mut settings = Vec::new();
    for configured in &config.rules {
        let Some(rule) = tool_rule(&configured.id.value) else {
            continue;
        };
        let title = match (rule.configurable, &configured.settings) {
            (false, _) => format!("`{}` cannot be configured", rule.id),
            (true, Some(_)) => format!("`{}` has no settings", rule.id),
            (true, None) => {
                settings.extend(configured.severity.as_ref().map(|it| (rule.id, it.value)));
                continue;
            }
        };
        let problem = Problem::new(configured.id.span, title);
        problems.push(problem.label("a rule of the tool itself"));
    }
    settings
}

/// The sets that are on: the configured ones, else the default.
fn selected_sets(config: &Config) -> Vec<&str> {
    match &config.sets {
        Some(sets) => sets.iter().map(|set| set.value.as_str()).collect(),
        None if config.organisation.is_some() => vec![ORGANISATION],
        None => vec![RECOMMENDED],
    }
}

/// The settings that the configuration gives to a rule.
fn overrides(configured: &RuleConfig) -> Option<Value<'_>> {
    let (document, id) = configured.settings.as_ref()?;
    Some(document.value(*id))
}

/// Severity of a rule in this run, or `None` when it is off.
fn severity(
    rule: &Rule,
    configured: Option<&RuleConfig>,
    sets: &[&str],
    selection: &RuleSelection,
) -> Option<Severity> {
    let setting = configured.and_then(|entry| entry.severity.as_ref());
    let setting = setting.map(|setting| setting.value);
    let in_sets = || sets.iter().any(|set| rule.logic().is_in(set));
    let severity = match setting {
        Some(RuleSetting::Severity(severity)) => severity,
        Some(RuleSetting::Off) | None => rule.logic().severity,
    };
    let is_on = match (selection.wish(rule), setting) {
        (Wish::Off, _) | (Wish::OnUnlessOff | Wish::Open, Some(RuleSetting::Off)) => false,
        (Wish::On | Wish::OnUnlessOff, _) | (Wish::Open, Some(RuleSetting::Severity(_))) => true,
        (Wish::Open, None) => in_sets(),
    };
    is_on.then_some(severity)
}

/// Rules and sets that the configuration names but nobody knows.
fn unknown_names(rules: &RuleSet, config: &Config) -> Vec<Problem> {
    let known_sets: Vec<&str> = rules
        .iter()
        .flat_map(|rule| rule.logic().sets.iter().map(String::as_str))
        .chain([RECOMMENDED, ORGANISATION])
        .collect();
    let ids = config.rules.iter().map(|entry| &entry.id);
    let is_unknown = |id: &str| rules.get(id).is_none() && tool_rule(id).is_none();
    let unknown_rules = ids.filter(|id| is_unknown(&id.value)).map(|id| {
        let known = rules.iter().map(Rule::id);
        let known = known.chain(TOOL_RULES.iter().map(|rule| rule.id));
        unknown("rule", &id.value, id.span, known)
    });
    let sets = config.sets.iter().flatten();
    let wrong_sets = sets.filter_map(|set| {
        let (name, _) = pinned(&set.value);
        if !known_sets.contains(&name) {
            return Some(unknown(
                "rule set",
                name,
                set.span,
                known_sets.iter().copied(),
            ));
        }
        let logic = rules.iter().map(Rule::logic);
        let (title, help) = unfit(&set.value, logic)?;
        let problem = Problem::new(set.span, title).label("a version of the set");
        Some(problem.help(help))
    });
    unknown_rules.chain(wrong_sets).collect()
}

fn unknown<'k>(
    what: &str,
    name: &str,
    span: crate::source::Span,
    known: impl Iterator<Item = &'k str>,
) -> Problem {
    let help = match nearest(name, known) {
        Some(close) => format!("did you mean `{close}`?"),
        None => "list what there is with `ecrlint rules`".to_owned(),
    };
    Problem::new(span, format!("there is no {what} `{name}`"))
        .label("unknown name")
        .help(help)
}
