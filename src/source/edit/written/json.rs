//! A fragment as JSON, with the functions of CloudFormation in their long form.
//! It does not know the text that it is put into.

use std::fmt::Write as _;

use super::{Fragment, WIDTH, quoted};

/// With lines of its own for what is nested.
pub(crate) fn block(fragment: &Fragment) -> String {
    let mut out = String::new();
    write_block(fragment, 0, &mut out);
    out
}

/// Members as they stand in an object that is there, without the braces around them.
pub(crate) fn block_members(members: &[(String, Fragment)]) -> String {
    let members = members.iter().map(|(key, value)| {
        let mut line = format!("{}: ", quoted(key));
        write_block(value, 0, &mut line);
        line
    });
    members.collect::<Vec<_>>().join(",\n")
}

/// With a line for each part and this indentation a level.
pub(in crate::source::edit) fn indented(fragment: &Fragment, step: &str) -> String {
    let lined = |parts: Vec<String>, [open, close]: [&str; 2]| {
        let parts = parts
            .iter()
            .map(|part| part.replace('\n', &format!("\n{step}")));
        let parts = parts.collect::<Vec<_>>().join(&format!(",\n{step}"));
        format!("{open}\n{step}{parts}\n{close}")
    };
    match fragment {
        Fragment::Word(word) => word.clone(),
        Fragment::Text(text) => quoted(text),
        Fragment::List(items) if items.is_empty() => "[]".to_owned(),
        Fragment::List(items) => {
            let items = items.iter().map(|item| indented(item, step));
            lined(items.collect(), ["[", "]"])
        }
        Fragment::Map(members) if members.is_empty() => "{}".to_owned(),
        Fragment::Map(members) => {
            let members = members.iter();
            let members = members.map(|(key, value)| indented_member(key, value, step));
            lined(members.collect(), ["{", "}"])
        }
    }
}

/// One member of an object in the same way, without the braces around it.
pub(in crate::source::edit) fn indented_member(key: &str, value: &Fragment, step: &str) -> String {
    format!("{}: {}", quoted(key), indented(value, step))
}

/// On one line.
pub(crate) fn line(fragment: &Fragment) -> String {
    match fragment {
        Fragment::Word(word) => word.clone(),
        Fragment::Text(text) => quoted(text),
        Fragment::List(items) => {
            let items: Vec<_> = items.iter().map(line).collect();
            format!("[{}]", items.join(", "))
        }
        Fragment::Map(members) => format!("{{{}}}", line_members(members)),
    }
}

/// Members as they stand in an object that is there, on one line, without the braces around them.
pub(crate) fn line_members(members: &[(String, Fragment)]) -> String {
    let members = members.iter().map(|(key, value)| line_member(key, value));
    members.collect::<Vec<_>>().join(", ")
}

/// One member of an object on one line, without the braces around it.
pub(in crate::source::edit) fn line_member(key: &str, value: &Fragment) -> String {
    format!("{}: {}", quoted(key), line(value))
}

fn write_block(fragment: &Fragment, indent: usize, out: &mut String) {
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
                write_block(item, indent + 2, out);
            }
            let _ = write!(out, "\n{}]", " ".repeat(indent));
        }
        Fragment::Map(members) => {
            if let [(key, member @ (Fragment::Text(_) | Fragment::Word(_)))] = members.as_slice() {
                let _ = write!(out, "{{ {}: ", quoted(key));
                write_block(member, indent, out);
                out.push_str(" }");
                return;
            }
            out.push('{');
            for (index, (key, member)) in members.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                let _ = write!(out, "{comma}\n{pad}{}: ", quoted(key));
                write_block(member, indent + 2, out);
            }
            let _ = write!(out, "\n{}}}", " ".repeat(indent));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fragment, block_members};

    #[test]
    fn json_has_long_functions_and_no_braces_around_members() {
        let text = |text: &str| Fragment::Text(text.to_owned());
        let item = [("Key", "a"), ("Value", "b")];
        let item = item.map(|(key, value)| (key.to_owned(), text(value)));
        let members = [
            ("Name".to_owned(), Fragment::function("Ref", text("App"))),
            ("Flag".to_owned(), Fragment::Word("true".into())),
            (
                "Items".to_owned(),
                Fragment::List(vec![Fragment::Map(item.to_vec())]),
            ),
        ];
        let expected = "\
\"Name\": { \"Ref\": \"App\" },
\"Flag\": true,
\"Items\": [
  {
    \"Key\": \"a\",
    \"Value\": \"b\"
  }
]";
        assert_eq!(block_members(&members), expected);
    }
}
