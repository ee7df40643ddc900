//! What is said of a lifecycle policy for all images, held against images: each history that is reported happens. That what
//! cannot happen does not is looked at in [`super::histories`].
//!
//! The images live by a simulator of a few lines, written from the user guide of Amazon ECR, "How a lifecycle policy works",
//! that shares nothing with the program.

use serde_json::{Value, json};

use ecrlint::input::{self, Context, Scratch};
use ecrlint::model::facts::{self, Described, Scope};
use ecrlint::model::{self, Declared};
use ecrlint::source::{SourceId, Span};

/// Policies that are made up.
const POLICIES: u64 = 400;

/// What tags are made of, with what stands for their gaps.
const PATTERNS: [&str; 9] = [
    "v*", "v1*", "dev-*", "*-rc", "rel-*-x", "*", "prod", "latest", "q*a",
];
const TAGS: [&str; 12] = [
    "v1", "v12", "v2-rc", "dev-3", "dev-a-rc", "rel-2-x", "prod", "latest", "qa", "q-7-a", "main",
    "x-rc",
];

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    fn one<'o>(&mut self, options: &[&'o str]) -> &'o str {
        let length = u64::try_from(options.len()).expect("a small number");
        options[usize::try_from(self.below(length)).expect("a small number")]
    }
}

/// A rule as the simulator follows it.
#[derive(Clone, Debug)]
struct Rule {
    priority: u64,
    status: &'static str,
    patterns: Vec<&'static str>,
    counts: bool,
    number: u64,
    expires: bool,
}

/// An image of a repository; the later one is the younger one.
#[derive(Clone, Debug, PartialEq)]
struct Image {
    tags: Vec<String>,
    /// In hours.
    pushed: u64,
}

fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => text.strip_prefix(head).is_some_and(|tail| {
            (0..=tail.len())
                .any(|skipped| tail.is_char_boundary(skipped) && fits(rest, &tail[skipped..]))
        }),
    }
}

impl Rule {
    fn selects(&self, image: &Image) -> bool {
        let has = |pattern: &&str| image.tags.iter().any(|tag| fits(pattern, tag));
        match self.status {
            "any" => true,
            "untagged" => image.tags.is_empty(),
            _ => self.patterns.iter().all(has),
        }
    }
}

/// What a policy does now: the rule that acts on each image, if any does.
fn act(rules: &[Rule], images: &[Image], now: u64) -> Vec<Option<u64>> {
    let mut acted = vec![None; images.len()];
    let mut claimed = vec![false; images.len()];
    for rule in rules {
        // From the youngest to the oldest.
        let mut seen: Vec<usize> = (0..images.len())
            .filter(|at| rule.selects(&images[*at]))
            .collect();
        seen.sort_by_key(|at| std::cmp::Reverse(images[*at].pushed));
        for (place, at) in seen.iter().enumerate() {
            let is_over = match rule.counts {
                true => place >= usize::try_from(rule.number).expect("a small number"),
                false => now - images[*at].pushed > rule.number * 24,
            };
            if is_over && !claimed[*at] {
                acted[*at] = Some(rule.priority);
            }
        }
        for at in seen {
            claimed[at] = true;
        }
    }
    acted
}

/// A policy that ECR takes.
fn policy(chance: &mut Chance) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut untagged = false;
    for priority in 1..=1 + chance.below(4) {
        let mut patterns = vec![chance.one(&PATTERNS)];
        if chance.below(4) == 0 {
            patterns.push(chance.one(&PATTERNS));
        }
        patterns.sort_unstable();
        patterns.dedup();
        let is_untagged = !untagged && chance.below(6) == 0;
        untagged |= is_untagged;
        if is_untagged {
            patterns.clear();
        }
        let is_same = rules.iter().any(|other| other.patterns == patterns);
        if is_same && !is_untagged {
            continue;
        }
        rules.push(Rule {
            priority,
            status: if is_untagged { "untagged" } else { "tagged" },
            patterns,
            counts: chance.below(2) == 0,
            number: 1 + chance.below(5),
            expires: chance.below(6) != 0,
        });
    }
    if chance.below(2) == 0 {
        rules.push(Rule {
            priority: 9,
            status: "any",
            patterns: Vec::new(),
            counts: chance.below(2) == 0,
            number: 1 + chance.below(5),
            expires: true,
        });
    }
    rules
}

fn written(rules: &[Rule]) -> String {
    let rules = rules.iter().map(|rule| {
        let mut selection = json!({ "tagStatus": rule.status, "countNumber": rule.number });
        if rule.counts {
            selection["countType"] = "imageCountMoreThan".into();
        } else {
            selection["countType"] = "sinceImagePushed".into();
            selection["countUnit"] = "days".into();
        }
        if !rule.patterns.is_empty() {
            selection["tagPatternList"] = json!(rule.patterns);
        }
        let action = match rule.expires {
            true => json!({ "type": "expire" }),
            false => json!({ "type": "transition", "targetStorageClass": "archive" }),
        };
        json!({ "rulePriority": rule.priority, "selection": selection, "action": action })
    });
    json!({ "rules": rules.collect::<Vec<Value>>() }).to_string()
}

/// The repository with the policy, of which a task definition uses a tag; the same tag is protected.
fn described(rules: &[Rule], tag: &str) -> Described {
    let uri = json!({ "Fn::Sub": format!("${{App.RepositoryUri}}:{tag}") });
    let template = json!({ "Resources": {
        "App": { "Type": "AWS::ECR::Repository", "Properties": {
            "LifecyclePolicy": { "LifecyclePolicyText": written(rules) } } },
        "Task": { "Type": "AWS::ECS::TaskDefinition", "Properties": {
            "ContainerDefinitions": [{ "Image": uri }] } },
    } });
    let mut scratch = Scratch::default();
    let loaded = input::load(
        &template.to_string(),
        SourceId(0),
        &Context::default(),
        &mut scratch,
    );
    let protected = [Declared {
        value: tag.to_owned(),
        span: Span::default(),
    }];
    let scope = Scope {
        protected_tags: &protected,
        ..Scope::default()
    };
    facts::describe(&loaded.entities[0], &scope)
}

fn lifecycle<'d>(described: &'d Described, name: &str) -> model::Value<'d> {
    let repository = described.document.value(described.repository);
    let lifecycle = repository
        .by_key("lifecycle")
        .expect("facts about the policy");
    lifecycle.by_key(name).expect("a fact")
}

/// Tags in backticks.
fn quoted(words: &str) -> Vec<String> {
    words
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// The entries of a list about images that may expire: rule, tags of such an image, images that the rule leaves alone.
fn told(found: model::Value<'_>) -> Vec<(u64, Vec<String>, u64)> {
    let entries = found.items().map(|entry| {
        let number = |name: &str| {
            let number = entry.by_key(name).and_then(model::Value::as_i64);
            u64::try_from(number.expect("a number")).expect("no negative one")
        };
        assert_eq!(
            entry.by_key("expires").and_then(model::Value::as_bool),
            Some(true)
        );
        let image = entry.by_key("image").and_then(model::Value::as_str);
        (
            number("rule"),
            quoted(image.expect("a text")),
            number("kept"),
        )
    });
    entries.collect()
}

/// The image with these tags, and after it as many younger ones of the rule as the rule leaves alone; or so many days.
fn told_history(rule: &Rule, tags: &[String], kept: u64) -> (Vec<Image>, u64) {
    let first = Image {
        tags: tags.to_vec(),
        pushed: 0,
    };
    let younger = (1..=kept).map(|number| Image {
        tags: rule
            .patterns
            .iter()
            .map(|it| it.replace('*', &format!("_{number}_")))
            .collect(),
        pushed: number,
    });
    let images = std::iter::once(first).chain(younger).collect();
    let now = if rule.counts {
        kept
    } else {
        rule.number * 24 + 1
    };
    (images, now)
}

#[test]
fn each_history_that_is_reported_happens() {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut happened = 0;
    for _ in 0..POLICIES {
        let rules = policy(&mut chance);
        let tag = chance.one(&TAGS);
        let described = described(&rules, tag);
        for fact in ["deployed", "expirations"] {
            for (priority, tags, kept) in told(lifecycle(&described, fact)) {
                assert!(tags.iter().any(|one| one == tag), "{tags:?} without {tag}");
                let rule = rules.iter().find(|rule| rule.priority == priority);
                let (images, now) = told_history(rule.expect("a rule of the policy"), &tags, kept);
                let acted = act(&rules, &images, now);
                assert_eq!(
                    acted[0],
                    Some(priority),
                    "{fact} {tag} {images:?} {}",
                    written(&rules)
                );
                happened += 1;
            }
        }
    }
    assert!(happened > 300, "{happened} histories");
}
