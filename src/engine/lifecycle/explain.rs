//! What each rule of a policy says, can take and never can, in plain English.
//! It does not know images.

use super::{Tried, words};
use crate::model::lifecycle::{
    LifecyclePolicy, LifecycleRule, Limit, StorageClass, TagShape, Tags, lasting,
};
use crate::report::lifecycle::{Explained, ExplainedRule};

/// Tells what a policy says.
#[must_use]
pub fn explain(tried: &Tried) -> Explained {
    let policy = &tried.policy;
    let rules = 0..policy.rules().len();
    Explained {
        about: tried.about.clone(),
        rules: rules.map(|at| rule(policy, at)).collect(),
        left: left(policy),
        open: open(policy),
    }
}

fn rule(policy: &LifecyclePolicy, at: usize) -> ExplainedRule {
    let rules = policy.rules();
    let rule = &rules[at];
    let before = rules[..at].iter().filter(|other| other.class == rule.class);
    let claimants: Vec<&LifecycleRule> = before
        .filter(|other| !TagShape::shared(&rule.tags, &other.tags).is_empty())
        .collect();
    let dead = never_acts(rule, &claimants);
    // What another rule before it is about, too, needs no word of its own.
    let is_news = |at: usize| {
        let own = &claimants[at].tags;
        let mut others = claimants.iter().enumerate();
        !others.any(|(other, rule)| {
            other != at && own.imply(&rule.tags) && (other < at || !rule.tags.imply(own))
        })
    };
    let telling: Vec<&LifecycleRule> = (0..claimants.len())
        .filter(|at| is_news(*at))
        .map(|at| claimants[at])
        .collect();
    let mut never = Vec::new();
    match &dead {
        Some(why) => never.push(why.clone()),
        None => {
            never.extend(kept(rule));
            never.extend(telling.iter().map(|other| claimed(rule, other)));
        }
    }
    ExplainedRule {
        priority: rule.priority,
        says: words::says(rule),
        takes: dead.is_none().then(|| takes(rule, &telling)),
        never,
        shields: shields(policy, at),
    }
}

/// Why a rule never acts, if it never does.
fn never_acts(rule: &LifecycleRule, claimants: &[&LifecycleRule]) -> Option<String> {
    let is_claimed = |shape: &TagShape| claimants.iter().any(|other| shape.meets(&other.tags));
    if TagShape::of(&rule.tags).iter().all(is_claimed) {
        let takers = claimants.iter().filter(|other| {
            let mut shapes = TagShape::of(&rule.tags).into_iter();
            shapes.any(|shape| shape.meets(&other.tags))
        });
        let takers: Vec<_> = takers.map(|other| other.priority.to_string()).collect();
        return Some(match &takers[..] {
            [only] => {
                format!("anything at all: rule {only} is about every such image, and comes first")
            }
            all => format!(
                "anything at all: rules {} together are about every such image, and come first",
                all.join(" and ")
            ),
        });
    }
    rule.keeps_its_only_image().then(|| {
        "anything at all: a tag is on one image at a time, and that one is always among those it leaves"
            .to_owned()
    })
}

/// What a rule can take.
fn takes(rule: &LifecycleRule, claimants: &[&LifecycleRule]) -> String {
    let what = words::about(rule);
    let except = match claimants {
        [] => String::new(),
        [only] => format!(" that rule {} is not about", only.priority),
        all => {
            let all: Vec<_> = all.iter().map(|other| other.priority.to_string()).collect();
            format!(" that none of the rules {} is about", all.join(", "))
        }
    };
    match except.is_empty() {
        true => what.trim_end_matches(',').to_owned(),
        false => what + &except,
    }
}

/// What a rule leaves by its own limit.
fn kept(rule: &LifecycleRule) -> Option<String> {
    match rule.limit {
        Limit::Count(0) => None,
        Limit::Count(1) => Some(
            "the newest of these images, those that other rules are about counted in".to_owned(),
        ),
        Limit::Count(count) => Some(format!(
            "the newest {count} of these images, those that other rules are about counted in"
        )),
        Limit::Pushed(_) | Limit::Pulled(_) | Limit::Archived(_) => None,
    }
}

fn claimed(rule: &LifecycleRule, other: &LifecycleRule) -> String {
    let about = words::about(other);
    let about = about.trim_end_matches(',');
    match rule.tags.imply(&other.tags) {
        true => format!("any of them: rule {} is about {about}", other.priority),
        false => format!("{about}: they are left to rule {}", other.priority),
    }
}

/// What a rule keeps from later ones, as long as it does not act on it itself.
fn shields(policy: &LifecyclePolicy, at: usize) -> Vec<String> {
    let rules = policy.rules();
    let rule = &rules[at];
    let later = rules.iter().enumerate().skip(at + 1);
    let shielded = later.filter(|(_, later)| {
        later.class == rule.class
            && !later.keeps_its_only_image()
            && TagShape::shared(&rule.tags, &later.tags)
                .iter()
                .any(|shape| shape.first(policy, rule.class) == Some(at))
    });
    shielded
        .map(|(_, later)| {
            let (number, says) = (later.priority, words::says(later));
            if rule.tags.imply(&later.tags) {
                format!("all that it is about from rule {number}, which {says}")
            } else if later.tags.imply(&rule.tags) {
                format!("every image of rule {number}, which {says}")
            } else {
                format!("images that both are about from rule {number}, which {says}")
            }
        })
        .collect()
}

/// Images that no rule is about, which stay for good.
fn left(policy: &LifecyclePolicy) -> Vec<String> {
    let mut left = Vec::new();
    let is_left = |tags: &Tags| {
        let shapes = TagShape::of(tags);
        shapes
            .iter()
            .all(|shape| shape.first(policy, StorageClass::Standard).is_none())
    };
    if is_left(&Tags::Any)
        && policy
            .rules()
            .iter()
            .all(|rule| rule.class == StorageClass::Archive)
    {
        left.push("images of the standard storage class".to_owned());
        return left;
    }
    if is_left(&Tags::Untagged) {
        left.push("images without a tag".to_owned());
    }
    let [_, tagged] = &TagShape::of(&Tags::Any)[..] else {
        return left;
    };
    if tagged.first(policy, StorageClass::Standard).is_none() {
        let mut families = lasting(policy).unwrap_or_default().into_iter();
        let family = families.find(|one| one.rule.is_none());
        let is_tagged = |rule: &LifecycleRule| {
            rule.class == StorageClass::Standard && !rule.tags.entries().is_empty()
        };
        left.push(match (family, policy.rules().iter().any(is_tagged)) {
            (Some(family), true) => family.images,
            (None, true) => "images whose tags fit none of the rules".to_owned(),
            (_, false) => "images with tags".to_owned(),
        });
    }
    left
}

/// What AWS leaves open about a policy.
fn open(policy: &LifecyclePolicy) -> Vec<String> {
    let mut open = Vec::new();
    if let Some(entry) = policy.undocumented() {
        open.push(format!(
            "what `*` means in the prefix `{}`: it is read as any characters above",
            entry.text()
        ));
    }
    if policy
        .rules()
        .iter()
        .any(|rule| matches!(rule.limit, Limit::Count(_)))
    {
        open.push(
            "whether images that an index lists, and what refers to an image, count like others"
                .to_owned(),
        );
    }
    open
}
