//! What a policy does with images that are given, or with those of a described history.
//! It does not know how policies are read.

use super::tally::{self, CountedImage, FamilyNames};
use super::words;
use super::{BorrowedImages, Tried};
use crate::model::lifecycle::family;
use crate::model::lifecycle::history::{History, HistoryMistake, Push};
use crate::model::lifecycle::{
    Children, Evaluation, Image, ImageEnd, LifecycleAction, LifecyclePolicy, Limit, OutcomeDoubt,
    Status, Time, play, settle,
};
use crate::report::lifecycle::{self as told, ImageBasis, ImageOutcome, Preview, StoragePrice};

/// More images are pushed in a history than can be looked at.
pub type TooOften = HistoryMistake;

/// Tries a policy.
///
/// # Errors
/// More is pushed in the history than can be looked at.
pub fn preview(
    tried: &Tried,
    images: BorrowedImages<'_>,
    price: StoragePrice,
) -> Result<Preview, TooOften> {
    match images {
        BorrowedImages::Captured {
            images,
            now,
            is_captured,
            taken,
        } => {
            let basis = ImageBasis::Images {
                now: now.date(),
                is_captured,
            };
            let mut preview = of_images(tried, images, now, basis, price);
            preview.taken.splice(0..0, taken.iter().cloned());
            Ok(preview)
        }
        BorrowedImages::History {
            history,
            text,
            days,
            seed,
        } => {
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
            of_history(tried, simulated, basis, price)
        }
    }
}

/// A history, for how long it goes on, and the seed of what it leaves to chance.
#[derive(Clone, Copy)]
pub(super) struct SimulatedHistory<'h> {
    pub(super) history: &'h History,
    pub(super) days: u64,
    pub(super) seed: u64,
}

/// What a policy makes of images.
pub(super) struct Made {
    /// At first.
    pub(super) evaluation: Evaluation,
    /// In the end, once what it acts on at first is gone, too.
    pub(super) outcomes: Vec<ImageOutcome>,
    /// Why nobody can tell what becomes of some images in the end.
    pub(super) doubts: Vec<Option<OutcomeDoubt>>,
}

pub(super) fn make(policy: &LifecyclePolicy, images: &[Image], now: Time) -> Made {
    let (evaluation, ends) = settle(policy, images, now);
    let outcomes = ends.iter().zip(images);
    Made {
        evaluation,
        outcomes: outcomes.map(|(end, image)| outcome(end, image)).collect(),
        doubts: ends.iter().map(|end| end.err()).collect(),
    }
}

fn outcome(end: &Result<Option<LifecycleAction>, OutcomeDoubt>, image: &Image) -> ImageOutcome {
    match end {
        Ok(Some(LifecycleAction::Expire)) => ImageOutcome::Expires,
        Ok(Some(LifecycleAction::Archive)) => ImageOutcome::Archives,
        Ok(None) if image.status == Status::Archived => ImageOutcome::Archived,
        Ok(None) => ImageOutcome::Kept,
        Err(_) => ImageOutcome::Undetermined,
    }
}

fn of_images(
    tried: &Tried,
    images: &[Image],
    now: Time,
    basis: ImageBasis,
    price: StoragePrice,
) -> Preview {
    let policy = &tried.policy;
    let Made {
        evaluation,
        outcomes,
        doubts: open,
    } = make(policy, images, now);
    let mut names = FamilyNames::default();
    let counted = images
        .iter()
        .zip(&outcomes)
        .map(|(image, outcome)| CountedImage {
            family: names.number(family(&image.tags)),
            pushed: image.pushed_at,
            size: image.size,
            outcome: *outcome,
            gone_after: None,
        });
    let counted: Vec<CountedImage> = counted.collect();
    let families = tally::families(&counted, names.all(), false);
    let timeline = tally::timeline(&counted, &families, None, now);
    let told = images.iter().zip(&evaluation.fates).zip(&outcomes);
    let images_told = told.map(|((image, fate), outcome)| told::PreviewedImage {
        digest: image.digest.clone(),
        family: family(&image.tags),
        tags: image.tags.clone(),
        pushed: image.pushed_at.map(Time::date),
        size: image.size,
        outcome: *outcome,
        rule: words::decides(*fate, policy),
        why: words::why(*fate, policy, images),
    });
    let mut images_told: Vec<_> = images_told.collect();
    images_told.sort_by(|one, other| other.pushed.cmp(&one.pushed));
    Preview {
        about: tried.about.clone(),
        basis,
        rules: rules(policy, &evaluation),
        total: tally::count(&counted),
        families: families.into_iter().map(|(_, family)| family).collect(),
        images: images_told,
        doubts: doubts(open.into_iter().flatten()),
        taken: taken(images),
        price,
        timeline,
    }
}

fn rules(policy: &LifecyclePolicy, evaluation: &Evaluation) -> Vec<told::RulePreview> {
    let rules = policy.rules().iter().zip(&evaluation.rules);
    rules
        .map(|(rule, effect)| told::RulePreview {
            priority: rule.priority,
            says: words::says(rule),
            identified: effect.identified,
            acts: effect.acts,
            claimed: effect.claimed,
            held: effect.held,
            undetermined: effect.undetermined,
        })
        .collect()
}

/// Each doubt with the images that it is about.
pub(super) fn doubts(all: impl Iterator<Item = OutcomeDoubt>) -> Vec<told::UndecidedImages> {
    let mut counts = [0_u64; OutcomeDoubt::ALL.len()];
    for doubt in all {
        let place = OutcomeDoubt::ALL.iter().position(|one| *one == doubt);
        place.into_iter().for_each(|at| counts[at] += 1);
    }
    let found = OutcomeDoubt::ALL.into_iter().zip(counts);
    found
        .filter(|(_, count)| *count > 0)
        .map(|(doubt, images)| told::UndecidedImages {
            images,
            reason: doubt.reason().to_owned(),
            decide: doubt.decide().to_owned(),
        })
        .collect()
}

/// What is taken for granted of images that are given.
pub(super) fn taken(images: &[Image]) -> Vec<String> {
    let mut taken = Vec::new();
    if images.iter().any(|one| one.children == Children::Unknown) {
        taken.push("an index was pushed after what it lists, and lists no other index".to_owned());
    }
    taken
}

fn of_history(
    tried: &Tried,
    simulated: SimulatedHistory<'_>,
    basis: ImageBasis,
    price: StoragePrice,
) -> Result<Preview, TooOften> {
    let SimulatedHistory {
        history,
        days,
        seed,
    } = simulated;
    let from = begin();
    let pushes = history.pushes(from, days, seed)?;
    let now = from.plus_days(i64::try_from(days).unwrap_or(i64::MAX));
    let ends = play(&tried.policy, &pushes, from, days);
    let names: Vec<String> = history.families().map(str::to_owned).collect();
    let counted = pushes.iter().enumerate().map(|(at, push)| {
        let end = ends.get(at).and_then(|end| end.as_ref().ok());
        counted(push, end)
    });
    let counted: Vec<CountedImage> = counted.collect();
    let families = tally::families(&counted, &names, true);
    let timeline = tally::timeline(&counted, &families, Some(from), now);
    let open = ends.iter().filter_map(|end| end.err());
    Ok(Preview {
        about: tried.about.clone(),
        basis,
        rules: Vec::new(),
        total: tally::count(&counted),
        families: families.into_iter().map(|(_, family)| family).collect(),
        images: Vec::new(),
        doubts: doubts(open),
        taken: taken_of_history(&tried.policy, history),
        price,
        timeline,
    })
}

/// Where histories begin: a Monday.
pub(super) fn begin() -> Time {
    Time::from_seconds(1_767_571_200)
}

/// What became of an image of a history; nobody can tell without its end.
fn counted(push: &Push, end: Option<&ImageEnd>) -> CountedImage {
    CountedImage {
        family: push.family,
        pushed: Some(push.at),
        size: push.size,
        outcome: end.map_or(ImageOutcome::Undetermined, ended),
        gone_after: end.and_then(|end| {
            let (first, _) = end.expired?;
            let last = end.expired_by.unwrap_or(first);
            Some((first.days_since(push.at), last.days_since(push.at)))
        }),
    }
}

/// What became of an image by its end.
pub(super) fn ended(end: &ImageEnd) -> ImageOutcome {
    match (end.expired, end.archived) {
        (Some(_), _) => ImageOutcome::Expires,
        (None, Some(_)) => ImageOutcome::Archives,
        (None, None) => ImageOutcome::Kept,
    }
}

/// What is taken for granted of images of a history.
pub(super) fn taken_of_history(policy: &LifecyclePolicy, history: &History) -> Vec<String> {
    let mut taken = vec!["ECR evaluates the policy at the end of each day".to_owned()];
    let goes_by_pulls = |limit: Limit| matches!(limit, Limit::Pulled(_));
    if policy.rules().iter().any(|rule| goes_by_pulls(rule.limit)) {
        taken.push(match history.has_pulls() {
            true => "ECR records each pull that is described, and no other ones come".to_owned(),
            false => "no image is ever pulled".to_owned(),
        });
    }
    if history.has_indexes() {
        taken.push("an index is pushed right after what it lists, which has no tags".to_owned());
    }
    taken
}
