//! Which lines of a program acknowledge a rule: the places of ignores that CDK code holds.
//! It does not know what an ignore is good for.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::origin_lines::Origins;
use super::place::Placement;
use crate::input::acknowledged;
use crate::report::{Diagnostic, SourceLocation};
use crate::source::{SourceId, Sources, Span};

/// The traces of acknowledgements, by the texts that hold them.
#[derive(Default)]
pub(super) struct Acknowledged {
    by_source: BTreeMap<SourceId, FxHashMap<Span, Arc<[String]>>>,
}

impl Acknowledged {
    /// Shows what points at an acknowledgement in an assembly at the line of the program: a finding
    /// about an ignore itself, and the place of an ignore beside another finding.
    pub(super) fn place(
        &mut self,
        finding: &mut Diagnostic,
        origins: &mut Origins<'_>,
        placement: &mut Placement,
        sources: &mut Sources,
    ) {
        if finding.subject.is_none() {
            let frames = self.frames(finding.primary.span, origins, sources);
            let line = frames
                .and_then(|frames| origins.innermost(finding.primary.span.source, frames, sources));
            if let Some((line, root)) = line {
                let line_span = placement.rest(&line, origins.tracer(Some(&root)), sources);
                finding.source_location = Some(Box::new(SourceLocation {
                    path: line.path,
                    line: line.line,
                    column: line.column,
                    message: "acknowledged here".to_owned(),
                    span: None,
                    line_span,
                }));
            }
        }
        for label in &mut finding.related {
            let frames = self.frames(label.span, origins, sources);
            let line =
                frames.and_then(|frames| origins.innermost(label.span.source, frames, sources));
            let Some((line, root)) = line else { continue };
            let span = placement.rest(&line, origins.tracer(Some(&root)), sources);
            label.span = span.unwrap_or(label.span);
        }
    }

    /// The trace of the acknowledgement at a place, if there is one.
    fn frames(
        &mut self,
        span: Span,
        origins: &Origins<'_>,
        sources: &Sources,
    ) -> Option<&Arc<[String]>> {
        let file = sources.source(span.source);
        origins.deployment.assembly(&file.name)?;
        let read = || {
            let traces = acknowledged::traces(file.text(), span.source);
            traces.into_iter().collect()
        };
        let traces = self.by_source.entry(span.source).or_insert_with(read);
        traces.get(&span)
    }
}
