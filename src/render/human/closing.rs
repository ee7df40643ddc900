//! The end of the report for people: what was ignored, what a tool made, and what the run amounts to.
//! It does not know how a single finding is framed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{HumanReport, grade_ink, name};
use crate::render::conclusion::Conclusion;
use crate::render::paint::Ink;
use crate::render::text::{clean, wrap};
use crate::render::view::{Grade, many};
use crate::report::{Outcome, Subject, Verdict};

/// Findings above which a table shows how often each rule was broken.
const TABLE: usize = 10;
/// Repositories of tools that are listed.
const OWNED: usize = 5;

impl HumanReport<'_, '_> {
    /// Writes what follows the findings.
    pub(super) fn close(&mut self, causes: usize) {
        let report = self.view.report;
        let says_why = report.outcome() == Outcome::Error && report.summary().unreadable == 0;
        if self.view.options.quiet && !says_why {
            return;
        }
        self.set_aside();
        self.tool_owned();
        self.rules();
        self.verdict(causes);
    }

    /// Findings that do not count, for the reader who asks for evidence.
    fn set_aside(&mut self) {
        if !self.view.options.evidence {
            return;
        }
        for verdict in [Verdict::Ignored, Verdict::Baselined, Verdict::Unchanged] {
            self.with(verdict);
        }
    }

    fn with(&mut self, verdict: Verdict) {
        let found = self.view.report.diagnostics().iter();
        let found: Vec<_> = found.filter(|one| one.verdict == verdict).collect();
        if !found.is_empty() {
            self.line(verdict.as_str());
            self.text.push('\n');
        }
        for finding in found {
            self.finding(finding, verdict.as_str());
            self.place(finding);
            if let Some(decision) = &finding.help {
                self.note("note", decision);
            }
            self.text.push('\n');
        }
    }

    /// Repositories that no author of the inputs answers for, with the rules that they break.
    fn tool_owned(&mut self) {
        let view = self.view;
        let mut broken: BTreeMap<&Subject, BTreeSet<&str>> = BTreeMap::new();
        let findings = view.report.diagnostics().iter();
        for finding in findings.filter(|finding| view.is_tool_owned(finding)) {
            if let Some(subject) = finding.subject.as_deref() {
                broken.entry(subject).or_default().insert(&finding.rule);
            }
        }
        let owned = view.report.repositories().iter();
        let owned: Vec<_> = owned.filter(|one| one.tool_owned).collect();
        if owned.is_empty() {
            return;
        }
        self.line(super::OWNED);
        let all = view.options.evidence || view.options.verbose;
        let shown = if all { owned.len() } else { OWNED };
        for one in owned.iter().take(shown) {
            let mut line = name(&one.subject).unwrap_or_else(|| "a repository".to_owned());
            if let Some(rules) = broken.get(one.subject.as_ref()) {
                let rules: Vec<_> = rules.iter().copied().collect();
                let _infallible = write!(line, ": {}", rules.join(", "));
            }
            self.quiet(&line);
        }
        if owned.len() > shown {
            self.quiet(&format!("and {} more", owned.len() - shown));
        }
        self.text.push('\n');
    }

    /// A line of a list that may be passed over.
    fn quiet(&mut self, line: &str) {
        let room = self.look.width - 4;
        for (index, part) in wrap(&clean(line), room, room).iter().enumerate() {
            let indent = if index > 0 { "    " } else { "  " };
            let part = self.brush.paint(Ink::Quiet, part);
            let _infallible = writeln!(self.text, "{indent}{part}");
        }
    }

    /// What may help, below everything else.
    fn aside(&mut self, hint: &str) {
        let room = self.look.width;
        for line in wrap(&clean(hint), room, room) {
            let _infallible = writeln!(self.text, "{}", self.brush.paint(Ink::Quiet, line));
        }
    }

    /// How often each rule was broken, when that is more than can be seen at a glance.
    fn rules(&mut self) {
        let mut table: BTreeMap<(Grade, &str), usize> = BTreeMap::new();
        for finding in self.view.findings() {
            *table
                .entry((Grade::of(finding), &finding.rule))
                .or_default() += 1;
        }
        if table.values().sum::<usize>() <= TABLE || table.len() < 2 {
            return;
        }
        let mut rows: Vec<_> = table
            .into_iter()
            .map(|((grade, rule), n)| (grade, n, rule))
            .collect();
        rows.sort_by_key(|(grade, n, _)| (*grade, usize::MAX - n));
        let digits = rows
            .iter()
            .map(|(_, n, _)| n.to_string().len())
            .max()
            .unwrap_or(1);
        let word = rows
            .iter()
            .map(|(grade, ..)| grade.as_str().len())
            .max()
            .unwrap_or(0);
        for (grade, n, rule) in rows {
            let name = self.brush.paint(grade_ink(grade), grade.as_str());
            let pad = word - grade.as_str().len();
            let rule = clean(rule);
            let _infallible = writeln!(self.text, "  {n:>digits$}  {name}{:pad$}  {rule}", "");
        }
        self.text.push('\n');
    }

    /// The last lines: what the run amounts to, and where to read on.
    fn verdict(&mut self, causes: usize) {
        let report = self.view.report;
        let Conclusion { word, text } = Conclusion::with_causes(report, causes);
        let ink = match report.outcome() {
            Outcome::Pass if report.summary().repositories == 0 => Ink::Note,
            Outcome::Pass => Ink::Good,
            Outcome::Fail | Outcome::Error => Ink::Error,
        };
        let room = self.look.width;
        let lines = wrap(&text, room.saturating_sub(word.len() + 2), room - 4);
        let _infallible = writeln!(self.text, "{}: {}", self.brush.paint(ink, word), lines[0]);
        for line in &lines[1..] {
            let _infallible = writeln!(self.text, "    {line}");
        }
        if let Some(hidden) = self.view.hidden() {
            self.aside(&hidden);
        }
        if let Some(path) = report.configuration() {
            self.aside(&format!("configured by `{path}`"));
        }
        let files = report.summary().files;
        if files.passed_over > 0 {
            let looked_at = many(files.looked_at, "file", "s");
            self.aside(&format!(
                "{looked_at} looked at: {} read, {} passed over (`--debug-files` lists them)",
                files.read, files.passed_over
            ));
        }
        if self
            .view
            .findings()
            .any(|finding| self.view.rule(&finding.rule).is_some())
        {
            let hint = "`ecrlint explain RULE` says why a rule exists and how to keep it";
            self.aside(hint);
        }
        if let Some(hint) = report.hint() {
            self.aside(hint);
        }
    }
}
