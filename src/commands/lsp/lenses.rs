//! Who may do what, in a line above each policy about ECR.
//! It does not know how it was found out.

use std::collections::BTreeMap;

use lsp_types::{CodeLens, Command, Range, Uri};

use super::inspected::Inspected;
use super::survey::Survey;
use crate::render::access::glance;
use crate::report::access::{AccessEntry, AccessListing, Giver};

/// The command of the lines. It does nothing: an editor wants one.
pub(super) const COMMAND: &str = "ecrlint.access";

/// The lines of a document, in the order of its text.
pub(super) fn lenses(inspected: &Inspected, survey: &Survey, uri: &Uri) -> Vec<CodeLens> {
    let mut titles: Vec<(usize, String)> = Vec::new();
    for listing in &survey.access {
        let places = listing
            .policies
            .iter()
            .filter_map(|place| survey.bytes(*place));
        for bytes in places {
            titles.push((bytes.start, glance::policy(listing)));
        }
    }
    titles.extend(of_identities(survey));
    titles.sort();
    titles.dedup();
    let lenses = titles.into_iter().map(|(byte, title)| {
        let at = inspected.text.position(key(&inspected.text.text, byte));
        CodeLens {
            range: Range::new(at, at),
            command: Some(Command {
                title,
                command: COMMAND.to_owned(),
                arguments: Some(vec![serde_json::json!(uri)]),
            }),
            data: None,
        }
    });
    lenses.collect()
}

/// What policies of roles, users and groups give: one line for each of these.
fn of_identities(survey: &Survey) -> Vec<(usize, String)> {
    let mut given: BTreeMap<(usize, &str), Vec<(&str, &AccessEntry)>> = BTreeMap::new();
    for listing in &survey.access {
        let entries = listing
            .entries
            .iter()
            .filter(|one| one.giver == Giver::Identity);
        for entry in entries {
            let places = entry
                .policies
                .iter()
                .filter_map(|place| survey.bytes(*place));
            for bytes in places {
                let all = given.entry((bytes.start, &entry.principal)).or_default();
                all.push((called(listing), entry));
            }
        }
    }
    let lines = given.into_iter().map(|((byte, principal), all)| {
        let who = principal.trim_end_matches(" of this template");
        (byte, format!("{who} · {}", glance::identity(&all)))
    });
    lines.collect()
}

fn called(listing: &AccessListing) -> &str {
    let subject = &listing.subject;
    let name = subject.name.as_deref().or(subject.logical_id.as_deref());
    name.unwrap_or("(not known)")
}

/// Where the key of a value stands that begins at a byte: on its line, or on the one above where nothing is before it.
fn key(text: &str, byte: usize) -> usize {
    let line = |byte: usize| text[..byte].rfind('\n').map_or(0, |at| at + 1);
    let indent = |start: usize| {
        start + text[start..].len() - text[start..].trim_start_matches([' ', '\t']).len()
    };
    let mut start = line(byte);
    if !text[start..byte].trim().is_empty() {
        return indent(start);
    }
    while start > 0 {
        let above = line(start - 1);
        let told = text[above..start].trim();
        if !told.is_empty() && !told.starts_with('#') {
            return indent(above);
        }
        start = above;
    }
    byte
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn a_line_stands_above_the_key_of_its_policy() {
        let text = "a:\n  Policy:\n    # why\n\n    Version: 1\n  Other: { Version: 2 }\n";
        let at = |what: &str| key(text, text.find(what).expect("it is there"));
        assert_eq!(at("Version: 1"), text.find("Policy").expect("there"));
        assert_eq!(at("{ Version: 2"), text.find("Other").expect("there"));
        assert_eq!(key("Version: 1", 0), 0);
    }
}
