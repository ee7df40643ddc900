//! What can be wrong with the files of an assembly, in words.
//! It does not know how they are found.

use std::io;

use super::names::{LOCK, MANIFEST, MARKER};
use super::trace::Stale;
use crate::input::Note;
use crate::source::{Problem, SourceId, Span};

/// A mistake for an assembly without a manifest; `folder` is a source that names it.
#[must_use]
pub fn unfinished(folder: SourceId) -> Problem {
    Problem::new(
        Span::new(folder, 0, 0),
        format!("the assembly has no `{MANIFEST}`: the synthesis did not finish"),
    )
    .help("run `cdk synth` until it succeeds")
}

/// A mistake for an assembly that is being written: what it says of one stack may be older than what
/// it says of another.
pub(super) fn locked(place: SourceId) -> Problem {
    let title = format!("the assembly is being written: there is a `{LOCK}`");
    Problem::new(Span::new(place, 0, 0), title)
        .help("check it when `cdk synth` is done; if none is running, run it again")
}

/// A remark about an assembly without the file that says its version, by which tools of the CDK know one.
pub(super) fn unmarked(manifest: SourceId) -> Note {
    let title = format!(
        "the assembly has no `{MARKER}`, the file with its version; it is read all the same"
    );
    let problem = Problem::new(Span::new(manifest, 0, 0), title);
    Note::Mistake(problem.help("copy the whole folder that `cdk synth` writes"))
}

/// A remark about an assembly that was written by another state of the program.
#[must_use]
pub fn outdated(manifest: SourceId, stale: &Stale) -> Problem {
    let Stale {
        line,
        construct_path,
    } = stale;
    let title = format!(
        "the assembly is of another state of the program: line {} of `{}` is not where `{construct_path}` is made",
        line.line, line.path
    );
    let problem = Problem::new(Span::new(manifest, 0, 0), title);
    problem.help("run `cdk synth` again: what is judged here is what it wrote before")
}

/// A mistake for a file or folder that cannot be read.
pub(super) fn unusable(place: Span, name: &str, error: &io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::NotFound => gone(place, name),
        _ => refused(place, name, &error.to_string()),
    }
}

pub(super) fn refused(place: Span, name: &str, why: &str) -> Problem {
    Problem::new(
        place,
        format!("cannot read `{name}` of the assembly: {why}"),
    )
    .help("copy the whole folder that `cdk synth` writes, with files and no links in it")
}

/// A mistake for a file or folder that is not there.
pub(super) fn gone(place: Span, name: &str) -> Problem {
    Problem::new(place, format!("the assembly has no `{name}`"))
        .label("the manifest names it here")
        .help("run `cdk synth` again")
}
