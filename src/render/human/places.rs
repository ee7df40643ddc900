//! Where a finding is: framed in its text, and the places that belong to it in a line each.
//! It does not know what is said beside.

use std::fmt::Write as _;

use super::{HumanReport, ink};
use crate::render::cause::CauseGroup;
use crate::render::frame::{self, Mark};
use crate::render::paint::Ink;
use crate::render::text::clean;
use crate::render::view::{Grade, many, parted};
use crate::report::Diagnostic;
use crate::source::Span;

/// Related places that are shown, and those that are named.
const RELATED: usize = 6;
const NAMED: usize = 2;

/// What is said of a place where nothing is: a line of the program shows as much.
const ABSENT: &str = "not set here";

impl<'a> HumanReport<'_, 'a> {
    /// The text that a finding is shown in: the user's own program, or else the input. What belongs to it is
    /// named, and shown to whoever asks for more.
    pub(super) fn frames(&mut self, cause: &CauseGroup<'a>, grade: Grade) {
        let finding = cause.first;
        let ink = ink(finding);
        let verbose = self.view.options.verbose;
        let excerpts = self.view.excerpts;
        let reason = parted(finding).1;
        let because = reason.map(|reason| format!("because {reason}"));
        let label = because.as_deref().unwrap_or(&finding.primary.message);
        let primary = Mark {
            span: finding.primary.span,
            label,
            ink,
        };
        let related = finding.related.iter().take(RELATED).map(|place| Mark {
            span: place.span,
            label: &place.message,
            ink: if ink == Ink::Quiet { ink } else { Ink::Key },
        });
        let marks: Vec<_> = std::iter::once(primary).chain(related).collect();
        let mut look = self.look;
        look.context = usize::from(grade != Grade::Undetermined);
        let own = finding.source_location.as_ref();
        let mut left: Vec<_> = marks.iter().collect();
        if let Some((origin, span)) = own.and_then(|own| Some((own, own.span.or(own.line_span)?))) {
            look.context = usize::from(verbose);
            let label = &origin.message;
            frame::draw(&[Mark { span, label, ink }], excerpts, look, &mut self.text);
            if !verbose {
                self.input(cause, reason);
                left.remove(0);
            }
        } else {
            if let Some(origin) = own {
                self.arrow(&origin.path, origin.line, origin.column);
            }
            left = frame::draw_first(&left, excerpts, look, &mut self.text);
        }
        match verbose {
            true => {
                let left: Vec<_> = left.into_iter().map(|mark| Mark { ..*mark }).collect();
                frame::draw(&left, excerpts, look, &mut self.text);
            }
            false => self.related(&left),
        }
        let hidden = finding.related.len().saturating_sub(RELATED);
        if hidden > 0 && verbose {
            let hidden = many(hidden, "more place", "s");
            self.note("and", &format!("{hidden} not shown"));
        }
    }

    /// The place in the input of what is shown in the program, and what it says there.
    fn input(&mut self, cause: &CauseGroup<'a>, reason: Option<&str>) {
        let primary = &cause.first.primary;
        let name = self.view.excerpts.name(primary.span.source);
        let is_template = name.ends_with(".template.json");
        let said = match reason {
            None if primary.message != ABSENT => primary.message.as_str(),
            _ => "",
        };
        self.note(
            if is_template { "template" } else { "input" },
            &self.placed(primary.span, said),
        );
        if let Some(reason) = reason.filter(|_| cause.open().is_none()) {
            self.note("because", reason);
        }
    }

    /// A place with what stands there.
    fn placed(&self, span: Span, said: &str) -> String {
        let location = self.view.excerpts.locate(span);
        let (path, start) = (location.path, location.start);
        let said = if said.is_empty() {
            String::new()
        } else {
            format!(", {said}")
        };
        format!("{path}:{}:{}{said}", start.line, start.column)
    }

    /// Other places that belong to a finding, in a line each.
    fn related(&mut self, marks: &[&Mark<'_>]) {
        for mark in marks.iter().take(NAMED) {
            self.note("related", &self.placed(mark.span, mark.label));
        }
        let hidden = marks.len().saturating_sub(NAMED);
        if hidden > 0 {
            let hidden = many(hidden, "more place", "s");
            self.note("and", &format!("{hidden}, with `--verbose`"));
        }
    }

    /// `──▶ path:line:column`.
    fn arrow(&mut self, path: &str, line: u32, column: Option<u32>) {
        let column = column
            .map(|column| format!(":{column}"))
            .unwrap_or_default();
        let place = format!("{}:{line}{column}", clean(path));
        let place = self.brush.paint(Ink::Key, place);
        let _infallible = writeln!(self.text, "  {} {place}", self.look.arrow());
    }

    /// The place of a finding in one line.
    pub(super) fn place(&mut self, finding: &'a Diagnostic) {
        let place = self.view.place(finding);
        self.arrow(&place.path, place.line, place.column);
        if let Some(reason) = parted(finding).1 {
            self.note("because", reason);
        }
        if let Some(when) = &finding.when {
            self.note("when", when);
        }
    }
}
