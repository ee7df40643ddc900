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
fn a_seed_says_all_about_the_times_of_the_day() {
    let history = History::parse("{sha} 3 a day").unwrap();
    let pushes = |seed| history.pushes(start(), 30, seed).unwrap();
    assert_eq!(pushes(1), pushes(1));
    assert_ne!(pushes(1), pushes(2));
}

#[test]
fn what_is_wrong_is_shown_where_it_stands() {
    for (text, at, title) in [
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
            "`0` is no number of pushes, expected 1 to 10000",
        ),
        (
            "a 99999999999999999999 a day",
            "99999999999999999999",
            "`99999999999999999999` is no number of pushes, expected 1 to 10000",
        ),
        (
            "a 5 a fortnight",
            "fortnight",
            "`fortnight` is no unit of time, expected `hour`, `day`, `week` or `month`",
        ),
        (
            "a every 0 days",
            "every 0 days",
            "nothing is pushed every 0 days, expected 1 to 10000",
        ),
        ("a daily 5XB", "5XB", "`5XB` is no size"),
        (
            "a daily 0MB",
            "0MB",
            "`0MB` is no size of an image, which is up to 1000 GB",
        ),
        ("a daily 5MB often", "often", "`often` has no meaning here"),
        ("a daily; a weekly", "a weekly", "`a` is described twice"),
    ] {
        let mistake = History::parse(text).unwrap_err();
        let shown = text.get(mistake.range.clone());
        let shown = shown.unwrap_or_else(|| panic!("{text}: {:?}", mistake.range));
        assert!(
            shown.contains(at) && shown.len() <= at.len() + 2,
            "{text}: `{shown}`"
        );
        assert_eq!(mistake.title, title);
    }
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
