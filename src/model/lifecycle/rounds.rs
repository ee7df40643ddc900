//! What goes once other images are gone: an index that expires sets free what it lists.
//! It does not know how one evaluation comes about.

use super::effect::{Evaluation, Fate, Kept, OutcomeDoubt};
use super::evaluation::{evaluate, evaluate_read};
use super::image::{Image, Status};
use super::policy::{LifecycleAction, LifecyclePolicy, Limit, Stars};
use super::time::Time;

/// Evaluations that are looked at after the first one: indexes of indexes are rare, and deeper ones unheard of.
const MOST_ROUNDS: usize = 8;

/// What is done with an image in the end; `None` where it stays.
type RoundEnd = Result<Option<LifecycleAction>, OutcomeDoubt>;

/// What becomes of images in the end, when nothing happens but one evaluation after the other: an index that goes sets
/// free what it lists. The first evaluation comes with it.
#[must_use]
pub fn settle(
    policy: &LifecyclePolicy,
    images: &[Image],
    now: Time,
) -> (Evaluation, Vec<RoundEnd>) {
    let wild = evaluate_read(policy, images, now, Stars::Wild);
    let mut ends = ends(policy, images, now, Stars::Wild, wild.clone());
    if policy.undocumented().is_none() {
        return (wild, ends);
    }
    let plain = evaluate_read(policy, images, now, Stars::Plain);
    let others = self::ends(policy, images, now, Stars::Plain, plain);
    for (end, other) in ends.iter_mut().zip(others) {
        if *end != other {
            *end = Err(OutcomeDoubt::Stars);
        }
    }
    (evaluate(policy, images, now), ends)
}

/// The same in one reading of prefixes with `*`, of which the first evaluation is there.
fn ends(
    policy: &LifecyclePolicy,
    images: &[Image],
    now: Time,
    stars: Stars,
    first: Evaluation,
) -> Vec<RoundEnd> {
    let mut ends: Vec<RoundEnd> = first.fates.iter().map(|fate| fate.action()).collect();
    for (at, end) in follow_ups(policy, images, now, stars, first) {
        ends[at] = end.map(Some);
    }
    ends
}

/// What the first evaluation does not say, in the order in which it happens.
fn follow_ups(
    policy: &LifecyclePolicy,
    images: &[Image],
    now: Time,
    stars: Stars,
    first: Evaluation,
) -> Vec<(usize, Result<LifecycleAction, OutcomeDoubt>)> {
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
    let mut doubts: Vec<Option<OutcomeDoubt>> = vec![None; images.len()];
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
        held.for_each(|fate| *fate = Fate::Undetermined(OutcomeDoubt::Index));
    }
    doubt_held(&mut last.fates);
    let open = last.fates.iter().zip(&places);
    let open = open.filter_map(|(fate, at)| Some((*at, Err(fate.action().err()?))));
    // Of the others it was reported before.
    found.extend(open.filter(|(at, _)| !told[*at]));
    found
}

/// Keeps an image doubtful that was so before: by now it may have gone.
fn remember(doubts: &mut [Option<OutcomeDoubt>], places: &[usize], fates: &mut [Fate]) {
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
fn weaken(policy: &LifecyclePolicy, fates: &mut [Fate]) {
    for fate in fates.iter_mut() {
        let counts = |rule: usize| matches!(policy.rules()[rule].limit, Limit::Count(_));
        if matches!(fate, Fate::Acts { rule, .. } if counts(*rule)) {
            *fate = Fate::Undetermined(OutcomeDoubt::Slots);
        }
    }
    spread(fates, |fate, fates| match fate {
        Fate::Follows { subject, .. } if is_doubtful(&fates[subject]) => {
            Some(OutcomeDoubt::Subject)
        }
        _ => None,
    });
}

/// What is kept by an index of which nobody can tell what becomes of it is no more certain than the index.
fn doubt_held(fates: &mut [Fate]) {
    spread(fates, |fate, fates| match fate {
        Fate::Kept(Kept::Held { by, .. }) if is_doubtful(&fates[by]) => Some(OutcomeDoubt::Index),
        _ => None,
    });
}

/// Makes fates doubtful that depend on doubtful ones.
fn spread(fates: &mut [Fate], doubt: impl Fn(Fate, &[Fate]) -> Option<OutcomeDoubt>) {
    for _ in 0..MOST_ROUNDS {
        let found = (0..fates.len()).filter_map(|at| Some((at, doubt(fates[at], fates)?)));
        let found: Vec<(usize, OutcomeDoubt)> = found.collect();
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
            Ok(Some(LifecycleAction::Expire)) => {
                acts = true;
                continue;
            }
            Ok(Some(LifecycleAction::Archive)) => {
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
