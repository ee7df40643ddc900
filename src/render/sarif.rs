//! SARIF 2.1.0, as GitHub code scanning and editors really read it.
//! It does not know the SARIF that it does not write.
//!
//! GitHub reads the first location only, wants paths relative to the checkout, keeps 25,000 results
//! of a run, and tells findings apart by `primaryLocationLineHash`.

mod aside;
mod fixes;
mod log;
mod size;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use super::conclusion::Conclusion;
use super::path::uri;
use super::view::{Grade, View, many, message};
use crate::report::escaped;
use crate::report::{Diagnostic, Outcome, RuleSummary, Severity};
use crate::source::Span;
use log::{
    Artifact, Circumstances, Configuration, Driver, Help, Invocation, Log, Logical, Notification,
    Physical, Properties, ReportingDescriptor, SarifFix, SarifLocation, SarifMessage,
    SarifReference, SarifRegion, SarifResult, SarifRun, SarifTool, pascal,
};
use size::Estimate;

/// Results that GitHub accepts in one run.
const RESULTS: usize = 25_000;
/// Bytes that GitHub accepts, compressed; a part is left for what is not a result.
const COMPRESSED: usize = 9_500_000;
/// Bytes that a result takes at most besides its texts, compressed.
const FRAME: usize = 200;
/// Characters that GitHub accepts in a description of a rule.
const DESCRIPTION: usize = 1024;
/// Characters after which the message of a result is cut.
const MESSAGE: usize = 4096;
/// Related places of one result that GitHub shows.
const RELATED: usize = 100;
/// Related places that a message links to.
const LINKED: usize = 5;
pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    escaped::write(&Log::of(view), out)
}

impl<'a> Log<'a> {
    fn of(view: &View<'a>) -> Self {
        let mut findings = view.worst_first();
        findings.extend(aside::told(view));
        let found = findings.len();
        findings.truncate(RESULTS);
        let (rules, index) = rules(view, &findings);
        let mut seen = HashMap::new();
        let results = findings.iter().map(|finding| {
            let fingerprint = view.fingerprint(finding);
            let occurrence: &mut usize = seen.entry(fingerprint.clone()).or_insert(0);
            *occurrence += 1;
            let result = SarifResult::of(view, finding, index[finding.rule.as_str()]);
            result.told_apart(fingerprint, *occurrence)
        });
        let texts: usize = findings.iter().map(|finding| most(finding)).sum();
        let results: Vec<_> = match texts > COMPRESSED {
            true => fitting(results),
            false => results.collect(),
        };
        let invocation = Invocation::of(view, results.len(), found);
        let run = SarifRun {
            results,
            tool: SarifTool {
                driver: Driver {
                    name: "ecrlint",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules,
                },
            },
            // Everything before the last slash is the category, by which uploads replace each other.
            automation_details: SarifReference { id: "ecrlint/" },
            column_kind: "unicodeCodePoints",
            invocations: [invocation],
        };
        Self {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            version: "2.1.0",
            runs: [run],
        }
    }
}

/// As many results, from the first, as GitHub takes.
fn fitting<'a>(results: impl Iterator<Item = SarifResult<'a>>) -> Vec<SarifResult<'a>> {
    let mut estimate = Estimate::new();
    let fits = |result: &SarifResult<'_>| {
        // Writing into memory cannot fail.
        estimate.add(|out| escaped::write(result, out).unwrap_or_default());
        estimate.length() <= COMPRESSED
    };
    results.take_while(fits).collect()
}

/// Bytes that a result takes at most, compressed: each of its texts once.
fn most(finding: &Diagnostic) -> usize {
    let related = finding.related.iter().take(RELATED);
    let labels = related
        .chain([&finding.primary])
        .map(|label| label.message.len());
    let texts = [&finding.when, &finding.help].into_iter().flatten();
    let told = finding.message.len() + texts.map(String::len).sum::<usize>();
    let subject = finding.subject.as_deref().map_or(0, |subject| {
        let texts = [&subject.construct_path, &subject.arn, &subject.logical_id];
        texts.into_iter().flatten().map(String::len).sum()
    });
    let origin = finding.source_location.as_ref();
    let path = origin.map_or(0, |origin| origin.path.len() + origin.message.len());
    let labels = labels.map(|length| FRAME + length).sum::<usize>();
    FRAME + told + subject + path + labels + fixes::most(finding, FRAME)
}

/// The rules of the run, and each one's place among them. A finding of a rule that the report does not
/// describe gets a bare entry: each result must point at one.
fn rules<'a>(
    view: &View<'a>,
    findings: &[&'a Diagnostic],
) -> (Vec<ReportingDescriptor<'a>>, HashMap<&'a str, usize>) {
    let known = view.report.rules();
    let mut rules: Vec<_> = known.iter().map(ReportingDescriptor::of).collect();
    let mut index: HashMap<_, _> = known.iter().map(|rule| rule.id.as_str()).zip(0..).collect();
    for finding in findings {
        index.entry(&finding.rule).or_insert_with(|| {
            rules.push(ReportingDescriptor::bare(finding));
            rules.len() - 1
        });
    }
    (rules, index)
}

impl<'a> Invocation<'a> {
    /// `kept` is how many of the report's findings are in the log.
    fn of(view: &View<'a>, kept: usize, found: usize) -> Self {
        let report = view.report;
        let outcome = report.outcome();
        let mut notifications = Vec::new();
        if found > kept {
            let cut = many(found - kept, "finding", "s");
            let most = match kept {
                RESULTS => format!("reads {RESULTS} results"),
                _ => "takes 10 MB".to_owned(),
            };
            let text = format!("{cut} left out: GitHub {most}, and the worst are here");
            notifications.push(Notification {
                level: "warning",
                message: SarifMessage { text: text.into() },
            });
        }
        notifications.extend(aside::left_out(view).map(|message| Notification {
            level: "note",
            message,
        }));
        let nothing = Conclusion::in_place_of_findings(report);
        notifications.extend(nothing.map(|nothing| Notification {
            level: match outcome {
                Outcome::Error => "error",
                _ => "note",
            },
            message: SarifMessage {
                text: nothing.to_string().into(),
            },
        }));
        notifications.extend(report.hint().map(|hint| Notification {
            level: "note",
            message: SarifMessage {
                text: hint.to_owned().into(),
            },
        }));
        Self {
            execution_successful: outcome != Outcome::Error,
            exit_code: outcome.exit_code(),
            tool_execution_notifications: notifications,
            properties: report
                .configuration()
                .map(|configuration| Circumstances { configuration }),
        }
    }
}

impl<'a> ReportingDescriptor<'a> {
    fn of(rule: &'a RuleSummary) -> Self {
        // What carries this tag has a place on GitHub's scale of security severities. A wrong name, a missing
        // parameter or a missing permission is not a vulnerability.
        let mut tags = vec!["ecr"];
        tags.extend(rule.security.as_ref().map(|_| "security"));
        tags.extend((!rule.category.is_empty()).then_some(rule.category.as_str()));
        Self {
            id: &rule.id,
            name: pascal(&rule.id),
            short_description: short(&rule.title, DESCRIPTION),
            full_description: short(&rule.why, DESCRIPTION),
            help_uri: rule.url.as_deref(),
            help: Help {
                text: if rule.why.is_empty() {
                    &rule.title
                } else {
                    &rule.why
                },
                markdown: &rule.markdown,
            },
            default_configuration: Configuration {
                level: rule.severity.as_str(),
            },
            properties: Properties {
                tags,
                precision: "high",
                problem_severity: importance(rule.severity),
                security_severity: rule.security.as_deref(),
            },
        }
    }

    fn bare(finding: &'a Diagnostic) -> Self {
        Self {
            id: &finding.rule,
            name: pascal(&finding.rule),
            short_description: None,
            full_description: None,
            help_uri: None,
            help: Help {
                text: &finding.rule,
                markdown: "",
            },
            default_configuration: Configuration {
                level: finding.severity.as_str(),
            },
            properties: Properties {
                tags: vec!["ecr"],
                precision: "high",
                problem_severity: importance(finding.severity),
                security_severity: None,
            },
        }
    }
}

/// GitHub's words for the severity of a rule.
fn importance(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
    }
}

impl<'a> SarifResult<'a> {
    fn of(view: &View<'a>, finding: &'a Diagnostic, rule_index: usize) -> Self {
        let root = view.options.root.as_deref();
        let place = view.place(finding);
        let origin = finding.source_location.as_ref();
        let label = origin.map_or(&finding.primary.message, |origin| &origin.message);
        let main = SarifLocation {
            id: None,
            physical_location: Physical {
                artifact_location: Artifact {
                    uri: uri(&place.path, root),
                },
                region: SarifRegion {
                    start_line: place.line,
                    start_column: place.column.map(|column| column.max(1)),
                    end_line: place.end.map(|end| end.line),
                    end_column: place.end.map(|end| end.column),
                },
            },
            logical_locations: Logical::of(finding).into_iter().collect(),
            message: short(label, MESSAGE),
        };
        let template = origin.map(|_| &finding.primary);
        let related = template.into_iter().chain(&finding.related).take(RELATED);
        let related = related.enumerate().map(|(id, label)| SarifLocation {
            id: Some(id),
            physical_location: Physical::of(view, label.span),
            logical_locations: Vec::new(),
            message: match label.message.as_str() {
                "" if id == 0 && origin.is_some() => short("in the template", MESSAGE),
                message => short(message, MESSAGE),
            },
        });
        let related: Vec<_> = related.collect();
        // What cannot be known must not look like a fault: GitHub shows notes without alarm.
        let level = match Grade::of(finding) {
            Grade::Error => "error",
            Grade::Warning => "warning",
            Grade::Undetermined | Grade::Note => "note",
        };
        Self {
            rule_id: &finding.rule,
            rule_index,
            level,
            message: SarifMessage {
                text: told(finding, &related),
            },
            locations: [main],
            related_locations: related,
            partial_fingerprints: BTreeMap::new(),
            baseline_state: aside::baseline_state(view, finding),
            suppressions: aside::suppressions(view, finding),
            fixes: SarifFix::of(view, finding).into_iter().collect(),
        }
    }

    /// Adds the fingerprints; `again` counts equal ones from 1.
    fn told_apart(mut self, fingerprint: String, occurrence: usize) -> Self {
        let line = format!("{fingerprint}:{occurrence}");
        self.partial_fingerprints
            .insert("primaryLocationLineHash", line);
        self.partial_fingerprints.insert("ecrlint/v1", fingerprint);
        self
    }
}

/// The message of a result: what it says, when it holds, what to do, and what else to look at, in
/// paragraphs. GitHub shows related places only where the message links to them.
fn told<'a>(finding: &'a Diagnostic, related: &[SarifLocation<'_>]) -> Cow<'a, str> {
    let mut text = message(finding);
    if Grade::of(finding) == Grade::Undetermined && !text.contains("undetermined") {
        text = Cow::Owned(format!("undetermined: {text}"));
    }
    for (key, value) in [("when", &finding.when), ("help", &finding.help)] {
        if let Some(value) = value {
            text.to_mut().push_str("\n\n");
            text.to_mut().push_str(key);
            text.to_mut().push_str(": ");
            text.to_mut().push_str(value.trim_end());
        }
    }
    let mut text = cut(text, MESSAGE);
    for (id, place) in related.iter().enumerate().take(LINKED) {
        let label = place.message.as_ref();
        let label = label.map_or("related place", |message| &message.text);
        let label = label
            .replace('\\', r"\\")
            .replace('[', r"\[")
            .replace(']', r"\]");
        let before = if id == 0 { "\n\nsee: " } else { ", " };
        text.to_mut().push_str(&format!("{before}[{label}]({id})"));
    }
    text
}

impl Physical {
    fn of(view: &View<'_>, span: Span) -> Self {
        let place = view.excerpts.locate(span);
        Self {
            artifact_location: Artifact {
                uri: uri(&place.path, view.options.root.as_deref()),
            },
            region: SarifRegion {
                start_line: place.start.line,
                start_column: Some(place.start.column),
                end_line: Some(place.end.line),
                end_column: Some(place.end.column),
            },
        }
    }
}

impl<'a> Logical<'a> {
    fn of(finding: &'a Diagnostic) -> Option<Self> {
        let subject = finding.subject.as_deref()?;
        let id = subject.logical_id.as_deref();
        let full = match (&subject.construct_path, &subject.arn, &subject.stack, id) {
            (Some(path), ..) => Cow::Borrowed(path.as_str()),
            (_, Some(arn), ..) => Cow::Borrowed(arn.as_str()),
            (_, _, Some(stack), Some(id)) => Cow::Owned(format!("{stack}/{id}")),
            (_, _, None, Some(id)) => Cow::Borrowed(id),
            _ => Cow::Borrowed(subject.name.as_deref()?),
        };
        Some(Self {
            name: id.or(subject.name.as_deref()),
            fully_qualified_name: full,
            kind: "resource",
        })
    }
}

fn short(text: &str, limit: usize) -> Option<SarifMessage<'_>> {
    let text = cut(Cow::Borrowed(text.trim_end()), limit);
    (!text.is_empty()).then_some(SarifMessage { text })
}

/// `text`, at most `limit` characters long.
fn cut(text: Cow<'_, str>, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit - 1) {
        Some((at, c)) if at + c.len_utf8() < text.len() => Cow::Owned(format!("{}…", &text[..at])),
        _ => text,
    }
}
