//! Which rules are on, how severe they are and how they are set, from the rules and the configuration.
//! It does not judge anything.

use crate::config::{Config, RuleConfig, Setting};
use crate::model::Value;
use crate::report::Severity;
use crate::rules::{Rule, RuleSet, Settings};
use crate::source::{Problem, nearest};

/// Set that is on when nothing is configured.
const RECOMMENDED: &str = "recommended";
/// Set that is on instead as soon as an organisation is configured.
const ORGANISATION: &str = "organisation";

/// The rules of a run.
#[derive(Debug)]
pub struct Plan<'r> {
    /// In the order of their ids.
    pub(crate) active: Vec<ActiveRule<'r>>,
}

/// A rule that is on.
#[derive(Debug)]
pub(crate) struct ActiveRule<'r> {
    pub(crate) rule: &'r Rule,
    pub(crate) severity: Severity,
    pub(crate) settings: Settings,
}

impl<'r> Plan<'r> {
    /// Chooses the rules of a run: those of the selected sets, and those that the configuration
    /// names, less those that it switches off.
    ///
    /// `sets` come from the command line and win over the configuration's.
    ///
    /// # Errors
    /// Every unknown rule, unknown set and mistaken setting of the configuration.
    pub fn new(rules: &'r RuleSet, config: &Config, sets: &[String]) -> Result<Self, Vec<Problem>> {
        let mut problems = unknown_names(rules, config);
        let selected = selected_sets(config, sets);
        let mut active = Vec::new();
        for rule in rules.iter() {
            let configured = config
                .rules
                .iter()
                .find(|entry| entry.id.value == rule.id());
            let Some(severity) = severity(rule, configured, &selected) else {
                continue;
            };
            match rule.settings(configured.and_then(overrides)) {
                Ok(settings) => active.push(ActiveRule {
                    rule,
                    severity,
                    settings,
                }),
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() {
            Ok(Self { active })
        } else {
            Err(problems)
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
            active: vec![ActiveRule {
                rule,
                severity: rule.logic().severity,
                settings,
            }],
        })
    }
}

/// The sets that are on: those of the command line, else the configured ones, else the default.
fn selected_sets<'a>(config: &'a Config, sets: &'a [String]) -> Vec<&'a str> {
    if !sets.is_empty() {
        return sets.iter().map(String::as_str).collect();
    }
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
fn severity(rule: &Rule, configured: Option<&RuleConfig>, sets: &[&str]) -> Option<Severity> {
    match configured.and_then(|entry| entry.severity.as_ref()) {
        Some(setting) => match setting.value {
            Setting::Off => None,
            Setting::Severity(severity) => Some(severity),
        },
        None => rule
            .logic()
            .sets
            .iter()
            .any(|set| sets.contains(&set.as_str()))
            .then(|| rule.logic().severity),
    }
}

/// Rules and sets that the configuration names but nobody knows.
fn unknown_names(rules: &RuleSet, config: &Config) -> Vec<Problem> {
    let known_sets: Vec<&str> = rules
        .iter()
        .flat_map(|rule| rule.logic().sets.iter().map(String::as_str))
        .chain([RECOMMENDED, ORGANISATION])
        .collect();
    let ids = config.rules.iter().map(|entry| &entry.id);
    let unknown_rules = ids.filter(|id| rules.get(&id.value).is_none()).map(|id| {
        let known = rules.iter().map(Rule::id);
        unknown("rule", &id.value, id.span, known)
    });
    let unknown_sets = config
        .sets
        .iter()
        .flatten()
        .filter(|set| !known_sets.contains(&set.value.as_str()))
        .map(|set| unknown("rule set", &set.value, set.span, known_sets.iter().copied()));
    unknown_rules.chain(unknown_sets).collect()
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
