//! Lifecycle policies and histories of pushes, through the library: never a panic, mistakes stand at places of their texts,
//! and what is proved of a policy holds for the images that the history makes.
#![no_main]

use ecrlint::input::{self, Context, Scratch};
use ecrlint::model::facts::{NoPolicy, lifecycle_policy};
use ecrlint::model::lifecycle::history::{History, HistoryMistake};
use ecrlint::model::lifecycle::{
    Children, Fate, Happens, Image, LifecycleAction, LifecyclePolicy, Time, does_more, evaluate,
    lasting, play, settle,
};
use ecrlint::source::{Problem, Sources};
use ecrlint_fuzz::whole;
use libfuzzer_sys::fuzz_target;
use serde_json::json;

/// Days of a history, and images of one that are tried.
const DAYS: u64 = 40;
const MOST: usize = 500;

/// The first line is a history; what follows is a policy.
fn parts(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or(("", text))
}

fn mistake(mistake: &HistoryMistake, text: &str) {
    let place = text.get(mistake.range.clone());
    assert!(place.is_some(), "{:?} of {text:?}", mistake.range);
    assert!(!mistake.title.is_empty() && !mistake.help.is_empty());
}

/// What is pushed, as images; none where the history has a mistake.
fn pushed(text: &str, from: Time) -> Option<Vec<ecrlint::model::lifecycle::history::Push>> {
    let history = match History::parse(text) {
        Ok(history) => history,
        Err(wrong) => {
            mistake(&wrong, text);
            return None;
        }
    };
    let mut pushes = match history.pushes(from, DAYS, 1) {
        Ok(pushes) => pushes,
        Err(wrong) => {
            mistake(&wrong, text);
            return None;
        }
    };
    let families = history.families().count();
    assert!(pushes.iter().all(|push| push.family < families));
    assert!(
        pushes.is_sorted_by(|one, other| one.at < other.at),
        "two at one moment"
    );
    pushes.truncate(MOST);
    Some(pushes)
}

fn policy(text: &str) -> Option<LifecyclePolicy> {
    let properties = json!({ "LifecyclePolicy": { "LifecyclePolicyText": text } });
    let repository = json!({ "Type": "AWS::ECR::Repository", "Properties": properties });
    let template = json!({ "Resources": { "R": repository } }).to_string();
    let mut sources = Sources::default();
    let id = sources.add("template.json", template.as_str());
    let loaded = input::load(&template, id, &Context::default(), &mut Scratch::default());
    let one = loaded.entities.first()?.settings()?;
    let policy = one.entity().document.value(one.own.lifecycle_policy);
    match lifecycle_policy(policy, one.own.lifecycle_written) {
        Ok(policy) => Some(policy),
        Err(NoPolicy::Missing) => None,
        Err(NoPolicy::Unknown(place, _)) => {
            whole::place(place, &sources);
            None
        }
        Err(NoPolicy::Refused(all)) => {
            assert!(!all.is_empty(), "refused without a reason");
            for (place, why) in all {
                whole::mistaken(Problem::new(place, why), &sources);
            }
            None
        }
    }
}

/// One evaluation: every image has a fate, and the numbers of the rules are those of the fates.
fn evaluated(policy: &LifecyclePolicy, images: &[Image], now: Time) {
    let evaluation = evaluate(policy, images, now);
    assert_eq!(evaluation.fates.len(), images.len());
    for (at, effect) in evaluation.rules.iter().enumerate() {
        let acts = |fate: &&Fate| matches!(fate, Fate::Acts { rule, .. } if *rule == at);
        let acts = evaluation.fates.iter().filter(acts).count();
        assert_eq!(effect.acts, acts as u64, "rule {at}");
        assert!(effect.acts <= effect.over && effect.over <= effect.identified);
    }
    let (first, ends) = settle(policy, images, now);
    assert_eq!(first, evaluation);
    assert_eq!(ends.len(), images.len());
}

fuzz_target!(|text: &str| {
    if text.len() > 16_384 {
        return;
    }
    let (history, policy_text) = parts(text);
    let from = Time::from_seconds(1_767_571_200);
    let pushes = pushed(history, from);
    let Some(policy) = policy(policy_text) else {
        return;
    };
    for action in [LifecycleAction::Expire, LifecycleAction::Archive] {
        // Nothing changes where nothing is changed.
        let more = does_more(&policy, &policy, action);
        assert!(!matches!(more, Happens::Shown(_)), "{more:?}");
    }
    let families = lasting(&policy);
    let now = from.plus_days(DAYS as i64);
    let Some(pushes) = pushes else { return };
    let ends = play(&policy, &pushes, from, DAYS);
    assert_eq!(ends.len(), pushes.len());
    let mut images: Vec<Image> = Vec::new();
    for (number, push) in pushes.iter().enumerate() {
        for image in &mut images {
            image.tags.retain(|tag| !push.tags.contains(tag));
        }
        images.push(Image {
            digest: format!("sha256:{number}"),
            tags: push.tags.clone(),
            pushed_at: Some(push.at),
            children: match &push.lists[..] {
                [] => Children::None,
                lists => Children::Known(lists.iter().map(|at| format!("sha256:{at}")).collect()),
            },
            ..Image::default()
        });
    }
    evaluated(&policy, &images, now);
    // An image of a family that stays is there after all of them.
    for family in families.into_iter().flatten() {
        images.retain(|image| !image.tags.iter().any(|tag| family.tags.contains(tag)));
        let own = Image {
            digest: "sha256:own".to_owned(),
            tags: family.tags.clone(),
            pushed_at: Some(from.plus_days(-100_000)),
            ..Image::default()
        };
        images.push(own);
        let fate = evaluate(&policy, &images, now).fates.pop();
        let expires = matches!(
            fate,
            Some(Fate::Acts {
                action: LifecycleAction::Expire,
                ..
            })
        );
        assert!(!expires, "{family:?}");
        images.pop();
    }
});
