//! A repository that lives under a policy: what is pushed, pulled, tagged, archived, restored and deleted, by chance, and
//! what each evaluation of the policy does then.
//!
//! It is written from the user guide of Amazon ECR, "How a lifecycle policy works", and shares nothing with the program.
//! What the guide leaves open is decided one way or the other by a [`Reading`].

use super::chance::Chance;
use super::policies::{Clock, Compiled};

/// Minutes of a day.
const DAY: u64 = 1_440;
/// Most images at a time.
const MOST: usize = 40;

/// One way to read what the guide leaves open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// Images of indexes, and what refers to images, count like others.
    pub(super) extras_count: bool,
    /// What refers to an image is taken by rules like any other image.
    pub(super) referrers_go: bool,
    /// Of images of one moment, the one that was made first is the younger one.
    pub(super) first_is_younger: bool,
}

/// What happens in a history beside pushes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// There are indexes, and what refers to images.
    pub(super) has_bonds: bool,
    /// People archive and restore images.
    pub(super) has_hands: bool,
}

/// An image; moments are in minutes.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) id: u32,
    /// A bit for each of the tags of the policy.
    pub(super) tags: u32,
    pub(super) pushed: u64,
    pulled: Option<u64>,
    archived: u64,
    restored: Option<u64>,
    pub(super) is_archived: bool,
    /// The images of an index; 0 is none.
    lists: [u32; 3],
    pub(super) subject: Option<u32>,
}

/// What an evaluation does with an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Act {
    /// The rule, by its place.
    pub(super) rule: usize,
    pub(super) expires: bool,
    /// It goes because it refers to what goes.
    pub(super) follows: bool,
}

impl Image {
    /// When it was pushed, as counts and ages see it.
    fn youth(&self) -> u64 {
        self.restored.unwrap_or(self.pushed)
    }

    fn clock(&self, clock: Clock) -> u64 {
        match clock {
            Clock::Count | Clock::Pushed => self.youth(),
            Clock::Archived => self.archived,
            Clock::Pulled => match (self.restored, self.pulled) {
                (Some(restored), pulled) => pulled.unwrap_or(0).max(restored),
                (None, pulled) => pulled.unwrap_or(self.pushed),
            },
        }
    }

    fn is_index(&self) -> bool {
        self.lists != [0; 3]
    }
}

/// Which images an index keeps that is there and not archived.
pub(super) fn held(images: &[Image]) -> Vec<bool> {
    let mut held = vec![false; images.len()];
    for index in images
        .iter()
        .filter(|one| one.is_index() && !one.is_archived)
    {
        for child in index.lists {
            if let Ok(at) = place(images, child) {
                held[at] = true;
            }
        }
    }
    held
}

fn place(images: &[Image], id: u32) -> Result<usize, usize> {
    images.binary_search_by_key(&id, |image| image.id)
}

/// What a policy does with images now.
pub(super) fn evaluate(
    rules: &[Compiled],
    images: &[Image],
    now: u64,
    reading: Reading,
) -> Vec<Option<Act>> {
    let held = held(images);
    let mut order: Vec<usize> = (0..images.len()).collect();
    // Images are in the order of their names.
    order.sort_by_key(|at| {
        let name = if reading.first_is_younger {
            *at
        } else {
            images.len() - at
        };
        (std::cmp::Reverse(images[*at].youth()), name)
    });
    let mut acts: Vec<Option<Act>> = vec![None; images.len()];
    let mut is_claimed = vec![false; images.len()];
    for (number, rule) in rules.iter().enumerate() {
        let mut younger = 0;
        for at in &order {
            let image = &images[*at];
            if image.is_archived != rule.is_archive || !rule.selects(image.tags) {
                continue;
            }
            let is_over = match rule.clock {
                Clock::Count => younger >= rule.number,
                clock => now - image.clock(clock) > rule.number * DAY,
            };
            let may_go = !held[*at] && (image.subject.is_none() || reading.referrers_go);
            if is_over && may_go && !is_claimed[*at] {
                acts[*at] = Some(Act {
                    rule: number,
                    expires: rule.expires,
                    follows: false,
                });
            }
            is_claimed[*at] = true;
            younger += u64::from(reading.extras_count || !(held[*at] || image.subject.is_some()));
        }
    }
    for at in 0..images.len() {
        let subject = images[at].subject.and_then(|id| place(images, id).ok());
        // What is deleted with its image is gone, whatever a rule would do with it, and the other way round.
        let follows = |act: &Act| acts[at].is_none_or(|own| act.expires && !own.expires);
        if let Some(act) = subject.and_then(|subject| acts[subject]).filter(follows) {
            acts[at] = Some(Act {
                follows: true,
                ..act
            });
        }
    }
    acts
}

/// A repository.
pub(super) struct World {
    pub(super) images: Vec<Image>,
    pub(super) now: u64,
    last: u32,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            images: Vec::new(),
            now: 500 * DAY,
            last: 0,
        }
    }

    fn push(&mut self, tags: u32) -> &mut Image {
        // A tag is on one image at a time.
        for image in &mut self.images {
            image.tags &= !tags;
        }
        self.last += 1;
        self.images.push(Image {
            id: self.last,
            tags,
            pushed: self.now,
            pulled: None,
            archived: 0,
            restored: None,
            is_archived: false,
            lists: [0; 3],
            subject: None,
        });
        let last = self.images.len() - 1;
        &mut self.images[last]
    }

    /// Takes away and archives what rules act on.
    pub(super) fn apply(&mut self, acts: &[Option<Act>]) {
        for (image, act) in self.images.iter_mut().zip(acts) {
            if act.is_some_and(|act| !act.expires) {
                (image.is_archived, image.archived) = (true, self.now);
            }
        }
        let mut all = acts.iter();
        self.images.retain(|_| {
            !all.next()
                .is_some_and(|act| act.is_some_and(|act| act.expires))
        });
    }

    /// Something happens.
    pub(super) fn step(&mut self, rules: &[Compiled], tags: u32, kind: Kind, chance: &mut Chance) {
        if chance.below(2) == 0 {
            self.wait(rules, chance);
        }
        while self.images.len() > MOST {
            let at = chance.below(self.images.len() as u64) as usize;
            self.images.remove(at);
        }
        let is_empty = self.images.is_empty();
        match chance.below(12) {
            0..=3 => self.burst(rules, tags, chance),
            4 | 5 if kind.has_bonds => self.push_index(tags, chance),
            6 if !is_empty => self.one(chance).pulled = Some(self.now),
            7 if !is_empty => {
                // One tag goes, another one comes.
                let tag = some(tags, chance);
                self.images.iter_mut().for_each(|image| image.tags &= !tag);
                self.one(chance).tags |= tag;
            }
            8 if !is_empty => {
                let one = some(tags, chance);
                self.one(chance).tags &= !one;
            }
            9 if !is_empty && kind.has_hands => {
                let now = self.now;
                let image = self.one(chance);
                match image.is_archived {
                    true => (image.is_archived, image.restored) = (false, Some(now)),
                    false => (image.is_archived, image.archived) = (true, now),
                }
            }
            10 if !is_empty && kind.has_hands => {
                let at = chance.below(self.images.len() as u64) as usize;
                self.images.remove(at);
            }
            _ => {
                let tags = (0..chance.below(4)).fold(0, |all, _| all | some(tags, chance));
                self.push(tags);
            }
        }
    }

    fn one(&mut self, chance: &mut Chance) -> &mut Image {
        let at = chance.below(self.images.len() as u64) as usize;
        &mut self.images[at]
    }

    /// A while, or exactly as long as some image takes to reach the limit of some rule.
    fn wait(&mut self, rules: &[Compiled], chance: &mut Chance) {
        let rule = &rules[chance.below(rules.len() as u64) as usize];
        self.now += match chance.below(5) {
            0 => 1,
            1 => chance.below(DAY),
            2 => DAY * (1 + chance.below(3)),
            _ if self.images.is_empty() || rule.clock == Clock::Count => DAY / 3,
            _ => {
                let clock = self.one(chance).clock(rule.clock);
                let limit = clock + rule.number * DAY + chance.below(2);
                limit.saturating_sub(self.now)
            }
        };
    }

    /// As many images of a rule as it leaves alone, one fewer, or one or two more; often at one moment.
    fn burst(&mut self, rules: &[Compiled], tags: u32, chance: &mut Chance) {
        let rule = &rules[chance.below(rules.len() as u64) as usize];
        let count = match rule.clock {
            Clock::Count => (rule.number + chance.below(4)).saturating_sub(1),
            _ => 1,
        };
        let is_one_moment = chance.below(3) == 0;
        let mut left = tags;
        for _ in 0..count {
            let own = rule.entries().iter();
            let mut own = own.fold(0, |all, entry| all | some(entry & left, chance));
            if chance.below(4) == 0 {
                own |= some(left, chance);
            }
            left &= !own;
            self.push(own);
            self.now += u64::from(!is_one_moment);
        }
    }

    /// An index with the images that it lists, most of them without a tag, and what refers to one of these.
    fn push_index(&mut self, tags: u32, chance: &mut Chance) {
        let mut lists = [0; 3];
        for child in lists.iter_mut().take(1 + chance.below(3) as usize) {
            let own = if chance.below(4) == 0 {
                some(tags, chance)
            } else {
                0
            };
            *child = self.push(own).id;
            self.now += chance.below(2);
        }
        let own = some(tags, chance);
        let index = self.push(own);
        index.lists = lists;
        let index = index.id;
        if chance.below(2) == 0 {
            let own = if chance.below(3) == 0 {
                some(tags, chance)
            } else {
                0
            };
            let subject = if chance.below(3) == 0 {
                lists[0]
            } else {
                index
            };
            self.push(own).subject = Some(subject);
        }
    }
}

/// One of the tags, or none where there are none.
fn some(tags: u32, chance: &mut Chance) -> u32 {
    let count = tags.count_ones();
    if count == 0 {
        return 0;
    }
    let mut left = tags;
    for _ in 0..chance.below(u64::from(count)) {
        left &= left - 1;
    }
    left & left.wrapping_neg()
}
