//! Small trees as YAML, with CloudFormation's short tags, and as JSON.
//! It does not know what they are for.

use std::fmt::Write as _;

use crate::source::{Kind, Node};

/// Longer lists are written with an item a line.
const WIDTH: usize = 72;
/// Spaces a level of YAML.
const STEP: usize = 2;

/// What is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fragment {
    /// A number, `true` or `false`.
    Word(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Fragment>),
    /// A mapping, in its order.
    Map(Vec<(String, Fragment)>),
}

impl Fragment {
    /// What a value says, with the functions of its text in their long form.
    pub(crate) fn of(node: Node<'_>) -> Self {
        match node.kind() {
            Kind::Null => Fragment::Word("null".to_owned()),
            Kind::Bool(_) | Kind::Number => {
                Fragment::Word(node.as_text().unwrap_or_default().to_owned())
            }
            Kind::String => Fragment::Text(node.as_str().unwrap_or_default().to_owned()),
            Kind::Array => Fragment::List(node.items().map(Fragment::of).collect()),
            Kind::Object => Fragment::Map(
                node.members()
                    .map(|member| (member.key.to_owned(), Fragment::of(member.value)))
                    .collect(),
            ),
        }
    }

    /// A function of CloudFormation, in its long form.
    pub(crate) fn function(name: &str, argument: Fragment) -> Self {
        Fragment::Map(vec![(name.to_owned(), argument)])
    }
}

/// As YAML, without an end of line at the end.
pub(crate) fn yaml(fragment: &Fragment) -> String {
    yaml_by(fragment, STEP)
}

/// The same with so many spaces a level.
pub(super) fn yaml_by(fragment: &Fragment, step: usize) -> String {
    let mut out = String::new();
    match short(fragment) {
        Some(text) => out.push_str(&text),
        None => block(fragment, (0, step), &mut out),
    }
    out.trim_end().to_owned()
}

/// Lines of a list or mapping; the first one goes on where `out` ends.
fn block(fragment: &Fragment, (indent, step): (usize, usize), out: &mut String) {
    let pad = " ".repeat(indent);
    let mut first = true;
    let mut start = |out: &mut String| {
        if !std::mem::take(&mut first) {
            out.push_str(&pad);
        }
    };
    match fragment {
        Fragment::List(items) => {
            for item in items {
                start(out);
                out.push_str("- ");
                match short(item) {
                    Some(text) => _ = writeln!(out, "{text}"),
                    None => block(item, (indent + 2, step), out),
                }
            }
        }
        Fragment::Map(members) => {
            for (key, member) in members {
                start(out);
                let key = scalar(key);
                if let Some(lines) = folded(member) {
                    let _ = writeln!(out, "{key}: >-");
                    for line in lines {
                        let _ = writeln!(out, "{pad}  {line}");
                    }
                    continue;
                }
                match short(member) {
                    Some(text) => _ = writeln!(out, "{key}: {text}"),
                    None => {
                        let _ = write!(out, "{key}:\n{}", " ".repeat(indent + step));
                        block(member, (indent + step, step), out);
                    }
                }
            }
        }
        Fragment::Word(_) | Fragment::Text(_) => {}
    }
}

/// The lines of a long JSON text, which are one where they are read: it is broken between two mappings.
fn folded(fragment: &Fragment) -> Option<Vec<&str>> {
    let Fragment::Text(text) = fragment else {
        return None;
    };
    let is_json = text.starts_with('{') && text.ends_with('}');
    if !is_json || text.len() <= WIDTH || text.contains(char::is_control) {
        return None;
    }
    let (mut lines, mut start) = (Vec::new(), 0);
    let (mut quoted, mut escaped) = (false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '{' if !quoted && text[..at].ends_with(',') => {
                lines.push(&text[start..at]);
                start = at;
            }
            _ => {}
        }
    }
    lines.push(&text[start..]);
    Some(lines)
}

/// What is written on one line.
fn short(fragment: &Fragment) -> Option<String> {
    match fragment {
        Fragment::Word(word) => Some(word.clone()),
        Fragment::Text(text) => Some(scalar(text)),
        Fragment::List(items) => {
            let items: Option<Vec<_>> = items.iter().map(leaf).collect();
            let line = format!("[{}]", items?.join(", "));
            (line.len() <= WIDTH).then_some(line)
        }
        Fragment::Map(members) => match members.as_slice() {
            [] => Some("{}".to_owned()),
            [(name, Fragment::Text(text))] if name == "Ref" => {
                Some(format!("!Ref {}", scalar(text)))
            }
            [(name, Fragment::Text(text))] if name == "Fn::Sub" => {
                Some(format!("!Sub {}", quoted(text)))
            }
            [(name, Fragment::List(path))] if name == "Fn::GetAtt" => match path.as_slice() {
                [Fragment::Text(id), Fragment::Text(attribute)] => {
                    Some(format!("!GetAtt {id}.{attribute}"))
                }
                _ => None,
            },
            _ => None,
        },
    }
}

/// What may stand in a list on one line.
fn leaf(fragment: &Fragment) -> Option<String> {
    match fragment {
        Fragment::Word(word) => Some(word.clone()),
        Fragment::Text(text) => Some(scalar(text)),
        Fragment::List(_) | Fragment::Map(_) => None,
    }
}

/// A text in YAML: plain where every reader takes it for a text.
pub(super) fn scalar(text: &str) -> String {
    let plain =
        |character: char| character.is_ascii_alphanumeric() || "_.:/*@-".contains(character);
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/')
        && text.chars().all(plain)
        && !text.ends_with(':')
        && !words.contains(&text.to_ascii_lowercase().as_str());
    if is_plain {
        text.to_owned()
    } else if text.contains('"') && !text.contains(char::is_control) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        quoted(text)
    }
}

/// A text in double quotes, which JSON and YAML read alike.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            other if other.is_control() => _ = write!(out, "\\u{:04x}", u32::from(other)),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// As JSON; the members alone where they are typed into an object that is there.
pub(crate) fn json(fragment: &Fragment, members_only: bool) -> String {
    let mut out = String::new();
    match fragment {
        Fragment::Map(members) if members_only => {
            let mut lines = Vec::new();
            for (key, member) in members {
                let mut line = format!("{}: ", quoted(key));
                value(member, 0, &mut line);
                lines.push(line);
            }
            out = lines.join(",\n");
        }
        other => value(other, 0, &mut out),
    }
    out
}

/// As YAML on one line; the members alone where they are typed into a mapping that is there.
pub(super) fn flow(fragment: &Fragment, members_only: bool) -> String {
    match fragment {
        Fragment::Word(word) => word.clone(),
        Fragment::Text(text) => scalar(text),
        Fragment::List(items) => {
            let items: Vec<_> = items.iter().map(|item| flow(item, false)).collect();
            format!("[{}]", items.join(", "))
        }
        Fragment::Map(members) => {
            let member = |(key, member): &(String, Fragment)| {
                format!("{}: {}", scalar(key), flow(member, false))
            };
            let members: Vec<_> = members.iter().map(member).collect();
            match members_only {
                true => members.join(", "),
                false => format!("{{ {} }}", members.join(", ")),
            }
        }
    }
}

/// As JSON with a line for each part and this indentation a level; the members alone where they are typed into an
/// object that is there.
pub(super) fn indented(fragment: &Fragment, members_only: bool, step: &str) -> String {
    let deeper = |text: String| text.replace('\n', &format!("\n{step}"));
    let lined = |parts: Vec<String>, [open, close]: [&str; 2]| {
        format!(
            "{open}\n{step}{}\n{close}",
            parts.join(&format!(",\n{step}"))
        )
    };
    match fragment {
        Fragment::Word(word) => word.clone(),
        Fragment::Text(text) => quoted(text),
        Fragment::List(items) if items.is_empty() => "[]".to_owned(),
        Fragment::List(items) => {
            let items = items.iter().map(|item| deeper(indented(item, false, step)));
            lined(items.collect(), ["[", "]"])
        }
        Fragment::Map(members) if members.is_empty() => "{}".to_owned(),
        Fragment::Map(members) => {
            let member = |(key, member): &(String, Fragment)| {
                format!("{}: {}", quoted(key), indented(member, false, step))
            };
            let members = members.iter().map(member);
            match members_only {
                true => members.collect::<Vec<_>>().join(",\n"),
                false => lined(members.map(deeper).collect(), ["{", "}"]),
            }
        }
    }
}

/// As JSON on one line; the members alone where they are typed into an object that is there.
pub(crate) fn line(fragment: &Fragment, members_only: bool) -> String {
    match fragment {
        Fragment::Word(word) => word.clone(),
        Fragment::Text(text) => quoted(text),
        Fragment::List(items) => {
            let items: Vec<_> = items.iter().map(|item| line(item, false)).collect();
            format!("[{}]", items.join(", "))
        }
        Fragment::Map(members) => {
            let member = |(key, member): &(String, Fragment)| {
                format!("{}: {}", quoted(key), line(member, false))
            };
            let members: Vec<_> = members.iter().map(member).collect();
            match members_only {
                true => members.join(", "),
                false => format!("{{{}}}", members.join(", ")),
            }
        }
    }
}

fn value(fragment: &Fragment, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent + 2);
    match fragment {
        Fragment::Word(word) => out.push_str(word),
        Fragment::Text(text) => out.push_str(&quoted(text)),
        Fragment::List(items) => {
            let leaves: Option<Vec<_>> = items
                .iter()
                .map(|item| match item {
                    Fragment::Word(word) => Some(word.clone()),
                    Fragment::Text(text) => Some(quoted(text)),
                    _ => None,
                })
                .collect();
            let line = leaves.map(|leaves| format!("[{}]", leaves.join(", ")));
            if let Some(line) = line.filter(|line| line.len() <= WIDTH) {
                out.push_str(&line);
                return;
            }
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                let _ = write!(out, "{comma}\n{pad}");
                value(item, indent + 2, out);
            }
            let _ = write!(out, "\n{}]", " ".repeat(indent));
        }
        Fragment::Map(members) => {
            if let [(key, member @ (Fragment::Text(_) | Fragment::Word(_)))] = members.as_slice() {
                let _ = write!(out, "{{ {}: ", quoted(key));
                value(member, indent, out);
                out.push_str(" }");
                return;
            }
            out.push('{');
            for (index, (key, member)) in members.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                let _ = write!(out, "{comma}\n{pad}{}: ", quoted(key));
                value(member, indent + 2, out);
            }
            let _ = write!(out, "\n{}}}", " ".repeat(indent));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fragment, json, yaml};

    fn text(text: &str) -> Fragment {
        Fragment::Text(text.to_owned())
    }

    fn map(members: &[(&str, Fragment)]) -> Fragment {
        Fragment::Map(
            members
                .iter()
                .map(|(key, tree)| ((*key).to_owned(), tree.clone()))
                .collect(),
        )
    }

    #[test]
    fn yaml_has_short_tags_and_quotes_what_needs_them() {
        let tree = map(&[
            (
                "KmsKey",
                Fragment::function("Fn::GetAtt", Fragment::List(vec![text("Key"), text("Arn")])),
            ),
            (
                "Name",
                Fragment::function("Fn::Sub", text("team-${AWS::Region}")),
            ),
            ("Version", text("2012-10-17")),
            ("Filter", map(&[("Value", text("dev-*"))])),
            (
                "Actions",
                Fragment::List(vec![text("ecr:PutImage"), text("*")]),
            ),
            (
                "Items",
                Fragment::List(vec![map(&[
                    ("Key", text("yes")),
                    ("Value", text("{\"a\":1}")),
                ])]),
            ),
        ]);
        let expected = "\
KmsKey: !GetAtt Key.Arn
Name: !Sub \"team-${AWS::Region}\"
Version: \"2012-10-17\"
Filter:
  Value: dev-*
Actions: [ecr:PutImage, \"*\"]
Items:
  - Key: \"yes\"
    Value: '{\"a\":1}'";
        assert_eq!(yaml(&tree), expected);
    }

    #[test]
    fn json_has_long_functions_and_no_braces_around_members() {
        let tree = map(&[
            ("Name", Fragment::function("Ref", text("App"))),
            ("Flag", Fragment::Word("true".into())),
            (
                "Items",
                Fragment::List(vec![map(&[("Key", text("a")), ("Value", text("b"))])]),
            ),
        ]);
        let expected = "\
\"Name\": { \"Ref\": \"App\" },
\"Flag\": true,
\"Items\": [
  {
    \"Key\": \"a\",
    \"Value\": \"b\"
  }
]";
        assert_eq!(json(&tree, true), expected);
    }
}
