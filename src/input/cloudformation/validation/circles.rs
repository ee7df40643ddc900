//! Conditions and resources that need each other in a circle, which CloudFormation refuses.
//! It does not know what they are for.

use std::cell::RefCell;
use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::condition_circles::{MOST_STEPS, described};
use super::edge::Edge;
use super::fixed::Fixed;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::template::flaw::Flaw;
use crate::input::cloudformation::template::sections::{Resource, Template};
use crate::model::Truth;
use crate::source::Span;

/// Why no more circles are looked for.
const TOO_LONG: &str = "the circles of resources that need each other take too long to find";
/// Circles whose conditions are asked for, one after the other, until one is certain.
const MOST_ATTEMPTS: usize = 8;

/// Which resources stand in circles, whatever conditions say, as far as anybody asked.
#[derive(Debug)]
pub(crate) struct Circles<'t> {
    /// By logical id: when it was come to, and the group of those that reach each other once that is known.
    seen: FxHashMap<&'t str, (usize, Option<usize>)>,
    /// How many belong to each group, and whether one of them needs itself.
    groups: Vec<(usize, bool)>,
    steps: usize,
    /// Whether it was said that no steps are left.
    is_cut: bool,
}

impl Default for Circles<'_> {
    fn default() -> Self {
        Self {
            seen: FxHashMap::default(),
            groups: Vec::new(),
            steps: MOST_STEPS,
            is_cut: false,
        }
    }
}

/// A resource that is being looked at, after Tarjan.
struct TarjanVisit<'t> {
    id: &'t str,
    edges: Vec<&'t str>,
    lowest: usize,
}

/// What is to be said of the circles of a resource.
pub(crate) enum CircleFinding {
    /// It is in one.
    Flaw(Flaw),
    /// It may be in one, by conditions that nothing decides.
    Open(Span, String),
}

/// Looks for the circles of one template under one combination of conditions.
pub(crate) struct CircleSearch<'s, 't, 'c> {
    pub(crate) evaluator: &'s Evaluator<'t, 'c>,
    pub(crate) fixed: &'s Fixed<'t>,
    pub(crate) circles: &'s RefCell<Circles<'t>>,
}

impl<'t> CircleSearch<'_, 't, '_> {
    /// A circle that the resource stands in, where it is the one of which it is told.
    pub(crate) fn of(&self, resource: &Resource<'t>) -> Option<CircleFinding> {
        let group = self.group(resource.id)?;
        let told = self.in_group(resource, group);
        let circles = &mut *self.circles.borrow_mut();
        // That the search was ended is said once.
        let is_cut = told.is_none() && circles.steps == 0 && !circles.is_cut;
        circles.is_cut |= is_cut;
        let cut = || CircleFinding::Open(resource.place, TOO_LONG.to_owned());
        told.or_else(|| is_cut.then(cut))
    }

    fn in_group(&self, resource: &Resource<'t>, group: usize) -> Option<CircleFinding> {
        for _ in 0..MOST_ATTEMPTS {
            if let Some(way) = self.way(resource.id, group, true) {
                return told(self.evaluator.template, &way).map(CircleFinding::Flaw);
            }
            let way = self.way(resource.id, group, false)?;
            let flaw = told(self.evaluator.template, &way)?;
            // Asking decides, so that another circle is looked at next time.
            for edge in &way {
                let mut open = edge.branches.iter();
                let reason = open.find_map(|(name, _)| self.evaluator.decide(name).doubt());
                let target = self.evaluator.template.resources.get(edge.to);
                let reason = reason.or_else(|| self.evaluator.existence(target?).doubt());
                if let Some(reason) = reason {
                    return Some(CircleFinding::Open(flaw.span, reason));
                }
            }
        }
        None
    }

    /// The group of a resource that is in a circle, unless every reference in it is one that a condition takes away.
    fn group(&self, id: &'t str) -> Option<usize> {
        let is_known = self.circles.borrow().seen.contains_key(id);
        if !is_known {
            self.visit(id);
        }
        let known = self.circles.borrow();
        let group = known.seen.get(id)?.1?;
        let (size, needs_itself) = known.groups[group];
        (size > 1 || needs_itself).then_some(group)
    }

    fn targets(&self, id: &str) -> Vec<&'t str> {
        let resource = self.evaluator.template.resources.get(id);
        let named = resource.map(|resource| self.fixed.of(self.evaluator.template, resource));
        named.map_or_else(Vec::new, |known| known.named.keys().copied().collect())
    }

    /// Finds the groups of everything that can be reached, each resource once.
    fn visit(&self, root: &'t str) {
        let mut circles = self.circles.take();
        let mut open: Vec<&'t str> = Vec::new();
        let mut path = vec![circles.enter(root, self.targets(root), &mut open)];
        while let Some(visit) = path.last_mut() {
            if let Some(next) = visit.edges.pop() {
                match circles.seen.get(next) {
                    None => {
                        let next = circles.enter(next, self.targets(next), &mut open);
                        path.push(next);
                    }
                    Some((number, None)) => visit.lowest = visit.lowest.min(*number),
                    Some(_) => {}
                }
                continue;
            }
            let (id, lowest) = (visit.id, visit.lowest);
            path.pop();
            if let Some(before) = path.last_mut() {
                before.lowest = before.lowest.min(lowest);
            }
            if circles
                .seen
                .get(id)
                .is_some_and(|(number, _)| *number == lowest)
            {
                let needs_itself = self.targets(id).contains(&id);
                circles.close(id, needs_itself, &mut open);
            }
        }
        self.circles.replace(circles);
    }

    /// The shortest way from a resource back to it; `is_certain`: over references that count under all conditions that
    /// are still open.
    fn way(&self, id: &'t str, group: usize, is_certain: bool) -> Option<Vec<Edge<'t>>> {
        let counts = |edge: &Edge<'t>| {
            let target = self.evaluator.template.resources.get(edge.to)?;
            let exists = self.evaluator.quietly(|| self.evaluator.existence(target));
            let decided = edge.branches.iter().map(|(name, wanted)| {
                let holds = self.evaluator.quietly(|| self.evaluator.decide(name));
                if *wanted { holds } else { !holds }
            });
            match Truth::all(decided.chain([exists])) {
                Truth::True => Some(()),
                Truth::False => None,
                Truth::Unknown(_) => (!is_certain).then_some(()),
            }
        };
        let is_inside = |id: &str| {
            let known = self.circles.borrow();
            let found = known.seen.get(id);
            found.is_some_and(|(_, known)| *known == Some(group))
        };
        let mut reached: Reached<'t> = FxHashMap::default();
        let mut pending = VecDeque::from([id]);
        while let Some(at) = pending.pop_front() {
            let resource = self.evaluator.template.resources.get(at)?;
            let known = self.fixed.of(self.evaluator.template, resource);
            for (to, edges) in &known.named {
                {
                    let circles = &mut *self.circles.borrow_mut();
                    circles.steps = circles.steps.checked_sub(1)?;
                }
                if reached.contains_key(to) || !is_inside(to) {
                    continue;
                }
                let Some(edge) = edges.iter().find(|edge| counts(edge).is_some()) else {
                    continue;
                };
                reached.insert(to, (at, edge.clone()));
                if *to == id {
                    return Some(unwound(id, &mut reached));
                }
                pending.push_back(to);
            }
        }
        None
    }
}

impl<'t> Circles<'t> {
    fn enter(
        &mut self,
        id: &'t str,
        edges: Vec<&'t str>,
        open: &mut Vec<&'t str>,
    ) -> TarjanVisit<'t> {
        let number = self.seen.len();
        self.seen.insert(id, (number, None));
        open.push(id);
        TarjanVisit {
            id,
            edges,
            lowest: number,
        }
    }

    fn close(&mut self, id: &'t str, needs_itself: bool, open: &mut Vec<&'t str>) {
        let group = self.groups.len();
        let mut size = 0;
        while let Some(member) = open.pop() {
            size += 1;
            if let Some((_, known)) = self.seen.get_mut(member) {
                *known = Some(group);
            }
            if member == id {
                break;
            }
        }
        self.groups.push((size, needs_itself));
    }
}

/// From where each resource was reached, and by which reference.
type Reached<'t> = FxHashMap<&'t str, (&'t str, Edge<'t>)>;

/// The references from a resource back to it, in order.
fn unwound<'t>(id: &'t str, reached: &mut Reached<'t>) -> Vec<Edge<'t>> {
    let mut way = Vec::new();
    let mut at = id;
    while let Some((from, edge)) = reached.remove(at) {
        way.push(edge);
        at = from;
    }
    way.reverse();
    way
}

/// What is said of a circle at the resource that comes first in it; `None` at any other one.
fn told(template: &Template<'_>, way: &[Edge<'_>]) -> Option<Flaw> {
    let own = way.last()?.to;
    let rank = |id: &str| {
        let resource = template.resources.get(id)?;
        let rank = (!resource.kind.is_of_ecr(), !resource.kind.is_read());
        Some((rank, resource.place))
    };
    let first = way.iter().map(|edge| rank(edge.to)).min()?;
    if rank(own) != first {
        return None;
    }
    let names: Vec<&str> = std::iter::once(own)
        .chain(way.iter().map(|edge| edge.to))
        .take(way.len())
        .collect();
    let text = described("resource", &names);
    Some(Flaw::new(way.first()?.span, text))
}
