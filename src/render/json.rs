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
    escaped::write(&JsonReport::of(view), out)
}

#[derive(Serialize)]
struct JsonReport<'v, 'a> {
    version: u8,
    tool: JsonTool,
    outcome: &'static str,
    conclusion: String,
    configuration: Option<&'a str>,
    /// Written only where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<&'a str>,
    summary: JsonSummary<'a>,
    diagnostics: JsonFindings<'v, 'a>,
    repositories: Repositories<'a>,
}

/// Findings that are written one by one: many of them at once would take more memory than the report itself.
struct JsonFindings<'v, 'a> {
    view: &'v View<'a>,
    told: Vec<&'a Diagnostic>,
}

impl Serialize for JsonFindings<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.told.iter().map(|one| JsonFinding::of(self.view, one)))
    }
}

/// Repositories with their verdicts, written in the same way.
struct Repositories<'a>(Vec<&'a Evidence>);

impl Serialize for Repositories<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|one| JsonRepository::of(one)))
    }
}

#[derive(Serialize)]
struct JsonTool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    rule: &'a str,
    severity: &'static str,
    verdict: &'static str,
    message: Cow<'a, str>,
    help: Option<&'a str>,
    when: Option<&'a str>,
    subject: Option<JsonSubject<'a>>,
    location: JsonLocation,
    source_location: Option<JsonOrigin<'a>>,
    related: Vec<JsonRelated<'a>>,
    fingerprint: String,
}

#[derive(Serialize)]
struct JsonSubject<'a> {
    /// Written only where it is not a repository.
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
struct JsonLocation {
    path: String,
    start: JsonPosition,
    end: JsonPosition,
}

#[derive(Serialize)]
struct JsonPosition {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct JsonOrigin<'a> {
    path: &'a str,
    line: u32,
    column: Option<u32>,
}

#[derive(Serialize)]
struct JsonRelated<'a> {
    message: &'a str,
    location: JsonLocation,
}

#[derive(Serialize)]
struct JsonRepository<'a> {
    subject: JsonSubject<'a>,
    /// Written only where it is true.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    tool_owned: bool,
    verdicts: JsonVerdicts<'a>,
}

/// Counts that become a map, those of files one within it.
struct JsonSummary<'a>(&'a report::Summary);

impl Serialize for JsonSummary<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let counts = self.0.counts();
        let mut map = serializer.serialize_map(Some(counts.len() + 1))?;
        for (name, count) in counts {
            map.serialize_entry(name, &count)?;
        }
        map.serialize_entry("files", &JsonFileCounts(self.0.files))?;
        map.end()
    }
}

struct JsonFileCounts(report::FileCounts);

impl Serialize for JsonFileCounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.counts())
    }
}

/// Pairs that become a map, in their order.
struct JsonVerdicts<'a>(&'a report::Verdicts);

impl Serialize for JsonVerdicts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.iter().len()))?;
        for (rule, verdict) in self.0.iter() {
            map.serialize_entry(rule, verdict.as_str())?;
        }
        map.end()
    }
}

impl<'v, 'a> JsonReport<'v, 'a> {
    fn of(view: &'v View<'a>) -> Self {
        let report = view.report;
        let evidence = view.options.evidence;
        let told = |one: &&Diagnostic| {
            let is_meant = evidence || one.verdict.counts();
            is_meant && !view.is_tool_owned(one) && view.is_shown(one)
        };
        let told: Vec<&Diagnostic> = report.diagnostics().iter().filter(told).collect();
        let named: BTreeSet<_> = told
            .iter()
            .filter_map(|one| one.subject.as_deref())
            .collect();
        let judged: BTreeSet<_> = told.iter().filter_map(|one| one.judged).collect();
        let repositories = report.repositories().iter();
        Self {
            version: 1,
            tool: JsonTool {
                name: "ecrlint",
                version: env!("CARGO_PKG_VERSION"),
            },
            outcome: report.outcome().as_str(),
            conclusion: Conclusion::of(report).to_string(),
            configuration: report.configuration(),
            baseline: report.baseline(),
            summary: JsonSummary(report.summary()),
            repositories: Repositories(
                repositories
                    .filter(|one| {
                        evidence
                            || named.contains(one.subject.as_ref())
                            || judged.contains(&one.place)
                    })
                    .collect(),
            ),
            diagnostics: JsonFindings { view, told },
        }
    }
}

impl<'a> JsonFinding<'a> {
    fn of(view: &View<'a>, finding: &'a Diagnostic) -> Self {
        Self {
            rule: &finding.rule,
            severity: finding.severity.as_str(),
            verdict: finding.verdict.as_str(),
            message: message(finding),
            help: finding.help.as_deref(),
            when: finding.when.as_deref(),
            subject: finding.subject.as_deref().map(JsonSubject::of),
            location: JsonLocation::of(view, finding.primary.span),
            source_location: finding.source_location.as_ref().map(|origin| JsonOrigin {
                path: &origin.path,
                line: origin.line,
                column: origin.column,
            }),
            related: finding
                .related
                .iter()
                .map(|place| JsonRelated {
                    message: &place.message,
                    location: JsonLocation::of(view, place.span),
                })
                .collect(),
            fingerprint: view.fingerprint(finding),
        }
    }
}

impl<'a> JsonSubject<'a> {
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

impl JsonLocation {
    fn of(view: &View<'_>, span: Span) -> Self {
        let place = view.excerpts.locate(span);
        Self {
            path: place.path,
            start: JsonPosition::of(place.start),
            end: JsonPosition::of(place.end),
        }
    }
}

impl JsonPosition {
    fn of(position: source::Position) -> Self {
        Self {
            line: position.line,
            column: position.column,
        }
    }
}

impl<'a> JsonRepository<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        Self {
            subject: JsonSubject::of(&evidence.subject),
            tool_owned: evidence.tool_owned,
            verdicts: JsonVerdicts(&evidence.verdicts),
        }
    }
}
