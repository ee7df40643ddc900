//! What a policy does with images: cases of our own, the collection of the outside where there is one, and a second
//! simulator, written down straight from the guide, that agrees on policies and images made up at random.

mod changes;
mod reference;

use std::collections::BTreeMap;

use ecrlint::input::{self, Context, Scratch};
use ecrlint::model::facts::{NoPolicy, lifecycle_policy};
use ecrlint::model::lifecycle::{
    Children, Fate, Image, Kept, LifecycleAction, LifecyclePolicy, LifecycleRule, Limit,
    OutcomeDoubt, Status, StorageClass, TagListEntry, Tags, Time, evaluate, settle,
};
use ecrlint::source::SourceId;
use serde_json::{Value, json};

use crate::outside::outside;

fn now() -> Time {
    Time::parse("2026-01-31T00:00:00Z").expect("a moment")
}

fn ago(days: &str) -> Time {
    now().plus_days(-days.parse::<i64>().expect("days"))
}

/// A rule such as `2 v*,*rc count 5 expire`, `any@archive` for one of the archive and `^v` for a prefix.
fn rule(text: &str) -> LifecycleRule {
    let words: Vec<&str> = text.split(' ').collect();
    let [priority, tags, clock, count, action] = words[..] else {
        panic!("{text}")
    };
    let (tags, class) = match tags.split_once('@') {
        Some((tags, _)) => (tags, StorageClass::Archive),
        None => (tags, StorageClass::Standard),
    };
    let entry = |text: &str| match text.strip_prefix('^') {
        Some(prefix) => TagListEntry::Prefix(prefix.to_owned()),
        None => TagListEntry::Pattern(text.to_owned()),
    };
    let count = count.parse().expect("a number");
    LifecycleRule {
        priority: priority.parse().expect("a number"),
        class,
        tags: match tags {
            "any" => Tags::Any,
            "untagged" => Tags::Untagged,
            list => Tags::Tagged(list.split(',').map(entry).collect()),
        },
        limit: match clock {
            "count" => Limit::Count(count),
            "pushed" => Limit::Pushed(count),
            "pulled" => Limit::Pulled(count),
            "archived" => Limit::Archived(count),
            other => panic!("{other}"),
        },
        action: match action {
            "expire" => LifecycleAction::Expire,
            "archive" => LifecycleAction::Archive,
            other => panic!("{other}"),
        },
    }
}

/// An image such as `a v1,latest 9 pulled=3`: its digest, its tags or `-`, and how many days ago it was pushed.
fn image(text: &str) -> Image {
    let mut words = text.split(' ');
    let mut word = || words.next().expect("a word");
    let mut image = Image {
        digest: word().to_owned(),
        tags: match word() {
            "-" => Vec::new(),
            "'" => vec![String::new()],
            tags => tags.split(',').map(str::to_owned).collect(),
        },
        pushed_at: match word() {
            "?" => None,
            days => Some(ago(days)),
        },
        ..Image::default()
    };
    for word in words {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        match key {
            "pulled" => image.pulled_at = Some(ago(value)),
            "restored" => image.activated_at = Some(ago(value)),
            "archived" => {
                image.archived_at = Some(ago(value));
                image.status = Status::Archived;
            }
            "activating" => image.status = Status::Activating,
            "refers" => image.subject = Some(value.to_owned()),
            "lists" if value == "?" => image.children = Children::Unknown,
            "lists" => {
                image.children = Children::Known(value.split(',').map(str::to_owned).collect());
            }
            other => panic!("{other}"),
        }
    }
    image
}

/// What becomes of an image in a few words, with rules by their priorities.
fn told(fate: Fate, policy: &LifecyclePolicy, images: &[Image]) -> String {
    let number = |rule: usize| policy.rules()[rule].priority;
    let name = |image: usize| &images[image].digest;
    match fate {
        Fate::Kept(Kept::Unmatched) => "unmatched".to_owned(),
        Fate::Kept(Kept::Within { rule }) => format!("within {}", number(rule)),
        Fate::Kept(Kept::Shielded { rule, from }) => {
            format!("shielded {} from {}", number(rule), number(from))
        }
        Fate::Kept(Kept::Held { rule, by }) => format!("held {} by {}", number(rule), name(by)),
        Fate::Acts {
            rule,
            action: LifecycleAction::Expire,
        } => format!("expire {}", number(rule)),
        Fate::Acts {
            rule,
            action: LifecycleAction::Archive,
        } => format!("archive {}", number(rule)),
        Fate::Follows { subject, .. } => format!("follows {}", name(subject)),
        Fate::Undetermined(doubt) => format!("? {doubt:?}"),
    }
}

#[test]
fn each_case_ends_as_the_guide_says() {
    let cases: Value = serde_json::from_str(include_str!("simulator/cases.json")).expect("JSON");
    let texts = |list: &Value| -> Vec<String> {
        let items = list.as_array().into_iter().flatten();
        items
            .map(|it| it.as_str().expect("a text").to_owned())
            .collect()
    };
    for case in cases.as_array().expect("a list") {
        let says = case["says"].as_str().expect("a sentence");
        let rules = texts(&case["rules"]).iter().map(|it| rule(it)).collect();
        let policy = LifecyclePolicy::new(rules).expect("few rules");
        let images: Vec<Image> = texts(&case["images"]).iter().map(|it| image(it)).collect();
        let evaluation = evaluate(&policy, &images, now());
        let fates = images.iter().zip(&evaluation.fates);
        let fates: BTreeMap<_, _> = fates
            .map(|(image, fate)| (image.digest.clone(), told(*fate, &policy, &images)))
            .collect();
        let expected: BTreeMap<String, String> =
            serde_json::from_value(case["fates"].clone()).expect("texts");
        assert_eq!(fates, expected, "{says}");
        let later = later(&policy, &images);
        let later = later.iter().map(|(at, action)| match action {
            Ok(_) => images[*at].digest.clone(),
            Err(doubt) => format!("{} ? {doubt:?}", images[*at].digest),
        });
        let later: Vec<_> = later.collect();
        assert_eq!(later, texts(&case["later"]), "{says}");
    }
}

/// Images that end otherwise than the first evaluation says.
fn later(
    policy: &LifecyclePolicy,
    images: &[Image],
) -> Vec<(usize, Result<Option<LifecycleAction>, OutcomeDoubt>)> {
    let (first, ends) = settle(policy, images, now());
    let all = first.fates.iter().zip(ends).enumerate();
    let later = all.filter(|(_, (fate, end))| fate.action() != *end);
    later.map(|(at, (_, end))| (at, end)).collect()
}

/// A policy as it is written, by way of a template.
fn read(policy: &Value) -> Result<LifecyclePolicy, NoPolicy> {
    let template = json!({ "Resources": { "R": {
        "Type": "AWS::ECR::Repository",
        "Properties": { "LifecyclePolicy": { "LifecyclePolicyText": policy.to_string() } } } } });
    let source = SourceId::default();
    let mut scratch = Scratch::default();
    let loaded = input::load(
        &template.to_string(),
        source,
        &Context::default(),
        &mut scratch,
    );
    let one = loaded.entities.first().expect("a repository");
    let one = one.settings().expect("a repository");
    lifecycle_policy(
        one.entity().document.value(one.own.lifecycle_policy),
        one.own.lifecycle_written,
    )
}

#[test]
fn a_policy_that_ecr_refuses_is_not_simulated() {
    let rule = |count: Value| {
        json!({ "rules": [{ "rulePriority": 1,
        "selection": { "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": count },
        "action": { "type": "expire" } }] })
    };
    assert!(read(&rule(json!(5))).is_ok());
    let refused = read(&rule(json!(0)));
    assert!(matches!(refused, Err(NoPolicy::Refused(why)) if why[0].1.contains("countNumber")));
    assert_eq!(read(&Value::Null), Err(NoPolicy::Missing));
    assert_eq!(read(&json!("")), Err(NoPolicy::Missing));
    for text in ["[]", "3", "{}", "{\"rules\": 5}"] {
        let value = serde_json::from_str(text).expect("JSON");
        assert!(matches!(read(&value), Err(NoPolicy::Refused(_))), "{text}");
    }
}

#[test]
#[ignore = "needs the folder that ECRLINT_TEST_DATA names"]
fn every_vector_of_the_collection_ends_as_it_says() {
    let Some(vectors) = outside("reference/lifecycle-vectors.json") else {
        return;
    };
    let vectors: Value = serde_json::from_str(&vectors).expect("the vectors are JSON");
    let all = vectors["vectors"].as_array().expect("a list");
    assert_eq!(all.len(), 45);
    for vector in all {
        check_vector(vector);
    }
}

fn check_vector(vector: &Value) {
    let id = vector["id"].as_str().expect("an id");
    let policy = read(&vector["policy"]).unwrap_or_else(|why| panic!("{id}: {why:?}"));
    let images = images(&vector["images"]);
    let evaluation = evaluate(&policy, &images, now());
    let ids = |wanted: &dyn Fn(Fate) -> bool| -> Vec<&str> {
        let all = images.iter().zip(&evaluation.fates);
        let found = all.filter(|(_, fate)| wanted(**fate));
        let mut ids: Vec<_> = found.map(|(image, _)| image.digest.as_str()).collect();
        ids.sort_unstable();
        ids
    };
    let acts = |wanted: LifecycleAction| {
        ids(&|fate| matches!(fate, Fate::Acts { action, .. } if action == wanted))
    };
    if !vector["expectedAnyOf"].is_null() {
        let either = vector["expectedAnyOf"].as_array().expect("a list");
        let either = either
            .iter()
            .flat_map(|one| one["expire"].as_array().expect("a list"));
        let doubtful = ids(&|fate| matches!(fate, Fate::Undetermined(_)));
        assert_eq!(json!(doubtful), Value::from_iter(either.cloned()), "{id}");
        return;
    }
    assert_eq!(
        json!(acts(LifecycleAction::Expire)),
        vector["expected"]["expire"],
        "{id}"
    );
    assert_eq!(
        json!(acts(LifecycleAction::Archive)),
        vector["expected"]["transition"],
        "{id}"
    );
    assert!(
        ids(&|fate| matches!(fate, Fate::Undetermined(_))).is_empty(),
        "{id}"
    );
    let follows = ids(&|fate| matches!(fate, Fate::Follows { .. }));
    let cascade = vector["cascade"]["expire"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(json!(follows), Value::Array(cascade), "{id}");
    let later = later(&policy, &images).into_iter();
    let later: Vec<_> = later.map(|(at, _)| images[at].digest.as_str()).collect();
    let runs = vector["laterRuns"]["expire"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(json!(later), Value::Array(runs), "{id}");
    for told in vector["byRule"].as_array().into_iter().flatten() {
        let count = |key: &str| told[key].as_array().expect("a list").len() as u64;
        let rules = policy.rules().iter().zip(&evaluation.rules);
        let mut own = rules.filter(|(rule, _)| told["rulePriority"] == rule.priority);
        let (_, effect) = own.next().expect("the rule");
        let found = (effect.identified, effect.over, effect.acts);
        let expected = (count("identifies"), count("overLimit"), count("acts"));
        assert_eq!(found, expected, "{id} {}", told["rulePriority"]);
    }
}

/// The images of a vector: the index is told by what it lists there, and by the listed ones here.
fn images(list: &Value) -> Vec<Image> {
    let list = list.as_array().expect("a list");
    let text = |one: &Value, key: &str| one[key].as_str().map(str::to_owned);
    let time = |one: &Value, key: &str| {
        let text = one[key].as_str()?;
        Some(Time::parse(text).expect("a moment"))
    };
    let image = |one: &Value| {
        let id = text(one, "id").expect("an id");
        let children = list.iter().filter(|other| {
            let lists = other["referencedBy"].as_array().into_iter().flatten();
            lists.into_iter().any(|by| by.as_str() == Some(&id))
        });
        let children: Vec<_> = children.filter_map(|one| text(one, "id")).collect();
        Image {
            tags: serde_json::from_value(one["tags"].clone()).expect("tags"),
            pushed_at: time(one, "pushedAt"),
            pulled_at: time(one, "lastRecordedPullTime"),
            archived_at: time(one, "lastArchivedAt"),
            activated_at: time(one, "lastActivatedAt"),
            status: match one["storageClass"].as_str() {
                Some("ARCHIVE") => Status::Archived,
                _ => Status::Active,
            },
            size: None,
            children: match children.is_empty() {
                true => Children::None,
                false => Children::Known(children),
            },
            subject: text(one, "subject"),
            digest: id,
        }
    };
    list.iter().map(image).collect()
}
