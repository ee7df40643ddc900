//! What a policy does with images, for people.
//! It does not know how it was found out.

use std::collections::{BTreeMap, BTreeSet};

use super::numbers::{bytes, count, dollars, gigabytes, grouped, rate};
use super::page::LifecyclePage;
use super::timeline;
use crate::report::lifecycle::{
    ImageBasis, ImageCounts, ImageOutcome, Preview, PreviewedImage, UndecidedImages,
};

/// Images of a family that are reported one by one.
const MOST_IMAGES: usize = 6;
/// Families whose images are reported one by one.
const MOST_GROUPS: usize = 12;
/// Families that are reported one by one.
const MOST_FAMILIES: usize = 25;
/// Tags of an image that are reported.
const MOST_TAGS: usize = 3;

pub(super) fn write(preview: &Preview, page: &mut LifecyclePage) {
    let policy = LifecyclePage::called(&preview.about);
    page.heading(&match &preview.basis {
        ImageBasis::Images {
            now,
            is_captured: true,
        } => {
            format!("what {policy} does with the images that were captured on {now}")
        }
        ImageBasis::Images {
            now,
            is_captured: false,
        } => {
            format!("what {policy} does with the images, as of {now}")
        }
        ImageBasis::History { text, days, .. } => {
            format!("what {policy} has done after {days} days of `{text}`")
        }
    });
    rules(preview, page);
    if preview.total.images == 0 {
        page.gap();
        page.prose(0, "there are no images");
        return;
    }
    families(preview, page);
    timeline::write(&preview.timeline, is_history(preview), page);
    sums(preview, page);
    images(preview, page);
    open(&preview.doubts, &preview.taken, page);
}

fn is_history(preview: &Preview) -> bool {
    matches!(preview.basis, ImageBasis::History { .. })
}

fn rules(preview: &Preview, page: &mut LifecyclePage) {
    if preview.rules.is_empty() {
        if !is_history(preview) {
            page.gap();
            page.prose(0, "there is no policy: nothing ever expires");
        }
        return;
    }
    page.gap();
    for rule in &preview.rules {
        let mut parts = vec![
            format!("is about {}", count(rule.identified, "image")),
            format!("acts on {}", grouped(rule.acts)),
        ];
        let mut part = |number: u64, text: &str| {
            if number > 0 {
                parts.push(format!("{} {text}", grouped(number)));
            }
        };
        part(rule.claimed, "are kept from it by rules before it");
        part(rule.held, "are kept from it by an index");
        part(rule.undetermined, "are undetermined");
        let key = format!("rule {}", rule.priority);
        page.named(2, &key, &format!("{}; {}", rule.says, parts.join(", ")));
    }
}

fn families(preview: &Preview, page: &mut LifecyclePage) {
    let all = preview
        .families
        .iter()
        .filter(|family| family.tally.images > 0);
    let tallies: Vec<(&str, &ImageCounts)> =
        all.map(|one| (one.name.as_str(), &one.tally)).collect();
    let more = tallies.len().saturating_sub(MOST_FAMILIES);
    let total = ("in all", &preview.total);
    let shown = tallies.into_iter().take(MOST_FAMILIES);
    let shown: Vec<_> = shown.chain([total]).collect();
    let has = |wanted: &dyn Fn(&ImageCounts) -> bool| wanted(&preview.total);
    let archives = has(&|tally| tally.archived > 0);
    let is_open = has(&|tally| tally.undetermined > 0);
    let is_sized = has(&|tally| tally.bytes > 0);
    let goes = has(&|tally| tally.gone_after.is_some());
    let verb = if is_history(preview) {
        "EXPIRED"
    } else {
        "EXPIRE"
    };
    let mut heads = vec!["FAMILY", "IMAGES", "KEPT", verb];
    heads.extend(archives.then_some("ARCHIVED"));
    heads.extend(is_open.then_some("OPEN"));
    heads.extend(goes.then_some("GONE AFTER"));
    heads.extend(is_sized.then_some("FREED"));
    let rows = shown.into_iter().map(|(name, tally)| {
        let mut row = vec![name.to_owned()];
        row.extend([tally.images, tally.kept, tally.expired].map(grouped));
        row.extend(archives.then(|| grouped(tally.archived)));
        row.extend(is_open.then(|| grouped(tally.undetermined)));
        row.extend(goes.then(|| gone(tally)));
        row.extend(is_sized.then(|| bytes(tally.freed)));
        row
    });
    let rows: Vec<_> = rows.collect();
    page.gap();
    page.table(&heads, &rows);
    if more > 0 {
        page.prose(2, &format!("and {more} more families"));
    }
}

fn gone(tally: &ImageCounts) -> String {
    match tally.gone_after {
        None => "never".to_owned(),
        Some((0, 0)) => "the same day".to_owned(),
        Some((first, last)) if first == last => count(first, "day"),
        Some((first, last)) => format!("{first} to {last} days"),
    }
}

/// What is freed, and what that costs.
fn sums(preview: &Preview, page: &mut LifecyclePage) {
    let total = &preview.total;
    page.gap();
    let acts = match is_history(preview) {
        true => format!(
            "{} of {} expired",
            grouped(total.expired),
            count(total.images, "image")
        ),
        false => format!(
            "{} of {} expire",
            grouped(total.expired),
            count(total.images, "image")
        ),
    };
    let mut text = acts;
    if total.archived > 0 {
        text.push_str(&format!(
            ", {} move to the archive",
            grouped(total.archived)
        ));
    }
    let price = &preview.price;
    if total.freed > 0 {
        let freed = match &preview.basis {
            ImageBasis::History { days, .. } => {
                let months = (*days / 30).max(1);
                total.freed / months
            }
            ImageBasis::Images { .. } => total.freed,
        };
        let saved = dollars(gigabytes(freed) * price.gigabyte_month);
        text.push_str(&match is_history(preview) {
            true => format!(
                "; that frees at most {} with each month of pushes, {saved} less a month each time",
                bytes(freed)
            ),
            false => format!("; that frees at most {}, {saved} a month", bytes(freed)),
        });
        text.push_str(&format!(
            " at {} for a gigabyte ({}), and less where layers are shared",
            rate(price.gigabyte_month),
            price.source
        ));
    } else if total.expired > 0 {
        text.push_str("; how much that frees is not known, since no sizes are given");
    }
    page.prose(0, &text);
    if total.unmeasured > 0 && total.freed > 0 {
        let text = format!(
            "the size of {} is not known",
            count(total.unmeasured, "image")
        );
        page.prose(0, &text);
    }
}

/// Images of one family that share a fate.
#[derive(Default)]
struct FateGroup<'p> {
    images: u64,
    /// The youngest of them.
    first: Vec<&'p PreviewedImage>,
    rules: BTreeSet<i64>,
    /// Whether some follow what they refer to, or what listed them.
    follows: bool,
}

fn images(preview: &Preview, page: &mut LifecyclePage) {
    for (outcome, head) in [
        (ImageOutcome::Expires, "these expire:"),
        (ImageOutcome::Archives, "these move to the archive:"),
        (ImageOutcome::Undetermined, "these are undetermined:"),
    ] {
        let mut groups: BTreeMap<&str, FateGroup<'_>> = BTreeMap::new();
        for one in preview.images.iter().filter(|one| one.outcome == outcome) {
            let group = groups.entry(one.family.as_str()).or_default();
            group.images += 1;
            group.rules.extend(one.rule);
            group.follows |= one.rule.is_none();
            if group.first.len() < MOST_IMAGES {
                group.first.push(one);
            }
        }
        if groups.is_empty() {
            continue;
        }
        // The rarest families first: a release is missed sooner than one of many builds.
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, group)| group.images);
        page.gap();
        page.prose(0, head);
        for (family, group) in groups.iter().take(MOST_GROUPS) {
            page.item(2, &grouped_images(family, group, outcome));
        }
        let left = groups.get(MOST_GROUPS..).unwrap_or_default();
        let images: u64 = left.iter().map(|(_, group)| group.images).sum();
        if images > 0 {
            let text = format!(
                "and {} of {} more families",
                count(images, "image"),
                left.len()
            );
            page.prose(2, &text);
        }
    }
}

fn grouped_images(family: &str, group: &FateGroup<'_>, outcome: ImageOutcome) -> String {
    let rules: Vec<_> = group.rules.iter().take(5).map(i64::to_string).collect();
    let by = match (&rules[..], group.follows) {
        _ if outcome == ImageOutcome::Undetermined => String::new(),
        ([], _) => ", after what they refer to".to_owned(),
        ([one], false) => format!(", by rule {one}"),
        (all, false) => format!(", by rules {}", all.join(", ")),
        (all, true) => format!(", by rule {} or after what they refer to", all.join(", ")),
    };
    let names: Vec<_> = group.first.iter().map(|one| named(one)).collect();
    let more = group.images.saturating_sub(names.len() as u64);
    let more = match more {
        0 => String::new(),
        more => format!(" and {} more", grouped(more)),
    };
    let size = match group.first[..] {
        [one] if group.images == 1 => one
            .size
            .map_or(String::new(), |size| format!(", {}", bytes(size))),
        _ => String::new(),
    };
    let family = format!("{} of `{family}`", grouped(group.images));
    format!("{family}{by}{size}: {}{more}", names.join(" "))
}

/// An image by its tags, or by its digest where it has none.
fn named(image: &PreviewedImage) -> String {
    let tags = image
        .tags
        .iter()
        .take(MOST_TAGS)
        .map(|tag| format!("`{tag}`"));
    let tags: Vec<_> = tags.collect();
    match image.tags.len() {
        0 => {
            let short: String = image.digest.chars().take(19).collect();
            format!("`{short}`")
        }
        all if all > MOST_TAGS => format!("{} (and {} more tags)", tags.join("+"), all - MOST_TAGS),
        _ => tags.join("+"),
    }
}

/// What is open, and what was taken for granted.
pub(super) fn open(doubts: &[UndecidedImages], taken: &[String], page: &mut LifecyclePage) {
    if !doubts.is_empty() {
        page.gap();
    }
    for doubt in doubts {
        let text = format!(
            "{} undetermined, because {}; to decide it: {}",
            match doubt.images {
                1 => "1 image is".to_owned(),
                images => format!("{} images are", grouped(images)),
            },
            doubt.reason,
            doubt.decide
        );
        page.item(0, &text);
    }
    if !taken.is_empty() {
        page.gap();
        page.item(0, &format!("taken for granted: {}", taken.join("; ")));
    }
}
