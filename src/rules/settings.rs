//! The settings of one rule in one run: its defaults, and what the user says instead.
//! It does not know where users write settings.

use serde_json::Value as Json;

use super::Rule;
use crate::model::{Data, Document, NodeId, Value};
use crate::source::{Problem, Span, nearest};

/// The values behind `$.settings`.
#[derive(Clone, Debug)]
pub struct Settings {
    document: Document,
    root: NodeId,
}

impl Settings {
    /// The values as a mapping. A default has the place of the user's settings as a whole.
    #[must_use]
    pub fn value(&self) -> Value<'_> {
        self.document.value(self.root)
    }
}

impl Rule {
    /// The settings of the rule, where `overrides` is the mapping that the user wrote, if any.
    ///
    /// # Errors
    /// A problem for each setting that the rule does not have, or that it does not take.
    pub fn settings(&self, overrides: Option<Value<'_>>) -> Result<Settings, Vec<Problem>> {
        let mut problems = Vec::new();
        if let Some(value) = overrides {
            self.check_settings(value, &mut problems);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let span = overrides.map_or(Span::default(), Value::span);
        let mut document = Document::default();
        let mut members = Vec::new();
        for setting in &self.logic.settings {
            let value = match (
                overrides.and_then(|given| given.by_key(&setting.name)),
                &setting.default,
            ) {
                (Some(value), _) => document.copy(value),
                (None, Some(default)) => import(&mut document, default, span),
                (None, None) => document.absent(span),
            };
            members.push((setting.name.as_str(), value));
        }
        let root = document.object_with_keys(&members, span);
        Ok(Settings { document, root })
    }

    fn check_settings(&self, given: Value<'_>, problems: &mut Vec<Problem>) {
        let known = &self.logic.settings;
        if given.data() != Data::Object {
            let title = format!("settings of `{}` are not a mapping", self.id());
            problems.push(Problem::new(given.span(), title).help("write `name: value` lines"));
        }
        for (key, value) in given.members() {
            if let Some(setting) = known.iter().find(|setting| setting.name == key) {
                problems.extend(setting.check(&json(value), value.span()).err());
                continue;
            }
            let title = format!("rule `{}` has no setting `{key}`", self.id());
            let problem = Problem::new(value.span(), title);
            let names = known.iter().map(|setting| setting.name.as_str());
            problems.push(match nearest(key, names.clone()) {
                Some(name) => problem.help(format!("write `{name}`")),
                None if known.is_empty() => problem.help("remove it: the rule has no settings"),
                None => {
                    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
                    problem.help(format!("use one of {}", names.join(", ")))
                }
            });
        }
    }
}

/// A configured value as plain JSON; configuration knows no unknown values.
fn json(value: Value<'_>) -> Json {
    match value.data() {
        Data::Null | Data::Absent | Data::Unknown(_) => Json::Null,
        Data::Bool(flag) => Json::Bool(flag),
        Data::Number(text) => {
            serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.to_owned()))
        }
        Data::String(text) => Json::String(text.to_owned()),
        Data::Array => value.items().map(json).collect(),
        Data::Object => value
            .members()
            .map(|(key, value)| (key.to_owned(), json(value)))
            .collect(),
    }
}

/// Copies a default value; its depth was bounded when it was read.
fn import(document: &mut Document, value: &Json, span: Span) -> NodeId {
    match value {
        Json::Null => document.null(span),
        Json::Bool(flag) => document.bool(*flag, span),
        Json::Number(number) => document.number(&number.to_string(), span),
        Json::String(text) => document.string(text, span),
        Json::Array(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| import(document, item, span))
                .collect();
            document.array(&items, span)
        }
        Json::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| (key.as_str(), import(document, value, span)))
                .collect();
            document.object_with_keys(&members, span)
        }
    }
}
