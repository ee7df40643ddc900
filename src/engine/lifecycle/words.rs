//! Rules of lifecycle policies in plain English.
//! It does not know images.

use crate::model::lifecycle::{
    Fate, Image, Kept, LifecycleAction, LifecyclePolicy, LifecycleRule, Limit, OutcomeDoubt,
    StorageClass, Tags,
};

/// What a rule says, as a clause: "expires images with a tag `main-*` beyond the newest 10".
pub(super) fn says(rule: &LifecycleRule) -> String {
    let verb = match rule.action {
        LifecycleAction::Expire => "expires",
        LifecycleAction::Archive => "archives",
    };
    format!("{verb} {} {}", about(rule), limit(rule.limit))
}

/// The images that a rule is about.
pub(super) fn about(rule: &LifecycleRule) -> String {
    let archived = match rule.class {
        StorageClass::Standard => "",
        StorageClass::Archive => "archived ",
    };
    match &rule.tags {
        Tags::Any => format!("{archived}images, whatever their tags,"),
        Tags::Untagged => format!("{archived}images without a tag"),
        Tags::Tagged(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|one| format!("`{}`", one.pattern()))
                .collect();
            match &entries[..] {
                [only] => format!("{archived}images with a tag {only}"),
                [all @ .., last] => format!(
                    "{archived}images with tags for each of {} and {last}",
                    all.join(", ")
                ),
                [] => format!("no {archived}images"),
            }
        }
    }
}

/// Which of them it acts on.
fn limit(limit: Limit) -> String {
    let days = |days: u64| match days {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    };
    match limit {
        Limit::Count(1) => "beyond the newest one".to_owned(),
        Limit::Count(count) => format!("beyond the newest {count}"),
        Limit::Pushed(count) => format!("pushed more than {} ago", days(count)),
        Limit::Pulled(count) => format!("last pulled more than {} ago", days(count)),
        Limit::Archived(count) => format!("archived more than {} ago", days(count)),
    }
}

/// Why an image meets its fate, as a clause.
pub(super) fn why(fate: Fate, policy: &LifecyclePolicy, images: &[Image]) -> String {
    let number = |rule: usize| policy.rules()[rule].priority;
    match fate {
        Fate::Kept(Kept::Unmatched) => "no rule is about it".to_owned(),
        Fate::Kept(Kept::Within { rule }) => format!("rule {} leaves it", number(rule)),
        Fate::Kept(Kept::Shielded { rule, from }) => {
            format!("rule {} keeps it from rule {}", number(rule), number(from))
        }
        Fate::Kept(Kept::Held { rule, by }) => format!(
            "an index keeps it from rule {}, as long as there is {}",
            number(rule),
            name(&images[by])
        ),
        Fate::Acts {
            rule,
            action: LifecycleAction::Expire,
        } => format!("rule {} expires it", number(rule)),
        Fate::Acts {
            rule,
            action: LifecycleAction::Archive,
        } => format!("rule {} archives it", number(rule)),
        Fate::Follows { subject, .. } => format!("it follows {}", name(&images[subject])),
        Fate::Undetermined(doubt) => because(doubt),
    }
}

fn because(doubt: OutcomeDoubt) -> String {
    format!("undetermined, because {}", doubt.reason())
}

/// What a human calls an image: a tag of it, else the beginning of its digest.
pub(super) fn name(image: &Image) -> String {
    match image.tags.first() {
        Some(tag) => tag.clone(),
        None => short(&image.digest),
    }
}

/// The beginning of a digest, which is enough to tell it from others.
pub(super) fn short(digest: &str) -> String {
    const SHORT: usize = 19;
    digest.chars().take(SHORT).collect()
}

/// The priority of the rule that decides an image's fate.
pub(super) fn decides(fate: Fate, policy: &LifecyclePolicy) -> Option<i64> {
    let rule = match fate {
        Fate::Kept(
            Kept::Within { rule } | Kept::Shielded { rule, .. } | Kept::Held { rule, .. },
        )
        | Fate::Acts { rule, .. } => rule,
        Fate::Kept(Kept::Unmatched) | Fate::Follows { .. } | Fate::Undetermined(_) => return None,
    };
    policy.rules().get(rule).map(|rule| rule.priority)
}
