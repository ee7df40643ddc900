//! Test cases in the XML that CI servers know from JUnit.
//! It does not know which server reads it: there is no standard, so only the common part is written.
//!
//! A finding is a failed case, an undetermined one a skipped case, and a repository without findings
//! a passed case.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::conclusion::Conclusion;
use super::name::name;
use super::path::relative;
use super::text::is_unsafe;
use super::view::{Grade, View, sentence};
use crate::report::{Diagnostic, Outcome};

pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let findings: Vec<_> = view.findings().collect();
    let grades = findings.iter().map(|one| Grade::of(one));
    let skipped = grades.filter(|grade| *grade == Grade::Undetermined).count();
    let failures = findings.len() - skipped;
    let named: BTreeSet<_> = findings
        .iter()
        .filter_map(|one| one.subject.as_ref())
        .collect();
    let passed: Vec<_> = view
        .report
        .repositories
        .iter()
        .filter(|one| !one.tool_owned && !named.contains(&one.subject))
        .collect();
    let nothing = Conclusion::in_place_of_findings(view.report);
    let is_required = view.report.outcome == Outcome::Error;
    let failures = failures + usize::from(nothing.is_some() && is_required);
    let skipped = skipped + usize::from(nothing.is_some() && !is_required);
    let tests = findings.len() + passed.len() + usize::from(nothing.is_some());
    let counts =
        format!(r#"tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}" time="0""#);
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="ecrlint" {counts}>"#)?;
    writeln!(out, r#"  <testsuite name="ecrlint" {counts}>"#)?;
    for finding in findings {
        out.write_all(case(view, finding).as_bytes())?;
    }
    for one in passed {
        let title = name(&one.subject).unwrap_or_else(|| "a repository".to_owned());
        let place = view.sources.locate(one.place);
        let file = relative(&place.path, view.options.root.as_deref());
        let (title, file) = (escape(&title), escape(&file));
        writeln!(
            out,
            r#"    <testcase classname="ecrlint" name="{title}" time="0" file="{file}"/>"#
        )?;
    }
    if let Some(nothing) = nothing {
        let message = escape(&nothing.to_string());
        let end = match is_required {
            true => format!("<failure message=\"{message}\" type=\"error\"/>"),
            false => format!("<skipped message=\"{message}\"/>"),
        };
        writeln!(
            out,
            "    <testcase classname=\"ecrlint\" name=\"ecrlint\" time=\"0\">\n      {end}\n    </testcase>"
        )?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

fn case(view: &View<'_>, finding: &Diagnostic) -> String {
    let place = view.place(finding);
    let file = relative(&place.path, view.options.root.as_deref());
    let subject = finding.subject.as_ref().and_then(name);
    let title = subject.unwrap_or_else(|| format!("{file}:{}", place.line));
    let (rule, title, path) = (escape(&finding.rule), escape(&title), escape(&file));
    let sentence = sentence(finding);
    let mut xml = format!(
        "    <testcase classname=\"ecrlint.{rule}\" name=\"{title}\" time=\"0\" file=\"{path}\" line=\"{}\">\n",
        place.line
    );
    let message = escape(&sentence);
    let grade = Grade::of(finding);
    if grade == Grade::Undetermined {
        let _infallible = writeln!(xml, "      <skipped message=\"{message}\"/>");
    } else {
        let mut text = format!(
            "{}[{}]: {sentence}\n{file}:{}",
            grade.as_str(),
            finding.rule,
            place.line
        );
        if let Some(column) = place.column {
            let _infallible = write!(text, ":{column}");
        }
        if let Some(help) = &finding.help {
            let _infallible = write!(text, "\nhelp: {}", help.trim_end());
        }
        let (kind, text) = (grade.as_str(), escape_text(&text));
        let _infallible = writeln!(
            xml,
            "      <failure message=\"{message}\" type=\"{kind}\">{text}</failure>"
        );
    }
    xml.push_str("    </testcase>\n");
    xml
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
