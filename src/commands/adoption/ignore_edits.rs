//! Puts ignores into texts: as comments into templates, as entries into a configuration. Nothing else of the text
//! changes, in its characters or in its meaning; where that cannot be had, there is no edit.
//! It does not know what is ignored or why.

use serde::Serialize;

use crate::source::edit::{end_of_line, is_same, line_end, line_start, read};
use crate::source::{Kind, Node, Span, Syntax};

/// The key of a configuration with its ignores.
const IGNORES: &str = "ignores";

/// An ignore of a configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct IgnoreEntry {
    pub(super) subject: String,
    pub(super) rule: String,
    pub(super) reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<String>,
    pub(super) expires: String,
}

/// The key of the resource of a YAML template that holds a place, where a comment can stand above it.
pub(super) fn resource(text: &str, place: Span) -> Option<Span> {
    if Syntax::of_text(text) == Syntax::Json {
        return None;
    }
    let tree = read(text, Syntax::Yaml)?;
    let resources = tree.root(text)?.get("Resources")?;
    let mut own = resources.members();
    let own = own.find(|member| {
        let (start, end) = (member.key_span.start, member.value.span().end);
        start <= place.start && place.start < end
    })?;
    let start = own.key_span.start as usize;
    let indent = &text[line_start(text, start)..start];
    let is_block = !indent.is_empty() && indent.bytes().all(|byte| byte == b' ');
    is_block.then_some(Span {
        source: place.source,
        ..own.key_span
    })
}

/// The text with a line above each of the places.
pub(super) fn with_comments(text: &str, lines: Vec<(Span, String)>) -> Option<String> {
    let end = line_end(text);
    let mut edited = String::with_capacity(text.len());
    let mut copied = 0;
    for (place, line) in lines {
        let start = line_start(text, place.start as usize);
        edited.push_str(text.get(copied..start)?);
        edited.push_str(&text[start..place.start as usize]);
        edited.push_str(&line);
        edited.push_str(end);
        copied = start;
    }
    edited.push_str(&text[copied..]);
    let (old, new) = (read(text, Syntax::Yaml)?, read(&edited, Syntax::Yaml)?);
    let same = is_same(old.root(text)?, new.root(&edited)?, None);
    same.then_some(edited)
}

/// The text of a configuration with more ignores behind those that it has.
pub(super) fn with_ignores(text: &str, entries: &[IgnoreEntry], syntax: Syntax) -> Option<String> {
    let old = read(text, syntax)?;
    let root = old.root(text).filter(|root| root.kind() != Kind::Null);
    let (at, added) = match root {
        None => (text.len(), top(text, entries)),
        Some(root) => insertion(text, root, entries)?,
    };
    let edited = format!("{}{added}{}", text.get(..at)?, text.get(at..)?);
    let new = read(&edited, syntax)?;
    let new = new.root(&edited)?;
    let count = |root: Node<'_>| root.get(IGNORES).map_or(0, |list| list.items().len());
    let kept = root.map_or(Some(0), |root| {
        is_same(root, new, Some(IGNORES)).then(|| count(root))
    })?;
    (count(new) == kept + entries.len()).then_some(edited)
}

/// Where ignores belong, and as what.
fn insertion(text: &str, root: Node<'_>, entries: &[IgnoreEntry]) -> Option<(usize, String)> {
    if root.kind() != Kind::Object {
        return None;
    }
    let flow: Vec<String> = entries.iter().map(flow).collect::<Option<_>>()?;
    let is_flow = |node: Node<'_>| node.span().slice(text).starts_with(['{', '[']);
    let comma = |is_empty: bool| if is_empty { "" } else { ", " };
    let Some(member) = root.members().find(|member| member.key == IGNORES) else {
        return Some(match is_flow(root) {
            true => {
                let at = (root.span().end as usize).checked_sub(1)?;
                let at = text[..at].trim_end().len();
                let list = format!("\"{IGNORES}\": [{}]", flow.join(", "));
                (at, format!("{}{list}", comma(root.members().len() == 0)))
            }
            false => (text.len(), top(text, entries)),
        });
    };
    let list = member.value;
    match list.kind() {
        Kind::Null if !is_flow(root) && list.span().is_empty() => {
            let at = end_of_line(text, member.key_span.end as usize);
            Some((
                at,
                format!(
                    "{}{}",
                    line_end(text),
                    block(text, entries, "  ").trim_end()
                ),
            ))
        }
        Kind::Array if is_flow(list) => {
            let at = (list.span().end as usize).checked_sub(1)?;
            let at = text[..at].trim_end().len();
            Some((
                at,
                format!("{}{}", comma(list.items().len() == 0), flow.join(", ")),
            ))
        }
        Kind::Array => {
            let first = list.items().next()?.span().start as usize;
            let line = &text[line_start(text, first)..first];
            let indent = &line[..line.find('-')?];
            let last = list.items().last()?.span();
            let end = text.get(..last.end as usize)?.trim_end().len();
            let at = end_of_line(text, end);
            Some((
                at,
                format!(
                    "{}{}",
                    line_end(text),
                    block(text, entries, indent).trim_end()
                ),
            ))
        }
        _ => None,
    }
}

/// The key with the entries, for the end of a text.
fn top(text: &str, entries: &[IgnoreEntry]) -> String {
    let (end, before) = (line_end(text), text.trim_end().len());
    let gap = match (before, text.ends_with('\n')) {
        (0, _) => "",
        (_, true) => end,
        (_, false) => &format!("{end}{end}"),
    };
    format!("{gap}{IGNORES}:{end}{}", block(text, entries, "  "))
}

/// Entries of a list over several lines.
fn block(text: &str, entries: &[IgnoreEntry], indent: &str) -> String {
    let end = line_end(text);
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut lines = String::new();
    for entry in entries {
        let mut add = |mark: &str, key: &str, value: &str| {
            lines.push_str(&format!("{indent}{mark} {key}: {value}{end}"));
        };
        add("-", "rule", &entry.rule);
        add(" ", "subject", &quoted(&entry.subject));
        add(" ", "reason", &quoted(&entry.reason));
        if let Some(owner) = &entry.owner {
            add(" ", "owner", &quoted(owner));
        }
        add(" ", "expires", &entry.expires);
    }
    lines
}

/// An entry in one line, as both JSON and YAML read it.
fn flow(entry: &IgnoreEntry) -> Option<String> {
    serde_json::to_string(entry).ok()
}

#[cfg(test)]
mod tests {
    use super::{IgnoreEntry, resource, with_comments, with_ignores};
    use crate::source::{SourceId, Span, Syntax};

    fn entry(rule: &str) -> IgnoreEntry {
        IgnoreEntry {
            rule: rule.to_owned(),
            subject: "App/*".to_owned(),
            reason: "it's \"old\"".to_owned(),
            owner: None,
            expires: "2027-06-30".to_owned(),
        }
    }

    const BLOCK: &str = "- rule: b\n    subject: \"App/*\"\n    reason: \"it's \\\"old\\\"\"\n    expires: 2027-06-30\n";
    const FLOW: &str =
        r#"{"subject":"App/*","rule":"b","reason":"it's \"old\"","expires":"2027-06-30"}"#;

    #[test]
    fn a_configuration_gets_an_entry_and_changes_in_nothing_else() {
        let block = format!("ignores:\n  {BLOCK}");
        for (text, expected) in [
            ("", block.clone()),
            ("# nothing\n", format!("# nothing\n\n{block}")),
            ("sets: [x]", format!("sets: [x]\n\n{block}")),
            ("sets: [x]\n", format!("sets: [x]\n\n{block}")),
            ("ignores:\nsets: [x]\n", format!("{block}sets: [x]\n")),
            (
                "ignores: # why\nsets: [x]\n",
                format!("ignores: # why\n  {BLOCK}sets: [x]\n"),
            ),
            (
                "ignores:\n  - rule: a\n    reason: x # y\n\n# z\nsets: [x]\n",
                format!("ignores:\n  - rule: a\n    reason: x # y\n  {BLOCK}\n# z\nsets: [x]\n"),
            ),
            (
                "ignores:\n- { rule: a, reason: x }",
                format!(
                    "ignores:\n- {{ rule: a, reason: x }}\n{}",
                    BLOCK.replace("\n  ", "\n").trim_end()
                ),
            ),
            ("ignores: []\n", format!("ignores: [{FLOW}]\n")),
            (
                "ignores: [{ rule: a } ]\n",
                format!("ignores: [{{ rule: a }}, {FLOW} ]\n"),
            ),
            (
                "{sets: [x]}",
                format!("{{sets: [x], \"ignores\": [{FLOW}]}}"),
            ),
        ] {
            assert_eq!(
                with_ignores(text, &[entry("b")], Syntax::Yaml).as_deref(),
                Some(expected.as_str()),
                "{text}"
            );
        }
        let json = "{\n  \"sets\": [\"x\"]\n}\n";
        let expected = format!("{{\n  \"sets\": [\"x\"], \"ignores\": [{FLOW}]\n}}\n");
        assert_eq!(
            with_ignores(json, &[entry("b")], Syntax::Json),
            Some(expected)
        );
        let windows = with_ignores("sets: [x]\r\n", &[entry("b")], Syntax::Yaml).expect("an edit");
        assert!(
            windows
                .split('\n')
                .all(|line| line.is_empty() || line.ends_with('\r'))
        );
    }

    #[test]
    fn what_cannot_be_edited_is_left_alone() {
        for text in [
            "ignores: { from: 'x.yaml' }\n",
            "- a\n",
            "ignores: text\n",
            "a: [\n",
            "sets: |\n  x\n...\n",
            "ignores: ~\n",
        ] {
            assert_eq!(
                with_ignores(text, &[entry("b")], Syntax::Yaml),
                None,
                "{text}"
            );
        }
    }

    #[test]
    fn a_comment_stands_above_its_resource() {
        let text = "Resources:\n  A:\n    Type: X\n    P: |\n      x\n\n  B: { Type: Y }\n";
        let place = |word: &str| {
            let start = text.find(word).expect("it is there");
            Span::new(SourceId(0), start, start + word.len())
        };
        let (a, b) = (resource(text, place("P:")), resource(text, place("Y")));
        let lines = vec![
            (a.expect("a resource"), "# 1".to_owned()),
            (b.expect("one"), "# 2".to_owned()),
        ];
        let expected =
            "Resources:\n  # 1\n  A:\n    Type: X\n    P: |\n      x\n\n  # 2\n  B: { Type: Y }\n";
        assert_eq!(with_comments(text, lines).as_deref(), Some(expected));
        assert_eq!(resource(text, Span::new(SourceId(0), 0, 4)), None);
        let flow = "Resources: { A: { Type: X } }\n";
        assert_eq!(resource(flow, Span::new(SourceId(0), 20, 24)), None);
        let json = "{\"Resources\":\n  {\n  \"A\": {\"Type\": \"X\"}}}";
        assert_eq!(resource(json, Span::new(SourceId(0), 28, 30)), None);
    }
}
