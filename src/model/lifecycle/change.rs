//! Whether one policy acts on images that another one leaves alone, whatever images there are.
//! It does not know any image: those that show a difference are made up, and both policies are tried on them.
//!
//! An image is left to the first rule that is about it. So two policies are held against each other rule by rule, for
//! each two that can be the first ones of one image. Where what the one rule acts on is always among what the other one
//! acts on, nothing can change; else an image is sought that shows that it does.

use super::effect::Fate;
use super::evaluation::evaluate;
use super::image::{Image, Status};
use super::policy::{LifecycleAction, LifecyclePolicy, LifecycleRule, Limit, StorageClass, Tags};
use super::shape::TagShape;
use super::time::Time;

/// Images that are made up for all questions about two policies, each counted as often as it is looked at.
const BUDGET: u64 = 400_000;
/// Longest time that an image is made up to have been there, in days.
const OLDEST: u64 = 36_500;
/// What is put in place of a `*`: the first that does.
const FILLINGS: [&str; 4] = ["1", "x", "main", "a.b"];

/// Whether something happens for any images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happens {
    /// For none.
    Never,
    /// For these.
    Shown(Box<Witness>),
    /// Nobody can tell; why.
    Unknown(&'static str),
}

/// Images that show a difference between two policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The image that it is about comes first; younger ones follow.
    pub images: Vec<Image>,
    /// When they are looked at.
    pub now: Time,
    /// How many days ago the first one was pushed.
    pub age: u64,
    /// The first rules that are about the image, of the old policy and of the new one.
    pub rules: [Option<usize>; 2],
}

/// Whether there are images with which the new policy does what the old one does not.
#[must_use]
pub fn does_more(old: &LifecyclePolicy, new: &LifecyclePolicy, action: LifecycleAction) -> Happens {
    if old.undocumented().or(new.undocumented()).is_some() {
        return Happens::Unknown("AWS does not say what `*` means in `tagPrefixList`");
    }
    let mut open = Vec::new();
    for (at, rule) in new.rules().iter().enumerate() {
        if rule.action != action || rule.keeps_its_only_image() {
            continue;
        }
        for (shape, before) in pairs(old, rule) {
            let is_first = shape.first(new, rule.class) == Some(at);
            let other = before.map(|before| &old.rules()[before]);
            if is_first && !other.is_some_and(|other| is_within(rule, other)) {
                open.push((shape, before, at));
            }
        }
    }
    if open.is_empty() {
        return Happens::Never;
    }
    let mut search = DifferenceSearch {
        old,
        new,
        action,
        left: BUDGET,
    };
    for (shape, before, at) in &open {
        if let Some(witness) = search.witness(shape, *before, *at) {
            return Happens::Shown(Box::new(witness));
        }
    }
    Happens::Unknown("no images were found that show it, and no proof that there are none")
}

/// Images of a rule for each rule of the other policy that may be the first one about them.
fn pairs(old: &LifecyclePolicy, rule: &LifecycleRule) -> Vec<(TagShape, Option<usize>)> {
    let mut pairs = Vec::new();
    for shape in TagShape::of(&rule.tags) {
        if shape.first(old, rule.class).is_none() {
            pairs.push((shape, None));
        }
    }
    for (at, other) in old.rules().iter().enumerate() {
        for shape in TagShape::shared(&rule.tags, &other.tags) {
            if other.class == rule.class && shape.first(old, rule.class) == Some(at) {
                pairs.push((shape, Some(at)));
            }
        }
    }
    pairs
}

/// Whether all that a rule acts on, of images that are left to both, the other one acts on in the same way.
fn is_within(rule: &LifecycleRule, other: &LifecycleRule) -> bool {
    rule.action == other.action
        && match (rule.limit, other.limit) {
            (Limit::Count(count), Limit::Count(least)) => {
                count >= least && rule.tags.imply(&other.tags)
            }
            (Limit::Pushed(days), Limit::Pushed(least))
            | (Limit::Pulled(days), Limit::Pulled(least))
            | (Limit::Archived(days), Limit::Archived(least)) => days >= least,
            _ => false,
        }
}

struct DifferenceSearch<'p> {
    old: &'p LifecyclePolicy,
    new: &'p LifecyclePolicy,
    action: LifecycleAction,
    /// How many images may still be looked at.
    left: u64,
}

impl DifferenceSearch<'_> {
    /// Images of which the first one is such a one and shows the difference.
    fn witness(&mut self, shape: &TagShape, before: Option<usize>, at: usize) -> Option<Witness> {
        let rule = &self.new.rules()[at];
        let other = before.map(|before| self.old.rules()[before].limit);
        let limits = [Some(rule.limit), other];
        let ages = limits
            .into_iter()
            .flatten()
            .filter_map(|limit| match limit {
                Limit::Count(_) => None,
                Limit::Pushed(days) | Limit::Pulled(days) | Limit::Archived(days) => Some(days),
            });
        let ages = ages.flat_map(|days| [days, days.saturating_add(1)]);
        let mut ages: Vec<u64> = ages
            .chain([1])
            .filter(|age| (1..=OLDEST).contains(age))
            .collect();
        ages.sort_unstable();
        ages.dedup();
        let younger = match rule.limit {
            Limit::Count(count) => count,
            _ => 0,
        };
        let tags = FILLINGS.iter().find_map(|filling| {
            let is_alike = |tags: &Vec<String>| {
                self.old.first(rule.class, tags) == before
                    && self.new.first(rule.class, tags) == Some(at)
            };
            shape.filled(filling).filter(is_alike)
        })?;
        for age in ages {
            for beside in beside(&rule.tags) {
                let needed = younger.saturating_add(1);
                self.left = self.left.checked_sub(needed.saturating_mul(2))?;
                let Some(images) = images(rule.class, &tags, age, &beside, younger) else {
                    continue;
                };
                let now = now();
                if self.shows(&images, now) {
                    let rules = [before, Some(at)];
                    return Some(Witness {
                        images,
                        now,
                        age,
                        rules,
                    });
                }
            }
        }
        None
    }

    fn shows(&self, images: &[Image], now: Time) -> bool {
        let acts = |policy: &LifecyclePolicy| {
            let fate = evaluate(policy, images, now).fates.first().copied();
            matches!(fate, Some(Fate::Acts { action, .. }) if action == self.action)
        };
        let is_left = |policy: &LifecyclePolicy| {
            let fate = evaluate(policy, images, now).fates.first().copied();
            fate.is_some_and(|fate| {
                fate.action()
                    .is_ok_and(|action| action != Some(self.action))
            })
        };
        acts(self.new) && is_left(self.old)
    }
}

/// Images that a rule counts.
fn beside(tags: &Tags) -> Vec<TagShape> {
    let mut shapes = TagShape::of(tags);
    // What many images have is not a tag that only one can have.
    shapes.retain(|shape| !shape.is_unique());
    if shapes.is_empty() {
        TagShape::of(&Tags::Untagged)
    } else {
        shapes
    }
}

/// A moment that is late enough for every age.
fn now() -> Time {
    Time::from_seconds(4_102_444_800)
}

/// An image of an age, and so many younger ones; `None` where these would need tags that are none.
fn images(
    class: StorageClass,
    tags: &[String],
    age: u64,
    beside: &TagShape,
    younger: u64,
) -> Option<Vec<Image>> {
    let then = now().plus_days(-i64::try_from(age).ok()?);
    let image = |digest: String, tags: Vec<String>, then: Time| Image {
        digest,
        tags,
        pushed_at: Some(then),
        archived_at: (class == StorageClass::Archive).then_some(then),
        status: match class {
            StorageClass::Standard => Status::Active,
            StorageClass::Archive => Status::Archived,
        },
        ..Image::default()
    };
    let mut images = vec![image("sha256:0".to_owned(), tags.to_vec(), then)];
    for number in 1..=younger {
        // No number that stands in the tags of the first image.
        let tags = beside.filled(&format!("{}", number.saturating_add(1_000)))?;
        let moment = now().plus_millis(-i64::try_from(number).ok()?);
        images.push(image(format!("sha256:{number}"), tags, moment));
    }
    Some(images)
}
