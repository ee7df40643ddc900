//! The code quality report of GitLab.
//! It does not know anything beyond the few members that GitLab reads.

use std::io::{self, Write};

use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};

use super::conclusion::Conclusion;
use super::path::relative;
use super::view::{Grade, View, sentence};
use crate::report::escaped;
use crate::report::{Diagnostic, Outcome};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: GitlabLocation,
}

#[derive(Serialize)]
struct GitlabLocation {
    path: String,
    lines: GitlabLines,
}

#[derive(Serialize)]
struct GitlabLines {
    begin: u32,
}

impl Issue<'_> {
    /// That nothing was judged. GitLab wants a place: the first of what was read.
    fn nothing(view: &View<'_>, conclusion: &Conclusion) -> Self {
        let first = view.excerpts.first_name().unwrap_or(".");
        Self {
            description: conclusion.to_string(),
            check_name: "nothing-to-judge",
            fingerprint: "nothing-to-judge".to_owned(),
            severity: match view.report.outcome() {
                Outcome::Error => "major",
                _ => "info",
            },
            location: GitlabLocation {
                path: relative(first, view.options.root.as_deref()),
                lines: GitlabLines { begin: 1 },
            },
        }
    }
}

/// Issues that are written one by one.
struct Issues<'v, 'a>(&'v View<'a>);

impl Serialize for Issues<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let view = self.0;
        let mut seen = FxHashMap::default();
        let issues = view
            .findings()
            .map(|finding| issue(view, finding, &mut seen));
        let nothing = Conclusion::in_place_of_findings(view.report);
        let nothing = nothing.map(|one| Issue::nothing(view, &one));
        serializer.collect_seq(issues.chain(nothing))
    }
}

pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    escaped::write(&Issues(view), out)
}

fn issue<'a>(view: &View<'a>, finding: &'a Diagnostic, seen: &mut FingerprintCounts) -> Issue<'a> {
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
        fingerprint: unique(seen, view.fingerprint(finding)),
        severity,
        location: GitlabLocation {
            path: relative(&place.path, view.options.root.as_deref()),
            lines: GitlabLines { begin: place.line },
        },
    }
}

/// How often each fingerprint was written.
type FingerprintCounts = FxHashMap<Box<str>, u32>;

/// GitLab takes findings with equal fingerprints for one: the second gets a number.
fn unique(seen: &mut FingerprintCounts, fingerprint: String) -> String {
    let occurrence = seen.entry(fingerprint.as_str().into()).or_insert(0);
    *occurrence += 1;
    match *occurrence {
        1 => fingerprint,
        n => format!("{fingerprint}-{n}"),
    }
}
