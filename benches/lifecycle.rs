//! One evaluation of a lifecycle policy over the images of a repository, and two years of pushes under it: `cargo bench --bench lifecycle`.

use divan::{Bencher, black_box};
use ecrlint::model::lifecycle::history::History;
use ecrlint::model::lifecycle::{
    Image, LifecycleAction, LifecyclePolicy, LifecycleRule, Limit, StorageClass, TagListEntry,
    Tags, Time, evaluate, play,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// As many rules as ECR takes: families of tags by count and by age, untagged images, and what is left.
fn policy() -> LifecyclePolicy {
    let families = (0..48).map(|family| {
        let entry = match family % 3 {
            0 => TagListEntry::Prefix(format!("team{family}-")),
            1 => TagListEntry::Pattern(format!("team{family}-*-rc*")),
            _ => TagListEntry::Pattern(format!("*-team{family}-*")),
        };
        let limit = match family % 2 {
            0 => Limit::Count(20),
            _ => Limit::Pushed(90),
        };
        (Tags::Tagged(vec![entry]), limit)
    });
    let rest = [
        (Tags::Untagged, Limit::Pushed(7)),
        (Tags::Any, Limit::Count(50_000)),
    ];
    let rules = families
        .chain(rest)
        .zip(1..)
        .map(|((tags, limit), priority)| LifecycleRule {
            priority,
            class: StorageClass::Standard,
            tags,
            limit,
            action: LifecycleAction::Expire,
        });
    LifecyclePolicy::new(rules.collect()).expect("fifty rules")
}

fn images(count: i64) -> Vec<Image> {
    let image = |at: i64| Image {
        digest: format!("sha256:{at:064x}"),
        tags: match at % 4 {
            0 => Vec::new(),
            1 => vec![format!("team{}-{at}", at % 48)],
            2 => vec![format!("team{}-{at}-rc1", at % 48), format!("{at:040x}")],
            _ => vec![format!("build-team{}-{at}", at % 48)],
        },
        pushed_at: Some(Time::from_seconds(1_700_000_000 + at * 61 % 30_000_000)),
        ..Image::default()
    };
    (0..count).map(image).collect()
}

#[divan::bench(args = [1_000, 100_000, 1_000_000], sample_count = 5)]
fn fifty_rules(bencher: Bencher<'_, '_>, count: i64) {
    let (policy, images) = (policy(), images(count));
    let now = Time::from_seconds(1_740_000_000);
    bencher.bench_local(|| evaluate(black_box(&policy), black_box(&images), now));
}

/// Two years of pushes, evaluated every day: what a timeline of them takes.
#[divan::bench(sample_count = 10)]
fn two_years(bencher: Bencher<'_, '_>) {
    let policy = policy();
    let text = "team0-{n} 10 a day; x-team2-{sha} 10 a day; v{semver} weekly; latest daily";
    let history = History::parse(text).expect("a description");
    let from = Time::from_seconds(1_700_006_400);
    bencher.bench_local(|| {
        let pushes = history.pushes(from, 730, 0).expect("few pushes");
        play(black_box(&policy), &pushes, from, 730)
    });
}
