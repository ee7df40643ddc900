//! Templates in YAML: block style, short tags, literal texts, a comment here and there.

use std::fmt::Write as _;

use serde_json::Value;

/// The text of a template.
pub(super) fn written(template: &Value) -> String {
    let mut out = String::from("# Written by hand, and looked after.\n");
    block(&mut out, template, 0);
    out
}

/// A value in lines of its own.
fn block(out: &mut String, value: &Value, indent: usize) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if key == "Properties" && indent == 4 {
                    let _ = writeln!(out, "{pad}# what it is made of");
                }
                let _ = write!(out, "{pad}{}:", scalar(key));
                after(out, value, indent + 2);
            }
        }
        Value::Array(items) => {
            for item in items {
                let start = out.len();
                match item {
                    // The first member of a mapping stands behind the dash.
                    Value::Object(_) if tagged(item).is_none() => {
                        block(out, item, indent + 2);
                        out.replace_range(start + indent..=start + indent, "-");
                    }
                    _ => {
                        let _ = write!(out, "{pad}-");
                        after(out, item, indent + 2);
                    }
                }
            }
        }
        _ => unreachable!("a template and its sections are mappings"),
    }
}

/// What stands behind a key or the dash of an item.
fn after(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(members) => {
            if let Some((tag, argument)) = tagged(value) {
                let _ = write!(out, " {tag}");
                return after(out, argument, indent);
            }
            out.push_str(if members.is_empty() { " {}\n" } else { "\n" });
            block(out, value, indent);
        }
        Value::Array(items) => {
            out.push_str(if items.is_empty() { " []\n" } else { "\n" });
            block(out, value, indent);
        }
        Value::String(text) if text.contains('\n') => {
            // The text may begin with spaces, so that its indentation has to be said.
            out.push_str(" |2-\n");
            for line in text.lines() {
                let _ = writeln!(out, "{}{line}", " ".repeat(indent));
            }
        }
        Value::String(text) => {
            let _ = writeln!(out, " {}", scalar(text));
        }
        _ => {
            let _ = writeln!(out, " {value}");
        }
    }
}

/// The short form of a function.
fn tagged(value: &Value) -> Option<(String, &Value)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let (key, argument) = members.iter().next()?;
    let name = match key.as_str() {
        "Ref" => "Ref",
        long => long.strip_prefix("Fn::")?,
    };
    Some((format!("!{name}"), argument))
}

/// A text as it is where nothing in it means something to YAML, else in single quotes.
fn scalar(text: &str) -> String {
    let plain = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "/-_.".contains(c));
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
    match plain
        && starts
        && !matches!(
            text,
            "true" | "false" | "null" | "yes" | "no" | "on" | "off"
        ) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "''")),
    }
}
