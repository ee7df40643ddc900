//! Conditions that need each other in a circle, which CloudFormation refuses.
//! It does not know what they are for.

use std::collections::{BTreeMap, VecDeque};

use rustc_hash::FxHashMap;

use crate::input::cloudformation::template::flaw::Flaw;
use crate::source::Span;

/// Steps that all searches for the way of a circle may take.
pub(crate) const MOST_STEPS: usize = 200_000;

/// Says of names that they need each other in a circle.
pub(crate) fn described(what: &str, names: &[&str]) -> String {
    match names {
        [only] => format!("{what} `{only}` needs itself"),
        names => format!(
            "the {what}s `{}` need each other in a circle",
            names.join("`, `")
        ),
    }
}

/// The conditions that each of some asks for, and where.
pub(crate) type AskingConditions<'a, 't> = BTreeMap<&'t str, &'a [(&'t str, Span)]>;

/// The circles among conditions, each told at the reference of the one that comes first by name; `steps` are left for the
/// search.
pub(crate) fn of_conditions(named: &AskingConditions<'_, '_>, steps: &mut usize) -> Vec<Flaw> {
    let mut found = Vec::new();
    if is_without_circles(named) {
        return found;
    }
    for first in named.keys().copied() {
        // Those before it were looked at, and a circle with one of them was reported there.
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
pub(crate) fn is_without_circles(named: &AskingConditions<'_, '_>) -> bool {
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
