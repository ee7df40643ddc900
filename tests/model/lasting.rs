//! Families of tags that no rule ever expires: what they are called, and that they are all of them, by trying every short
//! tag of a few letters.

use ecrlint::model::lifecycle::{
    Fate, Image, LifecycleAction, LifecyclePolicy, LifecycleRule, Limit, Status, StorageClass,
    TagListEntry, Tags, Time, evaluate, lasting,
};
use proptest::prelude::*;

/// A rule such as `v*,*-rc expire`, `any archive`, `latest count` for one that counts, `v* archived` for the archive.
fn rule(priority: i64, text: &str) -> LifecycleRule {
    let (tags, kind) = text.split_once(' ').expect("two words");
    let (class, limit, action) = match kind {
        "expire" => (
            StorageClass::Standard,
            Limit::Pushed(5),
            LifecycleAction::Expire,
        ),
        "count" => (
            StorageClass::Standard,
            Limit::Count(5),
            LifecycleAction::Expire,
        ),
        "archive" => (
            StorageClass::Standard,
            Limit::Pushed(5),
            LifecycleAction::Archive,
        ),
        "archived" => (
            StorageClass::Archive,
            Limit::Archived(90),
            LifecycleAction::Expire,
        ),
        other => panic!("{other}"),
    };
    let entry = |text: &str| match text.strip_prefix('^') {
        Some(prefix) => TagListEntry::Prefix(prefix.to_owned()),
        None => TagListEntry::Pattern(text.to_owned()),
    };
    let tags = match tags {
        "any" => Tags::Any,
        "untagged" => Tags::Untagged,
        list => Tags::Tagged(list.split(',').map(entry).collect()),
    };
    LifecycleRule {
        priority,
        class,
        tags,
        limit,
        action,
    }
}

fn policy(rules: &[&str]) -> LifecyclePolicy {
    let rules = (1..)
        .zip(rules)
        .map(|(priority, text)| rule(priority, text));
    LifecyclePolicy::new(rules.collect()).expect("few rules")
}

#[test]
fn families_are_told_as_briefly_as_can_be() {
    let gone = ", where no rule takes them";
    #[rustfmt::skip] // a table
    let cases: [(&[&str], Vec<String>); 16] = [
        (&["untagged expire"], vec!["images with any tags: no rule is about them".into()]),
        (&["any archived"], vec!["images with any tags: no rule is about images of the standard storage class".into()]),
        (&["any count"], vec![]),
        (&["main-* count"], vec!["images with tags that `main-*` does not match: no rule is about them".into()]),
        (&["latest count"], vec!["images with tags other than `latest`: no rule is about them".into()]),
        (&["main-* count", "pr-* expire"], vec!["images with tags that none of `main-*`, `pr-*` matches: no rule is about them".into()]),
        // What another pattern takes as well needs no word.
        (&["main-1* count", "^main- expire", "latest count"], vec!["images with tags that none of `main-*`, `latest` matches: no rule is about them".into()]),
        (&["a*,b* expire"], vec!["images with tags that `a*` with `b*` does not match: no rule is about them".into()]),
        (&["release-* archive", "any count"], vec![format!("images with tags that begin with `release-`: rule 1 moves them to the archive{gone}")]),
        (&["*-rc archive", "any count", "any archived"], vec![]),
        (&["a-*,*-rc archive", "any count"], vec![format!("images with tags that begin with `a-` and tags that end with `-rc`: rule 1 moves them to the archive{gone}")]),
        (&["v1* expire", "v* archive", "any count", "v2* archived"], vec![format!("images with tags that begin with `v`, but for those that `v1*` or `v2*` matches: rule 2 moves them to the archive{gone}")]),
        (&["v* count", "any archive"], vec![format!("images with tags that `v*` does not match: rule 2 moves them to the archive{gone}")]),
        // What a rule in front takes is not left to the rule behind it.
        (&["v* expire", "v1* archive", "any count"], vec![]),
        (&["* expire"], vec![]),
        (&["a* expire", "b* expire", "c* expire", "d* expire", "e* expire", "f* expire", "g* expire", "h* expire"],
            vec!["images with tags that none of `a*`, `b*`, `c*`, `d*`, `e*`, `f*` and 2 more matches: no rule is about them".into()]),
    ];
    for (rules, expected) in cases {
        let found = lasting(&policy(rules)).expect("it is known");
        let found: Vec<_> = found
            .into_iter()
            .map(|one| format!("{}: {}", one.images, one.why))
            .collect();
        assert_eq!(found, expected, "{rules:?}");
    }
    assert!(lasting(&policy(&["^a*b expire"])).is_err());
}

/// Whether an image is there in the end, however old it gets and however many are pushed after it of the same rules.
fn stays(policy: &LifecyclePolicy, tags: &[String]) -> bool {
    let now = Time::parse("2026-01-31").expect("a moment");
    let image = |digest: String, tags: Vec<String>, days: i64| Image {
        digest,
        tags,
        pushed_at: Some(now.plus_days(-days)),
        ..Image::default()
    };
    let others = (0..20).map(|at| {
        // With the same tags each meets the same rules, which is all that these look at.
        image(format!("sha256:{at}"), tags.to_vec(), 200 - at)
    });
    let own = image("sha256:own".to_owned(), tags.to_vec(), 400);
    let mut images: Vec<Image> = std::iter::once(own).chain(others).collect();
    match evaluate(policy, &images, now).fates[0] {
        Fate::Kept(_) => true,
        Fate::Acts {
            action: LifecycleAction::Expire,
            ..
        } => false,
        Fate::Acts {
            action: LifecycleAction::Archive,
            ..
        } => {
            images[0].status = Status::Archived;
            images[0].archived_at = Some(now.plus_days(-300));
            !matches!(evaluate(policy, &images, now).fates[0], Fate::Acts { .. })
        }
        other => panic!("{other:?}"),
    }
}

/// Every tag of up to four letters.
fn tags() -> Vec<String> {
    let mut all = vec![String::new()];
    for _ in 0..4 {
        let longer = all
            .iter()
            .flat_map(|tag| ["a", "b", "c"].map(|letter| format!("{tag}{letter}")));
        let longer: Vec<_> = longer.chain(all.iter().cloned()).collect();
        all = longer;
        all.sort_unstable();
        all.dedup();
    }
    all.retain(|tag| !tag.is_empty());
    all
}

fn rules() -> impl Strategy<Value = Vec<String>> {
    let tags = prop_oneof![
        4 => "[ab*]{1,3}",
        1 => Just("any".to_owned()),
        1 => Just("untagged".to_owned()),
    ];
    let kind = prop::sample::select(vec!["expire", "count", "archive", "archived"]);
    let rule = (tags, kind).prop_map(|(tags, kind)| format!("{tags} {kind}"));
    prop::collection::vec(rule, 0..5)
}

proptest! {
    /// Each family is one, and where some tag stays by no rule, or in the archive, a family tells it.
    #[test]
    fn families_are_all_that_stays(rules in rules()) {
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        let policy = policy(&rules);
        let found = lasting(&policy).expect("no prefix has a star");
        for family in &found {
            prop_assert!(stays(&policy, &family.tags), "{:?} {family:?}", &rules);
        }
        let first = |tag: &str, class: StorageClass| {
            let fits = |rule: &LifecycleRule| rule.class == class && match &rule.tags {
                Tags::Any => true,
                Tags::Untagged => false,
                Tags::Tagged(entries) => entries.iter().all(|entry| fits(entry.text().as_bytes(), tag.as_bytes())),
            };
            policy.rules().iter().position(fits)
        };
        for tag in tags() {
            let rule = first(&tag, StorageClass::Standard);
            let is_exact = rule.is_some_and(|at| policy.rules()[at].tags.entries().iter().any(|one| !one.text().contains('*')));
            let is_counted = rule.is_some_and(|at| matches!(policy.rules()[at].limit, Limit::Count(_)));
            if stays(&policy, std::slice::from_ref(&tag)) && !(is_exact && is_counted) {
                let is_told = found.iter().any(|family| family.rule == rule);
                prop_assert!(is_told, "{tag} {:?} {found:?}", &rules);
            }
        }
    }
}

fn fits(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|skipped| fits(rest, &text[skipped..])),
        ([one, rest @ ..], [other, text @ ..]) => one == other && fits(rest, text),
        _ => false,
    }
}
