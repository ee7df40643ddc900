//! What a run amounts to as `NAME=VALUE`, one a line: for scripts, which need no parser for it.
//! It does not know single findings.

use std::io::{self, Write};

use super::conclusion::Conclusion;
use super::text::clean;
use super::view::View;

/// The first name, by which a summary is known again.
pub(super) const FIRST: &str = "outcome=";

pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = view.report;
    writeln!(out, "{FIRST}{}", report.outcome().as_str())?;
    writeln!(out, "exit-code={}", report.outcome().exit_code())?;
    writeln!(out, "conclusion={}", Conclusion::of(report))?;
    let counts = report.summary().counts().into_iter();
    for (name, count) in counts.chain(report.summary().files.counts()) {
        writeln!(out, "{}={count}", name.replace('_', "-"))?;
    }
    let configuration = report.configuration().unwrap_or_default();
    writeln!(out, "configuration={}", clean(configuration))?;
    Ok(())
}
