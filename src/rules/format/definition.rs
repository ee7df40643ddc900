//! What a rule consists of, in plain data that can be stored and read back.
//! It does not know YAML, and nothing about repositories.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::looked_up::AskedMembers;
use super::patch::Advice;
use super::query::Query;
use super::template::MessageTemplate;
use crate::report::Severity;
use crate::source::Span;

/// A rule as its file says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// What is needed to judge.
    pub logic: Logic,
    /// What is needed to explain.
    pub documentation: Documentation,
    /// Where the id stands in its file.
    pub place: Span,
}

/// The part of a rule that every run needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logic {
    /// Id: the stem of the file's name.
    pub id: String,
    /// The folder of the file.
    pub category: String,
    /// What a finding says in general.
    pub title: String,
    /// How much a finding matters unless the user says otherwise.
    #[serde(with = "severity")]
    pub severity: Severity,
    /// The sets that switch the rule on.
    pub sets: Vec<String>,
    /// The version since which it belongs to each of them; none where it always did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<String>,
    /// What users may tune.
    pub settings: Vec<Setting>,
    /// Which repositories the rule is about.
    pub(crate) when: Option<Query>,
    /// The kinds that `when` asks for by their words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) kinds: Vec<String>,
    /// What the rule asks for.
    pub(crate) demand: Demand,
    /// Where a finding points.
    pub(crate) at: Option<Query>,
    /// What a finding says.
    pub(crate) message: MessageTemplate,
    /// The members of the repository document that anything of it asks for, its fixes included; `None` for any.
    pub(crate) asks: Option<AskedMembers>,
}

/// What a rule asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Demand {
    /// At least one node is found.
    Require(Query),
    /// No node is found.
    Forbid(Query),
}

impl Demand {
    /// What is looked for.
    pub(crate) fn query(&self) -> &Query {
        match self {
            Demand::Require(query) | Demand::Forbid(query) => query,
        }
    }
}

/// Something that users may tune, in the words of JSON Schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// Name: the member of `$.settings`.
    pub name: String,
    /// Which values are taken.
    pub kind: SettingKind,
    /// The allowed values; empty means any of the kind.
    pub choices: Vec<Json>,
    /// The value unless the user says otherwise; absent when there is none.
    pub default: Option<Json>,
    /// What the setting means.
    pub description: String,
}

/// Which values a setting takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SettingKind {
    /// A text.
    String,
    /// A text that is a regular expression.
    Pattern,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list of values of one kind.
    List(Box<SettingKind>),
}

/// The part of a rule that is needed when somebody reads about it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Documentation {
    /// The version that brought the rule.
    pub since: Option<String>,
    /// Frameworks with the controls that the rule checks.
    pub controls: Vec<(String, Vec<String>)>,
    /// How bad it is when somebody makes use of what it finds, from 0.1 to 10.0 on the scale of CVSS, as code scanning
    /// shows it; `None` where nobody gains anything.
    #[serde(default)]
    pub security: Option<String>,
    /// Why it matters.
    pub why: String,
    /// What to do about a finding.
    pub fix: Fix,
    /// Pages with more.
    pub references: Vec<String>,
    /// Inputs that show what the rule finds.
    pub examples: Examples,
}

/// What to do about a finding, in the words of each tool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// For the CDK in TypeScript.
    #[serde(default)]
    pub(crate) cdk_typescript: Vec<Advice>,
    /// For the CDK in Python.
    #[serde(default)]
    pub(crate) cdk_python: Vec<Advice>,
    /// For a template.
    #[serde(default)]
    pub(crate) cloudformation: Vec<Advice>,
    /// For a live repository.
    #[serde(default)]
    pub(crate) cli: Vec<Advice>,
}

impl Fix {
    /// The keys that lack advice.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let all = [
            ("cdk-typescript", &self.cdk_typescript),
            ("cdk-python", &self.cdk_python),
            ("cloudformation", &self.cloudformation),
            ("cli", &self.cli),
        ];
        let missing = all.into_iter().filter(|(_, advice)| advice.is_empty());
        missing.map(|(key, _)| key).collect()
    }

    /// Whether some of the advice for a template is an edit that may be made unseen.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.cloudformation.iter().any(|one| one.safe)
    }

    /// Whether some of the advice for a template is an edit, which can be typed as it is.
    #[must_use]
    pub fn is_edit(&self) -> bool {
        self.cloudformation.iter().any(|one| one.edit.is_some())
    }
}

/// Inputs with what the rule says about them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Examples {
    /// Inputs that keep the rule.
    pub pass: Vec<Example>,
    /// Inputs that break the rule.
    pub fail: Vec<Example>,
    /// Inputs that do not say enough.
    pub undetermined: Vec<Example>,
}

/// An input that shows what a rule says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// The kind of input.
    pub kind: ExampleKind,
    /// The input itself.
    pub text: String,
    /// Path of the value in the input that the finding points at, such as `Resources.App`.
    pub at: Option<String>,
    /// A configuration, in the format of `ecrlint.yaml`.
    pub config: Option<String>,
    /// The environment of that configuration which the input is deployed to.
    pub environment: Option<String>,
    /// A snapshot of the account that the input, of stack `example`, is deployed to.
    pub live: Option<String>,
    /// Values of template parameters.
    pub parameters: Vec<(String, String)>,
    /// Where the example stands in the rule's file; not stored.
    #[serde(skip)]
    pub place: Span,
}

/// The kinds of inputs that an example can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExampleKind {
    /// A CloudFormation template, JSON or YAML.
    Cloudformation,
    /// A snapshot of an account.
    Snapshot,
}

impl SettingKind {
    /// How a message names a value of this kind.
    pub(crate) fn noun(&self) -> String {
        match self {
            SettingKind::String => "a text".into(),
            SettingKind::Pattern => "a regular expression".into(),
            SettingKind::Integer => "a whole number".into(),
            SettingKind::Number => "a number".into(),
            SettingKind::Boolean => "true or false".into(),
            SettingKind::List(item) => format!("a list, each item {}", item.noun()),
        }
    }
}

/// Stores a severity by its word.
mod severity {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::report::Severity;

    pub(super) fn serialize<S: Serializer>(
        severity: &Severity,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(severity.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Severity, D::Error> {
        let word = String::deserialize(deserializer)?;
        word.parse()
            .map_err(|()| D::Error::custom("unknown severity"))
    }
}
