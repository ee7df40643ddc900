//! How a report of each format begins, so that one can be told from a file that somebody else wrote.
//! It does not know what a report goes on to say.

use super::{conclusion, human, summary};

/// Lines between a heading of the report for people and the first finding below it.
const ABOUT: usize = 40;

/// Text for people: a finding, or the verdict where there is none.
pub(super) fn human(text: &str) -> bool {
    let verdicts = [
        "passed: ",
        "failed: ",
        "could not finish: ",
        conclusion::NOTHING,
        conclusion::NO_REPOSITORY,
        human::OWNED,
    ];
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let Some(first) = lines.next() else {
        return false;
    };
    let heading = ["── ", "-- "]
        .iter()
        .find_map(|line| first.strip_prefix(line));
    let begins = heading.unwrap_or(first);
    let levels = ["error[", "warning[", "undetermined[", "note[", "ignored["];
    let is_finding =
        |line: &str| levels.iter().any(|level| line.starts_with(level)) && line.contains("]: ");
    // What a heading is about may take several lines.
    let mut below = lines.take(ABOUT);
    is_finding(first)
        || verdicts.iter().any(|verdict| begins.starts_with(verdict))
        || heading.is_some() && below.any(is_finding)
}

/// The JSON report: its version and the tool come first.
pub(super) fn json(text: &str) -> bool {
    in_order(
        text,
        &["{", "\"version\"", "\"tool\"", "\"name\": \"ecrlint\""],
    )
}

/// SARIF: the driver of its first run.
pub(super) fn sarif(text: &str) -> bool {
    let members = [
        "{",
        "\"$schema\"",
        "\"runs\"",
        "\"driver\"",
        "\"name\": \"ecrlint\"",
    ];
    in_order(text, &members)
}

/// HTML: who wrote it stands in its head.
pub(super) fn html(text: &str) -> bool {
    in_order(
        text,
        &[
            "<!DOCTYPE html>",
            "<html",
            "name=\"generator\" content=\"ecrlint ",
        ],
    )
}

/// Workflow commands: nothing but annotations.
pub(super) fn github(text: &str) -> bool {
    let levels = ["::error ", "::warning ", "::notice "];
    text.lines()
        .next()
        .is_some_and(|line| levels.iter().any(|level| line.starts_with(level)))
}

/// The code quality report: a list, whose first finding has the members that GitLab asks for.
pub(super) fn gitlab(text: &str) -> bool {
    text.trim() == "[]"
        || in_order(
            text,
            &[
                "[",
                "{",
                "\"description\"",
                "\"check_name\"",
                "\"fingerprint\"",
            ],
        )
}

/// Test cases: the suites bear the name of the tool.
pub(super) fn junit(text: &str) -> bool {
    in_order(text, &["<?xml", "<testsuites name=\"ecrlint\""])
}

/// The summary: its heading.
pub(super) fn markdown(text: &str) -> bool {
    text.starts_with("## ecrlint: ") || text.starts_with("## ecrlint\n")
}

/// The counts: the outcome before them.
pub(super) fn summary(text: &str) -> bool {
    text.starts_with(summary::FIRST) && text.contains("\nexit-code=")
}

/// Whether the pieces stand in this order, the first at the very beginning, each within some lines of the one before.
fn in_order(text: &str, pieces: &[&str]) -> bool {
    const NEAR: usize = 400;
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    let Some(first) = pieces.first() else {
        return true;
    };
    if !rest.starts_with(first) {
        return false;
    }
    pieces.iter().all(|piece| match rest.find(piece) {
        Some(at) if at <= NEAR => {
            rest = &rest[at + piece.len()..];
            true
        }
        _ => false,
    })
}
