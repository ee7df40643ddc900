//! A report as every format sees it: which findings count, how bad each is, and where it is.
//! It does not know how any format looks.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::RenderOptions;
use super::path::of_checkout;
use crate::report::{Diagnostic, Report, RuleSummary, Severity, Subject, Verdict};
use crate::source::{Excerpts, Position};

/// The category of findings that the tool has about itself.
const TOOL: &str = "tool";

/// How bad a finding is, worst first. What cannot be known stands before mere notes: it may hide an
/// error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Grade {
    Error,
    Warning,
    Undetermined,
    Note,
}

impl Grade {
    pub(crate) fn of(diagnostic: &Diagnostic) -> Self {
        match (diagnostic.verdict, diagnostic.severity) {
            (Verdict::Undetermined, _) => Grade::Undetermined,
            (_, Severity::Error) => Grade::Error,
            (_, Severity::Warning) => Grade::Warning,
            (_, Severity::Note) => Grade::Note,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Grade::Error => "error",
            Grade::Warning => "warning",
            Grade::Undetermined => "undetermined",
            Grade::Note => "note",
        }
    }
}

/// Where a reader is sent: the line of the user's own program when it is known, else the input.
pub(crate) struct ReaderPlace<'a> {
    pub(crate) path: Cow<'a, str>,
    pub(crate) line: u32,
    pub(crate) column: Option<u32>,
    /// Behind the last character; not known in the user's own program.
    pub(crate) end: Option<Position>,
}

/// A report together with what is needed to write it.
pub(crate) struct View<'a> {
    pub(crate) report: &'a Report,
    pub(crate) excerpts: &'a Excerpts,
    pub(crate) options: &'a RenderOptions,
    tool_owned: BTreeSet<&'a Subject>,
    rules: BTreeMap<&'a str, usize>,
}

impl<'a> View<'a> {
    pub(crate) fn new(report: &'a Report, options: &'a RenderOptions) -> Self {
        let owned = report.repositories().iter().filter(|one| one.tool_owned);
        let rules = report.rules().iter().enumerate();
        Self {
            report,
            excerpts: report.excerpts(),
            options,
            tool_owned: owned.map(|one| one.subject.as_ref()).collect(),
            rules: rules
                .map(|(index, rule)| (rule.id.as_str(), index))
                .collect(),
        }
    }

    /// The findings that count, in the order of the report.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &'a Diagnostic> {
        let live = self.report.diagnostics().iter();
        live.filter(|one| one.verdict.counts() && !self.is_tool_owned(one) && self.is_shown(one))
    }

    /// Whether a finding is as severe as the reader wants to see them.
    pub(crate) fn is_shown(&self, diagnostic: &Diagnostic) -> bool {
        diagnostic.severity >= self.options.min_severity
    }

    /// What there is to say about findings that count and are not shown.
    pub(crate) fn hidden(&self) -> Option<String> {
        let live = self.report.diagnostics().iter();
        let hidden = live
            .filter(|one| one.verdict.counts() && !self.is_tool_owned(one) && !self.is_shown(one));
        let severity = self.options.min_severity.as_str();
        match hidden.count() {
            0 => None,
            n => Some(format!(
                "{} below `{severity}` not shown",
                many(n, "finding", "s")
            )),
        }
    }

    /// The findings that count, worst first, else in the order of the report.
    pub(crate) fn worst_first(&self) -> Vec<&'a Diagnostic> {
        let mut findings: Vec<_> = self.findings().collect();
        findings.sort_by_key(|one| Grade::of(one));
        findings
    }

    /// Whether a finding is about a repository that a tool made, for which no author answers.
    pub(crate) fn is_tool_owned(&self, diagnostic: &Diagnostic) -> bool {
        let subject = diagnostic.subject.as_deref();
        subject.is_some_and(|subject| self.tool_owned.contains(subject))
    }

    /// What is known about a rule, with its place among the rules of the report.
    pub(crate) fn rule(&self, id: &str) -> Option<(usize, &'a RuleSummary)> {
        let index = *self.rules.get(id)?;
        Some((index, &self.report.rules()[index]))
    }

    /// Whether the help of a finding is code: a rule gives code for what it finds; of what it cannot tell, and of the
    /// tool itself, people are told.
    pub(crate) fn has_code(&self, rule: &str, finding: &Diagnostic) -> bool {
        let rule = self.rule(rule);
        finding.verdict == Verdict::Fail && rule.is_some_and(|(_, rule)| rule.category != TOOL)
    }

    /// Where to send the reader of a finding.
    pub(crate) fn place(&self, diagnostic: &'a Diagnostic) -> ReaderPlace<'a> {
        if let Some(origin) = &diagnostic.source_location {
            return ReaderPlace {
                path: Cow::Borrowed(&origin.path),
                line: origin.line.max(1),
                column: origin.column,
                end: None,
            };
        }
        let location = self.excerpts.locate(diagnostic.primary.span);
        ReaderPlace {
            path: Cow::Owned(location.path),
            line: location.start.line,
            column: Some(location.start.column),
            end: Some(location.end),
        }
    }

    /// The fingerprint of a finding, the same in each format.
    pub(crate) fn fingerprint(&self, diagnostic: &Diagnostic) -> String {
        let name = self.excerpts.name(diagnostic.primary.span.source);
        let (root, checkout) = (&self.options.root, &self.options.checkout);
        diagnostic.fingerprint(&of_checkout(name, root.as_deref(), checkout.as_deref()))
    }
}

/// What a finding says, with the reason when it is undetermined.
pub(crate) fn message(diagnostic: &Diagnostic) -> Cow<'_, str> {
    let mut message = Cow::Borrowed(diagnostic.message.as_str());
    if let Some(reason) = reason(diagnostic) {
        message.to_mut().push_str(": undetermined, because ");
        message.to_mut().push_str(reason);
    }
    message
}

/// A finding in one line for formats without excerpts: what it says, and when it holds.
pub(crate) fn sentence(diagnostic: &Diagnostic) -> Cow<'_, str> {
    let mut sentence = message(diagnostic);
    if let Some(when) = &diagnostic.when {
        sentence.to_mut().push_str(", when ");
        sentence.to_mut().push_str(when);
    }
    sentence
}

/// Why a finding is undetermined, where the message itself does not say: then the label does.
pub(crate) fn reason(diagnostic: &Diagnostic) -> Option<&str> {
    let silent = diagnostic.verdict == Verdict::Undetermined
        && !diagnostic.message.contains("because")
        && !diagnostic.primary.message.is_empty();
    let label = diagnostic.primary.message.as_str();
    silent.then(|| label.strip_prefix("because ").unwrap_or(label))
}

/// What a finding says, and apart from it the reason why it is undetermined: for formats that can
/// show the reason at its place.
pub(crate) fn parted(diagnostic: &Diagnostic) -> (&str, Option<&str>) {
    let message = diagnostic.message.as_str();
    let bare = diagnostic.verdict == Verdict::Undetermined && diagnostic.primary.message.is_empty();
    match message.split_once(", because ").filter(|_| bare) {
        Some((message, reason)) => (message, Some(reason)),
        None => (message, reason(diagnostic)),
    }
}

/// A number with its noun.
pub(crate) fn many(count: usize, noun: &str, plural: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { plural })
}
