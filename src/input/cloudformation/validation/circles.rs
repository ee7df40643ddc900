//! Conditions and resources that need each other in a circle, which CloudFormation refuses.
//! It does not know what they are for.

use std::collections::{BTreeMap, VecDeque};

use rustc_hash::FxHashMap;

use super::refused::fixed;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::template::flaw::Flaw;
use crate::input::cloudformation::template::sections::{Resource, Template};
use crate::model::Truth;
use crate::source::Span;

/// Steps that all searches for the way of a circle may take.
pub(crate) const MOST_STEPS: usize = 200_000;
/// Why no more circles are looked for.
const TOO_LONG: &str = "the circles of resources that need each other take too long to find";
/// Circles whose conditions are asked for, one after the other, until one is certain.
const MOST_ATTEMPTS: usize = 8;

/// One resource needs another one.
#[derive(Clone, Debug)]
pub(crate) struct Edge<'t> {
    /// Logical id of the other one.
    pub(crate) to: &'t str,
    /// Where it is named.
    pub(crate) span: Span,
    /// The conditions of `Fn::If` around it, each with the outcome under which it counts.
    pub(crate) branches: Vec<(&'t str, bool)>,
}

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
struct Visit<'t> {
    id: &'t str,
    edges: Vec<&'t str>,
    lowest: usize,
}

/// What is to be said of the circles of a resource.
pub(crate) enum Told {
    /// It is in one.
    Flaw(Flaw),
    /// It may be in one, by conditions that nothing decides.
    Open(Span, String),
}

/// A circle that the resource stands in, where it is the one of which it is told.
pub(crate) fn of<'t>(evaluator: &Evaluator<'t, '_>, resource: &Resource<'t>) -> Option<Told> {
    let group = group(evaluator, resource.id)?;
    let told = in_group(evaluator, resource, group);
    let circles = &mut evaluator.setting.refused.borrow_mut().circles;
    // That the search was ended is said once.
    let is_cut = told.is_none() && circles.steps == 0 && !circles.is_cut;
    circles.is_cut |= is_cut;
    let cut = || Told::Open(resource.place, TOO_LONG.to_owned());
    told.or_else(|| is_cut.then(cut))
}

fn in_group<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
    group: usize,
) -> Option<Told> {
    for _ in 0..MOST_ATTEMPTS {
        if let Some(way) = way(evaluator, resource.id, group, true) {
            return told(evaluator.template, &way).map(Told::Flaw);
        }
        let way = way(evaluator, resource.id, group, false)?;
        let flaw = told(evaluator.template, &way)?;
        // Asking decides, so that another circle is looked at next time.
        for edge in &way {
            let mut open = edge.branches.iter();
            let reason = open.find_map(|(name, _)| evaluator.decide(name).doubt());
            let target = evaluator.template.resources.get(edge.to);
            let reason = reason.or_else(|| evaluator.existence(target?).doubt());
            if let Some(reason) = reason {
                return Some(Told::Open(flaw.span, reason));
            }
        }
    }
    None
}

/// The group of a resource that is in a circle, unless every reference in it is one that a condition takes away.
fn group<'t>(evaluator: &Evaluator<'t, '_>, id: &'t str) -> Option<usize> {
    let is_known = evaluator
        .setting
        .refused
        .borrow()
        .circles
        .seen
        .contains_key(id);
    if !is_known {
        visit(evaluator, id);
    }
    let known = evaluator.setting.refused.borrow();
    let group = known.circles.seen.get(id)?.1?;
    let (size, needs_itself) = known.circles.groups[group];
    (size > 1 || needs_itself).then_some(group)
}

fn targets<'t>(evaluator: &Evaluator<'t, '_>, id: &str) -> Vec<&'t str> {
    let resource = evaluator.template.resources.get(id);
    let named = resource.map(|resource| fixed(evaluator, resource));
    named.map_or_else(Vec::new, |known| known.named.keys().copied().collect())
}

/// Finds the groups of everything that can be reached, each resource once.
fn visit<'t>(evaluator: &Evaluator<'t, '_>, root: &'t str) {
    let mut circles = std::mem::take(&mut evaluator.setting.refused.borrow_mut().circles);
    let mut open: Vec<&'t str> = Vec::new();
    let mut path = vec![circles.enter(root, targets(evaluator, root), &mut open)];
    while let Some(visit) = path.last_mut() {
        if let Some(next) = visit.edges.pop() {
            match circles.seen.get(next) {
                None => {
                    let next = circles.enter(next, targets(evaluator, next), &mut open);
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
            let needs_itself = targets(evaluator, id).contains(&id);
            circles.close(id, needs_itself, &mut open);
        }
    }
    evaluator.setting.refused.borrow_mut().circles = circles;
}

impl<'t> Circles<'t> {
    fn enter(&mut self, id: &'t str, edges: Vec<&'t str>, open: &mut Vec<&'t str>) -> Visit<'t> {
        let number = self.seen.len();
        self.seen.insert(id, (number, None));
        open.push(id);
        Visit {
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

/// The shortest way from a resource back to it; `is_certain`: over references that count under all conditions that
/// are still open.
fn way<'t>(
    evaluator: &Evaluator<'t, '_>,
    id: &'t str,
    group: usize,
    is_certain: bool,
) -> Option<Vec<Edge<'t>>> {
    let counts = |edge: &Edge<'t>| {
        let target = evaluator.template.resources.get(edge.to)?;
        let exists = evaluator.quietly(|| evaluator.existence(target));
        let decided = edge.branches.iter().map(|(name, wanted)| {
            let holds = evaluator.quietly(|| evaluator.decide(name));
            if *wanted { holds } else { !holds }
        });
        match Truth::all(decided.chain([exists])) {
            Truth::True => Some(()),
            Truth::False => None,
            Truth::Unknown(_) => (!is_certain).then_some(()),
        }
    };
    let is_inside = |id: &str| {
        let known = evaluator.setting.refused.borrow();
        let found = known.circles.seen.get(id);
        found.is_some_and(|(_, known)| *known == Some(group))
    };
    let mut reached: Reached<'t> = FxHashMap::default();
    let mut pending = VecDeque::from([id]);
    while let Some(at) = pending.pop_front() {
        let resource = evaluator.template.resources.get(at)?;
        let known = fixed(evaluator, resource);
        for (to, edges) in &known.named {
            {
                let circles = &mut evaluator.setting.refused.borrow_mut().circles;
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

/// Says of names that they need each other in a circle.
fn described(what: &str, names: &[&str]) -> String {
    match names {
        [only] => format!("{what} `{only}` needs itself"),
        names => format!(
            "the {what}s `{}` need each other in a circle",
            names.join("`, `")
        ),
    }
}

/// The conditions that each of some asks for, and where.
type Asked<'a, 't> = BTreeMap<&'t str, &'a [(&'t str, Span)]>;

/// The circles among conditions, each told at the reference of the one that comes first by name; `steps` are left for the
/// search.
pub(crate) fn of_conditions(named: &Asked<'_, '_>, steps: &mut usize) -> Vec<Flaw> {
    let mut found = Vec::new();
    if is_without_circles(named) {
        return found;
    }
    for first in named.keys().copied() {
        // Those before it were looked at, and a circle with one of them was told there.
        let mut reached: BTreeMap<&str, (&str, Span)> = BTreeMap::new();
        let mut pending = VecDeque::from([first]);
        while let Some(at) = pending.pop_front() {
            for (to, span) in named.get(at).copied().unwrap_or_default() {
                let Some(left) = steps.checked_sub(1) else {
                    return found;
                };
                *steps = left;
                if *to >= first && !reached.contains_key(to) {
                    reached.insert(to, (at, *span));
                    pending.push_back(to);
                }
            }
        }
        let mut names = Vec::new();
        let (mut at, mut place) = (first, None);
        while let Some((from, span)) = reached.remove(at) {
            (at, place) = (from, Some(span));
            names.push(from);
        }
        names.reverse();
        if let Some(place) = place.filter(|_| names.first() == Some(&first)) {
            found.push(Flaw::new(place, described("condition", &names)));
        }
    }
    found
}

/// Whether all conditions are gone once those that ask for none are taken away, again and again.
fn is_without_circles(named: &Asked<'_, '_>) -> bool {
    let mut askers: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    let mut open: FxHashMap<&str, usize> = FxHashMap::default();
    let mut gone = Vec::new();
    for (name, asked) in named {
        let asked = asked.iter().filter(|(to, _)| named.contains_key(to));
        let count = asked.map(|(to, _)| askers.entry(to).or_default().push(name));
        match count.count() {
            0 => gone.push(*name),
            count => drop(open.insert(name, count)),
        }
    }
    while let Some(name) = gone.pop() {
        for asker in askers.remove(name).unwrap_or_default() {
            let left = open.entry(asker).or_default();
            *left = left.saturating_sub(1);
            if *left == 0 {
                open.remove(asker);
                gone.push(asker);
            }
        }
    }
    open.is_empty()
}
