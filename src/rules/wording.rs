//! Fills placeholders with values, in words that fit into one line.
//! It does not know verdicts.

use super::format::{Origin, Piece, Placeholder, Root, Template};
use super::query::Roots;
use crate::model::{Data, Unknown, Value};
use crate::source::Span;

/// Longer values are cut: a message is one line.
const LONGEST: usize = 200;

/// `template` with its placeholders filled; `found` stands for `@`.
pub(super) fn fill(template: &Template, roots: &Roots<'_>, found: Option<Value<'_>>) -> String {
    let mut text = String::new();
    for piece in &template.pieces {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
            Piece::Place(place) => text.push_str(&words(place, roots, found)),
        }
    }
    text
}

/// Places of what somebody declared and the template speaks of, without repetition.
pub(super) fn declarations(template: &Template, roots: &Roots<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    for place in template.placeholders() {
        let declared = matches!(
            place.origin,
            Origin::World(Root::Declared | Root::Organisation)
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

fn resolve<'d>(
    place: &Placeholder,
    roots: &Roots<'d>,
    found: Option<Value<'d>>,
) -> Option<Value<'d>> {
    let start = match place.origin {
        Origin::Found => found,
        Origin::World(root) => roots.get(root),
    };
    place.members.iter().try_fold(start?, |value, name| {
        // A member of an unknown value is as unknown as the value.
        if value.as_unknown().is_some() {
            Some(value)
        } else {
            value.get(name)
        }
    })
}

fn words(place: &Placeholder, roots: &Roots<'_>, found: Option<Value<'_>>) -> String {
    let value = resolve(place, roots, found);
    let known = value.and_then(spell);
    let is_name = place.origin == Origin::World(Root::Repository) && place.members == ["name"];
    known
        .or_else(|| {
            // A repository without a name that is known goes by its logical id.
            let repository = roots.get(Root::Repository).filter(|_| is_name)?;
            let id = repository.get("logical_id").and_then(spell);
            id.or_else(|| repository.get("kind").and_then(spell))
        })
        .unwrap_or_else(|| match value.map(Value::data) {
            Some(Data::Unknown(_)) => "(not known)".into(),
            _ => "(none)".into(),
        })
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
