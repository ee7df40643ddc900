//! What users may tune: reads the schema of a setting, and checks values against it.
//! It does not know rules or configurations.

use serde_json::Value as Json;

use super::definition::{Setting, SettingKind};
use super::pattern::{MatchFunction, QueryRegex};
use super::read::RuleReader;
use crate::source::{Kind, Member, Node, Problem, Span, nearest};

const SETTING_KEYS: &[&str] = &["type", "format", "items", "enum", "default", "description"];
const TYPES: [&str; 5] = ["string", "integer", "number", "boolean", "array"];

/// Reads the settings of a rule: a mapping from names to schemas.
pub(super) fn read_settings(reader: &mut RuleReader, node: Option<Node<'_>>) -> Vec<Setting> {
    let members: Vec<_> = reader.members(node, "`settings`").collect();
    members
        .into_iter()
        .filter_map(|member| read_setting(reader, &member))
        .collect()
}

fn read_setting(reader: &mut RuleReader, member: &Member<'_>) -> Option<Setting> {
    let Member { key, value, .. } = *member;
    if !reader.mapping(value, "a setting", SETTING_KEYS) {
        return None;
    }
    let kind = read_kind(reader, value)?;
    let mut choices = Vec::new();
    for node in reader.items(value.get("enum"), "`enum`") {
        choices.push(json(node));
    }
    let description = reader
        .required(value, "a setting", "description")
        .and_then(|node| reader.text(node, "`description`"));
    let setting = Setting {
        name: key.to_owned(),
        kind,
        choices,
        default: value.get("default").map(json),
        description: description?,
    };
    if let Some(default) = value.get("default")
        && let Err(problem) = setting.check(&json(default), default.span())
    {
        reader.problem(problem);
    }
    Some(setting)
}

fn read_kind(reader: &mut RuleReader, node: Node<'_>) -> Option<SettingKind> {
    let kind = reader.required(node, "a setting", "type")?;
    let word = reader.text(kind, "`type`")?;
    let is_pattern = node.get("format").and_then(Node::as_str) == Some("regex");
    if let Some(format) = node.get("format")
        && !(is_pattern && word == "string")
        && TYPES.contains(&word.as_str())
    {
        let problem = Problem::new(format.span(), "unknown format of a setting")
            .help("use `regex`, with the type `string`");
        reader.problem(problem);
    }
    match word.as_str() {
        "string" if is_pattern => Some(SettingKind::Pattern),
        "string" => Some(SettingKind::String),
        "integer" => Some(SettingKind::Integer),
        "number" => Some(SettingKind::Number),
        "boolean" => Some(SettingKind::Boolean),
        "array" => {
            let items = reader.required(node, "a list setting", "items")?;
            let readable = reader.mapping(items, "`items`", &["type", "format", "items"]);
            let item = readable.then(|| read_kind(reader, items)).flatten()?;
            Some(SettingKind::List(Box::new(item)))
        }
        _ => {
            let problem = Problem::new(kind.span(), format!("unknown type `{word}` of a setting"));
            reader.problem(match nearest(&word, TYPES) {
                Some(known) => problem.help(format!("write `{known}`")),
                None => problem.help(format!("use one of {}", super::read::listed(&TYPES))),
            });
            None
        }
    }
}

impl Setting {
    /// Checks a value that somebody wrote for the setting at `span`.
    pub(crate) fn check(&self, value: &Json, span: Span) -> Result<(), Problem> {
        let name = &self.name;
        self.kind.check(value, span, name)?;
        if self.choices.is_empty() || self.choices.contains(value) {
            return Ok(());
        }
        let choices: Vec<_> = self
            .choices
            .iter()
            .map(|choice| format!("`{choice}`"))
            .collect();
        Err(
            Problem::new(span, format!("setting `{name}` does not take this value"))
                .help(format!("use one of {}", choices.join(", "))),
        )
    }
}

impl SettingKind {
    fn check(&self, value: &Json, span: Span, name: &str) -> Result<(), Problem> {
        match (self, value) {
            (SettingKind::String, Json::String(_))
            | (SettingKind::Number, Json::Number(_))
            | (SettingKind::Boolean, Json::Bool(_)) => Ok(()),
            (SettingKind::Integer, Json::Number(number)) if number.is_i64() => Ok(()),
            (SettingKind::List(item), Json::Array(items)) => items
                .iter()
                .try_for_each(|value| item.check(value, span, name)),
            (SettingKind::Pattern, Json::String(text)) => {
                QueryRegex::checked(text, MatchFunction::Match)
                    .map(drop)
                    .map_err(|reason| {
                        let title = format!("setting `{name}` is not a regular expression");
                        Problem::new(span, title).label(reason)
                    })
            }
            _ => Err(
                Problem::new(span, format!("setting `{name}` is not {}", self.noun()))
                    .help(format!("write {}", self.noun())),
            ),
        }
    }
}

/// A value of a file as plain JSON; the depth is bounded by the parser of the file.
pub(crate) fn json(node: Node<'_>) -> Json {
    match node.kind() {
        Kind::Null => Json::Null,
        Kind::Bool(flag) => Json::Bool(flag),
        Kind::Number => {
            let text = node.as_text().unwrap_or_default();
            serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.to_owned()))
        }
        Kind::String => Json::String(node.as_str().unwrap_or_default().to_owned()),
        Kind::Array => node.items().map(json).collect(),
        Kind::Object => node
            .members()
            .map(|member| (member.key.to_owned(), json(member.value)))
            .collect(),
    }
}
