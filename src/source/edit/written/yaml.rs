//! A fragment as YAML, with the short tags of CloudFormation.
//! It does not know the text that it is put into.

use std::fmt::Write as _;

use super::{Fragment, WIDTH, quoted};

/// Spaces a level, where nothing else is asked for.
const STEP: usize = 2;

/// With lines of its own for what is nested, without an end of line at the end.
pub(crate) fn block(fragment: &Fragment) -> String {
    block_by(fragment, STEP)
}

/// The same with so many spaces a level.
pub(in crate::source::edit) fn block_by(fragment: &Fragment, step: usize) -> String {
    let mut out = String::new();
    match short(fragment) {
        Some(text) => out.push_str(&text),
        None => write_block(fragment, 0, step, &mut out),
    }
    out.trim_end().to_owned()
}

/// Lines of a list or mapping; the first one goes on where `out` ends.
fn write_block(fragment: &Fragment, indent: usize, step: usize, out: &mut String) {
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
                    None => write_block(item, indent + 2, step, out),
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
                        write_block(member, indent + step, step, out);
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

/// On one line.
pub(in crate::source::edit) fn flow(fragment: &Fragment) -> String {
    match fragment {
        Fragment::Word(word) => word.clone(),
        Fragment::Text(text) => scalar(text),
        Fragment::List(items) => {
            let items: Vec<_> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Fragment::Map(members) => {
            let members = members.iter().map(|(key, value)| flow_member(key, value));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

/// One member of a mapping on one line, without the braces around it.
pub(in crate::source::edit) fn flow_member(key: &str, value: &Fragment) -> String {
    format!("{}: {}", scalar(key), flow(value))
}

/// A text: plain where every reader takes it for a text.
pub(in crate::source::edit) fn scalar(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::{Fragment, block};

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
        assert_eq!(block(&tree), expected);
    }
}
