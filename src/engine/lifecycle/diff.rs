//! What changes from one policy to another: for all images that there could be, and for those that are given.
//! It does not know how policies are read.

use rustc_hash::FxHashMap;

use super::preview::{
    SimulatedHistory, TooOften, begin, doubts, ended, make, taken, taken_of_history,
};
use super::words;
use super::{BorrowedImages, Tried};
use crate::model::lifecycle::family;
use crate::model::lifecycle::{
    Happens, Image, ImageEnd, LifecycleAction, LifecyclePolicy, OutcomeDoubt, Time, Witness,
    does_more, play,
};
use crate::report::lifecycle::{
    ChangeKind, Changed, Counterexample, Difference, ImageBasis, ImageOutcome, PolicyChanges, Proof,
};

/// Names of images that are reported.
const MOST_NAMES: usize = 10;
/// Names of images beside the one that an example is about.
const MOST_BESIDE: usize = 3;

/// Compares two policies, of which one may be that there is none.
///
/// # Errors
/// More is pushed in the history than can be looked at.
pub fn diff(
    old: &Tried,
    new: &Tried,
    images: Option<BorrowedImages<'_>>,
) -> Result<Difference, TooOften> {
    let changes = match images {
        None => None,
        Some(BorrowedImages::Captured {
            images,
            now,
            is_captured,
            taken,
        }) => {
            let basis = ImageBasis::Images {
                now: now.date(),
                is_captured,
            };
            let mut changes = of_images(old, new, images, now, basis);
            changes.taken.splice(0..0, taken.iter().cloned());
            Some(changes)
        }
        Some(BorrowedImages::History {
            history,
            text,
            days,
            seed,
        }) => {
            let basis = ImageBasis::History {
                text: text.to_owned(),
                days,
                seed,
            };
            let simulated = SimulatedHistory {
                history,
                days,
                seed,
            };
            Some(of_history(old, new, simulated, basis)?)
        }
    };
    let about = |tried: &Tried| (!tried.policy.rules().is_empty()).then(|| tried.about.clone());
    Ok(Difference {
        old: about(old),
        new: about(new),
        proofs: proofs(&old.policy, &new.policy),
        changes,
    })
}

fn proofs(old: &LifecyclePolicy, new: &LifecyclePolicy) -> Vec<Proof> {
    let claims = [
        (ChangeKind::ExpiresMore, LifecycleAction::Expire, (old, new)),
        (ChangeKind::ExpiresLess, LifecycleAction::Expire, (new, old)),
        (
            ChangeKind::ArchivesMore,
            LifecycleAction::Archive,
            (old, new),
        ),
        (
            ChangeKind::ArchivesLess,
            LifecycleAction::Archive,
            (new, old),
        ),
    ];
    let proofs = claims
        .into_iter()
        .filter_map(|(claim, action, (one, other))| {
            let policies = [old, new];
            let acts =
                |policy: &&LifecyclePolicy| policy.rules().iter().any(|rule| rule.action == action);
            // Nothing is said about the archive where neither policy uses it.
            if action == LifecycleAction::Archive && !policies.iter().any(acts) {
                return None;
            }
            let is_swapped = matches!(claim, ChangeKind::ExpiresLess | ChangeKind::ArchivesLess);
            let (holds, example) = match does_more(one, other, action) {
                Happens::Never => (Ok(false), None),
                Happens::Unknown(why) => (Err(why.to_owned()), None),
                Happens::Shown(witness) => {
                    let example = example(&witness, one, other, is_swapped);
                    (Ok(true), Some(example))
                }
            };
            Some(Proof {
                claim,
                holds,
                example,
            })
        });
    proofs.collect()
}

fn example(
    witness: &Witness,
    old: &LifecyclePolicy,
    new: &LifecyclePolicy,
    is_swapped: bool,
) -> Counterexample {
    let number =
        |policy: &LifecyclePolicy, rule: Option<usize>| Some(policy.rules().get(rule?)?.priority);
    let mut rules = [number(old, witness.rules[0]), number(new, witness.rules[1])];
    if is_swapped {
        rules.reverse();
    }
    let (first, beside) = witness
        .images
        .split_first()
        .map_or((None, &[][..]), |(one, rest)| (Some(one), rest));
    Counterexample {
        tags: first.map(|one| one.tags.clone()).unwrap_or_default(),
        age: witness.age,
        beside: beside
            .iter()
            .take(MOST_BESIDE)
            .flat_map(|one| one.tags.iter().cloned())
            .collect(),
        younger: beside.len() as u64,
        rules,
    }
}

/// One of the given images, by both policies.
struct Both {
    family: String,
    name: String,
    size: Option<u64>,
    pushed: Option<Time>,
    outcomes: [ImageOutcome; 2],
}

fn of_images(
    old: &Tried,
    new: &Tried,
    images: &[Image],
    now: Time,
    basis: ImageBasis,
) -> PolicyChanges {
    let before = make(&old.policy, images, now);
    let after = make(&new.policy, images, now);
    let both = images
        .iter()
        .zip(before.outcomes.iter().zip(&after.outcomes));
    let both = both.map(|(image, (before, after))| Both {
        family: family(&image.tags),
        name: words::name(image),
        size: image.size,
        pushed: image.pushed_at,
        outcomes: [*before, *after],
    });
    let open = before.doubts.iter().zip(&after.doubts);
    let open: Vec<OutcomeDoubt> = open.filter_map(|(one, other)| one.or(*other)).collect();
    changes(both.collect(), basis, open, taken(images))
}

fn of_history(
    old: &Tried,
    new: &Tried,
    simulated: SimulatedHistory<'_>,
    basis: ImageBasis,
) -> Result<PolicyChanges, TooOften> {
    let SimulatedHistory {
        history,
        days,
        seed,
    } = simulated;
    let from = begin();
    let pushes = history.pushes(from, days, seed)?;
    let names: Vec<&str> = history.families().collect();
    let ends = |tried: &Tried| play(&tried.policy, &pushes, from, days);
    let (before, after) = (ends(old), ends(new));
    let both = pushes.iter().enumerate().map(|(at, push)| {
        let outcome = |ends: &[Result<ImageEnd, OutcomeDoubt>]| {
            let end = ends.get(at).and_then(|end| end.as_ref().ok());
            end.map_or(ImageOutcome::Undetermined, ended)
        };
        Both {
            family: names
                .get(push.family)
                .copied()
                .unwrap_or_default()
                .to_owned(),
            name: push.tags.first().cloned().unwrap_or_else(|| push.at.date()),
            size: push.size,
            pushed: Some(push.at),
            outcomes: [outcome(&before), outcome(&after)],
        }
    });
    let both_ends = before.iter().zip(&after);
    let open = both_ends.filter_map(|(one, other)| one.err().or(other.err()));
    let open: Vec<OutcomeDoubt> = open.collect();
    let mut taken = taken_of_history(&old.policy, history);
    for more in taken_of_history(&new.policy, history) {
        if !taken.contains(&more) {
            taken.push(more);
        }
    }
    Ok(changes(both.collect(), basis, open, taken))
}

fn changes(
    mut all: Vec<Both>,
    basis: ImageBasis,
    open: Vec<OutcomeDoubt>,
    taken: Vec<String>,
) -> PolicyChanges {
    all.sort_by_key(|one| std::cmp::Reverse(one.pushed));
    let is_open = |one: &&Both| one.outcomes.contains(&ImageOutcome::Undetermined);
    let undetermined = all.iter().filter(is_open).count() as u64;
    let of = |wanted: &dyn Fn(ImageOutcome, ImageOutcome) -> bool| {
        let certain = all.iter().filter(|one| !is_open(one));
        changed(certain.filter(|one| wanted(one.outcomes[0], one.outcomes[1])))
    };
    let expires = |outcome: ImageOutcome| outcome == ImageOutcome::Expires;
    let archives = |outcome: ImageOutcome| outcome == ImageOutcome::Archives;
    PolicyChanges {
        basis,
        more: of(&|old, new| expires(new) && !expires(old)),
        less: of(&|old, new| expires(old) && !expires(new)),
        archived: of(&|old, new| archives(new) && !archives(old) && !expires(old)),
        unarchived: of(&|old, new| archives(old) && !archives(new) && !expires(new)),
        undetermined,
        doubts: doubts(open.into_iter()),
        taken,
    }
}

fn changed<'b>(all: impl Iterator<Item = &'b Both>) -> Changed {
    let mut changed = Changed::default();
    let mut families: FxHashMap<&str, u64> = FxHashMap::default();
    for one in all {
        changed.images += 1;
        changed.bytes = changed.bytes.saturating_add(one.size.unwrap_or(0));
        if changed.names.len() < MOST_NAMES {
            changed.names.push(one.name.clone());
        }
        *families.entry(one.family.as_str()).or_default() += 1;
    }
    let families = families.into_iter();
    changed.families = families
        .map(|(name, count)| (name.to_owned(), count))
        .collect();
    changed
        .families
        .sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    changed
}
