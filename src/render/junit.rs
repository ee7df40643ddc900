//! Test cases in the XML that CI servers know from JUnit.
//! It does not know which server reads it: there is no standard, so only the common part is written.
//!
//! A finding that fails the run is a failed case, one that cannot be decided a skipped case. What is found besides is
//! told by a passed case, and a repository without findings is a passed case, too.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io::{self, Write};

use super::conclusion::Conclusion;
use super::name::name;
use super::path::relative;
use super::view::{Grade, View, sentence};
use crate::report::escaped::is_unsafe;
use crate::report::{Diagnostic, Evidence, Outcome};

pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let named: BTreeSet<_> = view
        .findings()
        .filter_map(|one| one.subject.as_deref())
        .collect();
    let repositories = view.report.repositories().iter();
    let passed = repositories
        .filter(|one| !one.tool_owned && !named.contains(one.subject.as_ref()))
        .collect::<Vec<_>>();
    let nothing = Case::nothing(view);
    let mut ends: Vec<CaseResult> = view
        .findings()
        .map(|one| CaseResult::of(view, one))
        .collect();
    ends.extend(nothing.as_ref().map(|one| one.end));
    let count = |wanted: CaseResult| ends.iter().filter(|end| **end == wanted).count();
    let counts = format!(
        r#"tests="{}" failures="{}" errors="0""#,
        ends.len() + passed.len(),
        count(CaseResult::Failed)
    );
    let skipped = count(CaseResult::Skipped);
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="ecrlint" {counts} time="0">"#)?;
    writeln!(
        out,
        r#"  <testsuite name="ecrlint" {counts} skipped="{skipped}" time="0">"#
    )?;
    if let Some(path) = view.report.configuration() {
        writeln!(
            out,
            "    <properties>\n      <property name=\"configuration\" value=\"{}\"/>\n    </properties>",
            escape(path)
        )?;
    }
    // One at a time: all of them would take more memory than the report itself.
    let found = view.findings().map(|finding| Case::of(view, finding));
    let passed = passed.into_iter().map(|one| Case::passed(view, one));
    let mut names = CaseNames::default();
    for mut case in found.chain(passed).chain(nothing) {
        names.tell_apart(&mut case);
        out.write_all(case.xml().as_bytes())?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

/// How a case ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CaseResult {
    Passed,
    Skipped,
    Failed,
}

impl CaseResult {
    fn of(view: &View<'_>, finding: &Diagnostic) -> Self {
        match Grade::of(finding) {
            _ if view.report.is_failing(finding) => CaseResult::Failed,
            Grade::Undetermined => CaseResult::Skipped,
            _ => CaseResult::Passed,
        }
    }
}

/// One test case.
struct Case {
    class: String,
    name: String,
    file: Option<String>,
    line: Option<u32>,
    end: CaseResult,
    /// What is found, in one line, with its severity.
    message: Option<(String, &'static str)>,
    /// The same in full.
    text: String,
}

impl Case {
    fn of(view: &View<'_>, finding: &Diagnostic) -> Self {
        let place = view.place(finding);
        let file = relative(&place.path, view.options.root.as_deref());
        let sentence = sentence(finding);
        let (word, rule) = (Grade::of(finding).as_str(), &finding.rule);
        let mut text = format!("{word}[{rule}]: {sentence}\n{file}:{}", place.line);
        if let Some(column) = place.column {
            let _infallible = write!(text, ":{column}");
        }
        if let Some(help) = &finding.help {
            let _infallible = write!(text, "\nhelp: {}", help.trim_end());
        }
        let subject = finding.subject.as_deref().and_then(name);
        Self {
            class: format!("ecrlint.{rule}"),
            name: subject.unwrap_or_else(|| format!("{file}:{}", place.line)),
            file: Some(file),
            line: Some(place.line),
            end: CaseResult::of(view, finding),
            message: Some((sentence.into_owned(), word)),
            text,
        }
    }

    fn passed(view: &View<'_>, one: &Evidence) -> Self {
        let place = view.excerpts.locate(one.place);
        Self {
            class: "ecrlint".to_owned(),
            name: name(&one.subject).unwrap_or_else(|| "a repository".to_owned()),
            file: Some(relative(&place.path, view.options.root.as_deref())),
            line: None,
            end: CaseResult::Passed,
            message: None,
            text: String::new(),
        }
    }

    /// That nothing was judged: a failure where a repository is required.
    fn nothing(view: &View<'_>) -> Option<Self> {
        let nothing = Conclusion::in_place_of_findings(view.report)?;
        Some(Self {
            class: "ecrlint".to_owned(),
            name: "ecrlint".to_owned(),
            file: None,
            line: None,
            end: match view.report.outcome() {
                Outcome::Error => CaseResult::Failed,
                _ => CaseResult::Skipped,
            },
            message: Some((nothing.to_string(), "error")),
            text: String::new(),
        })
    }

    fn xml(&self) -> String {
        let (class, name) = (escape(&self.class), escape(&self.name));
        let mut xml = format!("    <testcase classname=\"{class}\" name=\"{name}\" time=\"0\"");
        if let Some(file) = &self.file {
            let _infallible = write!(xml, " file=\"{}\"", escape(file));
        }
        if let Some(line) = self.line {
            let _infallible = write!(xml, " line=\"{line}\"");
        }
        let Some((message, kind)) = &self.message else {
            return xml + "/>\n";
        };
        let (message, text) = (escape(message), escape_text(&self.text));
        let inner = match self.end {
            CaseResult::Skipped => format!("<skipped message=\"{message}\"/>"),
            CaseResult::Failed if text.is_empty() => {
                format!("<failure message=\"{message}\" type=\"{kind}\"/>")
            }
            CaseResult::Failed => {
                format!("<failure message=\"{message}\" type=\"{kind}\">{text}</failure>")
            }
            CaseResult::Passed => format!("<system-out>{text}</system-out>"),
        };
        let _infallible = write!(xml, ">\n      {inner}\n    </testcase>\n");
        xml
    }
}

/// The names of the cases that were written, by class.
#[derive(Default)]
struct CaseNames {
    taken: HashMap<String, HashMap<String, usize>>,
}

impl CaseNames {
    /// Numbers the cases of one class and name: servers take two of them for one.
    fn tell_apart(&mut self, case: &mut Case) {
        let taken = match self.taken.get_mut(&case.class) {
            Some(taken) => taken,
            None => self.taken.entry(case.class.clone()).or_default(),
        };
        let Some(mut count) = taken.get(&case.name).copied() else {
            taken.insert(case.name.clone(), 0);
            return;
        };
        let own = case.name.clone();
        while taken.contains_key(&case.name) {
            count += 1;
            case.name = format!("{own} #{}", count + 1);
        }
        taken.insert(own, count);
        taken.insert(case.name.clone(), 0);
    }
}

/// Text for an attribute, in one line.
fn escape(text: &str) -> String {
    escape_text(text).replace('\n', "&#10;")
}

/// Text without markup, without the characters that XML 1.0 forbids even when escaped, and without what a runner
/// reads as a command where the XML is printed to a log.
fn escape_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut begins_line = true;
    for c in text.chars() {
        match c {
            ':' if begins_line => escaped.push_str("&#58;"),
            '#' if escaped.ends_with('#') => escaped.push_str("&#35;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push('\n'),
            '\t' => escaped.push_str("  "),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c if is_unsafe(c) => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
        begins_line = c == '\n' || begins_line && c.is_whitespace();
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{escape, escape_text};

    #[test]
    fn markup_and_forbidden_characters_are_disarmed() {
        assert_eq!(
            escape_text("a<b>&\"\u{0}\u{1b}\u{ffff}"),
            "a&lt;b&gt;&amp;&quot;\u{fffd}\u{fffd}\u{fffd}"
        );
        assert_eq!(escape("a\nb"), "a&#10;b");
        let commands = "a\n  ::error::b ##[group] ###";
        assert_eq!(
            escape_text(commands),
            "a\n  &#58;:error::b #&#35;[group] #&#35;#"
        );
    }
}
