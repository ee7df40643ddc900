//! Causes by what they are about: each repository with what is found there.
//! It does not know how any of it is drawn.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::render::cause::CauseGroup;
use crate::render::name::heading;
use crate::render::view::{View, many};
use crate::report::Subject;

/// Names that a heading shows.
const NAMES: usize = 3;

/// What is found about the same things.
pub(super) struct SubjectGroup<'a> {
    pub(super) title: String,
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
