//! Rules that the configuration switches on, and that can judge nothing under it: nothing is declared that they ask for.
//! It does not know inputs.

use std::collections::HashSet;

use super::active::ActiveRule;
use super::plan::Plan;
use super::tool_rules::IDLE;
use crate::config::Config;
use crate::model::facts::{self, Described, FactName, FactSet, Scope};
use crate::model::{
    DeclaredRepository, Document, Entity, EntityKind, Identifiers, Particulars, Stated, Value,
    members,
};
use crate::report::Diagnostic;
use crate::rules::{ConfiguredMember, Rule, SettingKind, Standing};
use crate::source::{Problem, Span};

/// Declarations that differ in what they say, which are tried; with more of them a rule will find one.
const MOST_DECLARED: usize = 256;
/// Environments in all of what is tried: each of them has all environments of the organisation.
const MOST_SAID: usize = 100_000;

/// Images that expire although they are protected, and why there are none to ask about.
const EXPIRATIONS: (ConfiguredMember, &str) = (
    ConfiguredMember {
        fact: FactName::Lifecycle,
        member: Some(members::EXPIRATIONS),
    },
    "no `protected_tags` are configured",
);
/// Tags that are required, and why there are none to ask about.
const MISSING_TAGS: (ConfiguredMember, &str) = (
    ConfiguredMember {
        fact: FactName::MissingTags,
        member: None,
    },
    "no `organisation.required_tags` are configured",
);

/// A finding at the line of each rule that is switched on there and can judge nothing.
pub(super) fn findings(plan: &Plan<'_>, config: &Config) -> Vec<Diagnostic> {
    let Some(severity) = plan.tool_severity(IDLE) else {
        return Vec::new();
    };
    let lines = config.rules.iter().filter_map(|line| {
        let mut active = plan.active.iter();
        let rule = active.find(|active| active.rule.id() == line.id.value)?;
        Some((line.id.span, rule))
    });
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let Some(worlds) = Worlds::of(config) else {
        return Vec::new();
    };
    let idle = lines.into_iter().filter_map(|(span, active)| {
        let reason = worlds.lack(active)?;
        let id = active.rule.id();
        let title = format!("`{id}` is switched on, but can judge nothing: {reason}");
        let problem = Problem::new(span, title).label("switched on here");
        let problem = problem.help(worlds.help(active.rule));
        Some(Diagnostic {
            severity,
            ..Diagnostic::from_problem(IDLE, problem)
        })
    });
    idle.collect()
}

/// Everything that a configuration may say to a rule.
struct Worlds {
    /// For each declaration, and for a repository that has none.
    described: Vec<Described>,
    kinds: Vec<&'static str>,
    /// What is absent, with the reason.
    absent: Vec<(ConfiguredMember, &'static str)>,
}

impl Worlds {
    /// `None` where the configuration says too much to try all of it, or something that is not known.
    fn of(config: &Config) -> Option<Self> {
        let organisation = config.organisation.as_ref();
        let is_unread = organisation.is_some_and(|one| one.unread_declarations.is_some());
        if is_unread {
            return None;
        }
        let mut seen = HashSet::new();
        let mut described = vec![describe(config, None, None)];
        for declared in organisation.map_or(&[][..], |one| &one.repositories) {
            let environments = organisation.map_or(&[][..], |one| &one.environments);
            let own = declared.environment.as_deref();
            let fits = environments
                .iter()
                .filter(|one| own.is_none_or(|own| own == one.name));
            for environment in fits.map(Some).chain([None]) {
                let name = environment.map(|one| one.name.as_str());
                if seen.insert((content(declared), name)) {
                    described.push(describe(config, Some(declared), name));
                }
                let said = described.len().saturating_mul(environments.len());
                if described.len() > MOST_DECLARED || said > MOST_SAID {
                    return None;
                }
            }
        }
        let is_declaring = organisation.is_some_and(|one| one.declares_repositories)
            || !config.declaration_problems.is_empty();
        let kinds = EntityKind::ALL.into_iter();
        let kinds = kinds.filter(|kind| is_declaring || *kind != EntityKind::Declaration);
        let tags = organisation.map_or(0, |one| one.required_tags.len());
        let mut absent = Vec::new();
        absent.extend(config.protected_tags.is_empty().then_some(EXPIRATIONS));
        absent.extend((tags == 0).then_some(MISSING_TAGS));
        Some(Self {
            described,
            kinds: kinds.map(EntityKind::as_str).collect(),
            absent,
        })
    }

    /// Why a rule can judge nothing, if it cannot.
    fn lack(&self, active: &ActiveRule<'_>) -> Option<String> {
        let (rule, settings) = (active.rule, active.settings.value());
        let absent: Vec<_> = self.absent.iter().map(|(member, _)| *member).collect();
        if rule.asks_for_bases() || self.may_judge(rule, settings, &absent) {
            return None;
        }
        let without = |member: &ConfiguredMember| -> Vec<_> {
            let others = absent.iter().copied();
            others.filter(|other| other != member).collect()
        };
        let mut absent_alone = self.absent.iter();
        let only =
            absent_alone.find(|(member, _)| self.may_judge(rule, settings, &without(member)));
        let only = only.map(|(_, reason)| (*reason).to_owned());
        let general = || "the configuration has nothing of what its `when` asks for".to_owned();
        only.or_else(|| rule.lacks()).or_else(|| Some(general()))
    }

    fn may_judge(&self, rule: &Rule, settings: Value<'_>, absent: &[ConfiguredMember]) -> bool {
        self.described.iter().any(|world| {
            let value = |id: Option<_>| id.map(|id| world.document.value(id));
            self.kinds.iter().any(|kind| {
                rule.may_judge(&Standing {
                    kind,
                    declared: value(world.declared),
                    organisation: value(world.organisation),
                    settings,
                    absent,
                })
            })
        })
    }

    /// What makes a rule judge something: a setting, where one does, else what it asks for.
    fn help(&self, rule: &Rule) -> String {
        let absent: Vec<_> = self.absent.iter().map(|(member, _)| *member).collect();
        let others = "configure what it asks for, or remove the line";
        for setting in &rule.logic().settings {
            let mut document = Document::default();
            let (value, written) = match setting.kind {
                SettingKind::Boolean => {
                    let default = setting
                        .default
                        .as_ref()
                        .and_then(serde_json::Value::as_bool);
                    let other = !default.unwrap_or(false);
                    (document.bool(other, Span::default()), other.to_string())
                }
                SettingKind::Pattern | SettingKind::String => {
                    (document.string("x", Span::default()), "\"…\"".to_owned())
                }
                _ => continue,
            };
            let root =
                document.object_with_keys(&[(setting.name.as_str(), value)], Span::default());
            let Ok(settings) = rule.settings(Some(document.value(root))) else {
                continue;
            };
            if self.may_judge(rule, settings.value(), &absent) {
                let name = &setting.name;
                return format!(
                    "`settings: {{ {name}: {written} }}` asks for it everywhere; else {others}"
                );
            }
        }
        others.to_owned()
    }
}

/// What a declaration says, as far as a rule can ask.
fn content(declared: &DeclaredRepository) -> [Option<String>; 3] {
    fn written<T: ToString + Copy>(stated: &Stated<T>) -> Option<String> {
        match stated {
            Stated::Value(value) => Some(value.value.to_string()),
            Stated::Nothing => None,
            Stated::Unclear(_) => Some("?".to_owned()),
        }
    }
    [
        written(&declared.use_kms_key),
        written(&declared.images_retained),
        written(&declared.shareable_with_all_envs),
    ]
}

/// What rules see of the configuration in the place of a repository of which nothing else is known.
fn describe(
    config: &Config,
    declared: Option<&DeclaredRepository>,
    environment: Option<&str>,
) -> Described {
    let subject = Identifiers::default();
    let document = Document::default();
    let repository = Entity::new(document, subject, Span::default(), Particulars::Resource);
    let organisation = config.organisation.as_ref();
    let mut environments = organisation.iter().flat_map(|one| &one.environments);
    let scope = Scope {
        organisation,
        environment: environments.find(|one| Some(one.name.as_str()) == environment),
        declared,
        ..Scope::default()
    };
    facts::describe_asked(&repository, &scope, FactSet::NONE)
}
