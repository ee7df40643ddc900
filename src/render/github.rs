//! Annotations on a pull request: workflow commands in the log of a GitHub Actions step.
//! It does not know what the step does with the rest of its log.
//!
//! GitHub shows ten annotations of each kind a step and drops the rest without a word. So the worst
//! come first, and the tenth says how many there are more.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::cause::CauseGroup;
use super::conclusion::Conclusion;
use super::path::relative;
use super::text::unmarked;
use super::view::{Grade, View, many};
use crate::report::escaped::{is_unsafe, mark};
use crate::report::{Diagnostic, Outcome};

/// Annotations of one kind that GitHub shows for a step.
const SHOWN: usize = 10;
/// Fixes of one cause that are shown.
const FIXES: usize = 3;
/// Instances of one cause that are listed.
const OTHERS: usize = 20;

pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let causes = CauseGroup::all(view);
    for command in ["error", "warning", "notice"] {
        let all = causes
            .iter()
            .filter(|one| self::command(one.first) == command);
        let count = all.clone().count();
        let shown = if count > SHOWN { SHOWN - 1 } else { count };
        for cause in all.take(shown) {
            out.write_all(annotation(view, cause, command).as_bytes())?;
        }
        if count > shown {
            let more = many(count - shown, &format!("more {command}"), "s");
            writeln!(out, "::{command} title=ecrlint::{more}: see the summary")?;
        }
    }
    if let Some(nothing) = Conclusion::in_place_of_findings(view.report) {
        let command = match view.report.outcome() {
            Outcome::Error => "error",
            _ => "notice",
        };
        let nothing = data(&nothing.to_string()).into_owned();
        writeln!(out, "::{command} title=ecrlint::{nothing}")?;
    }
    Ok(())
}

fn command(finding: &Diagnostic) -> &'static str {
    match Grade::of(finding) {
        Grade::Error => "error",
        Grade::Warning => "warning",
        Grade::Undetermined | Grade::Note => "notice",
    }
}

fn annotation(view: &View<'_>, cause: &CauseGroup<'_>, command: &str) -> String {
    let finding = cause.first;
    let place = view.place(finding);
    let file = relative(&place.path, view.options.root.as_deref());
    let mut line = format!("::{command} file={},line={}", property(&file), place.line);
    if let Some(end) = place.end.filter(|end| end.line > place.line) {
        let _infallible = write!(line, ",endLine={}", end.line);
    } else if let Some(column) = place.column {
        // GitHub ignores columns of a place on several lines.
        let _infallible = write!(line, ",endLine={},col={column}", place.line);
        if let Some(end) = place.end {
            let _infallible = write!(line, ",endColumn={}", end.column);
        }
    }
    let title = match Grade::of(finding) {
        Grade::Undetermined => format!("{} (undetermined)", cause.title()),
        _ => finding.rule.clone(),
    };
    let _infallible = write!(
        line,
        ",title={}::{}",
        property(&title),
        data(&cause.sentence())
    );
    for help in cause.fixes().into_iter().take(FIXES) {
        let _infallible = write!(line, "%0Ahelp: {}", data(&help));
    }
    let others = cause.other_places(view);
    for other in others.iter().take(OTHERS) {
        let _infallible = write!(line, "%0Aalso: {}", data(other));
    }
    if others.len() > OTHERS {
        let _infallible = write!(line, "%0Aand {} more", others.len() - OTHERS);
    }
    line.push('\n');
    line
}

/// A message in a workflow command.
fn data(text: &str) -> Cow<'_, str> {
    escape(text, "")
}

/// A property of a workflow command.
fn property(text: &str) -> Cow<'_, str> {
    escape(text, ":,")
}

fn escape<'a>(text: &'a str, also: &str) -> Cow<'a, str> {
    if mark(text).is_some() {
        // Older runners look for commands of another form anywhere in a line.
        return Cow::Owned(escape(&unmarked(text), also).into_owned());
    }
    if !text
        .chars()
        .any(|c| c == '%' || is_unsafe(c) || also.contains(c))
    {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '%' => escaped.push_str("%25"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            '\t' => escaped.push(' '),
            ':' if also.contains(':') => escaped.push_str("%3A"),
            ',' if also.contains(',') => escaped.push_str("%2C"),
            c if is_unsafe(c) => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn a_message_cannot_start_a_command_of_its_own() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(property("a:b,c%\u{1b}"), "a%3Ab%2Cc%25\u{fffd}");
        assert_eq!(data("a ##[group]b%"), "a #\u{fffd}[group]b%25");
    }
}
