//! What is proved of lifecycle policies, held against repositories that live by them: each proof goes through ten thousand
//! histories of its own. Their tags are on the patterns of the policy or just beside them, images come at one moment, as
//! many as a rule leaves alone and one more, as indexes and with what refers to them, and go to the archive and back.

mod chance;
mod claims;
mod policies;
mod world;

use std::collections::BTreeMap;

use rayon::prelude::*;

use chance::Chance;
use claims::{Claims, Family, Kind, claims, guarded, never_more};
use policies::{Clock, Compiled, Rule, compiled, edited, policy, tags, written};
use world::{Act, Image, Reading, World, evaluate, held};

/// Histories that each proof goes through.
const HISTORIES: u32 = 10_000;

/// A policy, what is claimed of it, and how often that was put to the test.
struct Case {
    seed: u64,
    rules: Vec<Rule>,
    tags: Vec<String>,
    claims: Claims,
    /// The policy in both readings of a star in a beginning.
    compiled: [Vec<Compiled>; 2],
    /// Policies that do no more than this one, of expiring and of archiving.
    others: Vec<Other>,
    kinds: Vec<Kind>,
}

/// A policy beside another one.
struct Other {
    name: String,
    compiled: [Vec<Compiled>; 2],
    /// It never expires, and never archives, what the policy does not.
    no_more: [bool; 2],
    /// The policy never does what this one does not.
    no_less: [bool; 2],
}

impl Case {
    fn new(seed: u64) -> Option<Self> {
        let mut chance = Chance::new(seed);
        let rules = policy(&mut chance);
        if rules.is_empty() {
            return None;
        }
        let tags = tags(&mut chance, &rules);
        let (pattern, tag) = guarded(&mut chance, &rules, &tags);
        let claims = claims(&rules, &tags, (&pattern, &tag));
        let both = |rules: &[Rule]| [true, false].map(|wild| compiled(rules, &tags, wild));
        let mut others = Vec::new();
        for rule in &claims.removable {
            let mut without = rules.clone();
            without.retain(|one| one.priority != *rule);
            others.push(Other {
                name: format!("without rule {rule}"),
                compiled: both(&without),
                no_more: [true; 2],
                no_less: [true; 2],
            });
        }
        let mut kinds = Vec::new();
        if let Some(new) = edited(&mut chance, &rules) {
            let (one, another) = (claims::policy(&rules), claims::policy(&new));
            let (no_more, no_less) = (never_more(&one, &another), never_more(&another, &one));
            let is_same = no_more == [true; 2] && no_less == [true; 2];
            if is_same {
                kinds.push(Kind::Same);
            } else if no_more[0] || no_less[0] {
                kinds.push(Kind::Change);
            }
            others.push(Other {
                name: written(&new),
                compiled: both(&new),
                no_more,
                no_less,
            });
        }
        kinds.extend(claims.kinds(rules.iter().any(|rule| rule.expires)));
        let compiled = both(&rules);
        Some(Self {
            seed,
            rules,
            tags,
            claims,
            compiled,
            others,
            kinds,
        })
    }

    /// One history, in which everything that is claimed is looked at: how many images went.
    ///
    /// # Errors
    /// Says which claim is false.
    fn live(&self, history: u64) -> Result<u64, String> {
        let mut chance = Chance::new(self.seed.wrapping_mul(1_000_003).wrapping_add(history));
        let bit = |chance: &mut Chance| chance.below(2) == 0;
        let reading = Reading {
            extras_count: bit(&mut chance),
            referrers_go: bit(&mut chance),
            first_is_younger: bit(&mut chance),
        };
        let stars = usize::from(bit(&mut chance));
        let kind = world::Kind {
            has_bonds: bit(&mut chance),
            has_hands: bit(&mut chance),
        };
        let rules = &self.compiled[stars];
        let all = u32::MAX >> (32 - self.tags.len());
        let mut world = World::new();
        let mut acted = 0;
        for _ in 0..6 + chance.below(8) {
            world.step(rules, all, kind, &mut chance);
            if bit(&mut chance) {
                continue;
            }
            let acts = evaluate(rules, &world.images, world.now, reading);
            for (image, act) in world.images.iter().zip(&acts) {
                // What goes with an image that it refers to is not a rule's.
                if let Some(act) = act.filter(|act| !act.follows) {
                    let by = rules[act.rule].priority;
                    let told = || format!("rule {by}, {:?}", self.names(image.tags));
                    self.look(rules, image, act).map_err(|why| why + &told())?;
                }
            }
            for other in &self.others {
                let there = &other.compiled[stars];
                let also = evaluate(there, &world.images, world.now, reading);
                compare(other, (&acts, &also), &world)?;
            }
            let newest = self.newest(&world, kind);
            world.apply(&acts);
            if newest.is_some_and(|newest| !world.images.iter().map(|image| image.id).eq(newest)) {
                return Err(format!("keeps: {:?}", world.images));
            }
            acted += acts.iter().flatten().count() as u64;
        }
        match self
            .claims
            .no_minimum
            .then(|| wait(rules, &mut world, reading))
        {
            Some(Some(left)) => Err(format!("no minimum: {left:?}")),
            _ => Ok(acted),
        }
    }

    /// Holds what a rule does against what it never does.
    fn look(&self, rules: &[Compiled], image: &Image, act: Act) -> Result<(), String> {
        let claims = &self.claims;
        let by = rules[act.rule].priority;
        let is_shielded = |(first, later): &(u64, u64)| {
            let first = rules.iter().find(|rule| rule.priority == *first);
            let is_about =
                |rule: &Compiled| rule.is_archive == image.is_archived && rule.selects(image.tags);
            by == *later && first.is_some_and(is_about)
        };
        // What no rule moves to the archive, people may.
        let is_meant = |one: &&Family| one.is_archived || !image.is_archived;
        let mut families = claims.families.iter().filter(is_meant);
        let mut left = claims.left.iter().filter(is_meant);
        let kinds = [
            (Kind::Dead, claims.dead.contains(&by)),
            (Kind::Shield, claims.shields.iter().any(is_shielded)),
            (Kind::Left, left.any(|one| one.has(image.tags))),
            (
                Kind::Protected,
                act.expires && image.tags & claims.protected != 0,
            ),
            (
                Kind::Deployed,
                act.expires && image.tags & claims.deployed != 0,
            ),
            (
                Kind::Uncapped,
                act.expires && claims.uncapped && image.tags != 0,
            ),
            (
                Kind::Family,
                act.expires && families.any(|one| one.has(image.tags)),
            ),
        ];
        match kinds.iter().find(|(_, is_false)| *is_false) {
            Some((kind, _)) => Err(format!("{kind:?}: ")),
            None => Ok(()),
        }
    }

    /// The images that are left where nothing but their number counts.
    fn newest(&self, world: &World, kind: world::Kind) -> Option<Vec<u32>> {
        let keeps = usize::try_from(self.claims.keeps?).expect("a small number");
        if kind.has_bonds || kind.has_hands {
            return None;
        }
        let mut images: Vec<&Image> = world.images.iter().collect();
        images.sort_by_key(|image| std::cmp::Reverse(image.pushed));
        // Which of several of one moment goes, nobody says.
        if images
            .get(keeps)
            .is_some_and(|one| one.pushed == images[keeps - 1].pushed)
        {
            return None;
        }
        let mut newest: Vec<u32> = images.iter().take(keeps).map(|image| image.id).collect();
        newest.sort_unstable();
        Some(newest)
    }

    fn names(&self, tags: u32) -> Vec<&str> {
        let names = self.tags.iter().enumerate();
        names
            .filter(|(at, _)| tags >> at & 1 == 1)
            .map(|(_, tag)| tag.as_str())
            .collect()
    }

    fn told(&self) -> String {
        format!(
            "seed {} {} {:?}",
            self.seed,
            written(&self.rules),
            self.claims
        )
    }
}

/// Holds what two policies do with the same images against what is claimed of the two.
fn compare(
    other: &Other,
    (acts, also): (&[Option<Act>], &[Option<Act>]),
    world: &World,
) -> Result<(), String> {
    for ((one, another), image) in acts.iter().zip(also).zip(&world.images) {
        for (at, expires) in [true, false].into_iter().enumerate() {
            // What refers to an image may be archived where the other policy expires it with its image.
            if !expires && image.subject.is_some() {
                continue;
            }
            let does = |act: &Option<Act>| act.is_some_and(|act| act.expires == expires);
            let is_more = other.no_more[at] && does(another) && !does(one);
            if is_more || other.no_less[at] && does(one) && !does(another) {
                return Err(format!("{}, expires: {expires}, {image:?}", other.name));
            }
        }
    }
    Ok(())
}

/// Lets years pass, in which nothing is pushed: an image with a tag that is left.
fn wait(rules: &[Compiled], world: &mut World, reading: Reading) -> Option<Image> {
    world.now += 10_000_000;
    loop {
        let acts = evaluate(rules, &world.images, world.now, reading);
        if acts.iter().all(Option::is_none) {
            break;
        }
        world.apply(&acts);
    }
    let held = held(&world.images);
    let mut left = world.images.iter().zip(held);
    // What an index keeps that no rule is about stays, and so does what people archived.
    let is_left = |(image, is_held): &(&Image, bool)| {
        image.tags != 0 && !is_held && !image.is_archived && image.subject.is_none()
    };
    left.find(is_left).map(|(image, _)| image.clone())
}

/// Policies with so many proofs of each kind at least.
fn cases(wanted: u64, first: u64) -> Vec<Case> {
    let mut counts: BTreeMap<Kind, u64> = BTreeMap::new();
    let mut cases = Vec::new();
    for seed in first..first + 20_000 {
        if Kind::ALL
            .iter()
            .all(|kind| counts.get(kind) >= Some(&wanted))
        {
            return cases;
        }
        let Some(case) = Case::new(seed) else {
            continue;
        };
        let is_wanted = |kind: &Kind| counts.get(kind).copied().unwrap_or(0) < wanted;
        if !case.kinds.iter().any(is_wanted) {
            continue;
        }
        for kind in &case.kinds {
            *counts.entry(*kind).or_default() += 1;
        }
        cases.push(case);
    }
    panic!("too few proofs: {counts:?}");
}

/// Whether each claim survives all histories.
fn survive(wanted: u64, first: u64) {
    let cases = cases(wanted, first);
    let all = cases.par_iter().flat_map(|case| {
        let all = (0..HISTORIES).into_par_iter().with_min_len(500);
        all.map(move |history| {
            let lived = case.live(u64::from(history));
            lived.unwrap_or_else(|why| panic!("{why}: {}", case.told()))
        })
    });
    let acted: u64 = all.sum();
    let histories = u64::from(HISTORIES) * cases.len() as u64;
    // Histories in which nothing goes prove nothing.
    assert!(
        acted > 2 * histories,
        "{acted} images went in {histories} histories"
    );
}

#[test]
fn each_proof_survives_ten_thousand_histories() {
    let asked = std::env::var("ECRLINT_PROOFS").ok();
    let wanted = asked.map_or(4, |count| {
        count.parse().expect("`ECRLINT_PROOFS` is a number")
    });
    survive(wanted, 1);
}

#[test]
#[ignore = "takes most of a minute"]
fn more_proofs_survive_ten_thousand_histories() {
    survive(12, 1_000_000);
}

/// Three rules that can each expire images, and tags for them.
fn lively() -> (Vec<Rule>, Vec<String>) {
    let rule = |priority, status, entry: &str, clock| Rule {
        priority,
        status,
        entries: entry.split_whitespace().map(str::to_owned).collect(),
        are_prefixes: false,
        clock,
        number: 2,
        expires: true,
    };
    let rules = vec![
        rule(1, "tagged", "a*b", Clock::Count),
        rule(2, "tagged", "a*", Clock::Pushed),
        rule(3, "any", "", Clock::Pushed),
    ];
    let tags = ["ab", "a1b", "a11b", "aab", "a1", "aa", "b"];
    (rules, tags.map(str::to_owned).into())
}

#[test]
fn no_false_claim_survives() {
    let (rules, tags) = lively();
    let read = |told: &str| vec![claims::read(told, &tags, true).expect("it is whole")];
    let (mut end, mut begin) = (read("images with tags that end with `b`"), Vec::new());
    begin.extend(read("images with tags that `a*b` does not match"));
    begin.extend(read(
        "images with tags that begin with `a`, but for those that `a*b` matches",
    ));
    let mut untrue: Vec<Claims> = (0..9).map(|_| Claims::default()).collect();
    untrue[0].protected = 1;
    untrue[1].deployed = 1;
    untrue[2].dead = vec![2];
    untrue[3].uncapped = true;
    untrue[4].families.extend(begin.pop());
    untrue[5].families.extend(begin.pop());
    untrue[6].left.append(&mut end);
    untrue[7].shields = vec![(2, 1)];
    untrue[8].no_minimum = true;
    untrue.push(Claims {
        keeps: Some(2),
        ..Claims::default()
    });
    let both = |rules: &[Rule]| [true, false].map(|wild| compiled(rules, &tags, wild));
    let less = |number: usize| Other {
        name: format!("the first {number}"),
        compiled: both(&rules[..number]),
        no_more: [false; 2],
        no_less: [true; 2],
    };
    let untrue = untrue.into_iter().map(|claims| (claims, None));
    let others = [1, 2].map(|number| (Claims::default(), Some(less(number))));
    for (claims, other) in untrue.chain(others) {
        let case = Case {
            seed: 1,
            compiled: both(&rules),
            rules: rules.clone(),
            tags: tags.clone(),
            claims,
            others: other.into_iter().collect(),
            kinds: Vec::new(),
        };
        let falls = (0..2_000).any(|history| case.live(history).is_err());
        let names: Vec<&String> = case.others.iter().map(|other| &other.name).collect();
        assert!(falls, "{:?} {names:?}", case.claims);
    }
}
