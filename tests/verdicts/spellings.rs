//! Templates that say the same get the same verdicts, however they are spelled: indented or not, with keys in
//! another order, in JSON or YAML, with escapes, in another encoding, beside resources of others.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::program::{ecrlint, files, root};

/// Folders whose templates are spelled in other ways.
const FOLDERS: [&str; 4] = [
    "fixtures/cloudformation",
    "fixtures/verdicts",
    "fixtures/cdk-shapes/out/python-2.275.0-traces",
    "fixtures/cdk-shapes/out/typescript-2.276.0-default",
];

/// A way to spell a template: its name, the ending of the file, and the bytes.
type Spelling = (&'static str, &'static str, fn(&Value) -> Vec<u8>);

const SPELLINGS: [Spelling; 11] = [
    ("indented", "json", |template| pretty(template).into_bytes()),
    ("in one line", "json", |template| {
        template.to_string().into_bytes()
    }),
    ("keys in reverse", "json", |template| {
        json_text(template, REVERSED).into_bytes()
    }),
    ("escaped letters", "json", |template| {
        json_text(template, ESCAPED).into_bytes()
    }),
    ("JSON in a YAML file", "yaml", |template| {
        pretty(template).into_bytes()
    }),
    ("block YAML", "yaml", |template| yaml(template).into_bytes()),
    ("block YAML with CRLF", "yml", |template| {
        yaml(template).replace('\n', "\r\n").into_bytes()
    }),
    ("with a byte order mark", "json", |template| {
        format!("\u{feff}{template}").into_bytes()
    }),
    ("UTF-16, little end first", "json", |template| {
        utf16(template, u16::to_le_bytes)
    }),
    ("UTF-16, big end first", "json", |template| {
        utf16(template, u16::to_be_bytes)
    }),
    ("beside resources of others", "json", |template| {
        beside(template).to_string().into_bytes()
    }),
];

fn pretty(template: &Value) -> String {
    serde_json::to_string_pretty(template).unwrap_or_default()
}

#[derive(Clone, Copy)]
struct Style {
    reversed: bool,
    escaped: bool,
}

const REVERSED: Style = Style {
    reversed: true,
    escaped: false,
};
const ESCAPED: Style = Style {
    reversed: false,
    escaped: true,
};

fn json_text(value: &Value, style: Style) -> String {
    match value {
        Value::String(text) if style.escaped => escaped(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| json_text(item, style)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                let key = if style.escaped {
                    escaped(key)
                } else {
                    json!(key).to_string()
                };
                format!("{key}: {}", json_text(value, style))
            };
            let mut members: Vec<_> = members.iter().map(member).collect();
            if style.reversed {
                members.reverse();
            }
            format!("{{{}}}", members.join(",\n"))
        }
        value => value.to_string(),
    }
}

/// A text of JSON with every unit of UTF-16 as an escape.
fn escaped(text: &str) -> String {
    let mut written = String::from("\"");
    for unit in text.encode_utf16() {
        let _ = write!(written, "\\u{unit:04X}");
    }
    written.push('"');
    written
}

/// Block mappings and sequences; texts between double quotes, which JSON and YAML escape alike.
fn yaml(value: &Value) -> String {
    let mut text = String::new();
    block(value, 0, &mut text);
    text
}

fn block(value: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let mut entry = |start: String, value: &Value| {
        let nests = match value {
            Value::Object(members) => !members.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => false,
        };
        if nests {
            let _ = writeln!(text, "{indent}{start}");
            block(value, depth + 1, text);
        } else {
            let _ = writeln!(text, "{indent}{start} {value}");
        }
    };
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                entry(format!("{}:", json!(key)), value);
            }
        }
        Value::Array(items) => {
            for item in items {
                entry("-".to_owned(), item);
            }
        }
        value => {
            let _ = writeln!(text, "{value}");
        }
    }
}

fn utf16(template: &Value, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let text = format!("\u{feff}{template}");
    text.encode_utf16().flat_map(bytes).collect()
}

fn beside(template: &Value) -> Value {
    let mut template = template.clone();
    if let Some(Value::Object(resources)) = template.get_mut("Resources") {
        let topic = json!({ "Type": "AWS::SNS::Topic", "Properties": { "TopicName": "builds" } });
        resources.insert("ATopicOfOthers".to_owned(), topic);
        let bucket = json!({ "Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain" });
        resources.insert("ZBucketOfOthers".to_owned(), bucket);
    }
    template
}

/// What is said of each subject, without places and texts, which may show how something is spelled.
fn verdicts(name: &str, content: &[u8]) -> BTreeSet<String> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join(name), content).expect("a file can be written");
    let (_, report) = ecrlint(["check", name, "--output", "json"])
        .within(folder.path())
        .json();
    let diagnostics = report["diagnostics"].as_array().into_iter().flatten();
    let said = diagnostics.map(|one| {
        let subject = &one["subject"]["logical_id"];
        format!(
            "{subject} {} {} when {}",
            one["rule"], one["verdict"], one["when"]
        )
    });
    said.chain([report["outcome"].to_string()]).collect()
}

fn templates() -> Vec<(PathBuf, Value)> {
    let folders = FOLDERS
        .iter()
        .flat_map(|folder| files(&root().join(folder)));
    let templates = folders.filter_map(|path| {
        let text = fs::read_to_string(&path).ok()?;
        let template: Value = serde_json::from_str(&text).ok()?;
        template.get("Resources")?;
        Some((path, template))
    });
    templates.collect()
}

#[test]
fn no_spelling_of_a_template_changes_a_verdict() {
    let templates = templates();
    assert!(templates.len() > 20, "{} templates", templates.len());
    let mut wrong = Vec::new();
    let mut told = 0;
    for (path, template) in &templates {
        let expected = verdicts("given.json", template.to_string().as_bytes());
        told += expected.len() - 1;
        for (name, ending, spell) in SPELLINGS {
            let found = verdicts(&format!("given.{ending}"), &spell(template));
            if found != expected {
                let path = path.display();
                wrong.push(format!("{path}: {name}:\n  {expected:?}\n  {found:?}"));
            }
        }
    }
    assert!(told > 100, "{told} findings");
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
