//! What goes once other images are gone: an index that expires sets free what it lists.
//! It does not know how one evaluation comes about.

use super::effect::{Evaluation, Fate, Kept};
use super::evaluation::evaluate;
use super::image::{Image, Status};
use super::policy::{Action, Policy};
use super::time::Time;

/// Evaluations that are looked at after the first one: indexes of indexes are rare, and deeper ones unheard of.
const MOST_ROUNDS: usize = 8;

/// Images that a policy acts on once what it acted on at first is gone, in the order in which they go.
#[must_use]
pub fn follow_ups(
    policy: &Policy,
    images: &[Image],
    now: Time,
    first: &Evaluation,
) -> Vec<(usize, Action)> {
    let mut found = Vec::new();
    // Nothing else changes: fewer images do not put any other beyond a limit.
    let is_held = |fate: &Fate| matches!(fate, Fate::Kept(Kept::Held { .. }));
    if !first.fates.iter().any(is_held) {
        return found;
    }
    let mut places: Vec<usize> = (0..images.len()).collect();
    let mut images = images.to_vec();
    let mut last = first.clone();
    for _ in 0..MOST_ROUNDS {
        if !apply(&mut images, &mut places, &last, now) {
            break;
        }
        last = evaluate(policy, &images, now);
        let acts = last.fates.iter().zip(&places);
        found.extend(acts.filter_map(|(fate, at)| Some((*at, fate.action().ok()??))));
    }
    found
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
