//! Which images of a live repository expire once the policy of a template is deployed, and are kept now.
//! It does not know how the two repositories were found.

use rustc_hash::FxHashMap;

use super::super::lifecycle::{NoPolicy, lifecycle_policy};
use crate::model::lifecycle::{
    Children, Image, LifecycleAction, LifecyclePolicy, LiveImages, family, settle,
};
use crate::model::{Document, NodeId, Unknown, Value, Written};

/// Images that are named.
const MOST_NAMES: usize = 3;
/// Characters of a digest that are enough to tell it from others.
const SHORT: usize = 19;

/// Adds `[{expires, what}]`, with one entry where some images expire; absent where ECR refuses the policy.
pub(super) fn describe(
    document: &mut Document,
    ours: NodeId,
    written: Written,
    theirs: Value<'_>,
    live: &LiveImages,
) -> NodeId {
    let policy = document.value(ours);
    let span = policy.span();
    let found = match lifecycle_policy(policy, written) {
        Err(NoPolicy::Refused(_)) => return document.absent(span),
        Err(NoPolicy::Missing) => Ok(None),
        Err(NoPolicy::Unknown(_, reason)) => Err(reason),
        Ok(policy) => expires(&policy, theirs, live),
    };
    let entries = match found {
        Ok(None) => Vec::new(),
        Ok(Some(what)) => {
            let expires = document.bool(true, span);
            let what = document.string(&what, span);
            vec![document.object(&[("expires", expires), ("what", what)], span)]
        }
        Err(reason) => {
            let expires = document.unknown(Unknown::because(reason), span);
            let what = document.string("some images", span);
            vec![document.object(&[("expires", expires), ("what", what)], span)]
        }
    };
    document.array(&entries, span)
}

/// What expires by the policy and not by the live one, in words.
fn expires(
    policy: &LifecyclePolicy,
    theirs: Value<'_>,
    live: &LiveImages,
) -> Result<Option<String>, String> {
    let old = match lifecycle_policy(theirs, Written::Unmeasured) {
        Ok(old) => old,
        Err(NoPolicy::Missing) => LifecyclePolicy::default(),
        Err(NoPolicy::Unknown(_, reason)) => return Err(reason),
        Err(NoPolicy::Refused(_)) => return Err("the live policy cannot be read".to_owned()),
    };
    if old == *policy {
        return Ok(None);
    }
    let images = live.images.as_ref().map_err(Clone::clone)?;
    let now = live
        .at
        .ok_or("the snapshot does not say when it was captured")?;
    let (_, before) = settle(&old, images, now);
    let (_, after) = settle(policy, images, now);
    let expire = Ok(Some(LifecycleAction::Expire));
    let mut found = Vec::new();
    let mut doubt = None;
    for (image, (before, after)) in images.iter().zip(before.into_iter().zip(after)) {
        match (before, after) {
            (before, _) if before == expire => {}
            (Ok(_), after) if after == expire => found.push(image),
            (Ok(_), Ok(_)) => {}
            (before, after) => doubt = doubt.or(after.err()).or(before.err()),
        }
    }
    match (found.is_empty(), doubt) {
        (true, Some(doubt)) => Err(doubt.reason().to_owned()),
        (true, None) => Ok(None),
        (false, _) => {
            let is_unseen = images.iter().any(|one| one.children == Children::Unknown);
            let unless = if is_unseen {
                ", unless an index lists them"
            } else {
                ""
            };
            Ok(Some(words(&found) + unless))
        }
    }
}

/// Some images in words, those first that are rare.
fn words(found: &[&Image]) -> String {
    let mut families: FxHashMap<String, usize> = FxHashMap::default();
    for image in found {
        *families.entry(family(&image.tags)).or_default() += 1;
    }
    let mut rare: Vec<&&Image> = found.iter().collect();
    rare.sort_by_key(|image| {
        let count = families.get(&family(&image.tags)).copied();
        (
            image.tags.is_empty(),
            count,
            std::cmp::Reverse(image.pushed_at),
        )
    });
    let names = rare
        .iter()
        .take(MOST_NAMES)
        .map(|image| match image.tags.first() {
            Some(tag) => format!("`{tag}`"),
            None => format!("`{}`", image.digest.chars().take(SHORT).collect::<String>()),
        });
    let names: Vec<_> = names.collect();
    let bytes = found.iter().filter_map(|image| image.size);
    let size = size(bytes.fold(0, u64::saturating_add));
    let among = match found.len() > names.len() {
        true => "among them",
        false => "namely",
    };
    let images = match found.len() {
        1 => format!("1 image{size} that is kept now"),
        count => format!("{count} images{size} that are kept now"),
    };
    format!("{images}, {among} {}", names.join(" "))
}

/// Bytes as people read them; layers are shared, so that less may be freed.
fn size(bytes: u64) -> String {
    const MEGABYTE: u64 = 1_000_000;
    match bytes / MEGABYTE {
        0 => String::new(),
        megabytes @ 1..1000 => format!(" ({megabytes} MB)"),
        megabytes => format!(" ({} GB)", megabytes / 1000),
    }
}
