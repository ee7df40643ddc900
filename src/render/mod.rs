//! Writes a report in the formats that people, pipelines and code hosts read.
//! It does not know rules, inputs or ECR, only what a finished report says.

pub mod access;
mod advice;
mod begins;
mod cause;
mod conclusion;
mod frame;
mod github;
mod gitlab;
mod html;
mod human;
mod json;
mod junit;
pub mod lifecycle;
mod markdown;
mod name;
mod options;
mod page;
mod paint;
mod path;
mod sarif;
pub mod sheet;
mod summary;
mod text;
mod view;

use std::io::{self, BufWriter, ErrorKind, Write};

use crate::report::Report;
#[cfg(feature = "capture")]
pub(crate) use crate::report::escaped::write as write_json;
pub use options::RenderOptions;
pub use page::page;
pub(crate) use path::of_checkout;
pub(crate) use text::{clean, harmless};
use view::View;
pub(crate) use view::sentence;

/// One way to write a report.
#[derive(Debug)]
pub struct Format {
    /// The name on the command line.
    pub name: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    /// Whether it shows the documentation of rules.
    pub explains: bool,
    /// Whether it shows the edits that end findings, for which everything is judged once more.
    pub fixes: bool,
    /// Whether it lists repositories without findings.
    pub lists: bool,
    /// Whether it draws who may do what, and what becomes of images.
    pub depicts: bool,
    begins: fn(&str) -> bool,
    write: RenderFn,
}

type RenderFn = fn(&View<'_>, &mut dyn Write) -> io::Result<()>;

/// Every format, in the order of the help text. A new format is a file and a line here.
#[rustfmt::skip]
pub static FORMATS: [Format; 9] = [
    Format { name: "human", about: "text with source excerpts, for terminals and logs", explains: false, fixes: false, lists: false, depicts: false, begins: begins::human, write: human::write },
    Format { name: "json", about: "the whole report, versioned, for programs", explains: false, fixes: false, lists: false, depicts: false, begins: begins::json, write: json::write },
    Format { name: "sarif", about: "SARIF 2.1.0, for GitHub code scanning and editors", explains: true, fixes: true, lists: false, depicts: false, begins: begins::sarif, write: sarif::write },
    Format { name: "github", about: "annotations on a pull request, from a GitHub Actions log", explains: false, fixes: false, lists: false, depicts: false, begins: begins::github, write: github::write },
    Format { name: "gitlab", about: "code quality report of GitLab", explains: false, fixes: false, lists: false, depicts: false, begins: begins::gitlab, write: gitlab::write },
    Format { name: "junit", about: "test cases in XML, for CI servers", explains: false, fixes: false, lists: true, depicts: false, begins: begins::junit, write: junit::write },
    Format { name: "markdown", about: "summary with a table, for job summaries and comments", explains: true, fixes: false, lists: false, depicts: false, begins: begins::markdown, write: markdown::write },
    Format { name: "html", about: "one file for browsers: findings, repositories, access, lifecycles, controls", explains: true, fixes: false, lists: true, depicts: true, begins: begins::html, write: html::write },
    Format { name: "summary", about: "outcome and counts as NAME=VALUE lines, for scripts", explains: false, fixes: false, lists: false, depicts: false, begins: begins::summary, write: summary::write },
];

impl Format {
    /// The format called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// Whether a text begins like a report in this format.
    #[must_use]
    pub fn begins(&self, text: &str) -> bool {
        (self.begins)(text)
    }
}

/// Writes `report` to `out` in `format`. A reader that has gone away is not an error: whoever closes a
/// pipe has seen enough.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(
    format: &Format,
    report: &Report,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let view = View::new(report, options);
    let mut out = BufWriter::with_capacity(1 << 16, out);
    match (format.write)(&view, &mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            // Dropping the buffer would try again.
            let _unwritten = out.into_parts();
            Ok(())
        }
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind, Write};

    use super::{FORMATS, RenderOptions, write};
    use crate::report::DraftReport;
    use crate::source::Sources;

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Err(ErrorKind::BrokenPipe.into())
        }
    }

    #[test]
    fn a_reader_that_has_gone_away_is_no_error() {
        let report = DraftReport::default().finish(&Sources::default());
        for format in &FORMATS {
            assert!(write(format, &report, &RenderOptions::default(), &mut Closed).is_ok());
        }
    }
}
