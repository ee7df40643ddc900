//! The whole report for programs: a versioned contract, described by `schemas/report.json`.
//! It does not know who reads it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::conclusion::Conclusion;
use super::view::{View, message};
use crate::report::escaped;
use crate::report::{self, Diagnostic, Evidence, SubjectKind};
use crate::source::{self, Span};

pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    escaped::write(&Document::of(view), out)
}

#[derive(Serialize)]
struct Document<'v, 'a> {
    version: u8,
    tool: Tool,
    outcome: &'static str,
    conclusion: String,
    configuration: Option<&'a str>,
    /// Written only where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<&'a str>,
    summary: Summary<'a>,
    diagnostics: Findings<'v, 'a>,
    repositories: Repositories<'a>,
}

/// Findings that are written one by one: many of them at once would take more memory than the report itself.
struct Findings<'v, 'a> {
    view: &'v View<'a>,
    told: Vec<&'a Diagnostic>,
}

impl Serialize for Findings<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.told.iter().map(|one| Finding::of(self.view, one)))
    }
}

/// Repositories with their verdicts, written in the same way.
struct Repositories<'a>(Vec<&'a Evidence>);

impl Serialize for Repositories<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|one| Repository::of(one)))
    }
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: &'static str,
    verdict: &'static str,
    message: Cow<'a, str>,
    help: Option<&'a str>,
    when: Option<&'a str>,
    subject: Option<Subject<'a>>,
    location: Location,
    source_location: Option<Origin<'a>>,
    related: Vec<Related<'a>>,
    fingerprint: String,
}

#[derive(Serialize)]
struct Subject<'a> {
    /// Written only where it is no repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    name: Option<&'a str>,
    logical_id: Option<&'a str>,
    stack: Option<&'a str>,
    construct_path: Option<&'a str>,
    arn: Option<&'a str>,
    account: Option<&'a str>,
    region: Option<&'a str>,
}

#[derive(Serialize)]
struct Location {
    path: String,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Origin<'a> {
    path: &'a str,
    line: u32,
    column: Option<u32>,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location,
}

#[derive(Serialize)]
struct Repository<'a> {
    subject: Subject<'a>,
    /// Written only where it is true.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    tool_owned: bool,
    verdicts: Verdicts<'a>,
}

/// Counts that become a map, those of files one within it.
struct Summary<'a>(&'a report::Summary);

impl Serialize for Summary<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let counts = self.0.counts();
        let mut map = serializer.serialize_map(Some(counts.len() + 1))?;
        for (name, count) in counts {
            map.serialize_entry(name, &count)?;
        }
        map.serialize_entry("files", &Files(self.0.files))?;
        map.end()
    }
}

struct Files(report::Files);

impl Serialize for Files {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.counts())
    }
}

/// Pairs that become a map, in their order.
struct Verdicts<'a>(&'a report::Verdicts);

impl Serialize for Verdicts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.iter().len()))?;
        for (rule, verdict) in self.0.iter() {
            map.serialize_entry(rule, verdict.as_str())?;
        }
        map.end()
    }
}

impl<'v, 'a> Document<'v, 'a> {
    fn of(view: &'v View<'a>) -> Self {
        let report = view.report;
        let evidence = view.options.evidence;
        let told = |one: &&Diagnostic| {
            let is_meant = evidence || one.verdict.counts();
            is_meant && !view.is_tool_owned(one) && view.is_shown(one)
        };
        let told: Vec<&Diagnostic> = report.diagnostics.iter().filter(told).collect();
        let named: BTreeSet<_> = told
            .iter()
            .filter_map(|one| one.subject.as_deref())
            .collect();
        let judged: BTreeSet<_> = told.iter().filter_map(|one| one.judged).collect();
        let repositories = report.repositories.iter();
        Self {
            version: 1,
            tool: Tool {
                name: "ecrlint",
                version: env!("CARGO_PKG_VERSION"),
            },
            outcome: report.outcome.as_str(),
            conclusion: Conclusion::of(report).to_string(),
            configuration: report.configuration.as_deref(),
            baseline: report.baseline.as_deref(),
            summary: Summary(&report.summary),
            repositories: Repositories(
                repositories
                    .filter(|one| {
                        evidence
                            || named.contains(one.subject.as_ref())
                            || judged.contains(&one.place)
                    })
                    .collect(),
            ),
            diagnostics: Findings { view, told },
        }
    }
}

impl<'a> Finding<'a> {
    fn of(view: &View<'a>, finding: &'a Diagnostic) -> Self {
        Self {
            rule: &finding.rule,
            severity: finding.severity.as_str(),
            verdict: finding.verdict.as_str(),
            message: message(finding),
            help: finding.help.as_deref(),
            when: finding.when.as_deref(),
            subject: finding.subject.as_deref().map(Subject::of),
            location: Location::of(view, finding.primary.span),
            source_location: finding.source_location.as_ref().map(|origin| Origin {
                path: &origin.path,
                line: origin.line,
                column: origin.column,
            }),
            related: finding
                .related
                .iter()
                .map(|place| Related {
                    message: &place.message,
                    location: Location::of(view, place.span),
                })
                .collect(),
            fingerprint: view.fingerprint(finding),
        }
    }
}

impl<'a> Subject<'a> {
    fn of(subject: &'a report::Subject) -> Self {
        let is_repository = subject.kind == SubjectKind::Repository;
        Self {
            kind: (!is_repository).then(|| subject.kind.as_str()),
            name: subject.name.as_deref(),
            logical_id: subject.logical_id.as_deref(),
            stack: subject.stack.as_deref(),
            construct_path: subject.construct_path.as_deref(),
            arn: subject.arn.as_deref(),
            account: subject.account.as_deref(),
            region: subject.region.as_deref(),
        }
    }
}

impl Location {
    fn of(view: &View<'_>, span: Span) -> Self {
        let place = view.sources.locate(span);
        Self {
            path: place.path,
            start: Position::of(place.start),
            end: Position::of(place.end),
        }
    }
}

impl Position {
    fn of(position: source::Position) -> Self {
        Self {
            line: position.line,
            column: position.column,
        }
    }
}

impl<'a> Repository<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        Self {
            subject: Subject::of(&evidence.subject),
            tool_owned: evidence.tool_owned,
            verdicts: Verdicts(&evidence.verdicts),
        }
    }
}
