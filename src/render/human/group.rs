//! Causes by what they are about: a heading for each repository, with what is found there below it.
//! It does not know how a single finding is drawn.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{HumanReport, name};
use crate::render::cause::CauseGroup;
use crate::render::name::heading;
use crate::render::paint::Ink;
use crate::render::text::{clean, width, wrap};
use crate::render::view::{View, many};
use crate::report::Subject;

/// Names that a heading tells.
const NAMES: usize = 3;
/// Columns of a heading's line besides its words.
const LINE: usize = 4;

/// What is found about the same things.
pub(super) struct SubjectGroup<'a> {
    title: String,
    /// What all of it is about, where that is one thing.
    pub(super) subject: Option<&'a Subject>,
    pub(super) causes: Vec<CauseGroup<'a>>,
}

impl<'a> SubjectGroup<'a> {
    /// The groups in the order of their worst causes; within one, causes keep their order.
    pub(super) fn all(view: &View<'a>, causes: Vec<CauseGroup<'a>>) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        let mut known: BTreeMap<BTreeSet<String>, usize> = BTreeMap::new();
        for cause in causes {
            let called = cause.instances().map(|one| {
                let own = one.subject.as_deref().and_then(heading);
                own.unwrap_or_else(|| view.place(one).path.into_owned())
            });
            let names: BTreeSet<String> = called.collect();
            let subjects = cause.instances().map(|one| one.subject.as_deref());
            let subjects: BTreeSet<_> = subjects.collect();
            let only = match subjects.len() {
                1 => subjects.into_iter().next().flatten(),
                _ => None,
            };
            let title = title(&names);
            let index = *known.entry(names).or_insert(groups.len());
            match groups.get_mut(index) {
                Some(group) => {
                    group.subject = group.subject.filter(|subject| Some(*subject) == only);
                    group.causes.push(cause);
                }
                None => groups.push(Self {
                    title,
                    subject: only,
                    causes: vec![cause],
                }),
            }
        }
        groups
    }
}

/// A few of the names, and how many more there are.
fn title(names: &BTreeSet<String>) -> String {
    let told: Vec<&str> = names.iter().take(NAMES).map(String::as_str).collect();
    let mut title = told.join(", ");
    if names.len() > NAMES {
        let _infallible = write!(title, " and {}", many(names.len() - NAMES, "more", ""));
    }
    title
}

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
