//! The history on which a policy is shown where nobody describes one: an image a day of each kind that it is about.
//! It does not know what the policy does with them.

use crate::model::lifecycle::history::History;
use crate::model::lifecycle::{LifecyclePolicy, TagListEntry};

/// Kinds of images that the rules of a policy are about and that are pushed.
const MOST_KINDS: usize = 10;
/// What is pushed besides: images with other tags, and such without any.
const BESIDES: [&str; 2] = ["other-{n}", "untagged"];
/// How long: half a year, in days.
pub const ASSUMED_DAYS: u64 = 180;

/// An image a day of each kind that the rules are about, and of what they are not about.
#[must_use]
pub fn assumed(policy: &LifecyclePolicy) -> String {
    let mut kinds: Vec<String> = Vec::new();
    let rules = policy.rules().iter().map(|rule| rule.tags.entries());
    for entries in rules.filter(|entries| !entries.is_empty()) {
        let tags: Vec<String> = entries.iter().map(tag).collect();
        let kind = tags.join("+");
        // What is not a tag, no image has.
        let is_one = !kind.contains([';', ' ']) && History::parse(&pushed(&kind)).is_ok();
        if is_one && !kinds.contains(&kind) && kinds.len() < MOST_KINDS {
            kinds.push(kind);
        }
    }
    let besides = BESIDES.map(str::to_owned).into_iter();
    let besides: Vec<String> = besides.filter(|kind| !kinds.contains(kind)).collect();
    let all = kinds.iter().chain(&besides).map(|kind| pushed(kind));
    all.collect::<Vec<_>>().join("; ")
}

fn pushed(kind: &str) -> String {
    format!("{kind} daily")
}

/// Tags that a pattern is about: another one each day, where it leaves that open.
fn tag(entry: &TagListEntry) -> String {
    let pattern = entry.pattern();
    match pattern.split_once('*') {
        Some((start, rest)) => format!("{start}{{n}}{}", rest.replace('*', "x")),
        None => pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::assumed;
    use crate::model::lifecycle::history::History;
    use crate::model::lifecycle::{
        LifecycleAction, LifecyclePolicy, LifecycleRule, Limit, StorageClass, TagListEntry, Tags,
    };

    #[test]
    fn each_kind_of_the_rules_is_pushed_and_what_they_are_not_about() {
        let rule = |priority, entries: Vec<TagListEntry>| LifecycleRule {
            priority,
            action: LifecycleAction::Expire,
            class: StorageClass::Standard,
            tags: match entries.is_empty() {
                true => Tags::Any,
                false => Tags::Tagged(entries),
            },
            limit: Limit::Count(5),
        };
        let entries = |patterns: &[&str]| {
            let all = patterns.iter();
            all.map(|one| TagListEntry::Pattern((*one).to_owned()))
                .collect()
        };
        let policy = LifecyclePolicy::new(vec![
            rule(1, entries(&["prod-*"])),
            rule(2, entries(&["*-a-*", "latest"])),
            rule(3, entries(&["prod-*"])),
            rule(4, entries(&["no; tag*"])),
            rule(5, entries(&["-*"])),
            rule(6, Vec::new()),
        ]);
        let history = assumed(&policy.expect("no two priorities are the same"));
        assert_eq!(
            history,
            "prod-{n} daily; {n}-a-x+latest daily; other-{n} daily; untagged daily"
        );
        assert!(History::parse(&history).is_ok());
        assert_eq!(
            assumed(&LifecyclePolicy::default()),
            "other-{n} daily; untagged daily"
        );
    }
}
