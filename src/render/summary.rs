//! What a run amounts to as `NAME=VALUE`, one a line: for scripts, which need no parser for it.
//! It does not know single findings.

use std::io::{self, Write};

use super::conclusion::Conclusion;
use super::view::View;
use crate::report::Summary;

/// The first name, by which a summary is known again.
pub(super) const FIRST: &str = "outcome=";

pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = view.report;
    writeln!(out, "{FIRST}{}", report.outcome.as_str())?;
    writeln!(out, "exit-code={}", report.outcome.exit_code())?;
    writeln!(out, "conclusion={}", Conclusion::of(report))?;
    let Summary {
        inputs,
        snapshots,
        repositories,
        others,
        errors,
        warnings,
        notes,
        undetermined,
        ignored,
        unreadable,
        refused,
        unlisted,
        files,
    } = report.summary;
    let counts = [
        ("inputs", inputs),
        ("snapshots", snapshots),
        ("repositories", repositories),
        ("others", others),
        ("errors", errors),
        ("warnings", warnings),
        ("notes", notes),
        ("undetermined", undetermined),
        ("ignored", ignored),
        ("unreadable", unreadable),
        ("refused", refused),
        ("unlisted", unlisted),
        ("looked-at", files.looked_at),
        ("read", files.read),
        ("passed-over", files.passed_over),
    ];
    for (name, count) in counts {
        writeln!(out, "{name}={count}")?;
    }
    Ok(())
}
