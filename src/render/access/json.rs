//! Who may do what with a repository, for programs.
//! It does not know how it was found out.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::report::Subject;
use crate::report::access::{AccessEntry, AccessListing, EcrAction, StatementReference};
use crate::report::escaped;
use crate::source::Sources;

/// Writes the listings as JSON.
///
/// # Errors
/// What the writer says.
pub fn write(listings: &[AccessListing], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let listings: Vec<_> = listings.iter().map(|one| listing(one, sources)).collect();
    let document = json!({
        "version": 1,
        "tool": { "name": "ecrlint", "version": env!("CARGO_PKG_VERSION") },
        "repositories": listings,
    });
    escaped::write(&document, out)
}

fn listing(listing: &AccessListing, sources: &Sources) -> Value {
    let entries = listing.entries.iter();
    let unknown = listing.unknown.iter();
    json!({
        "subject": subject(&listing.subject),
        "when": listing.when,
        "access": entries.map(|one| entry(one, sources)).collect::<Vec<_>>(),
        "unknown": unknown
            .map(|(giver, reason)| json!({ "policy": giver.as_str(), "reason": reason }))
            .collect::<Vec<_>>(),
        "unlisted": listing.unlisted,
    })
}

pub(in crate::render) fn subject(subject: &Subject) -> Value {
    json!({
        "name": subject.name,
        "logical_id": subject.logical_id,
        "stack": subject.stack,
        "construct_path": subject.construct_path,
        "arn": subject.arn,
        "account": subject.account,
        "region": subject.region,
    })
}

fn entry(entry: &AccessEntry, sources: &Sources) -> Value {
    let conditions = entry.conditions.iter();
    let token = entry.token.as_ref();
    json!({
        "principal": entry.principal,
        "policy": entry.giver.as_str(),
        "class": entry.class.as_ref().ok(),
        "class_unknown": entry.class.as_ref().err(),
        "actions": actions(&entry.actions),
        "possible": actions(&entry.possible),
        "reason": entry.reason,
        "conditions": conditions
            .map(|[operator, key, values]| json!({ "operator": operator, "key": key, "values": values }))
            .collect::<Vec<_>>(),
        "given_by": statements(&entry.given_by, sources),
        "denied": entry.denied,
        "taken_by": statements(&entry.taken_by, sources),
        "token": token.and_then(|token| token.as_ref().ok()),
        "token_unknown": token.and_then(|token| token.as_ref().err()),
        "doubt": entry.doubt,
    })
}

fn actions(actions: &[EcrAction]) -> Vec<Value> {
    let actions = actions.iter();
    actions
        .map(|action| json!({ "action": action.name, "level": action.level }))
        .collect()
}

fn statements(statements: &[StatementReference], sources: &Sources) -> Vec<Value> {
    let statements = statements.iter().map(|statement| {
        let location = sources.locate(statement.place);
        let at = |position: crate::source::Position| {
            json!({ "line": position.line, "column": position.column })
        };
        json!({
            "sid": statement.sid,
            "location": { "path": location.path, "start": at(location.start), "end": at(location.end) },
        })
    });
    statements.collect()
}
