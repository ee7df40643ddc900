//! Conditions and resources that need each other in a circle, which CloudFormation refuses.
//! It does not know what they are for.

use std::cell::RefCell;

use super::super::{Loaded, Note};
use super::template::Template;
use crate::source::{Problem, Span};

/// Circles that are told of one template; a template with more has said enough.
const MOST: usize = 20;

/// What stands in a circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Conditions, by name.
    Conditions,
    /// Resources, by logical id.
    Resources,
}

/// A circle of names, each of which needs the next one, and the last one the first.
#[derive(Debug, PartialEq, Eq)]
struct Circle<'t> {
    of: Of,
    names: Vec<&'t str>,
}

/// The circles that were come across in a template.
#[derive(Debug, Default)]
pub(super) struct Circles<'t> {
    /// Each with whether it is there whatever conditions say.
    found: RefCell<Vec<(Circle<'t>, bool)>>,
}

impl<'t> Circles<'t> {
    /// Notes a circle, in any order of turning.
    pub(super) fn add(&self, of: Of, names: &[&'t str], is_certain: bool) {
        let mut names = names.to_vec();
        let first = (0..names.len()).min_by_key(|index| names[*index]);
        names.rotate_left(first.unwrap_or(0));
        let circle = Circle { of, names };
        let mut found = self.found.borrow_mut();
        let is_full = found.len() >= MOST;
        match found.iter_mut().find(|(known, _)| *known == circle) {
            Some((_, known)) => *known |= is_certain,
            None if is_full => {}
            None => found.push((circle, is_certain)),
        }
    }

    /// Tells of every circle. One that depends on conditions may never be deployed, which is a remark.
    pub(super) fn tell(&self, template: &Template<'t>, loaded: &mut Loaded) {
        for (circle, is_certain) in self.found.take() {
            match (circle.problem(template), is_certain) {
                (problem, true) => loaded.problems.push(problem),
                (problem, false) => loaded.notes.push(Note::Mistake(problem)),
            }
        }
    }
}

impl<'t> Circle<'t> {
    fn problem(&self, template: &Template<'t>) -> Problem {
        let place = |name: &str| match self.of {
            Of::Resources => template.resources.get(name).map(|resource| resource.place),
            Of::Conditions => Some(template.conditions?.member(name)?.key_span),
        };
        let [first, .., last] = self.names.as_slice() else {
            let place = self.names.first().and_then(|name| place(name));
            return self.described(place.unwrap_or_default());
        };
        let problem = self.described(place(first).unwrap_or_default());
        match place(last) {
            Some(place) => problem.related(place, format!("`{last}` needs `{first}` again")),
            None => problem,
        }
    }

    fn described(&self, place: Span) -> Problem {
        let what = match self.of {
            Of::Conditions => "condition",
            Of::Resources => "resource",
        };
        let names = self.names.join("`, `");
        let title = match self.names.as_slice() {
            [_] => format!("the {what} `{names}` needs itself"),
            _ => format!("the {what}s `{names}` need each other in a circle"),
        };
        let help = match self.of {
            Of::Conditions => "let one of them ask parameters only",
            Of::Resources => "give one of them a name of its own",
        };
        Problem::new(place, title)
            .label("CloudFormation refuses the template")
            .help(help)
    }
}
