//! The JSON Schema of the document that rules ask about, from the rows of its facts.
//! It does not know how facts are computed.

use serde_json::{Map, Value as Json, json};

use crate::model::facts::{FACTS, MemberRow, ROOTS, SHARED, ValueShape};

/// A member of a mapping: its name, what it means, and what it looks like.
type SchemaMember = (&'static str, &'static str, ValueShape);

/// The schema as it is published, `schemas/repository.json`.
#[must_use]
pub fn schema() -> String {
    let facts = FACTS.iter().map(|row| (row.name, row.about, row.shape));
    let repository = mapping(
        "One ECR repository and the facts about it.",
        facts,
        vec!["kind"],
    );
    let mut roots = Map::new();
    roots.insert("repository".to_owned(), repository);
    for root in ROOTS {
        roots.insert(root.name.to_owned(), value(root.about, root.shape));
    }
    // Its members are the rule's.
    roots["settings"]["type"] = "object".into();
    let shared = SHARED.iter();
    let shared = shared.map(|one| (one.name.to_owned(), value(one.about, one.shape)));
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://ecrlint.dev/schemas/repository.json",
        "title": "The document that ecrlint's rules ask about",
        "description": "What the queries of rules see as `$`. A value that is not there is left out; one that cannot be \
                        known can be anything, and leaves a verdict undetermined.",
        "type": "object",
        "properties": roots,
        "required": ["repository"],
        "additionalProperties": false,
        "$defs": shared.collect::<Map<_, _>>(),
    });
    format!("{schema:#}\n")
}

/// A mapping that has no other members.
fn mapping(
    about: &str,
    members: impl Iterator<Item = SchemaMember>,
    required: Vec<&'static str>,
) -> Json {
    let members = members.map(|(name, about, shape)| (name.to_owned(), value(about, shape)));
    let mut schema = typed("object", about);
    schema.insert("properties".to_owned(), Json::Object(members.collect()));
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    schema.insert("additionalProperties".to_owned(), false.into());
    Json::Object(schema)
}

fn members(about: &str, members: &'static [MemberRow]) -> Json {
    let required = members.iter().filter(|one| one.is_always);
    let required = required.map(|one| one.name).collect();
    let members = members.iter();
    let members = members.map(|one| (one.name, one.about, one.shape));
    mapping(about, members, required)
}

fn typed(kind: impl Into<Json>, about: &str) -> Map<String, Json> {
    told([("type", kind.into())], about)
}

/// A schema with what the value means.
fn told<const N: usize>(schema: [(&str, Json); N], about: &str) -> Map<String, Json> {
    let told = (!about.is_empty()).then(|| ("description", about.into()));
    let members = schema.into_iter().chain(told);
    members
        .map(|(key, value)| (key.to_owned(), value))
        .collect()
}

fn list(about: &str, item: Json) -> Json {
    let mut schema = typed("array", about);
    schema.insert("items".to_owned(), item);
    Json::Object(schema)
}

fn reference(name: &str) -> Json {
    format!("#/$defs/{name}").into()
}

fn value(about: &str, shape: ValueShape) -> Json {
    Json::Object(match shape {
        ValueShape::Anything => told([], about),
        ValueShape::Place => {
            let mut schema = typed("object", about);
            schema.insert("additionalProperties".to_owned(), false.into());
            schema
        }
        ValueShape::Text => typed("string", about),
        ValueShape::Flag => typed("boolean", about),
        ValueShape::Whole => typed("integer", about),
        ValueShape::WholeFrom(least) => told(
            [("type", "integer".into()), ("minimum", least.into())],
            about,
        ),
        ValueShape::Either(types) => typed(types, about),
        ValueShape::Word(words) => told([("enum", words.into())], about),
        ValueShape::Like(shared) => told([("$ref", reference(shared.name))], about),
        ValueShape::Map(rows) => return members(about, rows),
        ValueShape::List(item, shape) => return list(about, value(item, *shape)),
        ValueShape::Each(item, rows) => return list(about, members(item, rows)),
        ValueShape::Several(shared) => {
            return list(about, json!({ "$ref": reference(shared.name) }));
        }
    })
}
