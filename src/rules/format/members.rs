//! Whether queries and messages ask about members that the repository document can have, by its schema.
//! It does not know any repository, nor the settings of a rule.

use std::sync::LazyLock;

use serde_json::Value as Json;

use super::query::{Filter, Operand, PatternSource, Query, QueryRoot, Root, Segment, Selector};
use super::template::Placeholder;
use crate::source::nearest;

static SCHEMA: LazyLock<Json> = LazyLock::new(|| {
    let text = include_str!("../../../schemas/repository.json");
    serde_json::from_str(text).expect("the schema is JSON, a test reads it")
});

/// Names that are listed when none comes near.
const MOST_NAMES: usize = 12;

/// The schemas of what a query finds; `None` for anything.
pub(super) type MemberSchemas = Option<Vec<&'static Json>>;

/// A member that is never there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoMember {
    pub(super) name: String,
    known: Vec<&'static str>,
}

impl NoMember {
    pub(super) fn title(&self) -> String {
        format!("the document has no member `{}` here", self.name)
    }

    pub(super) fn help(&self) -> String {
        match nearest(&self.name, self.known.iter().copied()) {
            Some(near) => format!("write `{near}`"),
            None if self.known.is_empty() => "end the path before it: it has no members".to_owned(),
            None => {
                let known = self.known.iter().take(MOST_NAMES).copied();
                let known: Vec<_> = known.collect();
                format!("use one of `{}`", known.join("`, `"))
            }
        }
    }

    /// Where it is first written in a text.
    pub(super) fn range(&self, text: &str) -> std::ops::Range<usize> {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let whole = |at: &usize| {
            let before = text[..*at].chars().next_back();
            let after = text[at + self.name.len()..].chars().next();
            before.is_some_and(|c| matches!(c, '.' | '\'' | '"')) && !after.is_some_and(is_word)
        };
        let mut places = text.match_indices(&self.name).map(|(at, _)| at);
        let start = places.find(whole).unwrap_or(0);
        let end = (start + self.name.len()).min(text.len());
        start..end
    }
}

/// What a query over the world of a rule finds.
///
/// # Errors
/// The first member that the document never has there.
pub(super) fn found(query: &Query) -> Result<MemberSchemas, NoMember> {
    walk(query, &None)
}

/// Holds the members of a placeholder against what they start from.
///
/// # Errors
/// The first member that the document never has there.
pub(super) fn check(
    place: &Placeholder,
    root: Option<Root>,
    found: &MemberSchemas,
) -> Result<(), NoMember> {
    let start = match root {
        Some(root) => self::root(root),
        None => found.clone(),
    };
    let mut members = place.members.iter();
    members
        .try_fold(start, |shape, name| named(shape, name))
        .map(drop)
}

fn root(root: Root) -> MemberSchemas {
    match root {
        Root::Settings => None,
        root => Some(vec![SCHEMA.get("properties")?.get(root.name())?]),
    }
}

fn walk(query: &Query, current: &MemberSchemas) -> Result<MemberSchemas, NoMember> {
    let mut shape = match query.start {
        QueryRoot::Current => current.clone(),
        QueryRoot::Document => None,
        QueryRoot::World(root) => self::root(root),
    };
    for segment in &query.segments {
        shape = step(segment, shape)?;
    }
    Ok(shape)
}

fn step(segment: &Segment, shape: MemberSchemas) -> Result<MemberSchemas, NoMember> {
    let shape = if segment.descend { None } else { shape };
    let mut taken: MemberSchemas = Some(Vec::new());
    for selector in &segment.selectors {
        let next = match selector {
            Selector::Name(name) => named(shape.clone(), name)?,
            Selector::Index(_) | Selector::Slice(_) | Selector::Wildcard => children(&shape),
            Selector::Filter(filter) => {
                let children = children(&shape);
                judge(filter, &children)?;
                children
            }
            Selector::Itself(filter) => {
                judge(filter, &shape)?;
                shape.clone()
            }
        };
        taken = match (taken, next) {
            (Some(mut all), Some(next)) => {
                all.extend(next);
                Some(all)
            }
            _ => None,
        };
    }
    Ok(taken)
}

fn judge(filter: &Filter, current: &MemberSchemas) -> Result<(), NoMember> {
    match filter {
        Filter::Or(parts) | Filter::And(parts) => {
            parts.iter().try_for_each(|part| judge(part, current))
        }
        Filter::Not(inner) => judge(inner, current),
        Filter::Compare(_, left, right) => {
            operand(left, current)?;
            operand(right, current)
        }
        Filter::Exists(query) => walk(query, current).map(drop),
        Filter::Matches(text, pattern) => {
            operand(text, current)?;
            match pattern {
                PatternSource::Literal(_) => Ok(()),
                PatternSource::Dynamic(source, _) => operand(source, current),
            }
        }
    }
}

fn operand(operand: &Operand, current: &MemberSchemas) -> Result<(), NoMember> {
    match operand {
        Operand::Literal(_) => Ok(()),
        Operand::Singular(query) | Operand::Count(query) | Operand::Value(query) => {
            walk(query, current).map(drop)
        }
        Operand::Length(inner) => self::operand(inner, current),
    }
}

fn resolved(schema: &'static Json) -> &'static Json {
    let name = schema.get("$ref").and_then(Json::as_str);
    let name = name.and_then(|name| name.strip_prefix("#/$defs/"));
    let definition = name.and_then(|name| SCHEMA.get("$defs")?.get(name));
    definition.unwrap_or(schema)
}

/// Whether every member of such a value is written in the schema.
fn is_closed(schema: &Json) -> bool {
    schema.get("additionalProperties") == Some(&Json::Bool(false))
}

/// The member `name`; a value that is not a mapping has none.
fn named(shape: MemberSchemas, name: &str) -> Result<MemberSchemas, NoMember> {
    let Some(schemas) = shape else {
        return Ok(None);
    };
    let mut found = Vec::new();
    let mut known = Vec::new();
    for schema in schemas.into_iter().map(resolved) {
        let members = schema.get("properties").and_then(Json::as_object);
        match (members, schema.get("type").and_then(Json::as_str)) {
            (Some(members), _) => match members.get(name) {
                Some(member) => found.push(member),
                None if !is_closed(schema) => return Ok(None),
                None => known.extend(members.keys().map(String::as_str)),
            },
            (None, Some("array" | "string" | "boolean" | "integer" | "number")) => {}
            (None, _) if schema.get("enum").is_some() => {}
            (None, _) => return Ok(None),
        }
    }
    if found.is_empty() {
        let name = name.to_owned();
        return Err(NoMember { name, known });
    }
    Ok(Some(found))
}

/// The items of a list, or all members of a mapping.
fn children(shape: &MemberSchemas) -> MemberSchemas {
    let mut found = Vec::new();
    for schema in shape.as_ref()?.iter().copied().map(resolved) {
        let members = schema.get("properties").and_then(Json::as_object);
        match (schema.get("items"), members) {
            (Some(items), _) => found.push(items),
            (None, Some(members)) if is_closed(schema) => found.extend(members.values()),
            _ => return None,
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::{NoMember, Query, found};

    fn mistake(query: &str) -> Option<NoMember> {
        found(&Query::parse_over_world(query).unwrap().query).err()
    }

    #[test]
    fn misspelt_members_are_found_with_the_nearest() {
        for (query, name, near) in [
            ("$.repository.scaning.effective", "scaning", "scanning"),
            ("$[?@.scanning.effectiv == true]", "effectiv", "effective"),
            ("$[?@.kinds == 'private']", "kinds", "kind"),
            (
                "$.repository.access[?@.public == true].acount",
                "acount",
                "account",
            ),
            (
                "$.repository.access[?count(@.actoins[*]) > 1]",
                "actoins",
                "actions",
            ),
            (
                "$.repository.access[?@.actions[?@.levels == 'write']]",
                "levels",
                "level",
            ),
            (
                "$.repository.access[?match(@.principle, 'a')]",
                "principle",
                "principal",
            ),
            (
                "$.declared.images_retaned",
                "images_retaned",
                "images_retained",
            ),
        ] {
            let mistake = mistake(query).unwrap_or_else(|| panic!("{query}"));
            assert_eq!(mistake.name, name, "{query}");
            assert_eq!(mistake.help(), format!("write `{near}`"), "{query}");
            assert_eq!(&query[mistake.range(query)], name);
        }
    }

    #[test]
    fn a_text_has_no_members() {
        let mistake = mistake("$.repository.name.first").expect("a mistake");
        assert_eq!(mistake.help(), "end the path before it: it has no members");
    }

    #[test]
    fn what_is_not_described_is_not_held_against_anybody() {
        for query in [
            "$.settings.anything",
            "$.repository.policy.document.Statement[*].Anything",
            "$.repository..anything",
            "$.repository[*].problems",
        ] {
            assert_eq!(mistake(query), None, "{query}");
        }
    }
}
