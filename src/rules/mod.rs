//! Rules as data: what a rule file says, and what it says about a repository.
//! It does not know inputs, configuration files or reports' formats.

mod advice;
mod declared;
mod docs;
mod facts;
mod format;
mod idle;
mod judge;
pub mod query;
mod question;
mod reads;
mod reference;
mod schema;
mod settings;
mod wording;

use std::sync::OnceLock;

pub(crate) use docs::fenced;
pub use docs::markdown;
pub use format::{
    Definition, Documentation, Example, ExampleKind, Examples, Fix, Logic, Setting, SettingKind,
    load, pinned, unfit, version,
};
pub(crate) use idle::{ConfiguredMember, Standing};
pub(crate) use judge::below_repository;
pub use judge::{Finding, Judgement, World};
pub use question::Question;
pub use reference::{example, facts_page};
pub use schema::schema;
pub use settings::Settings;

use crate::model::EntityKind;
use crate::source::{Problem, Span};

/// The logic of each built-in rule, one line of JSON each, in the order of the ids.
const LOGIC: &str = include_str!(concat!(env!("OUT_DIR"), "/logic.jsonl"));

/// The documentation of each built-in rule, in the same order.
const DOCUMENTATION: &str = include_str!(concat!(env!("OUT_DIR"), "/documentation.jsonl"));

/// A rule that is ready to judge.
#[derive(Debug)]
pub struct Rule {
    logic: Logic,
    /// Whether it is about what is of each kind, in the order of [`EntityKind::ALL`], where the kind alone decides that.
    is_about: [Option<bool>; EntityKind::ALL.len()],
    origin: RuleSource,
    documentation: OnceLock<Documentation>,
}

/// Where a rule comes from.
#[derive(Clone, Copy, Debug)]
enum RuleSource {
    /// A line of [`DOCUMENTATION`], which is read when somebody asks for it.
    Builtin(usize),
    /// The id in a user's file.
    User(Span),
}

/// A way to repair what a rule finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// The CDK in TypeScript.
    CdkTypescript,
    /// The CDK in Python.
    CdkPython,
    /// A CloudFormation template.
    Cloudformation,
    /// The AWS command line, for a live repository.
    Cli,
}

impl Flavour {
    /// Every flavour, in the order of the documentation.
    pub const ALL: [Flavour; 4] = [
        Flavour::CdkTypescript,
        Flavour::CdkPython,
        Flavour::Cloudformation,
        Flavour::Cli,
    ];
}

impl Rule {
    fn new(logic: Logic, origin: RuleSource) -> Self {
        let when = logic.when.as_ref();
        let is_about = |kind: EntityKind| match when {
            Some(when) => when.finds_kind(kind.as_str()),
            None => Some(true),
        };
        Self {
            is_about: EntityKind::ALL.map(is_about),
            logic,
            origin,
            documentation: OnceLock::new(),
        }
    }

    /// What is needed to judge: id, title, severity, sets, settings.
    #[must_use]
    pub fn logic(&self) -> &Logic {
        &self.logic
    }

    /// The id, such as `scan-on-push`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.logic.id
    }

    /// What is needed to explain: why, fixes, references, examples.
    #[must_use]
    pub fn documentation(&self) -> &Documentation {
        self.documentation.get_or_init(|| match self.origin {
            RuleSource::Builtin(line) => DOCUMENTATION
                .lines()
                .nth(line)
                .map(read_line)
                .unwrap_or_default(),
            RuleSource::User(_) => Documentation::default(),
        })
    }

    /// Whether the rule has anything to say about subjects of this kind: about a repository always, about what is
    /// none when its `when` asks for the kind by its word.
    #[must_use]
    pub fn judges(&self, kind: EntityKind) -> bool {
        kind.is_repository() || self.logic.kinds.iter().any(|word| word == kind.as_str())
    }

    /// Whether the rule is part of the binary.
    #[must_use]
    pub fn is_builtin(&self) -> bool {
        matches!(self.origin, RuleSource::Builtin(_))
    }
}

/// Rules, sorted by id.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
}

impl RuleSet {
    /// The rules of the binary.
    #[must_use]
    pub fn builtin() -> Self {
        let rules = LOGIC
            .lines()
            .enumerate()
            .map(|(line, logic)| Rule::new(read_line(logic), RuleSource::Builtin(line)));
        Self {
            rules: rules.collect(),
        }
    }

    /// Adds a user's rule.
    ///
    /// # Errors
    /// When there is a rule with the same id.
    pub fn add(&mut self, definition: Definition) -> Result<(), Problem> {
        let Definition {
            logic,
            documentation,
            place,
        } = definition;
        let at = match self.position(&logic.id) {
            Err(at) => at,
            Ok(at) => {
                let problem = Problem::new(place, format!("rule `{}` exists already", logic.id));
                return Err(match self.rules[at].origin {
                    RuleSource::Builtin(_) => {
                        problem.help("choose another id: this one belongs to a built-in rule")
                    }
                    RuleSource::User(other) => problem
                        .related(other, "the other one")
                        .help("choose another id for one of the two"),
                });
            }
        };
        let rule = Rule {
            documentation: OnceLock::from(documentation),
            ..Rule::new(logic, RuleSource::User(place))
        };
        self.rules.insert(at, rule);
        Ok(())
    }

    /// The rule named `id`.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.position(id).ok().map(|at| &self.rules[at])
    }

    /// The rules, by id.
    pub fn iter(&self) -> std::slice::Iter<'_, Rule> {
        self.rules.iter()
    }

    /// Number of rules.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    fn position(&self, id: &str) -> Result<usize, usize> {
        self.rules.binary_search_by(|rule| rule.id().cmp(id))
    }
}

impl<'a> IntoIterator for &'a RuleSet {
    type Item = &'a Rule;
    type IntoIter = std::slice::Iter<'a, Rule>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Reads a line that the build script wrote from the same types.
fn read_line<T: serde::de::DeserializeOwned>(line: &str) -> T {
    serde_json::from_str(line).expect("the build script wrote this line from the same type")
}

#[cfg(test)]
mod tests;
