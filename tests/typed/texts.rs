//! Policies as JSON texts of a template: templates in which they are written so, and what is typed into them.

#![allow(dead_code, reason = "not every test needs everything")]

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use ecrlint::source::embedded::{Embedded, EmbeddedText};
use ecrlint::source::{Kind, Node, Span, Tree};

use super::Step;

/// Properties that hold a policy, as a mapping or as a text.
const POLICIES: &[&str] = &[
    "RepositoryPolicyText",
    "PolicyText",
    "KeyPolicy",
    "PolicyDocument",
    "AssumeRolePolicyDocument",
    "EventPattern",
];

/// How a policy is written as a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    /// A block of YAML.
    Block,
    /// Single quotes of YAML.
    Single,
    /// Double quotes, in YAML and JSON.
    Double,
}

pub(crate) const QUOTES: [Quotes; 3] = [Quotes::Block, Quotes::Single, Quotes::Double];

/// A template whose policies are texts; `None` where it has none that can be one. With `substituted`, each is the
/// argument of `Fn::Sub`; without, those with functions stay as they are.
pub(crate) fn with_texts(template: &Value, quotes: Quotes, substituted: bool) -> Option<String> {
    let mut out = String::new();
    let mut found = false;
    write(template, 0, (quotes, substituted), &mut out, &mut found);
    found.then_some(out)
}

fn write(value: &Value, indent: usize, how: (Quotes, bool), out: &mut String, found: &mut bool) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(members) if !members.is_empty() => {
            out.push('\n');
            for (key, member) in members {
                let _ = write!(out, "{pad}{}: ", Value::from(key.as_str()));
                let policy = Some(member)
                    .filter(|member| POLICIES.contains(&key.as_str()) && member.is_object());
                match policy.and_then(|policy| text(policy, how.1)) {
                    Some(policy) => {
                        *found = true;
                        quoted(&policy, indent + 2, how, out);
                    }
                    None => write(member, indent + 2, how, out, found),
                }
            }
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            for item in items {
                let _ = write!(out, "{pad}- ");
                write(item, indent + 2, how, out, found);
            }
        }
        other => {
            let _ = writeln!(out, "{other}");
        }
    }
}

/// A policy as JSON; `None` where it has functions that a text cannot have.
fn text(policy: &Value, substituted: bool) -> Option<String> {
    let policy = flat(policy, substituted)?;
    serde_json::to_string_pretty(&policy).ok()
}

fn flat(value: &Value, substituted: bool) -> Option<Value> {
    let call = |text: String| substituted.then(|| Value::from(text));
    Some(match value {
        Value::Object(members) => {
            if let Some(name) = members.get("Ref").and_then(Value::as_str) {
                return call(format!("${{{name}}}"));
            }
            if let Some(text) = members.get("Fn::Sub").and_then(Value::as_str) {
                return call(text.to_owned());
            }
            if let Some(path) = members.get("Fn::GetAtt").and_then(Value::as_array) {
                return call(format!("${{{}.{}}}", path[0].as_str()?, path[1].as_str()?));
            }
            if members.keys().any(|key| key.starts_with("Fn::")) {
                return None;
            }
            let members = members
                .iter()
                .map(|(key, member)| Some((key.clone(), flat(member, substituted)?)));
            Value::Object(members.collect::<Option<Map<_, _>>>()?)
        }
        Value::Array(items) => {
            let items = items.iter().map(|item| flat(item, substituted));
            items.collect::<Option<Value>>()?
        }
        Value::String(text) if substituted => Value::from(text.replace("${", "${!")),
        other => other.clone(),
    })
}

fn quoted(text: &str, indent: usize, (quotes, substituted): (Quotes, bool), out: &mut String) {
    if substituted {
        out.push_str("!Sub ");
    }
    match quotes {
        Quotes::Block => {
            out.push_str("|\n");
            for line in text.lines() {
                let _ = writeln!(out, "{}{line}", " ".repeat(indent));
            }
        }
        Quotes::Single => {
            let text = text.replace('\n', " ").replace('\'', "''");
            let _ = writeln!(out, "'{text}'");
        }
        Quotes::Double => {
            let _ = writeln!(out, "{}", Value::from(text));
        }
    }
}

/// A place in JSON that stands in a text.
pub(crate) struct Inner {
    pub(crate) path: Vec<Step>,
    /// The character that the text begins with.
    quote: char,
}

impl Inner {
    /// The place of what stands at `start..end` in the JSON that a scalar holds, if it holds any.
    pub(crate) fn of(node: Node<'_>, start: usize, end: usize) -> Option<Self> {
        let quote = node.span().slice(node.source_text()).chars().next()?;
        let whole = node.span();
        let is_whole = (whole.start as usize, whole.end as usize) == (start, end);
        if is_whole && matches!(quote, '"' | '\'') {
            return None;
        }
        let mut text = EmbeddedText::default();
        text.push_node(node);
        let mut tree = Tree::default();
        text.parse_json(&mut tree).ok()?;
        let mut inner = text.root(&tree)?;
        if !matches!(inner.kind(), Kind::Object | Kind::Array) {
            return None;
        }
        let holds = |span: Span| span.start as usize <= start && end <= span.end as usize;
        let mut path = Vec::new();
        'inward: loop {
            for member in inner.members() {
                let key = member.key_span();
                if holds(key) || holds(member.value().span()) {
                    path.push(Step::Key(member.key()?.to_owned()));
                    inner = member.value();
                    match holds(key) {
                        true => break 'inward,
                        false => continue 'inward,
                    }
                }
            }
            let item = (0..)
                .zip(inner.items())
                .find(|(_, item)| holds(item.span()));
            let Some((index, item)): Option<(usize, Embedded<'_>)> = item else {
                break;
            };
            path.push(Step::Index(index));
            inner = item;
        }
        Some(Self { path, quote })
    }

    /// What is typed into the text, without what its quotes make necessary.
    pub(crate) fn unquote(&self, typed: &str) -> Result<String, String> {
        match self.quote {
            '"' => serde_json::from_str(&format!("\"{typed}\"")).map_err(|error| error.to_string()),
            '\'' if typed.replace("''", "").contains('\'') => {
                Err(format!("a single quote ends the text: {typed}"))
            }
            '\'' => Ok(typed.replace("''", "'")),
            _ => Ok(typed.to_owned()),
        }
    }
}

/// The text as the argument of `Fn::Sub`.
pub(crate) fn substituted(text: &str) -> Value {
    json!({ "Fn::Sub": text })
}
