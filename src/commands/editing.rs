//! Files that somebody wrote and that may be edited: they lie where nobody is surprised, and say what was read of them.
//! It does not know what is edited in them.

use std::fs;
use std::path::Path;

use super::CommandError;
use crate::discover::ASSEMBLY;
use crate::door::{Door, FileKind, Namer};
use crate::input::assembly::MANIFEST;
use crate::report::Diagnostic;
use crate::source::{Source, Sources, Span, shown};

/// Refuses to replace a file that lies elsewhere, or that is not what was read.
pub(super) fn check(path: &Path, text: &str, door: &Door) -> Result<(), CommandError> {
    let cannot = |source| CommandError::Read {
        path: path.to_owned(),
        source,
    };
    let real = fs::canonicalize(path).map_err(cannot)?;
    let refused = |why: &str| {
        Err(CommandError::Usage(format!(
            "cannot write `{}`: {why}",
            shown(path)
        )))
    };
    if !door.holds(&real) {
        return refused("it lies outside of the checkout");
    }
    let now = door.bytes(&real, Namer::User, FileKind::Template);
    if now.map_err(cannot)? != text.as_bytes() {
        return refused("it is not UTF-8, or has changed since it was read");
    }
    match fs::metadata(&real)
        .map_err(cannot)?
        .permissions()
        .readonly()
    {
        true => refused("it is read-only"),
        false => Ok(()),
    }
}

/// Whether a finding is about what a program made, which is made anew.
pub(super) fn is_made(finding: &Diagnostic) -> bool {
    let subject = finding.subject.as_deref();
    let has_path = subject.is_some_and(|subject| subject.construct_path.is_some());
    has_path || finding.source_location.is_some()
}

/// The text at a place, if it is one that somebody wrote: no part of an assembly, and no line of a snapshot.
pub(super) fn written(place: Span, sources: &Sources) -> Option<&Source> {
    let source = sources.source(place.source);
    let path = Path::new(&source.name);
    let made = path.iter().any(|part| part == ASSEMBLY) || path.with_file_name(MANIFEST).exists();
    (!made && !source.is_line()).then_some(source)
}
