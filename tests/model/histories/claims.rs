//! What the program says of a policy for all images, in the terms of the simulator.

use ecrlint::engine::lifecycle::{Tried, explain};
use ecrlint::input::{self, Context, Scratch};
use ecrlint::model::facts::{self, Described, Scope, lifecycle_policy};
use ecrlint::model::lifecycle::{Happens, LifecycleAction, LifecyclePolicy, does_more, lasting};
use ecrlint::model::{Data, Declared, Value};
use ecrlint::report::lifecycle::{DescribedPolicy, Explained};
use ecrlint::source::{SourceId, Span};
use serde_json::json;

use super::policies::{Rule, taken, written};

/// A kind of proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// No image with a protected tag expires.
    Protected,
    /// No image with a tag that is deployed expires.
    Deployed,
    /// A rule takes nothing.
    Dead,
    /// A rule that takes nothing keeps nothing from others either: without it, the policy does the same.
    Removable,
    /// No image with a tag expires.
    Uncapped,
    /// No image of a family expires.
    Family,
    /// No rule is about these images.
    Left,
    /// A rule keeps images from a later one, whatever becomes of them.
    Shield,
    /// With nothing pushed any more, nothing with a tag is left.
    NoMinimum,
    /// So many of the newest images are left, and no other ones.
    Keeps,
    /// An edit expires, or archives, nothing additionally.
    Change,
    /// An edit changes nothing at all.
    Same,
}

impl Kind {
    pub(super) const ALL: [Self; 12] = [
        Self::Protected,
        Self::Deployed,
        Self::Dead,
        Self::Removable,
        Self::Uncapped,
        Self::Family,
        Self::Left,
        Self::Shield,
        Self::NoMinimum,
        Self::Keeps,
        Self::Change,
        Self::Same,
    ];
}

/// Images by their tags, as words say them.
#[derive(Clone, Debug)]
pub(super) struct Family {
    /// One tag of each of these at least.
    all: Vec<u32>,
    /// Not one tag of each of all of these, list by list.
    but: Vec<Vec<u32>>,
    is_untagged: bool,
    /// Whether a rule moves these to the archive.
    pub(super) is_archived: bool,
}

/// What is claimed of a policy.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// A bit for each tag.
    pub(super) protected: u32,
    pub(super) deployed: u32,
    /// Rules by their priorities.
    pub(super) dead: Vec<u64>,
    pub(super) removable: Vec<u64>,
    pub(super) uncapped: bool,
    pub(super) families: Vec<Family>,
    pub(super) left: Vec<Family>,
    /// Rules by their priorities, the one that comes first in front.
    pub(super) shields: Vec<(u64, u64)>,
    pub(super) no_minimum: bool,
    pub(super) keeps: Option<u64>,
}

impl Family {
    /// Whether an image with these tags is one of them.
    pub(super) fn has(&self, tags: u32) -> bool {
        let meets = |list: &Vec<u32>| list.iter().all(|entry| tags & entry != 0);
        self.is_untagged == (tags == 0) && meets(&self.all) && !self.but.iter().any(meets)
    }
}

impl Claims {
    /// Which kinds of proofs these are; that a policy that expires nothing expires nothing is none.
    pub(super) fn kinds(&self, expires: bool) -> impl Iterator<Item = Kind> {
        let kinds = [
            (Kind::Protected, self.protected != 0),
            (Kind::Deployed, self.deployed != 0),
            (Kind::Dead, !self.dead.is_empty()),
            (Kind::Removable, !self.removable.is_empty()),
            (Kind::Uncapped, self.uncapped && expires),
            (Kind::Family, !self.families.is_empty()),
            (Kind::Left, !self.left.is_empty()),
            (Kind::Shield, !self.shields.is_empty()),
            (Kind::NoMinimum, self.no_minimum),
            (Kind::Keeps, self.keeps.is_some()),
        ];
        let holds = kinds.into_iter().filter(|(_, holds)| *holds);
        holds.map(|(kind, _)| kind)
    }
}

/// The policy as the program reads it.
fn loaded(rules: &[Rule], tag: &str) -> input::Loaded {
    let uri = json!({ "Fn::Sub": format!("${{App.RepositoryUri}}:{tag}") });
    let template = json!({ "Resources": {
        "App": { "Type": "AWS::ECR::Repository", "Properties": {
            "LifecyclePolicy": { "LifecyclePolicyText": written(rules) } } },
        "Task": { "Type": "AWS::ECS::TaskDefinition", "Properties": {
            "ContainerDefinitions": [{ "Image": uri }] } },
    } });
    let (text, mut scratch) = (template.to_string(), Scratch::default());
    input::load(&text, SourceId(0), &Context::default(), &mut scratch)
}

/// The policy as the simulator of the program takes it.
pub(super) fn policy(rules: &[Rule]) -> LifecyclePolicy {
    let loaded = loaded(rules, "x");
    let one = loaded.entities[0].settings().expect("a repository");
    let policy = one.entity().document.value(one.own.lifecycle_policy);
    lifecycle_policy(policy, one.own.lifecycle_written)
        .unwrap_or_else(|refused| panic!("{refused:?}: {}", written(rules)))
}

fn lifecycle<'d>(described: &'d Described, name: &str) -> Value<'d> {
    let repository = described.document.value(described.repository);
    let lifecycle = repository
        .by_key("lifecycle")
        .expect("facts about the policy");
    lifecycle.by_key(name).expect("a fact")
}

fn number(value: Value<'_>, name: &str) -> Option<u64> {
    u64::try_from(value.by_key(name)?.as_i64()?).ok()
}

fn is_empty(list: Value<'_>) -> bool {
    matches!(list.data(), Data::Array) && list.items().len() == 0
}

/// What is claimed of a policy where a pattern is protected and a tag is deployed.
pub(super) fn claims(rules: &[Rule], tags: &[String], guarded: (&str, &str)) -> Claims {
    let (pattern, tag) = guarded;
    let loaded = loaded(rules, tag);
    let protected = [Declared {
        value: pattern.to_owned(),
        span: Span::default(),
    }];
    let scope = Scope {
        protected_tags: &protected,
        ..Scope::default()
    };
    let described = facts::describe(&loaded.entities[0], &scope);
    let bits = |fact: &str, pattern: &str| match is_empty(lifecycle(&described, fact)) {
        true => taken(pattern, tags),
        false => 0,
    };
    let mut claims = Claims {
        protected: bits("expirations", pattern),
        deployed: bits("deployed", tag),
        uncapped: lifecycle(&described, "caps_tagged").as_bool() == Some(false),
        keeps: number(lifecycle(&described, "keeps"), "count"),
        ..Claims::default()
    };
    for one in lifecycle(&described, "actions").items() {
        let is = |flag: &str| one.by_key(flag).and_then(Value::as_bool) == Some(true);
        let rule = number(one, "rule").expect("a number");
        if is("dead") {
            claims.dead.push(rule);
            if one.by_key("shields").is_some_and(is_empty) {
                claims.removable.push(rule);
            }
        }
        claims.no_minimum |= is("keeps_no_minimum");
    }
    let policy = policy(rules);
    for family in lasting(&policy).unwrap_or_default() {
        let is_archived = family.rule.is_some();
        claims
            .families
            .extend(read(&family.images, tags, is_archived));
    }
    explained(&policy, rules, tags, &mut claims);
    claims
}

/// What `ecrlint lifecycle explain` says.
fn explained(policy: &LifecyclePolicy, rules: &[Rule], tags: &[String], claims: &mut Claims) {
    let about = DescribedPolicy {
        subject: None,
        when: None,
        place: Span::default(),
    };
    let Explained {
        rules: all,
        left,
        open,
        ..
    } = explain(&Tried {
        about,
        policy: policy.clone(),
    });
    if open.iter().any(|one| one.contains("prefix")) {
        return;
    }
    for rule in all {
        let own = u64::try_from(rule.priority).expect("no negative one");
        assert_eq!(
            rule.takes.is_none(),
            claims.dead.contains(&own),
            "rule {own} of {}",
            written(rules)
        );
        for line in rule.shields {
            let later = line
                .split("from rule ")
                .nth(1)
                .or(line.split("of rule ").nth(1));
            let later = later.and_then(|rest| rest.split(',').next()?.parse().ok());
            claims.shields.push((own, later.expect("a rule")));
        }
    }
    for images in left {
        match images.as_str() {
            "images without a tag" => claims.left.push(Family {
                is_untagged: true,
                ..none()
            }),
            "images of the standard storage class" | "images with tags" => {
                claims.left.push(none());
            }
            told => claims.left.extend(read(told, tags, false)),
        }
    }
}

fn none() -> Family {
    Family {
        all: Vec::new(),
        but: Vec::new(),
        is_untagged: false,
        is_archived: false,
    }
}

/// Reads such words as "images with tags that begin with `v`, but for those that `v1*` or `v2*` matches"; `None` where they
/// are cut short.
pub(super) fn read(told: &str, tags: &[String], is_archived: bool) -> Option<Family> {
    if told.ends_with("more matches") || told.contains(" more matches, ") {
        return None;
    }
    let mask = |pattern: &str| taken(pattern, tags);
    let quoted = |words: &str| -> Vec<String> {
        words
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    // "`a` with `b`, `c`" are two lists.
    let lists = |words: &str| -> Vec<Vec<u32>> {
        let words = words.replace(" or ", ", ");
        let lists = words
            .split(", ")
            .map(|list| quoted(list).iter().map(|it| mask(it)).collect());
        lists.filter(|list: &Vec<u32>| !list.is_empty()).collect()
    };
    let rest = told.strip_prefix("images with ").expect("images");
    let (head, but) = rest
        .split_once(", but for those that ")
        .unwrap_or((rest, ""));
    let mut family = none();
    family.is_archived = is_archived;
    family.but = lists(but);
    let is_about_others = ["tags that none of ", "tags other than "];
    if is_about_others.iter().any(|it| head.starts_with(it)) || head.ends_with(" does not match") {
        family.but.extend(lists(head));
        return Some(family);
    }
    for part in head.split(" and ").filter(|part| *part != "any tags") {
        let words = quoted(part).pop().unwrap_or_else(|| panic!("{told}"));
        family.all.push(mask(&match part {
            part if part.starts_with("tags that begin") => format!("{words}*"),
            part if part.starts_with("tags that end") => format!("*{words}"),
            part if part.starts_with("tags that have") => format!("*{words}*"),
            part if part.starts_with("tags that `") || part.starts_with("the tag `") => words,
            _ => panic!("{told}"),
        }));
    }
    Some(family)
}

/// What is proved of the change from one policy to another: it expires nothing, and archives nothing, additionally.
pub(super) fn never_more(old: &LifecyclePolicy, new: &LifecyclePolicy) -> [bool; 2] {
    [LifecycleAction::Expire, LifecycleAction::Archive]
        .map(|action| does_more(old, new, action) == Happens::Never)
}

/// A pattern to protect, and a tag to deploy.
pub(super) fn guarded(
    chance: &mut super::chance::Chance,
    rules: &[Rule],
    tags: &[String],
) -> (String, String) {
    let tag = &tags[chance.below(tags.len() as u64) as usize];
    let entries: Vec<&String> = rules.iter().flat_map(|rule| &rule.entries).collect();
    let pattern = match chance.below(2) {
        0 if !entries.is_empty() => entries[chance.below(entries.len() as u64) as usize],
        _ => tag,
    };
    (pattern.clone(), tag.clone())
}
