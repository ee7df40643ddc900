//! The page of facts for people who write rules, from the rows of the facts.
//! It does not know how facts are computed.

use crate::model::EntityKind;
use crate::model::facts::{FACTS, FactKinds, FactRow, MemberRow, ROOTS, SHARED, ValueShape};

/// What stands above the facts.
const HEAD: &str = "# Facts\n\n\
    What rules can ask about. [Writing rules](rule-format.md) tells how to ask; the same is there for editors as a\n\
    [schema](../schemas/repository.json). This page is written from the rows in `src/model/facts/rows`.\n\n\
    A value that is not there is absent, and one that no input shows is unknown, with a reason: [what queries make of\n\
    that](rule-format.md#what-is-there-what-is-not-and-what-cannot-be-known). Every value has a place, at which a finding\n\
    can point. `ecrlint show REPOSITORY PATH` prints all facts of a repository with their places.\n";

/// The page, `docs/facts.md`, in Markdown.
#[must_use]
pub fn facts_page() -> String {
    let mut page = HEAD.to_owned();
    page.push_str(
        "\n## `$.repository`\n\nThe repository, or what is judged in the place of one: \
                   [its kind](rule-format.md#what-is-not-a-repository).\n\n\
                   | Fact | Type | Of | Meaning | A query |\n|---|---|---|---|---|\n",
    );
    for row in FACTS {
        let name = row.name;
        let link = match has_members(row.shape) {
            true => format!("[`{name}`](#{name})"),
            false => format!("`{name}`"),
        };
        let (kind, of) = (kind(row.shape), of(row.kinds));
        let (about, query) = (cell(row.about), example(row));
        page.push_str(&format!(
            "| {link} | {kind} | {of} | {about} | `{query}` |\n"
        ));
    }
    for row in FACTS.iter().filter(|row| has_members(row.shape)) {
        let (name, about) = (row.name, row.about);
        page.push_str(&format!("\n### `{name}`\n\n{about}\n"));
        table(&format!("`$.repository.{name}`"), row.shape, &mut page);
    }
    for root in ROOTS {
        page.push_str(&format!("\n## `$.{}`\n\n{}\n", root.name, root.about));
        table(&format!("`$.{}`", root.name), root.shape, &mut page);
    }
    page.push_str("\n## What several facts have\n");
    for shared in SHARED {
        page.push_str(&format!("\n### {}\n\n{}\n", shared.name, shared.about));
        table("this", shared.shape, &mut page);
    }
    page
}

/// A query that finds something by the fact.
#[must_use]
pub fn example(row: &FactRow) -> String {
    let name = row.name;
    match first(row.shape) {
        FirstAsked::Value => format!("$.repository.{name}"),
        FirstAsked::Items(condition) => format!("$.repository.{name}[{condition}]"),
        FirstAsked::Condition(condition) => format!("$[?@.{name}{condition}]"),
    }
}

/// What a query asks of a value first.
enum FirstAsked {
    /// Whether it is there.
    Value,
    /// Of its items these.
    Items(String),
    /// Whether this holds, written behind its path.
    Condition(String),
}

fn first(shape: ValueShape) -> FirstAsked {
    let words = |words: &[&str]| words.first().map(|word| format!(" == '{word}'"));
    match shape {
        ValueShape::Flag => FirstAsked::Condition(" == true".to_owned()),
        ValueShape::Word(some) => words(some).map_or(FirstAsked::Value, FirstAsked::Condition),
        ValueShape::Map(members) => {
            let inner = |one: &MemberRow| match first(one.shape) {
                FirstAsked::Condition(condition) => Some(format!(".{}{condition}", one.name)),
                FirstAsked::Value | FirstAsked::Items(_) => None,
            };
            let condition = members.iter().find_map(inner);
            let any = members.first().map(|one| format!(".{}", one.name));
            condition
                .or(any)
                .map_or(FirstAsked::Value, FirstAsked::Condition)
        }
        ValueShape::Like(shared) => first(shared.shape),
        ValueShape::List(..) => FirstAsked::Items("*".to_owned()),
        ValueShape::Each(_, members) => FirstAsked::Items(items(members)),
        ValueShape::Several(shared) => match shared.shape {
            ValueShape::Map(members) => FirstAsked::Items(items(members)),
            _ => FirstAsked::Items("*".to_owned()),
        },
        ValueShape::Anything
        | ValueShape::Place
        | ValueShape::Text
        | ValueShape::Whole
        | ValueShape::WholeFrom(_)
        | ValueShape::Either(_) => FirstAsked::Value,
    }
}

fn items(members: &'static [MemberRow]) -> String {
    let condition = |one: &MemberRow| match first(one.shape) {
        FirstAsked::Condition(condition) => Some(format!("?@.{}{condition}", one.name)),
        FirstAsked::Value | FirstAsked::Items(_) => None,
    };
    let found = members.iter().find_map(condition);
    found.unwrap_or_else(|| "*".to_owned())
}

/// Whether there is more to tell than a line.
fn has_members(shape: ValueShape) -> bool {
    matches!(shape, ValueShape::Map(_) | ValueShape::Each(..))
}

/// Adds a table of everything below a value.
fn table(path: &str, shape: ValueShape, page: &mut String) {
    let mut rows = String::new();
    below("", shape, &mut rows);
    if !rows.is_empty() {
        page.push_str(&format!(
            "\n| Below {path} | Type | Meaning |\n|---|---|---|\n{rows}"
        ));
    }
}

fn below(path: &str, shape: ValueShape, rows: &mut String) {
    let (path, members) = match shape {
        ValueShape::Map(members) => (path.to_owned(), members),
        ValueShape::Each(_, members) => (format!("{path}[*]"), members),
        _ => return,
    };
    for one in members {
        let path = match path.as_str() {
            "" => one.name.to_owned(),
            path => format!("{path}.{}", one.name),
        };
        let (kind, about) = (kind(one.shape), cell(one.about));
        let about = match one.is_always {
            true => format!("{about} Always there."),
            false => about,
        };
        rows.push_str(&format!("| `{path}` | {kind} | {} |\n", about.trim()));
        below(&path, one.shape, rows);
    }
}

/// What a value is, in words.
fn kind(shape: ValueShape) -> String {
    match shape {
        ValueShape::Anything => "anything".to_owned(),
        ValueShape::Place => "a place".to_owned(),
        ValueShape::Text => "text".to_owned(),
        ValueShape::Flag => "true or false".to_owned(),
        ValueShape::Whole => "whole number".to_owned(),
        ValueShape::WholeFrom(least) => format!("whole number from {least}"),
        ValueShape::Either(types) => types.join(" or "),
        ValueShape::Word(words) => format!("`{}`", words.join("`, `")),
        ValueShape::Map(_) => "mapping".to_owned(),
        ValueShape::Each(..) => "list of mappings".to_owned(),
        ValueShape::List(_, ValueShape::Text) => "list of texts".to_owned(),
        ValueShape::List(..) => "list".to_owned(),
        ValueShape::Like(shared) => format!("[{0}](#{0})", shared.name),
        ValueShape::Several(shared) => format!("list, each [{0}](#{0})", shared.name),
    }
}

/// What has a fact, in words.
fn of(kinds: FactKinds) -> String {
    if EntityKind::ALL.iter().all(|kind| kinds.has(*kind)) {
        return "everything".to_owned();
    }
    let words: Vec<&str> = kinds.iter().map(EntityKind::as_str).collect();
    format!("`{}`", words.join("`, `"))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
