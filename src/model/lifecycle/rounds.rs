//! What goes once other images are gone: an index that expires sets free what it lists.
//! It does not know how one evaluation comes about.

use super::effect::{Doubt, Evaluation, Fate, Kept};
use super::evaluation::{evaluate, evaluate_read};
use super::image::{Image, Status};
use super::policy::{Action, Limit, Policy, Stars};
use super::time::Time;

/// Evaluations that are looked at after the first one: indexes of indexes are rare, and deeper ones unheard of.
const MOST_ROUNDS: usize = 8;

/// What is done with an image in the end; `None` where it stays.
type End = Result<Option<Action>, Doubt>;

/// What becomes of images in the end, when nothing happens but one evaluation after the other: an index that goes sets
/// free what it lists. The first evaluation comes with it.
#[must_use]
pub fn settle(policy: &Policy, images: &[Image], now: Time) -> (Evaluation, Vec<End>) {
    let wild = evaluate_read(policy, images, now, Stars::Wild);
    let mut ends = ends(policy, images, (now, Stars::Wild), wild.clone());
    if policy.undocumented().is_none() {
        return (wild, ends);
    }
    let plain = evaluate_read(policy, images, now, Stars::Plain);
    let others = self::ends(policy, images, (now, Stars::Plain), plain);
    for (end, other) in ends.iter_mut().zip(others) {
        if *end != other {
            *end = Err(Doubt::Stars);
        }
    }
    (evaluate(policy, images, now), ends)
}

/// The same in one reading of prefixes with `*`, of which the first evaluation is there.
fn ends(policy: &Policy, images: &[Image], reading: (Time, Stars), first: Evaluation) -> Vec<End> {
    let mut ends: Vec<End> = first.fates.iter().map(|fate| fate.action()).collect();
    for (at, end) in follow_ups(policy, images, reading, first) {
        ends[at] = end.map(Some);
    }
    ends
}

/// What the first evaluation does not tell, in the order in which it happens.
fn follow_ups(
    policy: &Policy,
    images: &[Image],
    (now, stars): (Time, Stars),
    first: Evaluation,
) -> Vec<(usize, Result<Action, Doubt>)> {
    let mut found = Vec::new();
    // Nothing else changes: fewer images do not put any other beyond a limit.
    let is_held = |fate: &Fate| matches!(fate, Fate::Kept(Kept::Held { .. }));
    if !first.fates.iter().any(is_held) {
        return found;
    }
    let mut places: Vec<usize> = (0..images.len()).collect();
    let mut images = images.to_vec();
    let told: Vec<bool> = first
        .fates
        .iter()
        .map(|fate| fate.action().is_err())
        .collect();
    let mut last = first;
    let mut doubts: Vec<Option<Doubt>> = vec![None; images.len()];
    remember(&mut doubts, &places, &mut last.fates);
    let mut is_open = false;
    let mut ends = false;
    for _ in 0..MOST_ROUNDS {
        is_open |= last.fates.iter().any(is_doubtful);
        ends = !apply(&mut images, &mut places, &last, now);
        if ends {
            break;
        }
        last = evaluate_read(policy, &images, now, stars);
        if is_open {
            weaken(policy, &mut last.fates);
        }
        remember(&mut doubts, &places, &mut last.fates);
        let acts = last.fates.iter().zip(&places);
        found.extend(acts.filter_map(|(fate, at)| Some((*at, Ok(fate.action().ok()??)))));
    }
    if !ends {
        // What indexes of indexes of indexes keep is not followed any further.
        let held = last.fates.iter_mut().filter(|fate| is_held(fate));
        held.for_each(|fate| *fate = Fate::Undetermined(Doubt::Index));
    }
    doubt_held(&mut last.fates);
    let open = last.fates.iter().zip(&places);
    let open = open.filter_map(|(fate, at)| Some((*at, Err(fate.action().err()?))));
    // Of the others it was told before.
    found.extend(open.filter(|(at, _)| !told[*at]));
    found
}

/// Keeps an image doubtful that was so before: by now it may have gone.
fn remember(doubts: &mut [Option<Doubt>], places: &[usize], fates: &mut [Fate]) {
    for (fate, at) in fates.iter_mut().zip(places) {
        match (*fate, doubts[*at]) {
            (Fate::Undetermined(doubt), _) => doubts[*at] = Some(doubt),
            (Fate::Kept(_), Some(doubt)) => *fate = Fate::Undetermined(doubt),
            _ => {}
        }
    }
}

fn is_doubtful(fate: &Fate) -> bool {
    matches!(fate, Fate::Undetermined(_))
}

/// Leaves to rules that count what they certainly do: where nobody can tell how many images are left, that is nothing.
fn weaken(policy: &Policy, fates: &mut [Fate]) {
    for fate in fates.iter_mut() {
        let counts = |rule: usize| matches!(policy.rules()[rule].limit, Limit::Count(_));
        if matches!(fate, Fate::Acts { rule, .. } if counts(*rule)) {
            *fate = Fate::Undetermined(Doubt::Slots);
        }
    }
    spread(fates, |fate, fates| match fate {
        Fate::Follows { subject, .. } if is_doubtful(&fates[subject]) => Some(Doubt::Subject),
        _ => None,
    });
}

/// What is kept by an index of which nobody can tell what becomes of it is no more certain than the index.
fn doubt_held(fates: &mut [Fate]) {
    spread(fates, |fate, fates| match fate {
        Fate::Kept(Kept::Held { by, .. }) if is_doubtful(&fates[by]) => Some(Doubt::Index),
        _ => None,
    });
}

/// Makes fates doubtful that depend on doubtful ones.
fn spread(fates: &mut [Fate], doubt: impl Fn(Fate, &[Fate]) -> Option<Doubt>) {
    for _ in 0..MOST_ROUNDS {
        let found = (0..fates.len()).filter_map(|at| Some((at, doubt(fates[at], fates)?)));
        let found: Vec<(usize, Doubt)> = found.collect();
        if found.is_empty() {
            return;
        }
        for (at, doubt) in found {
            fates[at] = Fate::Undetermined(doubt);
        }
    }
}

/// Takes away what expires and archives what is archived; whether there was anything.
fn apply(
    images: &mut Vec<Image>,
    places: &mut Vec<usize>,
    evaluation: &Evaluation,
    now: Time,
) -> bool {
    let mut acts = false;
    let mut kept = (Vec::new(), Vec::new());
    let all = images.drain(..).zip(places.drain(..));
    for ((mut image, at), fate) in all.zip(&evaluation.fates) {
        match fate.action() {
            Ok(Some(Action::Expire)) => {
                acts = true;
                continue;
            }
            Ok(Some(Action::Archive)) => {
                acts = true;
                image.status = Status::Archived;
                image.archived_at = Some(now);
            }
            Ok(None) | Err(_) => {}
        }
        kept.0.push(image);
        kept.1.push(at);
    }
    (*images, *places) = kept;
    acts
}
