//! What changes from one policy to another, for people.
//! It does not know how it was found out.

use super::numbers::{bytes, count, grouped};
use super::page::LifecyclePage;
use super::previews::open;
use crate::report::lifecycle::{
    ChangeKind, Changed, Counterexample, Difference, ImageBasis, PolicyChanges, Proof,
};

/// Families that are reported.
const MOST_FAMILIES: usize = 6;

pub(super) fn write(told: &Difference, page: &mut LifecyclePage) {
    let about = told.new.as_ref().or(told.old.as_ref());
    let policy = about.map_or_else(|| "the lifecycle policy".to_owned(), LifecyclePage::called);
    page.heading(&match (&told.old, &told.new) {
        (None, None) => {
            "neither the old nor the new policy has a rule: nothing ever expires".to_owned()
        }
        (None, Some(_)) => format!("what changes with {policy}, where there was none"),
        (Some(_), None) => format!("what changes without {policy}"),
        (Some(_), Some(_)) => format!("what changes with the new text of {policy}"),
    });
    page.gap();
    page.prose(0, "whatever images there are:");
    for proof in &told.proofs {
        claim(proof, page);
    }
    if let Some(changes) = &told.changes {
        of_images(changes, page);
    }
}

fn claim(proof: &Proof, page: &mut LifecyclePage) {
    let (yes, no) = match proof.claim {
        ChangeKind::ExpiresMore => (
            "this edit additionally expires",
            "this edit expires nothing additionally",
        ),
        ChangeKind::ExpiresLess => (
            "this edit no longer expires",
            "this edit goes on expiring all that expired before",
        ),
        ChangeKind::ArchivesMore => (
            "this edit additionally archives",
            "this edit archives nothing additionally",
        ),
        ChangeKind::ArchivesLess => (
            "this edit no longer archives",
            "this edit goes on archiving all that was archived before",
        ),
    };
    let text = match (&proof.holds, &proof.example) {
        (Ok(true), Some(shown)) => format!("{yes}, for example, {}", example(shown, proof.claim)),
        (Ok(true), None) => format!("{yes} some images"),
        (Ok(false), _) => no.to_owned(),
        (Err(why), _) => format!("undetermined whether {yes} any image, because {why}"),
    };
    page.item(2, &text);
}

fn example(shown: &Counterexample, claim: ChangeKind) -> String {
    let image = match &shown.tags[..] {
        [] => "an image without a tag".to_owned(),
        tags => {
            let tags: Vec<_> = tags.iter().map(|tag| format!("`{tag}`")).collect();
            format!("the image {}", tags.join(" "))
        }
    };
    let mut text = format!("{image}, pushed {} ago", count(shown.age, "day"));
    if shown.younger > 0 {
        text.push_str(&format!(", beside {}", younger(shown)));
    }
    let [old, new] = shown.rules;
    let (taker, takes, other, leaves) = match claim {
        ChangeKind::ExpiresMore => (new, "expires it by the new policy", old, "the old one"),
        ChangeKind::ExpiresLess => (old, "expired it by the old policy", new, "the new one"),
        ChangeKind::ArchivesMore => (new, "archives it by the new policy", old, "the old one"),
        ChangeKind::ArchivesLess => (old, "archived it by the old policy", new, "the new one"),
    };
    let taker = taker.map_or_else(String::new, |rule| rule.to_string());
    text.push_str(&format!(
        ": rule {taker} {takes}, {}",
        match other {
            Some(rule) => format!("by {leaves} rule {rule} is about it and does not"),
            None => format!("by {leaves} no rule is about it"),
        }
    ));
    text
}

fn younger(shown: &Counterexample) -> String {
    let tags: Vec<_> = shown.beside.iter().map(|tag| format!("`{tag}`")).collect();
    let images = match shown.younger {
        1 => "a younger one".to_owned(),
        number => format!("{} younger ones", grouped(number)),
    };
    match (&tags[..], shown.younger > shown.beside.len() as u64) {
        ([], _) => format!("{images} without a tag"),
        (_, true) => format!("{images} such as {}", tags.join(" ")),
        (_, false) => format!("{images}, {}", tags.join(" ")),
    }
}

fn of_images(changes: &PolicyChanges, page: &mut LifecyclePage) {
    page.gap();
    let head = match &changes.basis {
        ImageBasis::Images {
            now,
            is_captured: true,
        } => format!("for the images that were captured on {now}:"),
        ImageBasis::Images {
            now,
            is_captured: false,
        } => format!("for the images, as of {now}:"),
        ImageBasis::History { text, days, .. } => format!("after {days} days of `{text}`:"),
    };
    page.prose(0, &head);
    let before = page.text.len();
    change("this edit additionally expires", &changes.more, page);
    change("this edit no longer expires", &changes.less, page);
    change("this edit additionally archives", &changes.archived, page);
    change("this edit no longer archives", &changes.unarchived, page);
    if page.text.len() == before && changes.undetermined == 0 {
        page.item(2, "nothing changes");
    }
    if changes.undetermined > 0 {
        let text = match changes.undetermined {
            1 => "undetermined for 1 image".to_owned(),
            number => format!("undetermined for {} images", grouped(number)),
        };
        page.item(2, &text);
    }
    open(&changes.doubts, &changes.taken, page);
}

fn change(what: &str, changed: &Changed, page: &mut LifecyclePage) {
    if changed.images == 0 {
        return;
    }
    let size = match changed.bytes {
        0 => String::new(),
        number => format!(" ({})", bytes(number)),
    };
    let mut families: Vec<_> = changed
        .families
        .iter()
        .take(MOST_FAMILIES)
        .map(|(name, number)| format!("{} of `{name}`", grouped(*number)))
        .collect();
    let more = changed.families.len().saturating_sub(MOST_FAMILIES);
    if more > 0 {
        families.push(format!("others of {more} families"));
    }
    let names: Vec<_> = changed
        .names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    let among = match changed.images as usize > names.len() {
        true => "among them",
        false => "which are",
    };
    let text = format!(
        "{what} {}{size}: {}; {among} {}",
        count(changed.images, "image"),
        families.join(", "),
        names.join(" ")
    );
    page.item(2, &text);
}
