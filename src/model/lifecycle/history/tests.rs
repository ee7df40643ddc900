//! Descriptions of histories: what they mean, and where they are wrong.

use super::History;
use crate::model::lifecycle::Time;

fn start() -> Time {
    Time::parse("2026-01-01").unwrap()
}

#[test]
fn pushes_come_as_often_as_is_said() {
    let text = "push main-{n} daily; release v{semver} weekly 1.5GB; pr-{n}+{sha} 5 a day; base once; untagged every 2 weeks; nightly-{date} every day of 20MB;";
    let history = History::parse(text).unwrap();
    let names: Vec<_> = history.families().collect();
    assert_eq!(
        names,
        [
            "main-{n}",
            "v{semver}",
            "pr-{n}+{sha}",
            "base",
            "untagged",
            "nightly-{date}"
        ]
    );
    let pushes = history.pushes(start(), 28, 7).unwrap();
    let count = |family: usize| pushes.iter().filter(|push| push.family == family).count();
    assert_eq!(
        (0..6).map(count).collect::<Vec<_>>(),
        [28, 4, 140, 1, 2, 28]
    );
    let of = |family: usize| pushes.iter().filter(move |push| push.family == family);
    assert_eq!(
        of(1).next().map(|one| (&one.tags[0][..], one.size)),
        Some(("v1.0.0", Some(1_500_000_000)))
    );
    assert_eq!(of(0).next_back().unwrap().tags, ["main-28"]);
    assert!(of(4).all(|one| one.tags.is_empty()));
    assert!(of(5).all(|one| one.tags[0] == format!("nightly-{}", one.at.date())));
    assert!(of(2).all(|one| one.tags.len() == 2 && one.tags[1].len() == 40));
    assert!(
        pushes.is_sorted_by(|one, other| one.at < other.at),
        "no two at one moment"
    );
    assert!(
        pushes
            .iter()
            .all(|one| (start()..start().plus_days(29)).contains(&one.at))
    );
}

#[test]
fn an_index_comes_right_after_what_it_lists() {
    let text = "push main-{n} daily for 2 platforms with attestations of 300MB; pr-{n} daily 5MB for 1 platform; pull daily";
    let history = History::parse(text).unwrap();
    let names: Vec<_> = history.families().collect();
    assert_eq!(
        names,
        [
            "main-{n}",
            "platforms of main-{n}",
            "attestations of main-{n}",
            "pr-{n}",
            "platforms of pr-{n}",
            "pull"
        ]
    );
    let pushes = history.pushes(start(), 20, 3).unwrap();
    assert_eq!(pushes.len(), 20 * (5 + 2 + 1));
    assert!(pushes.is_sorted_by(|one, other| one.at < other.at));
    for (at, push) in pushes.iter().enumerate() {
        let listed: Vec<_> = push.lists.iter().map(|at| pushes[*at].clone()).collect();
        let (families, size): (&[usize], _) = match push.family {
            0 => (&[1, 1, 2, 2], Some(0)),
            3 => (&[4], Some(0)),
            1 => (&[], Some(300_000_000)),
            2 => (&[], Some(0)),
            4 => (&[], Some(5_000_000)),
            _ => (&[], None),
        };
        assert_eq!(
            listed.iter().map(|it| it.family).collect::<Vec<_>>(),
            families
        );
        assert!(
            listed
                .iter()
                .all(|it| it.tags.is_empty() && it.at < push.at)
        );
        assert!(push.lists.iter().all(|it| at - it <= 4));
        assert_eq!(
            (push.size, push.tags.len()),
            (size, usize::from([0, 3, 5].contains(&push.family)))
        );
    }
}

#[test]
fn what_is_pulled_is_named_as_it_is_pushed() {
    let text = "pulls latest daily for 3 days; main-{n}+latest daily; latest weekly; pull main-{n}+latest 2 a day until 1 week after the push";
    let history = History::parse(text).unwrap();
    let pushes = history.pushes(start(), 7, 3).unwrap();
    let day = |days| start().plus_days(days);
    let noon = start().plus_millis(43_200_000);
    let now = vec!["latest".to_owned()];
    for push in pushes {
        let pulls = &push.pulls;
        let last = |at: usize, end| pulls[at].last(start(), end);
        assert!(pulls[0].finds(&push.tags, &now) && !pulls[0].finds(&push.tags, &[]));
        assert!(!pulls[0].finds(&push.tags, &push.tags[..push.tags.len() - 1]));
        assert_eq!(
            [noon, day(2), day(9)].map(|end| last(0, end)),
            [None, Some(day(2)), Some(day(3))]
        );
        if push.family == 0 {
            assert!(
                pulls[1].finds(&push.tags, &push.tags[..1]),
                "by any of its tags"
            );
            assert_eq!(
                [noon, day(99)].map(|end| last(1, end)),
                [Some(noon), Some(day(7))]
            );
        }
        assert_eq!(pulls.len(), 2 - push.family);
    }
}

#[test]
fn a_seed_says_all_about_the_times_of_the_day() {
    let history = History::parse("{sha} 3 a day").unwrap();
    let pushes = |seed| history.pushes(start(), 30, seed).unwrap();
    assert_eq!(pushes(1), pushes(1));
    assert_ne!(pushes(1), pushes(2));
}

/// Holds where mistakes are shown, and what is said, against what is expected.
fn shown(cases: &[(&str, &str, &str)]) {
    for (text, at, title) in cases {
        let mistake = History::parse(text).unwrap_err();
        let shown = text.get(mistake.range.clone());
        let shown = shown.unwrap_or_else(|| panic!("{text}: {:?}", mistake.range));
        assert!(
            shown.contains(at) && shown.len() <= at.len() + 2,
            "{text}: `{shown}`"
        );
        assert_eq!(mistake.title, *title);
    }
}

#[test]
fn what_is_wrong_is_shown_where_it_stands() {
    shown(&[
        ("", "", "nothing is pushed"),
        (" ; ", " ; ", "nothing is pushed"),
        (
            "push main-{n}",
            "main-{n}",
            "how often `main-{n}` is pushed is missing",
        ),
        ("a daily; main-{m} daily", "{m}", "`{m}` stands for nothing"),
        ("main-{n daily", "{n", "a `{` is not closed"),
        ("main-* daily", "*", "a tag has no `*`"),
        ("é-{n} daily", "é", "a tag has no `é`"),
        ("a\u{202e}b daily", "\u{202e}", "a tag has no `\u{202e}`"),
        (".a daily", ".a", "this cannot be a tag"),
        ("a++b daily", "+", "a tag is missing beside `+`"),
        (
            "a sometimes",
            "sometimes",
            "`sometimes` does not say how often something is pushed",
        ),
        (
            "a 0 a day",
            "0",
            "`0` is not a number of pushes, expected 1 to 10000",
        ),
        (
            "a 99999999999999999999 a day",
            "99999999999999999999",
            "`99999999999999999999` is not a number of pushes, expected 1 to 10000",
        ),
        (
            "a 5 a fortnight",
            "fortnight",
            "`fortnight` is not a unit of time, expected `hour`, `day`, `week` or `month`",
        ),
        (
            "a every 0 days",
            "every 0 days",
            "nothing is pushed every 0 days, expected 1 to 10000",
        ),
        ("a daily 5XB", "5XB", "`5XB` is not a size"),
        (
            "a daily 0MB",
            "0MB",
            "`0MB` is not a size of an image, which is up to 1000 GB",
        ),
        ("a daily 5MB often", "often", "`often` has no meaning here"),
        ("a daily; a weekly", "a weekly", "`a` is described twice"),
    ]);
}

#[test]
fn mistakes_about_platforms_are_shown_where_they_stand() {
    shown(&[
        (
            "a daily for two platforms",
            "two",
            "`two` is not a number of platforms, expected 1 to 20",
        ),
        (
            "a daily for 21 platforms",
            "21",
            "`21` is not a number of platforms, expected 1 to 20",
        ),
        (
            "a daily for 10 days",
            "for 10 days",
            "`for 10 days` does not say for how many platforms",
        ),
        (
            "a daily for",
            "for",
            "`for` does not say for how many platforms",
        ),
        (
            "a daily for 2 platforms with signatures",
            "with signatures",
            "`with signatures` says nothing about platforms",
        ),
        (
            "a daily for 2 platforms with",
            "with",
            "`with` says nothing about platforms",
        ),
        (
            "a daily for 2 platforms for 3 platforms",
            "for",
            "`for` is not a size",
        ),
    ]);
}

#[test]
fn mistakes_about_pulls_are_shown_where_they_stand() {
    shown(&[
        (
            "a daily; pull",
            "pull",
            "which images are meant is missing behind `pull`",
        ),
        ("a daily; pull a", "a", "how often `a` is pulled is missing"),
        (
            "a daily; pull b daily",
            "b",
            "`b` is pulled, and nothing is pushed as that",
        ),
        (
            "pull a once; a daily",
            "once",
            "`once` does not say how often something is pulled",
        ),
        (
            "a daily; pull a daily until 0 days",
            "0",
            "`0` is not a number, expected 1 to 10000",
        ),
        (
            "a daily; pull a daily until 3 fortnights",
            "fortnights",
            "`fortnights` is not a unit of time, expected `hour`, `day`, `week` or `month`",
        ),
        (
            "a daily; pull a daily until it is old",
            "until it is old",
            "`until it is old` does not say for how long it is pulled",
        ),
        (
            "a daily; pull a daily 5MB",
            "5MB",
            "`5MB` has no meaning here",
        ),
        (
            "a daily; pull a daily; pull a weekly",
            "a",
            "it is said twice how `a` is pulled",
        ),
    ]);
}

#[test]
fn more_than_can_be_looked_at_is_refused() {
    let history = History::parse("a-{n} daily; b-{n} 10000 an hour").unwrap();
    let mistake = history.pushes(start(), 30, 0).unwrap_err();
    assert_eq!(
        mistake.title,
        "with `b-{n}` more than 50000 images are pushed in 30 days"
    );
    assert_eq!(mistake.range, 13..32);
    let many: String = (0..51).map(|number| format!("t{number} daily;")).collect();
    let mistake = History::parse(&many).unwrap_err();
    assert_eq!(mistake.title, "more than 50 kinds of images are described");
}
