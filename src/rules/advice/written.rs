//! Small trees as YAML, with CloudFormation's short tags, and as JSON.
//! It does not know what they are for.

use std::fmt::Write as _;

/// Longer lists are written with an item a line.
const WIDTH: usize = 72;

/// What is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tree {
    /// A number, `true` or `false`.
    Word(String),
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// A function of CloudFormation, in its long form.
    pub(super) fn function(name: &str, argument: Tree) -> Self {
        Tree::Map(vec![(name.to_owned(), argument)])
    }
}

/// As YAML, without an end of line at the end.
pub(super) fn yaml(tree: &Tree) -> String {
    let mut out = String::new();
    match short(tree) {
        Some(text) => out.push_str(&text),
        None => block(tree, 0, &mut out),
    }
    out.trim_end().to_owned()
}

/// Lines of a list or mapping; the first one goes on where `out` ends.
fn block(tree: &Tree, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    let mut first = true;
    let mut start = |out: &mut String| {
        if !std::mem::take(&mut first) {
            out.push_str(&pad);
        }
    };
    match tree {
        Tree::List(items) => {
            for item in items {
                start(out);
                out.push_str("- ");
                match short(item) {
                    Some(text) => _ = writeln!(out, "{text}"),
                    None => block(item, indent + 2, out),
                }
            }
        }
        Tree::Map(members) => {
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
                        let _ = write!(out, "{key}:\n{pad}  ");
                        block(member, indent + 2, out);
                    }
                }
            }
        }
        Tree::Word(_) | Tree::Text(_) => {}
    }
}

/// The lines of a long JSON text, which are one where they are read: it is broken between two mappings.
fn folded(tree: &Tree) -> Option<Vec<&str>> {
    let Tree::Text(text) = tree else {
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
fn short(tree: &Tree) -> Option<String> {
    match tree {
        Tree::Word(word) => Some(word.clone()),
        Tree::Text(text) => Some(scalar(text)),
        Tree::List(items) => {
            let items: Option<Vec<_>> = items.iter().map(leaf).collect();
            let line = format!("[{}]", items?.join(", "));
            (line.len() <= WIDTH).then_some(line)
        }
        Tree::Map(members) => match members.as_slice() {
            [] => Some("{}".to_owned()),
            [(name, Tree::Text(text))] if name == "Ref" => Some(format!("!Ref {}", scalar(text))),
            [(name, Tree::Text(text))] if name == "Fn::Sub" => {
                Some(format!("!Sub {}", quoted(text)))
            }
            [(name, Tree::List(path))] if name == "Fn::GetAtt" => match path.as_slice() {
                [Tree::Text(id), Tree::Text(attribute)] => {
                    Some(format!("!GetAtt {id}.{attribute}"))
                }
                _ => None,
            },
            _ => None,
        },
    }
}

/// What may stand in a list on one line.
fn leaf(tree: &Tree) -> Option<String> {
    match tree {
        Tree::Word(word) => Some(word.clone()),
        Tree::Text(text) => Some(scalar(text)),
        Tree::List(_) | Tree::Map(_) => None,
    }
}

/// A text in YAML: plain where every reader takes it for a text.
fn scalar(text: &str) -> String {
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
fn quoted(text: &str) -> String {
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
pub(super) fn json(tree: &Tree, members_only: bool) -> String {
    let mut out = String::new();
    match tree {
        Tree::Map(members) if members_only => {
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

/// As JSON on one line; the members alone where they are typed into an object that is there.
pub(super) fn line(tree: &Tree, members_only: bool) -> String {
    match tree {
        Tree::Word(word) => word.clone(),
        Tree::Text(text) => quoted(text),
        Tree::List(items) => {
            let items: Vec<_> = items.iter().map(|item| line(item, false)).collect();
            format!("[{}]", items.join(", "))
        }
        Tree::Map(members) => {
            let member = |(key, member): &(String, Tree)| {
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

fn value(tree: &Tree, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent + 2);
    match tree {
        Tree::Word(word) => out.push_str(word),
        Tree::Text(text) => out.push_str(&quoted(text)),
        Tree::List(items) => {
            let leaves: Option<Vec<_>> = items
                .iter()
                .map(|item| match item {
                    Tree::Word(word) => Some(word.clone()),
                    Tree::Text(text) => Some(quoted(text)),
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
        Tree::Map(members) => {
            if let [(key, member @ (Tree::Text(_) | Tree::Word(_)))] = members.as_slice() {
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
    use super::{Tree, json, yaml};

    fn text(text: &str) -> Tree {
        Tree::Text(text.to_owned())
    }

    fn map(members: &[(&str, Tree)]) -> Tree {
        Tree::Map(
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
                Tree::function("Fn::GetAtt", Tree::List(vec![text("Key"), text("Arn")])),
            ),
            (
                "Name",
                Tree::function("Fn::Sub", text("team-${AWS::Region}")),
            ),
            ("Version", text("2012-10-17")),
            ("Filter", map(&[("Value", text("dev-*"))])),
            ("Actions", Tree::List(vec![text("ecr:PutImage"), text("*")])),
            (
                "Items",
                Tree::List(vec![map(&[
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
            ("Name", Tree::function("Ref", text("App"))),
            ("Flag", Tree::Word("true".into())),
            (
                "Items",
                Tree::List(vec![map(&[("Key", text("a")), ("Value", text("b"))])]),
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
