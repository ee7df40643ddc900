//! One evaluation of a policy: every rule looks at every image, then each image is left to the first rule that is about it.
//! It does not know the time of day, nor how images change between two evaluations.
//!
//! The rules of the user guide, "How a lifecycle policy works", in short: rules see and count what rules before them act on;
//! an image whose tags meet a rule is out of reach of all rules behind it, whatever that rule does with it; and what an index
//! lists stays as long as the index does. What the guide leaves open makes an image undetermined where it matters.

use super::clock;
use super::effect::{Evaluation, Fate, Kept, OutcomeDoubt, RuleEffect};
use super::holding::{Hold, Ties};
use super::image::{Image, Status};
use super::policy::{LifecycleAction, LifecyclePolicy, Limit, MOST_RULES, Stars};
use super::time::Time;
use rustc_hash::{FxHashMap, FxHashSet};

/// What a policy does with the images of a repository at the moment `now`.
///
/// Two readings of a prefix with `*` are held against each other: what differs is undetermined.
#[must_use]
pub fn evaluate(policy: &LifecyclePolicy, images: &[Image], now: Time) -> Evaluation {
    let mut evaluation = evaluate_read(policy, images, now, Stars::Wild);
    if policy.undocumented().is_none() {
        return evaluation;
    }
    let plain = evaluate_read(policy, images, now, Stars::Plain);
    for (fate, other) in evaluation.fates.iter_mut().zip(plain.fates) {
        if fate.action() != other.action() {
            *fate = Fate::Undetermined(OutcomeDoubt::Stars);
        }
    }
    let evaluator = PolicyEvaluator::reading(policy, Stars::Wild);
    let masks: Vec<u64> = images.iter().map(|image| evaluator.mask(image)).collect();
    count(&mut evaluation, &masks);
    evaluation
}

/// The same in one reading of prefixes with `*`.
pub(super) fn evaluate_read(
    policy: &LifecyclePolicy,
    images: &[Image],
    now: Time,
    stars: Stars,
) -> Evaluation {
    let evaluator = PolicyEvaluator::reading(policy, stars);
    let masks: Vec<u64> = images.iter().map(|image| evaluator.mask(image)).collect();
    evaluator.evaluate(images, &masks, now)
}

/// A policy that is evaluated again and again, over images whose tags were looked at before.
#[derive(Clone, Copy, Debug)]
pub(super) struct PolicyEvaluator<'p> {
    policy: &'p LifecyclePolicy,
    stars: Stars,
    extras: Extras,
}

/// Whether what an index lists, and what refers to others, takes a place of the rules that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extras {
    /// AWS does not say.
    Open,
    /// It does.
    Count,
    /// It does not.
    Skip,
}

/// Whether an image is beyond the limit of a rule.
#[derive(Clone, Copy, Debug)]
enum Over {
    Yes,
    No,
    Unknown(OutcomeDoubt),
}

/// What was counted for one rule.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// Younger images that certainly count.
    certain: u64,
    /// Younger images that certainly or perhaps count.
    possible: u64,
    /// Images of the same moment that certainly or perhaps count.
    together: u64,
    /// The same that certainly count.
    together_certain: u64,
    /// Images of which nobody knows when they were pushed.
    timeless: u64,
}

impl<'p> PolicyEvaluator<'p> {
    /// The evaluator of a policy in one reading of prefixes with `*`.
    pub(super) fn reading(policy: &'p LifecyclePolicy, stars: Stars) -> Self {
        let extras = Extras::Open;
        Self {
            policy,
            stars,
            extras,
        }
    }

    /// The same, where it is settled what takes a place of the rules that count.
    pub(super) fn counting(self, extras: Extras) -> Self {
        Self { extras, ..self }
    }

    /// The rules that are about an image, by its tags and where it is stored: a bit for each, the first rule lowest.
    #[must_use]
    pub(super) fn mask(&self, image: &Image) -> u64 {
        let class = image.class();
        let mut mask = 0;
        for (at, rule) in self.policy.rules().iter().enumerate() {
            if rule.class == class && rule.tags.meet(&image.tags, self.stars) {
                mask |= 1 << at;
            }
        }
        mask
    }

    /// One evaluation of images with their [masks](Self::mask).
    #[must_use]
    pub(super) fn evaluate(&self, images: &[Image], masks: &[u64], now: Time) -> Evaluation {
        let ties = Ties::of(images);
        let mut work = Work {
            policy: self.policy,
            extras: self.extras,
            images,
            masks,
            now,
            counts: [Count::default(); MOST_RULES],
            fates: vec![Fate::Kept(Kept::Unmatched); images.len()],
            effects: vec![RuleEffect::default(); self.policy.rules().len()],
            ties,
        };
        work.rank();
        work.follow();
        let mut evaluation = Evaluation {
            fates: work.fates,
            rules: work.effects,
        };
        count(&mut evaluation, masks);
        evaluation
    }
}

/// Counts what became of the images in the end.
fn count(evaluation: &mut Evaluation, masks: &[u64]) {
    for effect in &mut evaluation.rules {
        (effect.acts, effect.undetermined) = (0, 0);
    }
    for (fate, mask) in evaluation.fates.iter().zip(masks) {
        match fate {
            Fate::Acts { rule, .. } => evaluation.rules[*rule].acts += 1,
            Fate::Undetermined(_) => {
                let effect = evaluation.rules.get_mut(mask.trailing_zeros() as usize);
                effect
                    .into_iter()
                    .for_each(|effect| effect.undetermined += 1);
            }
            Fate::Kept(_) | Fate::Follows { .. } => {}
        }
    }
}

/// The indices of the rules of a mask, the first rule first.
fn rules(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = mask.trailing_zeros();
        mask &= mask.wrapping_sub(1);
        (at < u64::BITS).then_some(at as usize)
    })
}

/// One evaluation in the making.
struct Work<'w> {
    policy: &'w LifecyclePolicy,
    extras: Extras,
    images: &'w [Image],
    masks: &'w [u64],
    now: Time,
    counts: [Count; MOST_RULES],
    fates: Vec<Fate>,
    effects: Vec<RuleEffect>,
    ties: Ties,
}

impl Work<'_> {
    /// Goes from the youngest image to the oldest, those of one moment together.
    fn rank(&mut self) {
        let mut order = Vec::with_capacity(self.images.len());
        let mut timeless = Vec::new();
        for (at, (image, mask)) in self.images.iter().zip(self.masks).enumerate() {
            match clock::pushed(image) {
                _ if *mask == 0 => {}
                Some(time) => order.push((time, at)),
                None => timeless.push(at),
            }
        }
        order.sort_unstable_by(|(one, _), (other, _)| other.cmp(one));
        for at in &timeless {
            rules(self.masks[*at]).for_each(|rule| self.counts[rule].timeless += 1);
        }
        for group in order.chunk_by(|(one, _), (other, _)| one == other) {
            for (_, at) in group {
                let (certain, possible) = self.places(*at);
                for rule in rules(self.masks[*at]) {
                    self.counts[rule].together += possible;
                    self.counts[rule].together_certain += certain;
                }
            }
            for (_, at) in group {
                self.judge(*at, true);
            }
            for (_, at) in group {
                for rule in rules(self.masks[*at]) {
                    let count = &mut self.counts[rule];
                    count.possible += std::mem::take(&mut count.together);
                    count.certain += std::mem::take(&mut count.together_certain);
                }
            }
        }
        for at in timeless {
            self.judge(at, false);
        }
    }

    /// How many places of the rules that count the image takes for certain, and at most. AWS does not say whether what
    /// stays because of others takes one, nor whether what refers to others does.
    fn places(&self, at: usize) -> (u64, u64) {
        let image = &self.images[at];
        let is_extra = self.ties.hold(at) != Hold::Free || image.subject.is_some();
        let (certain, possible) = match self.extras {
            Extras::Open => (!is_extra, true),
            Extras::Count => (true, true),
            Extras::Skip => (!is_extra, !is_extra),
        };
        let is_there = image.status != Status::Activating;
        (u64::from(certain && is_there), u64::from(possible))
    }

    /// Leaves an image to the first rule that is about it.
    fn judge(&mut self, at: usize, is_timed: bool) {
        let mut about = rules(self.masks[at]);
        let Some(rule) = about.next() else { return };
        let over = self.over(at, rule, is_timed);
        let mut from = None;
        for (behind, later) in about.enumerate() {
            self.effects[later].identified += 1;
            if let Over::Yes = self.over(at, later, is_timed) {
                self.effects[later].over += 1;
                self.effects[later].claimed += 1;
                // Behind the second rule, the second one would keep it as well.
                from = from.or((behind == 0).then_some(later));
            }
        }
        let effect = &mut self.effects[rule];
        effect.identified += 1;
        effect.over += u64::from(matches!(over, Over::Yes));
        let is_held = matches!(self.ties.hold(at), Hold::By(_));
        effect.held += u64::from(matches!(over, Over::Yes) && is_held);
        self.fates[at] = match (over, self.ties.hold(at)) {
            (Over::No, _) => Fate::Kept(match from {
                Some(from) => Kept::Shielded { rule, from },
                None => Kept::Within { rule },
            }),
            (_, Hold::By(by)) => Fate::Kept(Kept::Held { rule, by }),
            _ if self.images[at].status == Status::Activating => {
                Fate::Undetermined(OutcomeDoubt::Activating)
            }
            (Over::Unknown(doubt), _) => Fate::Undetermined(doubt),
            (Over::Yes, Hold::Maybe) => Fate::Undetermined(OutcomeDoubt::MayBeHeld),
            (Over::Yes, Hold::Free) => Fate::Acts {
                rule,
                action: self.policy.rules()[rule].action,
            },
        };
    }

    /// Whether an image is beyond the limit of a rule that is about it.
    fn over(&self, at: usize, rule: usize, is_timed: bool) -> Over {
        let image = &self.images[at];
        let (clock, days) = match self.policy.rules()[rule].limit {
            Limit::Count(limit) => {
                let own = self.places(at).1;
                return self.counts[rule].over(limit, own, is_timed);
            }
            Limit::Pushed(days) => (clock::pushed(image), days),
            Limit::Pulled(days) => (clock::pulled(image), days),
            Limit::Archived(days) => (clock::archived(image), days),
        };
        match clock {
            None => Over::Unknown(OutcomeDoubt::NoTime),
            Some(clock) if self.now.is_older(clock, days) => Over::Yes,
            Some(_) => Over::No,
        }
    }

    /// What refers to an image goes with it.
    fn follow(&mut self) {
        let referrers = std::mem::take(&mut self.ties.referrers);
        let subjects: FxHashMap<usize, Option<usize>> = referrers.iter().copied().collect();
        let subject_of = |at: usize| subjects.get(&at).copied().flatten();
        let mut seen = FxHashSet::default();
        for (at, _) in referrers {
            // What refers to something that refers to something is told from the end of the chain.
            let mut chain = Vec::new();
            let mut next = Some(at);
            while let Some(at) = next.filter(|at| subjects.contains_key(at) && seen.insert(*at)) {
                chain.push(at);
                next = subject_of(at);
            }
            // What refers to itself in a circle refers to nothing that could go.
            let last = chain.last().copied();
            let is_circle = next.is_some_and(|next| chain.contains(&next));
            for at in chain.into_iter().rev() {
                let subject = subject_of(at).filter(|_| !is_circle || Some(at) != last);
                self.fates[at] = self.of_referrer(at, subject);
            }
        }
    }

    fn of_referrer(&self, at: usize, subject: Option<usize>) -> Fate {
        let own = match self.fates[at] {
            own @ Fate::Kept(_) => own,
            _ => Fate::Undetermined(OutcomeDoubt::Referrer),
        };
        let Some(subject) = subject else { return own };
        match self.fates[subject] {
            // A rule of its own may delete for good what its image is archived with.
            Fate::Acts { action, .. } | Fate::Follows { action, .. }
                if action == LifecycleAction::Archive && self.may_expire(at) =>
            {
                own
            }
            Fate::Acts { action, .. } | Fate::Follows { action, .. } => {
                Fate::Follows { subject, action }
            }
            Fate::Undetermined(_) => Fate::Undetermined(OutcomeDoubt::Subject),
            Fate::Kept(_) => own,
        }
    }

    /// Whether the first rule that is about an image would expire it, if it takes what refers to others.
    fn may_expire(&self, at: usize) -> bool {
        let first = rules(self.masks[at]).next();
        let expires =
            first.is_some_and(|rule| self.policy.rules()[rule].action == LifecycleAction::Expire);
        expires && !matches!(self.fates[at], Fate::Kept(_))
    }
}

impl Count {
    /// Whether the next image is behind so many others, one of those that are counted together, where it takes so many
    /// places itself.
    fn over(&self, limit: u64, own: u64, is_timed: bool) -> Over {
        if !is_timed {
            let others = (self.possible + self.timeless).saturating_sub(1);
            return match others < limit {
                true => Over::No,
                false => Over::Unknown(OutcomeDoubt::NoTime),
            };
        }
        let others = self.together.saturating_sub(own);
        let most = self.possible + others;
        if self.certain >= limit {
            Over::Yes
        } else if most + self.timeless < limit {
            Over::No
        } else if most < limit {
            Over::Unknown(OutcomeDoubt::NoTime)
        } else if self.possible > self.certain {
            Over::Unknown(OutcomeDoubt::Slots)
        } else {
            Over::Unknown(OutcomeDoubt::Tie)
        }
    }
}
