//! Policies that chance makes up, each with tags that are on its patterns or just beside them.

use serde_json::{Value, json};

use super::chance::Chance;

/// What patterns are made of. Few letters, so that they meet, cover and miss each other.
const LETTERS: [&str; 4] = ["a", "b", "-", "1"];
/// Most tags of one policy: as many as an [`u32`] has bits.
const MOST_TAGS: usize = 32;

/// How a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    Count,
    Pushed,
    Pulled,
    Archived,
}

/// A rule as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    pub(super) priority: u64,
    pub(super) status: &'static str,
    /// `tagPatternList`, or the list of beginnings.
    pub(super) entries: Vec<String>,
    pub(super) are_prefixes: bool,
    pub(super) clock: Clock,
    pub(super) number: u64,
    pub(super) expires: bool,
}

/// A rule with a bit for each tag that an entry takes.
#[derive(Clone, Debug)]
pub(super) struct Compiled {
    pub(super) priority: u64,
    pub(super) is_archive: bool,
    status: &'static str,
    entries: Vec<u32>,
    pub(super) clock: Clock,
    pub(super) number: u64,
    pub(super) expires: bool,
}

impl Compiled {
    /// Whether an image with these tags, in the same storage class, is one of the rule.
    pub(super) fn selects(&self, tags: u32) -> bool {
        match self.status {
            "any" => true,
            "untagged" => tags == 0,
            _ => self.entries.iter().all(|entry| tags & entry != 0),
        }
    }

    /// The tags that each of the entries takes.
    pub(super) fn entries(&self) -> &[u32] {
        &self.entries
    }
}

pub(super) fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => text
            .strip_prefix(head)
            .is_some_and(|tail| (0..=tail.len()).any(|skipped| fits(rest, &tail[skipped..]))),
    }
}

/// The tags that a pattern takes, a bit for each.
pub(super) fn taken(pattern: &str, tags: &[String]) -> u32 {
    let bits = tags.iter().enumerate();
    bits.fold(0, |mask, (at, tag)| {
        mask | (u32::from(fits(pattern, tag)) << at)
    })
}

/// The rules in the order in which they are followed, where a `*` in a beginning is any characters or itself.
pub(super) fn compiled(rules: &[Rule], tags: &[String], stars_are_wild: bool) -> Vec<Compiled> {
    let mut all: Vec<Compiled> = rules
        .iter()
        .map(|rule| {
            let entry = |entry: &String| match (rule.are_prefixes, stars_are_wild) {
                (false, _) => taken(entry, tags),
                (true, true) => taken(&format!("{entry}*"), tags),
                (true, false) => {
                    let bits = tags.iter().enumerate();
                    bits.fold(0, |mask, (at, tag)| {
                        mask | (u32::from(tag.starts_with(entry.as_str())) << at)
                    })
                }
            };
            Compiled {
                priority: rule.priority,
                is_archive: rule.clock == Clock::Archived,
                status: rule.status,
                entries: rule.entries.iter().map(entry).collect(),
                clock: rule.clock,
                number: rule.number,
                expires: rule.expires,
            }
        })
        .collect();
    all.sort_by_key(|rule| rule.priority);
    all
}

fn pattern(chance: &mut Chance) -> String {
    let mut text = String::new();
    let mut stars = 0;
    for _ in 0..=chance.below(4) {
        if stars < 3 && chance.below(3) == 0 && !text.ends_with('*') {
            text.push('*');
            stars += 1;
        } else {
            text.push_str(chance.one(&LETTERS));
        }
    }
    if text.starts_with('-') {
        text.insert(0, 'a');
    }
    text
}

/// A policy that ECR takes.
pub(super) fn policy(chance: &mut Chance) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    // Few policies are one rule about all images, and some proofs are about those alone.
    let count = chance.below(6).saturating_sub(1);
    for priority in 1..=count {
        let clock = clock(chance);
        let is_archive = clock == Clock::Archived;
        let same_class = |rule: &&Rule| (rule.clock == Clock::Archived) == is_archive;
        let others: Vec<&Rule> = rules.iter().filter(same_class).collect();
        let has_untagged = others.iter().any(|rule| rule.status == "untagged");
        let status = if !has_untagged && chance.below(6) == 0 {
            "untagged"
        } else {
            "tagged"
        };
        let are_prefixes = chance.below(4) == 0;
        let mut entries = Vec::new();
        if status == "tagged" {
            for _ in 0..=chance.below(4) / 3 {
                entries.push(entry(chance, &others));
            }
            if are_prefixes && chance.below(8) != 0 {
                entries
                    .iter_mut()
                    .for_each(|one| *one = one.replace('*', ""));
                entries.retain(|one| !one.is_empty());
            }
            entries.sort_unstable();
            entries.dedup();
            if entries.is_empty() || others.iter().any(|rule| rule.entries == entries) {
                continue;
            }
        }
        rules.push(rule(
            chance,
            (priority, status, clock),
            (entries, are_prefixes),
        ));
    }
    for (priority, is_archive) in [(8, false), (9, true)] {
        if chance.below(if is_archive { 6 } else { 2 }) == 0 {
            let clock = match is_archive {
                true => Clock::Archived,
                false => standard_clock(chance),
            };
            rules.push(rule(chance, (priority, "any", clock), (Vec::new(), false)));
        }
    }
    rules
}

/// A pattern, often one that has to do with a pattern of another rule.
fn entry(chance: &mut Chance, others: &[&Rule]) -> String {
    let all: Vec<&String> = others.iter().flat_map(|rule| &rule.entries).collect();
    if all.is_empty() || chance.below(2) == 0 {
        return pattern(chance);
    }
    let near = all[chance.below(all.len() as u64) as usize];
    let near = match chance.below(5) {
        0 => near.replacen('*', chance.one(&LETTERS), 1),
        1 => near.replacen('*', &format!("*{}*", chance.one(&LETTERS)), 1),
        2 => near.chars().skip(1).collect(),
        3 => format!("{near}{}", chance.one(&LETTERS)),
        _ => near.clone(),
    };
    let near = near.replace("**", "*");
    match near.is_empty() || near.starts_with('-') || near.matches('*').count() > 4 {
        true => pattern(chance),
        false => near,
    }
}

fn standard_clock(chance: &mut Chance) -> Clock {
    match chance.below(5) {
        0 | 1 => Clock::Pushed,
        2 => Clock::Pulled,
        _ => Clock::Count,
    }
}

fn clock(chance: &mut Chance) -> Clock {
    match chance.below(7) {
        0 => Clock::Archived,
        _ => standard_clock(chance),
    }
}

fn rule(
    chance: &mut Chance,
    (priority, status, clock): (u64, &'static str, Clock),
    (entries, are_prefixes): (Vec<String>, bool),
) -> Rule {
    Rule {
        priority,
        status,
        entries,
        are_prefixes,
        clock,
        number: match clock {
            Clock::Archived => 90 + chance.below(3),
            _ => 1 + chance.below(4),
        },
        expires: match clock {
            Clock::Archived => true,
            Clock::Pulled => false,
            Clock::Count | Clock::Pushed => chance.below(6) != 0,
        },
    }
}

/// The policy with one thing changed, as people edit it; `None` where ECR would refuse it.
pub(super) fn edited(chance: &mut Chance, rules: &[Rule]) -> Option<Vec<Rule>> {
    let mut edited = rules.to_vec();
    let at = chance.below(rules.len() as u64) as usize;
    match chance.below(5) {
        0 => drop(edited.remove(at)),
        1 => edited[at].number += 1 + chance.below(3),
        2 => {
            // Two rules change places.
            let other = chance.below(rules.len() as u64) as usize;
            if edited[at].status == "any" || edited[other].status == "any" || at == other {
                return None;
            }
            edited[at].priority = rules[other].priority;
            edited[other].priority = rules[at].priority;
        }
        3 => edited[at].expires = !edited[at].expires && edited[at].clock != Clock::Pulled,
        _ => {
            let entry = edited[at].entries.first_mut()?;
            *entry = entry.replacen('*', chance.one(&LETTERS), 1);
            edited[at].entries.sort_unstable();
            edited[at].entries.dedup();
        }
    }
    let is_archive = |rule: &Rule| rule.clock == Clock::Archived;
    let is_double = |one: &Rule, other: &Rule| {
        one.priority != other.priority
            && is_archive(one) == is_archive(other)
            && one.status == "tagged"
            && one.entries == other.entries
    };
    let refused = edited.iter().any(|one| {
        is_archive(one) && !one.expires || edited.iter().any(|other| is_double(one, other))
    });
    (!refused && !edited.is_empty()).then_some(edited)
}

/// Tags that the patterns take, and tags that they only just miss.
pub(super) fn tags(chance: &mut Chance, rules: &[Rule]) -> Vec<String> {
    let mut tags: Vec<String> = vec!["main".to_owned(), "b".to_owned()];
    let mut patterns: Vec<&String> = rules.iter().flat_map(|rule| &rule.entries).collect();
    patterns.sort_unstable();
    patterns.dedup();
    for pattern in &patterns {
        for _ in 0..3 {
            let mut tag = (*pattern).clone();
            while tag.contains('*') {
                let filling = ["", "a", "b1", "-", "aa", "*"][chance.below(5) as usize];
                tag = tag.replacen('*', filling, 1);
            }
            tags.push(tag.clone());
            let at = chance.below(tag.len() as u64 + 1) as usize;
            match chance.below(4) {
                0 if at < tag.len() => drop(tag.remove(at)),
                1 => tag.insert_str(at, chance.one(&LETTERS)),
                2 => tag = tag.to_uppercase(),
                _ => tag.push_str(chance.one(&LETTERS)),
            }
            tags.push(tag);
        }
    }
    // What is not a tag is on no image.
    tags.retain(|tag| !tag.is_empty() && !tag.starts_with(['-', '.']));
    tags.sort_unstable();
    tags.dedup();
    while tags.len() > MOST_TAGS {
        let at = chance.below(tags.len() as u64) as usize;
        tags.remove(at);
    }
    tags
}

/// The policy as its JSON text.
pub(super) fn written(rules: &[Rule]) -> String {
    let rules = rules.iter().map(|rule| {
        let mut selection = json!({ "tagStatus": rule.status, "countNumber": rule.number });
        selection["countType"] = match rule.clock {
            Clock::Count => "imageCountMoreThan",
            Clock::Pushed => "sinceImagePushed",
            Clock::Pulled => "sinceImagePulled",
            Clock::Archived => "sinceImageTransitioned",
        }
        .into();
        if rule.clock != Clock::Count {
            selection["countUnit"] = "days".into();
        }
        if rule.clock == Clock::Archived {
            selection["storageClass"] = "archive".into();
        }
        if !rule.entries.is_empty() {
            let key = if rule.are_prefixes {
                "tagPrefixList"
            } else {
                "tagPatternList"
            };
            selection[key] = json!(rule.entries);
        }
        let action = match rule.expires {
            true => json!({ "type": "expire" }),
            false => json!({ "type": "transition", "targetStorageClass": "archive" }),
        };
        json!({ "rulePriority": rule.priority, "selection": selection, "action": action })
    });
    json!({ "rules": rules.collect::<Vec<Value>>() }).to_string()
}
