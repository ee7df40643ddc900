//! A second simulator, slow and plain: it asks every rule about every image, and counts every image for each anew. What
//! the guide leaves open it is told.

use std::collections::BTreeSet;

use ecrlint::model::lifecycle::{
    Children, Fate, Image, LifecycleAction, LifecyclePolicy, LifecycleRule, Limit, OutcomeDoubt,
    Status, StorageClass, TagListEntry, Tags, Time, evaluate, settle,
};
use proptest::prelude::*;

use super::now;

/// One way to read what the guide leaves open.
#[derive(Clone, Copy, Debug)]
struct Reading {
    /// Images of indexes, and what refers to images, count like others.
    extras_count: bool,
    /// What refers to an image is taken by rules like any other image.
    referrers_go: bool,
    /// Of images of one moment, the one whose name comes first is the younger one.
    first_is_younger: bool,
    /// Stars in prefixes are any characters.
    stars_are_wild: bool,
}

fn readings() -> impl Iterator<Item = Reading> {
    (0..16).map(|bits| Reading {
        extras_count: bits & 1 > 0,
        referrers_go: bits & 2 > 0,
        first_is_younger: bits & 4 > 0,
        stars_are_wild: bits & 8 > 0,
    })
}

fn fits(pattern: &[u8], tag: &[u8]) -> bool {
    match (pattern.split_first(), tag.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), None) => fits(rest, tag),
        (Some((b'*', rest)), Some((_, tail))) => fits(rest, tag) || fits(pattern, tail),
        (Some((one, rest)), Some((other, tail))) => one == other && fits(rest, tail),
        _ => false,
    }
}

fn is_about(rule: &LifecycleRule, image: &Image, reading: Reading) -> bool {
    let class = match image.status {
        Status::Archived => StorageClass::Archive,
        _ => StorageClass::Standard,
    };
    let tagged = |entry: &TagListEntry| {
        image.tags.iter().any(|tag| match entry {
            TagListEntry::Pattern(text) => fits(text.as_bytes(), tag.as_bytes()),
            TagListEntry::Prefix(text) if reading.stars_are_wild => {
                fits(format!("{text}*").as_bytes(), tag.as_bytes())
            }
            TagListEntry::Prefix(text) => tag.starts_with(text.as_str()),
        })
    };
    class == rule.class
        && match &rule.tags {
            Tags::Any => true,
            Tags::Untagged => image.tags.is_empty(),
            Tags::Tagged(entries) => !image.tags.is_empty() && entries.iter().all(tagged),
        }
}

/// When it was pushed, as counts and ages see it.
fn pushed(image: &Image) -> Time {
    image
        .activated_at
        .or(image.pushed_at)
        .expect("every image was pushed")
}

fn is_over(rule: &LifecycleRule, image: &Image, images: &[Image], reading: Reading) -> bool {
    let older = |time: Time, days: u64| now().millis_since(time) > days as i64 * 86_400_000;
    match rule.limit {
        Limit::Pushed(days) => older(pushed(image), days),
        Limit::Archived(days) => older(image.archived_at.expect("it was archived"), days),
        Limit::Pulled(days) => older(
            match (image.activated_at, image.pulled_at) {
                (Some(restored), Some(pulled)) if pulled > restored => pulled,
                (Some(restored), _) => restored,
                (None, Some(pulled)) => pulled,
                (None, None) => pushed(image),
            },
            days,
        ),
        Limit::Count(count) => {
            let is_younger = |other: &&Image| {
                let (one, another) = (pushed(other), pushed(image));
                one > another
                    || one == another && (other.digest < image.digest) == reading.first_is_younger
            };
            let counts = |other: &&Image| {
                let is_extra = other.subject.is_some() || index_of(other, images).is_some();
                other.digest != image.digest
                    && is_about(rule, other, reading)
                    && (reading.extras_count || !is_extra)
            };
            images.iter().filter(counts).filter(is_younger).count() as u64 >= count
        }
    }
}

/// The index that is there, is not archived, and lists the image.
fn index_of<'i>(image: &Image, images: &'i [Image]) -> Option<&'i Image> {
    let lists = |index: &&Image| match &index.children {
        Children::Known(digests) => digests.contains(&image.digest),
        _ => false,
    };
    images
        .iter()
        .filter(|one| one.status != Status::Archived)
        .find(lists)
}

/// What is done with each image, one of which refers to others at most in one step.
fn simulate(
    policy: &LifecyclePolicy,
    images: &[Image],
    reading: Reading,
) -> Vec<Option<LifecycleAction>> {
    let mut rules: Vec<&LifecycleRule> = policy.rules().iter().collect();
    rules.sort_by_key(|rule| rule.priority);
    let own = |image: &Image| {
        let first = rules.iter().find(|rule| is_about(rule, image, reading))?;
        let goes = image.subject.is_none() || reading.referrers_go;
        let acts =
            goes && is_over(first, image, images, reading) && index_of(image, images).is_none();
        acts.then_some(first.action)
    };
    let follows = |image: &Image| {
        let subject = image.subject.as_ref()?;
        own(images.iter().find(|one| one.digest == *subject)?)
    };
    images
        .iter()
        .map(|image| match (own(image), follows(image)) {
            // What is deleted is gone, whatever else would become of it.
            (Some(LifecycleAction::Expire), _) | (_, Some(LifecycleAction::Expire)) => {
                Some(LifecycleAction::Expire)
            }
            (own, follows) => follows.or(own),
        })
        .collect()
}

fn entry() -> impl Strategy<Value = TagListEntry> {
    let patterns = ["*", "a*", "b*", "*b", "ab", "a*b", "latest", "*a*"].prop_map_pattern();
    let prefixes = ["a", "b", "ab", "a*b", "l"];
    prop_oneof![
        6 => patterns,
        2 => prop::sample::select(prefixes.to_vec()).prop_map(|it| TagListEntry::Prefix(it.to_owned())),
    ]
}

trait Patterns {
    fn prop_map_pattern(self) -> BoxedStrategy<TagListEntry>;
}

impl<const N: usize> Patterns for [&'static str; N] {
    fn prop_map_pattern(self) -> BoxedStrategy<TagListEntry> {
        let chosen = prop::sample::select(self.to_vec());
        chosen
            .prop_map(|it| TagListEntry::Pattern(it.to_owned()))
            .boxed()
    }
}

fn rule() -> impl Strategy<Value = LifecycleRule> {
    let tags = prop_oneof![
        1 => Just(Tags::Any),
        1 => Just(Tags::Untagged),
        3 => prop::collection::vec(entry(), 1..3).prop_map(Tags::Tagged),
    ];
    (tags, 0_u64..6, 0..5).prop_map(|(tags, number, kind)| {
        let (class, limit, action) = match kind {
            0 | 1 => (
                StorageClass::Standard,
                Limit::Count(number),
                LifecycleAction::Expire,
            ),
            2 => (
                StorageClass::Standard,
                Limit::Pushed(number),
                LifecycleAction::Expire,
            ),
            3 => (
                StorageClass::Standard,
                Limit::Pulled(number),
                LifecycleAction::Archive,
            ),
            _ => (
                StorageClass::Archive,
                Limit::Archived(number),
                LifecycleAction::Expire,
            ),
        };
        LifecycleRule {
            priority: 0,
            class,
            tags,
            limit,
            action,
        }
    })
}

pub(super) fn policy() -> impl Strategy<Value = LifecyclePolicy> {
    let rules = prop::collection::vec(rule(), 1..5);
    rules.prop_map(|mut rules| {
        for (rule, priority) in rules.iter_mut().zip([7, 3, 20, 9]) {
            rule.priority = priority;
        }
        LifecyclePolicy::new(rules).expect("few rules")
    })
}

/// An image before it knows the others: tags, moments in half days, where it is, what it has to do with the next one.
type Seed = (Vec<&'static str>, i64, Option<i64>, u8, u8);

pub(super) fn images() -> impl Strategy<Value = Vec<Image>> {
    let tags = prop::sample::subsequence(vec!["a1", "ab", "b-b", "latest", "b", "xa"], 0..3);
    let seed = (
        tags,
        0_i64..14,
        prop::option::of(0_i64..14),
        0_u8..8,
        0_u8..8,
    );
    prop::collection::vec(seed, 0..9).prop_map(|seeds| {
        let count = seeds.len();
        seeds
            .into_iter()
            .enumerate()
            .map(|(at, seed)| build(at, count, seed))
            .collect()
    })
}

fn build(at: usize, count: usize, (tags, pushed, pulled, place, bond): Seed) -> Image {
    let ago = |halves: i64| now().plus_millis(-halves * 43_200_000);
    let next = format!("i{}", (at + 1) % count);
    let is_archived = place == 0;
    Image {
        digest: format!("i{at}"),
        tags: tags.into_iter().map(str::to_owned).collect(),
        pushed_at: Some(ago(pushed)),
        pulled_at: pulled.map(|pulled| ago(pulled.min(pushed))),
        archived_at: is_archived.then(|| ago(pushed / 2)),
        activated_at: (place == 1).then(|| ago(pushed / 2)),
        status: if is_archived {
            Status::Archived
        } else {
            Status::Active
        },
        size: None,
        children: match bond {
            0 if at + 1 < count => Children::Known(vec![next.clone()]),
            _ => Children::None,
        },
        // Every second one, so that what is referred to refers to nothing.
        subject: (bond == 1 && at.is_multiple_of(2) && at + 1 < count).then_some(next),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 6000, ..ProptestConfig::default() })]

    #[test]
    fn both_simulators_agree(policy in policy(), images in images()) {
        let evaluation = evaluate(&policy, &images, now());
        let all: Vec<_> = readings().map(|reading| simulate(&policy, &images, reading)).collect();
        for (at, fate) in evaluation.fates.iter().enumerate() {
            let ways: BTreeSet<_> = all.iter().map(|one| one[at].map(|it| it == LifecycleAction::Expire)).collect();
            match fate.action() {
                // What is claimed holds however the guide is meant.
                Ok(action) => {
                    let only = BTreeSet::from([action.map(|it| it == LifecycleAction::Expire)]);
                    prop_assert_eq!(ways, only, "{:?} {}", fate, images[at].digest);
                }
                Err(doubt) => prop_assert!(is_justified(doubt, &policy, &images), "{:?}", doubt),
            }
        }
    }

    #[test]
    fn both_simulators_agree_on_the_end(policy in policy(), images in images()) {
        let (_, ends) = settle(&policy, &images, now());
        let all: Vec<_> = readings().map(|reading| run_out(&policy, &images, reading)).collect();
        for (at, end) in ends.into_iter().enumerate() {
            for other in all.iter().filter(|_| end.is_ok()) {
                prop_assert_eq!(end, Ok(other[at]), "{}", images[at].digest);
            }
        }
    }

    /// Nothing is left open where the guide leaves nothing open.
    #[test]
    fn what_the_guide_decides_is_decided(policy in policy(), images in images()) {
        let images: Vec<Image> = images.into_iter().enumerate().map(|(at, image)| Image {
            pushed_at: image.pushed_at.map(|time| time.plus_millis(at as i64)),
            activated_at: image.activated_at.map(|time| time.plus_millis(at as i64)),
            children: Children::None,
            subject: None,
            ..image
        }).collect();
        if policy.undocumented().is_none() {
            let evaluation = evaluate(&policy, &images, now());
            prop_assert!(evaluation.fates.iter().all(|fate| !matches!(fate, Fate::Undetermined(_))));
        }
    }
}

/// What is done with each image in the end, when nothing happens but one evaluation after the other.
fn run_out(
    policy: &LifecyclePolicy,
    images: &[Image],
    reading: Reading,
) -> Vec<Option<LifecycleAction>> {
    let mut done = vec![None; images.len()];
    let mut left: Vec<(usize, Image)> = images.iter().cloned().enumerate().collect();
    loop {
        let now_left: Vec<Image> = left.iter().map(|(_, image)| image.clone()).collect();
        let acts = simulate(policy, &now_left, reading);
        if acts.iter().all(Option::is_none) {
            return done;
        }
        let mut stays = Vec::new();
        for ((at, mut image), action) in left.into_iter().zip(acts) {
            done[at] = action.or(done[at]);
            if action == Some(LifecycleAction::Archive) {
                image.status = Status::Archived;
                image.archived_at = Some(now());
            }
            if action != Some(LifecycleAction::Expire) {
                stays.push((at, image));
            }
        }
        left = stays;
    }
}

/// Whether there is anything that a doubt could be about.
fn is_justified(doubt: OutcomeDoubt, policy: &LifecyclePolicy, images: &[Image]) -> bool {
    let has = |wanted: &dyn Fn(&Image) -> bool| images.iter().any(wanted);
    match doubt {
        OutcomeDoubt::Tie => {
            let moments: BTreeSet<_> = images.iter().map(pushed).collect();
            moments.len() < images.len()
        }
        OutcomeDoubt::Slots => has(&|one| one.is_index() || one.subject.is_some()),
        OutcomeDoubt::Index => has(&|one| one.is_index()),
        OutcomeDoubt::Referrer | OutcomeDoubt::Subject => has(&|one| one.subject.is_some()),
        OutcomeDoubt::Stars => policy.undocumented().is_some(),
        OutcomeDoubt::MayBeHeld
        | OutcomeDoubt::NoTime
        | OutcomeDoubt::Activating
        | OutcomeDoubt::Pulls => false,
    }
}
