//! The code quality report of GitLab.
//! It does not know anything beyond the few members that GitLab reads.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::conclusion::Conclusion;
use super::path::relative;
use super::view::{Grade, View, sentence};
use crate::report::Outcome;
use crate::report::escaped;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

impl Issue<'_> {
    /// That nothing was judged. GitLab wants a place: the first of what was read.
    fn nothing(view: &View<'_>, conclusion: &Conclusion) -> Self {
        let first = view.sources.names().next().unwrap_or(".");
        Self {
            description: conclusion.to_string(),
            check_name: "nothing-to-judge",
            fingerprint: "nothing-to-judge".to_owned(),
            severity: match view.report.outcome {
                Outcome::Error => "major",
                _ => "info",
            },
            location: Location {
                path: relative(first, view.options.root.as_deref()),
                lines: Lines { begin: 1 },
            },
        }
    }
}

pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut seen = HashMap::new();
    let issues = view.findings().map(|finding| {
        let place = view.place(finding);
        let (word, severity) = match Grade::of(finding) {
            Grade::Error => ("", "major"),
            Grade::Warning => ("", "minor"),
            Grade::Undetermined => ("undetermined: ", "info"),
            Grade::Note => ("", "info"),
        };
        let sentence = sentence(finding);
        let word = if sentence.contains("undetermined") {
            ""
        } else {
            word
        };
        Issue {
            description: format!("{word}{sentence}"),
            check_name: &finding.rule,
            fingerprint: unique(&mut seen, view.fingerprint(finding)),
            severity,
            location: Location {
                path: relative(&place.path, view.options.root.as_deref()),
                lines: Lines { begin: place.line },
            },
        }
    });
    let nothing = Conclusion::in_place_of_findings(view.report);
    let issues: Vec<_> = issues
        .chain(nothing.map(|one| Issue::nothing(view, &one)))
        .collect();
    escaped::write(&issues, out)
}

/// GitLab takes findings with equal fingerprints for one: the second gets a number.
fn unique(seen: &mut HashMap<String, usize>, fingerprint: String) -> String {
    let again = seen.entry(fingerprint.clone()).or_insert(0);
    *again += 1;
    match *again {
        1 => fingerprint,
        n => format!("{fingerprint}-{n}"),
    }
}
