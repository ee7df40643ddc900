//! Fills placeholders with values, in words that fit into one line.
//! It does not know verdicts.

use super::format::{MessageTemplate, Placeholder, PlaceholderRoot, Root, TemplatePiece};
use super::query::Roots;
use crate::model::facts::FactName;
use crate::model::{Data, Unknown, Value};
use crate::source::Span;

/// Longer values are cut: a message is one line.
const LONGEST: usize = 200;

/// `template` with its placeholders filled; `found` stands for `@`.
pub(super) fn fill(
    template: &MessageTemplate,
    roots: &Roots<'_>,
    found: Option<Value<'_>>,
) -> String {
    let mut text = String::new();
    let mut is_name = false;
    for piece in &template.pieces {
        match piece {
            TemplatePiece::Text(piece) => {
                is_name ^= piece.matches('`').count() % 2 == 1;
                text.push_str(piece);
            }
            // What stands between backticks ends at the next one.
            TemplatePiece::Place(place) if is_name => {
                text.push_str(&words(place, roots, found).replace('`', "'"));
            }
            TemplatePiece::Place(place) => text.push_str(&words(place, roots, found)),
        }
    }
    text
}

/// Code with its placeholders filled. A line with a placeholder that stands for nothing is left out; what is there and
/// not known stays for the reader to fill in.
pub(super) fn fill_code(
    template: &MessageTemplate,
    roots: &Roots<'_>,
    found: Option<Value<'_>>,
) -> Option<String> {
    let mut lines = vec![Some(String::new())];
    for piece in &template.pieces {
        let filled = match piece {
            TemplatePiece::Text(text) => Some(text.clone()),
            TemplatePiece::Place(place) => code_words(place, roots, found),
        };
        let Some(filled) = filled else {
            lines.pop();
            lines.push(None);
            continue;
        };
        let mut rest = filled.split('\n');
        let first = rest.next().unwrap_or_default();
        if let Some(Some(line)) = lines.last_mut() {
            line.push_str(first);
        }
        lines.extend(rest.map(|line| Some(line.to_owned())));
    }
    let lines: Vec<_> = lines.into_iter().flatten().collect();
    let text = lines.join("\n");
    (!text.trim().is_empty()).then_some(text)
}

/// A text of code as documentation shows it: a placeholder is the name of what stands there. A line that takes away
/// nothing else is left out, since it is not there in every case.
pub(super) fn sketch(template: &MessageTemplate) -> String {
    let mut text = String::new();
    for piece in &template.pieces {
        match piece {
            TemplatePiece::Text(piece) => text.push_str(piece),
            TemplatePiece::Place(place) => text.push_str(&hole(place)),
        }
    }
    let is_optional = |line: &&str| {
        let line = line.trim_start_matches(['#', '/', ' ']);
        line.starts_with("without `<") && line.ends_with(">`")
    };
    let lines: Vec<&str> = text.lines().filter(|line| !is_optional(line)).collect();
    lines.join("\n")
}

/// What a reader fills in, such as `<repository name>`.
pub(super) fn hole(place: &Placeholder) -> String {
    let name = place.members.last().map_or("value", String::as_str);
    let name = name.replace('_', " ");
    match (place.origin, name.as_str()) {
        (PlaceholderRoot::World(Root::Repository), name) if name == FactName::Name.name() => {
            "<repository name>".to_owned()
        }
        _ => format!("<{name}>"),
    }
}

/// The words of a placeholder in code; `None` when it stands for nothing.
fn code_words(place: &Placeholder, roots: &Roots<'_>, found: Option<Value<'_>>) -> Option<String> {
    let value = resolve(place, roots, found)?;
    match value.data() {
        Data::Absent => name_of(place, roots),
        Data::Unknown(_) => spell(value).or_else(|| Some(hole(place))),
        Data::String(text) => Some(text.to_owned()),
        // Both languages write the items of a list alike.
        Data::Array => {
            let items: Option<Vec<_>> = value.items().map(Value::as_str).collect();
            items.map(|items| format!("\"{}\"", items.join("\", \"")))
        }
        _ => spell(value),
    }
}

/// Places of what somebody declared and the template speaks of, without repetition.
pub(super) fn declarations(template: &MessageTemplate, roots: &Roots<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    for place in template.placeholders() {
        let declared = matches!(
            place.origin,
            PlaceholderRoot::World(Root::Declared | Root::Organisation)
        );
        let value = resolve(place, roots, None).filter(|value| declared && !value.is_absent());
        if let Some(span) = value.map(Value::span)
            && !spans.contains(&span)
        {
            spans.push(span);
        }
    }
    spans
}

pub(super) fn resolve<'d>(
    place: &Placeholder,
    roots: &Roots<'d>,
    found: Option<Value<'d>>,
) -> Option<Value<'d>> {
    let start = match place.origin {
        PlaceholderRoot::Found => found,
        PlaceholderRoot::World(root) => roots.get(root),
    };
    place.members.iter().try_fold(start?, |value, name| {
        // A member of an unknown value is as unknown as the value.
        if value.as_unknown().is_some() {
            Some(value)
        } else {
            value.by_key(name)
        }
    })
}

fn words(place: &Placeholder, roots: &Roots<'_>, found: Option<Value<'_>>) -> String {
    let value = resolve(place, roots, found);
    let known = value.and_then(spell);
    known
        .or_else(|| name_of(place, roots))
        .unwrap_or_else(|| match value.map(Value::data) {
            Some(Data::Unknown(_)) => "(not known)".into(),
            _ => "(none)".into(),
        })
}

/// A repository without a name that is known goes by its logical id.
fn name_of(place: &Placeholder, roots: &Roots<'_>) -> Option<String> {
    let is_name = place.origin == PlaceholderRoot::World(Root::Repository)
        && place.members == [FactName::Name.name()];
    let repository = roots.get(Root::Repository).filter(|_| is_name)?;
    let id = repository.get(FactName::LogicalId).and_then(spell);
    id.or_else(|| repository.get(FactName::Kind).and_then(spell))
}

/// A value as people write it; `None` when there is nothing to write.
fn spell(value: Value<'_>) -> Option<String> {
    let text = match value.data() {
        Data::Absent => return None,
        Data::Unknown(unknown) => spell_unknown(unknown)?,
        Data::Null => "null".to_owned(),
        Data::Bool(flag) => flag.to_string(),
        Data::Number(text) | Data::String(text) => text.to_owned(),
        Data::Array => {
            let items: Vec<_> = value.items().filter_map(spell).collect();
            items.join(", ")
        }
        Data::Object => {
            let members: Vec<_> = value
                .members()
                .filter_map(|(key, member)| Some(format!("{key}: {}", spell(member)?)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
    };
    Some(one_line(&text))
}

fn spell_unknown(unknown: &Unknown) -> Option<String> {
    if let Some(shape) = &unknown.shape {
        return Some(shape.to_string());
    }
    let reference = unknown.reference.as_ref()?;
    Some(match reference.attribute.as_str() {
        "Ref" => format!("${{{}}}", reference.logical_id),
        attribute => format!("${{{}.{attribute}}}", reference.logical_id),
    })
}

fn one_line(text: &str) -> String {
    let mut line: String = text
        .chars()
        .take(LONGEST)
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        line.push('…');
    }
    line
}
