//! Images with tags that no rule ever expires, by families of tags: "tags that none of `main-*`, `pr-*` matches".
//! It does not know any image: what holds of the patterns holds of all of them.
//!
//! An image is left to the first rule that is about it. So those stay for good that no rule is about, and those that a rule
//! moves to an archive in which none is about them. A rule that keeps the only image that it can be about is not a family.

use super::policy::{LifecycleAction, LifecyclePolicy, LifecycleRule, StorageClass, Tags};
use super::shape::TagShape;

/// Patterns that are reported for one family.
const MOST_TOLD: usize = 6;
/// What is put in place of a `*` to see that there are such tags: one of these, so many times.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
const LENGTHS: [usize; 3] = [1, 5, 20];

/// A family of images with tags that stay for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lasting {
    /// Which they are, as in "images with tags that begin with `release-`".
    pub images: String,
    /// Why, as a clause.
    pub why: String,
    /// The rule that moves them to the archive, by its index; `None` where no rule is about them.
    pub rule: Option<usize>,
    /// Tags of such an image.
    pub tags: Vec<String>,
}

/// The families of images with tags that no rule of a policy ever expires, whatever images there are.
///
/// # Errors
/// Says why nobody can tell.
pub fn lasting(policy: &LifecyclePolicy) -> Result<Vec<Lasting>, &'static str> {
    if policy.undocumented().is_some() {
        return Err("AWS does not say what `*` means in `tagPrefixList`");
    }
    let mut found = Vec::new();
    for (at, rule) in policy.rules().iter().enumerate() {
        if rule.class == StorageClass::Standard && rule.action == LifecycleAction::Archive {
            found.extend(archived(policy, at));
        }
    }
    let is_standard = |rule: &&LifecycleRule| rule.class == StorageClass::Standard;
    let rules: Vec<&LifecycleRule> = policy.rules().iter().filter(is_standard).collect();
    let shape = tagged(&Tags::Any);
    if let Some(tags) = shape.and_then(|shape| shown(policy, &shape, None)) {
        let why = match rules.is_empty() {
            true => "no rule is about images of the standard storage class",
            false => "no rule is about them",
        };
        found.push(Lasting {
            images: format!("images with {}", none_of(&rules)),
            why: why.to_owned(),
            rule: None,
            tags,
        });
    }
    Ok(found)
}

/// What a rule moves to the archive, if no rule takes it there.
fn archived(policy: &LifecyclePolicy, at: usize) -> Option<Lasting> {
    let rule = &policy.rules()[at];
    if rule.keeps_its_only_image() {
        return None;
    }
    let shape = tagged(&rule.tags)?;
    if shape.first(policy, StorageClass::Archive).is_some() {
        return None;
    }
    let tags = shown(policy, &shape, Some(at))?;
    let before = policy.rules()[..at].iter();
    let before = before.filter(|other| other.class == StorageClass::Standard);
    let (images, but) = match &rule.tags {
        Tags::Any => {
            let before: Vec<&LifecycleRule> = before.collect();
            (format!("images with {}", none_of(&before)), Vec::new())
        }
        own => {
            let takes = |other: &&LifecycleRule| !TagShape::shared(own, &other.tags).is_empty();
            (images(own), before.filter(takes).collect())
        }
    };
    let taken = policy.rules().iter();
    let taken = taken.filter(|other| other.class == StorageClass::Archive);
    let but: Vec<&LifecycleRule> = but.into_iter().chain(taken).collect();
    let but = match &patterns(&but)[..] {
        [] => String::new(),
        all => format!(", but for those that {} matches", one_of(all, "or")),
    };
    Some(Lasting {
        images: images + &but,
        why: format!(
            "rule {} moves them to the archive, where no rule takes them",
            rule.priority
        ),
        rule: Some(at),
        tags,
    })
}

/// The image with tags of a rule that meets the fewest others; `None` for images without a tag.
fn tagged(tags: &Tags) -> Option<TagShape> {
    let untagged = TagShape::of(&Tags::Untagged);
    let mut shapes = TagShape::of(tags).into_iter();
    shapes.find(|shape| !untagged.contains(shape))
}

/// The tags of an image like this one that is left to a rule, or to none, and that no rule takes from the archive.
///
/// The shape itself says whether rules before that one are about all such images. That the letters of tags suffice for
/// one of them is seen by writing it out.
fn shown(policy: &LifecyclePolicy, shape: &TagShape, rule: Option<usize>) -> Option<Vec<String>> {
    if shape.first(policy, StorageClass::Standard) != rule {
        return None;
    }
    let letters = LETTERS.chars().map(String::from);
    let fillings = letters.flat_map(|letter| LENGTHS.map(|length| letter.repeat(length)));
    let stays = |tags: &Vec<String>| {
        let in_archive = rule.and_then(|_| policy.first(StorageClass::Archive, tags));
        policy.first(StorageClass::Standard, tags) == rule && in_archive.is_none()
    };
    let mut tags = fillings.filter_map(|filling| shape.filled(&filling));
    tags.find(stays)
}

/// The images of a rule about tags.
fn images(tags: &Tags) -> String {
    let entries = tags.entries().iter();
    let all: Vec<String> = entries.map(|entry| of_pattern(&entry.pattern())).collect();
    format!("images with {}", all.join(" and "))
}

/// The tags that a pattern matches.
fn of_pattern(pattern: &str) -> String {
    let inner = pattern.trim_matches('*');
    match (pattern.starts_with('*'), pattern.ends_with('*')) {
        _ if inner.is_empty() => "any tags".to_owned(),
        _ if inner.contains('*') => format!("tags that `{pattern}` matches"),
        (false, false) => format!("the tag `{pattern}`"),
        (false, true) => format!("tags that begin with `{inner}`"),
        (true, false) => format!("tags that end with `{inner}`"),
        (true, true) => format!("tags that have `{inner}` in them"),
    }
}

/// The tags that rules are not about.
fn none_of(rules: &[&LifecycleRule]) -> String {
    match &patterns(rules)[..] {
        [] => "any tags".to_owned(),
        [only] if only.contains('*') || only.contains(" with ") => {
            format!("tags that {only} does not match")
        }
        [only] => format!("tags other than {only}"),
        all => format!("tags that none of {} matches", one_of(all, "and")),
    }
}

/// What each of the rules is about, without what another one is about as well.
fn patterns(rules: &[&LifecycleRule]) -> Vec<String> {
    let tagged = rules.iter().filter(|rule| !rule.tags.entries().is_empty());
    let tagged: Vec<&Tags> = tagged.map(|rule| &rule.tags).collect();
    let mut told: Vec<String> = Vec::new();
    for (at, own) in tagged.iter().enumerate() {
        let mut others = tagged.iter().enumerate();
        let is_covered = others.any(|(other, tags)| {
            other != at && own.imply(tags) && (other < at || !tags.imply(own))
        });
        if !is_covered {
            let entries = own.entries().iter();
            let entries: Vec<_> = entries.map(|one| format!("`{}`", one.pattern())).collect();
            told.push(entries.join(" with "));
        }
    }
    told
}

fn one_of(all: &[String], word: &str) -> String {
    let told = &all[..all.len().min(MOST_TOLD)];
    match (all.len() - told.len(), told) {
        (0, [rest @ .., last]) if word == "or" && !rest.is_empty() => {
            format!("{} or {last}", rest.join(", "))
        }
        (0, told) => told.join(", "),
        (more, told) => format!("{} {word} {more} more", told.join(", ")),
    }
}
