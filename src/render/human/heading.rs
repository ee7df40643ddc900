//! The heading of what is found about the same things.
//! It does not know how that is found out.

use std::fmt::Write as _;

use super::group::SubjectGroup;
use super::{HumanReport, name};
use crate::render::paint::Ink;
use crate::render::text::{clean, width, wrap};

/// Columns of a heading's line besides its words.
const LINE: usize = 4;

impl HumanReport<'_, '_> {
    /// The heading of a group, with what is known of the one thing that it is about: on the same line, if there
    /// is room.
    pub(super) fn head(&mut self, group: &SubjectGroup<'_>) {
        let title = &group.title;
        let about = group.subject.and_then(name);
        let about = about.filter(|about| about != title);
        let together = about
            .as_ref()
            .map(|about| match about.strip_prefix(title.as_str()) {
                Some(rest) if rest.starts_with([',', ' ']) => about.clone(),
                _ => format!("{title} ({about})"),
            });
        let room = self.look.width.min(super::PROSE);
        let fits = |line: &String| width(line) + LINE <= room;
        match (together.filter(fits), about) {
            (Some(together), _) => self.line(&together),
            (None, Some(about)) => {
                self.line(title);
                let about = clean(&about).into_owned();
                for line in wrap(&about, room - 3, room - 3) {
                    let line = self.brush.paint(Ink::Quiet, line);
                    let _infallible = writeln!(self.text, "   {line}");
                }
            }
            (None, None) => self.line(title),
        }
        self.text.push('\n');
    }

    /// A line with a title in it.
    pub(super) fn line(&mut self, title: &str) {
        let title = clean(title);
        let dash = self.look.dash();
        let room = self.look.width.min(super::PROSE);
        let rest = room.saturating_sub(width(&title) + LINE);
        let (before, behind) = (dash.repeat(2), dash.repeat(rest));
        let quiet = |text| self.brush.paint(Ink::Quiet, text);
        let (before, behind) = (quiet(before), quiet(behind));
        let title = self.brush.paint(Ink::Strong, &title);
        let _infallible = match rest {
            0 => writeln!(self.text, "{before} {title}"),
            _ => writeln!(self.text, "{before} {title} {behind}"),
        };
    }
}
