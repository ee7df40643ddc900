//! What is claimed of two policies for all images holds for whatever images are made up.

use ecrlint::model::lifecycle::history::History;
use ecrlint::model::lifecycle::{
    Happens, Image, LifecycleAction, LifecyclePolicy, LifecycleRule, Limit, StorageClass,
    TagListEntry, Tags, Time, does_more, evaluate, family,
};
use proptest::prelude::*;

use super::reference::{images, policy};
use super::{now, rule};

fn read(rules: &[&str]) -> LifecyclePolicy {
    LifecyclePolicy::new(rules.iter().map(|text| rule(text)).collect()).expect("few rules")
}

/// The policies, and what the second does more than the first: `-` never, `+` shown, `?` nobody can tell.
const PAIRS: &[(&[&str], &[&str], &str)] = &[
    (&["1 any count 10 expire"], &["1 any count 10 expire"], "-"),
    (&["1 any count 10 expire"], &["5 any count 20 expire"], "-"),
    (&["1 any count 10 expire"], &["1 any count 9 expire"], "+"),
    (&["1 any pushed 10 expire"], &["1 any pushed 9 expire"], "+"),
    (
        &["1 any count 10 expire"],
        &["1 v* pushed 999 expire", "2 any count 10 expire"],
        "+",
    ),
    (
        &["1 any count 10 expire"],
        &["1 v* pulled 30 archive", "2 any count 10 expire"],
        "-",
    ),
    (&["1 v* count 5 expire"], &["1 v1* count 5 expire"], "-"),
    (&["1 v1* count 5 expire"], &["1 v* count 5 expire"], "+"),
    (&[], &["1 untagged pushed 1 expire"], "+"),
    (&["1 untagged pushed 1 expire"], &[], "-"),
    (
        &["1 prod* count 9999 expire", "2 any count 5 expire"],
        &["2 any count 5 expire"],
        "+",
    ),
    // The one image of a tag never goes by count, and is kept from what comes behind.
    (
        &["1 any count 5 expire"],
        &["1 latest count 1 expire", "2 any count 5 expire"],
        "-",
    ),
    (
        &["1 a*,b* pushed 5 expire"],
        &["1 a* pushed 5 expire", "2 b* pushed 5 expire"],
        "+",
    ),
    (
        &["1 a* pushed 5 expire", "2 b* pushed 5 expire"],
        &["1 a*,b* pushed 5 expire"],
        "-",
    ),
    // The order of rules that do the same is nothing.
    (
        &["1 a* pushed 5 expire", "2 b* pushed 5 expire"],
        &["1 b* pushed 5 expire", "2 a* pushed 5 expire"],
        "-",
    ),
    (
        &["1 a* count 5 expire", "2 b* count 9 expire"],
        &["1 b* count 9 expire", "2 a* count 5 expire"],
        "+",
    ),
    (
        &["1 any@archive archived 90 expire"],
        &["1 any@archive archived 120 expire"],
        "-",
    ),
    (
        &["1 any@archive archived 120 expire"],
        &["1 any@archive archived 90 expire"],
        "+",
    ),
    (&["1 ^a*b count 5 expire"], &["1 any count 5 expire"], "?"),
    (
        &["1 any count 5 expire"],
        &[
            "1 any count 9000000000000000000 expire",
            "2 any@archive archived 90 expire",
        ],
        "+",
    ),
];

#[test]
fn what_a_policy_does_more_is_proved_or_shown() {
    for (old, new, expected) in PAIRS {
        let found = does_more(&read(old), &read(new), LifecycleAction::Expire);
        let told = match &found {
            Happens::Never => "-",
            Happens::Shown(_) => "+",
            Happens::Unknown(_) => "?",
        };
        assert_eq!(told, *expected, "{old:?} {new:?} {found:?}");
    }
    let archive = read(&["1 any pulled 30 archive"]);
    let told = does_more(
        &LifecyclePolicy::default(),
        &archive,
        LifecycleAction::Archive,
    );
    assert!(matches!(told, Happens::Shown(_)));
}

#[test]
fn an_absurd_number_takes_no_longer_than_another_one() {
    let huge = |count| LifecycleRule {
        priority: 1,
        class: StorageClass::Standard,
        tags: Tags::Tagged(vec![TagListEntry::Pattern("a*".to_owned())]),
        limit: Limit::Count(count),
        action: LifecycleAction::Expire,
    };
    let (one, other) = (
        LifecyclePolicy::new(vec![huge(u64::MAX)]),
        LifecyclePolicy::new(vec![huge(u64::MAX - 1)]),
    );
    let (one, other) = (one.expect("a rule"), other.expect("a rule"));
    assert!(matches!(
        does_more(&one, &other, LifecycleAction::Expire),
        Happens::Unknown(_)
    ));
    assert_eq!(
        does_more(&other, &one, LifecycleAction::Expire),
        Happens::Never
    );
}

/// A policy that differs in one thing from another one, so that the two are not strangers.
fn edited() -> impl Strategy<Value = (LifecyclePolicy, LifecyclePolicy)> {
    let edit = (policy(), policy(), 0_usize..4, 0_u8..4);
    edit.prop_map(|(policy, other, at, kind)| {
        let mut rules = policy.rules().to_vec();
        let at = at % rules.len();
        match kind {
            0 => drop(rules.remove(at)),
            1 => {
                rules[at].limit = match rules[at].limit {
                    Limit::Count(count) => Limit::Count(count + 1),
                    Limit::Pushed(days) => Limit::Pushed(days + 1),
                    Limit::Pulled(days) => Limit::Pulled(days + 1),
                    Limit::Archived(days) => Limit::Archived(days + 1),
                }
            }
            2 => rules[at].priority = 30,
            _ => return (policy, other),
        }
        (policy, LifecyclePolicy::new(rules).expect("few rules"))
    })
}

/// The same images, no two of which have the same tag, since there are none in ECR.
fn with_tags_of_their_own(mut images: Vec<Image>) -> Vec<Image> {
    let mut seen = std::collections::BTreeSet::new();
    for (at, image) in images.iter_mut().enumerate() {
        image.tags = image
            .tags
            .iter()
            .map(|tag| match seen.insert(tag.clone()) {
                true => tag.clone(),
                false => format!("{tag}{at}"),
            })
            .collect();
    }
    images
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn each_claim_is_true_of_both_policies((old, new) in edited(), images in images()) {
        let images = with_tags_of_their_own(images);
        for action in [LifecycleAction::Expire, LifecycleAction::Archive] {
            for (one, other) in [(&old, &new), (&new, &old)] {
                match does_more(one, other, action) {
                    Happens::Unknown(_) => {}
                    Happens::Never => {
                        let by = |policy: &LifecyclePolicy| evaluate(policy, &images, now()).fates;
                        for (before, after) in by(one).into_iter().zip(by(other)) {
                            let acts = after.action() == Ok(Some(action));
                            let certainly_not = before.action().is_ok_and(|it| it != Some(action));
                            prop_assert!(!(acts && certainly_not), "{:?} {:?}", before, after);
                        }
                    }
                    Happens::Shown(witness) => {
                        let by = |policy: &LifecyclePolicy| evaluate(policy, &witness.images, witness.now).fates[0];
                        prop_assert_eq!(by(other).action(), Ok(Some(action)));
                        prop_assert!(by(one).action().is_ok_and(|it| it != Some(action)));
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    /// Whatever is typed, a mistake is at a place of the text, and what is taken can be played.
    #[test]
    fn no_description_of_a_history_is_too_strange(
        text in "([a-z{};+ 0-9*é\u{202e}.-]|\\{n\\}|\\{semver\\}| daily| 5 a day|;| weekly| for 2 platforms|pull a| with attestations| until 3 days){0,12}",
        seed in any::<u64>(),
    ) {
        match History::parse(&text) {
            Err(mistake) => prop_assert!(text.get(mistake.range).is_some()),
            Ok(history) => {
                let pushes = history.pushes(Time::from_seconds(0), 40, seed);
                prop_assert!(pushes.is_ok_and(|all| all.is_sorted_by(|one, other| one.at < other.at)));
            }
        }
    }

    #[test]
    fn no_text_is_too_strange_for_a_time_or_a_tag(text in ".{0,40}", digits in "[0-9TZ:+. -]{0,30}") {
        for text in [text, digits] {
            if let Some(time) = Time::parse(&text) {
                prop_assert_eq!(time.date().len(), 10);
            }
            let name = family(std::slice::from_ref(&text));
            prop_assert!(name.chars().count() <= 8 * text.chars().count());
        }
    }
}
