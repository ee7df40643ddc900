//! Reads the tags that every repository carries: their keys, and which values are allowed where.
//! It does not know the tags of any repository.

use super::files::pointer_text;
use super::follow::PointerTarget;
use super::keys;
use super::pointer::{ENVIRONMENT, Pointer};
use super::read::{ConfigReader, Cursor, Field};
use super::words::{quoted, suggestion};
use crate::model::{Declared, FullMatchPattern, RequiredTag};
use crate::source::{Kind, Problem};

/// One required tag; `names` are those of the environments.
pub(super) fn required<'t>(
    reader: &mut ConfigReader<'t>,
    field: &Field<'t>,
    names: &[&'t str],
) -> RequiredTag {
    let mut tag = RequiredTag {
        key: field.declared_key(),
        pattern: None,
        values: Vec::new(),
        by_environment: Vec::new(),
    };
    if field.value.node.kind() == Kind::Null {
        return tag;
    }
    let what = format!("required tag {}", quoted(field.key));
    let Some(fields) = reader.mapping(field.value, &what, &keys::REQUIRED_TAG) else {
        return tag;
    };
    if let Some(value) = fields.get("values") {
        tag.values = reader.texts(value, "`values`");
    }
    if let Some(value) = fields.get("pattern") {
        tag.pattern = pattern(reader, value);
    }
    if let Some(value) = fields.get("value") {
        if fields.get("values").is_some() {
            let problem = Problem::new(value.span(), format!("{what} has `value` and `values`"))
                .label("one of the two says everything")
                .help("keep `value` where there is one, `values` where several are allowed");
            reader.report(value, problem);
        }
        only_value(reader, value, names, &mut tag);
    }
    tag
}

/// The only value that is allowed: a text, or a text for each environment.
fn only_value<'t>(
    reader: &mut ConfigReader<'t>,
    at: Cursor<'t>,
    names: &[&'t str],
    tag: &mut RequiredTag,
) {
    if names_environment(at) {
        for_each(reader, at, names, tag);
        return;
    }
    let PointerTarget::Value(value) = reader.find(at) else {
        return;
    };
    if value.node.kind() != Kind::Object {
        tag.values.extend(reader.text(value, "`value`"));
        return;
    }
    for field in reader.entries(value, "`value`") {
        if !names.contains(&field.key) {
            let title = format!("`value` names {}, no environment", quoted(field.key));
            let problem = Problem::new(field.key_span, title)
                .label("not under `organisation.environments`")
                .help(match names {
                    [] => "list the environments under `organisation.environments`".to_owned(),
                    names => suggestion(field.key, names),
                });
            reader.report(field.value, problem);
            continue;
        }
        add(reader, field.value, field.key, tag);
    }
}

/// Whether a text, or the pointer to it, says something else in each environment.
fn names_environment(at: Cursor<'_>) -> bool {
    // What is behind a pointer is data.
    let pointer = pointer_text(at.node)
        .filter(|_| at.via.is_none())
        .and_then(|text| Pointer::parse(text.as_str().unwrap_or_default()).ok());
    pointer.is_some_and(|pointer| pointer.names_environment())
        || at
            .node
            .as_str()
            .is_some_and(|text| text.contains(ENVIRONMENT))
}

/// The same text for each environment, `{environment}` in it being the name of the environment.
fn for_each<'t>(
    reader: &mut ConfigReader<'t>,
    at: Cursor<'t>,
    names: &[&'t str],
    tag: &mut RequiredTag,
) {
    if names.is_empty() {
        let title = format!("`{ENVIRONMENT}` stands for no environment");
        let problem = Problem::new(at.span(), title)
            .label("no environment is configured")
            .help("list the environments under `organisation.environments`");
        reader.report(at, problem);
    }
    for name in names {
        add(reader, at.of_environment(name), name, tag);
    }
}

/// The value in one environment.
fn add<'t>(reader: &mut ConfigReader<'t>, at: Cursor<'t>, name: &str, tag: &mut RequiredTag) {
    let Some(text) = reader.text(at, &format!("`value` in environment {}", quoted(name))) else {
        return;
    };
    let text = Declared {
        value: text.value.replace(ENVIRONMENT, name),
        span: text.span,
    };
    tag.by_environment.push((name.to_owned(), text));
}

/// A regular expression, compiled.
fn pattern<'t>(
    reader: &mut ConfigReader<'t>,
    at: Cursor<'t>,
) -> Option<Declared<FullMatchPattern>> {
    let text = reader.text(at, "`pattern`")?;
    match FullMatchPattern::new(&text.value) {
        Ok(value) => Some(Declared {
            value,
            span: text.span,
        }),
        Err(error) => {
            let problem = Problem::new(text.span, "`pattern` is not a regular expression")
                .label(error)
                .help("write a regular expression, such as `^[0-9]{4}$`");
            reader.report(at, problem);
            None
        }
    }
}
