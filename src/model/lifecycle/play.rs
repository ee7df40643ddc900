//! A history of pushes under a policy that is evaluated once a day.
//! It does not know how the history was described.
//!
//! ECR acts within 24 hours of the moment at which an image meets a rule; here it does so at the end of the day in UTC.

use rustc_hash::FxHashMap;

use super::evaluation::Evaluator;
use super::history::Push;
use super::image::{Image, Status};
use super::policy::{Action, Policy, Stars};
use super::time::Time;

/// What became of a pushed image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// When it was archived, and by which rule.
    pub archived: Option<(Time, usize)>,
    /// When it expired, and by which rule.
    pub expired: Option<(Time, usize)>,
}

/// Images that are there, with the rules that are about them and the pushes that they come from.
#[derive(Default)]
struct Repository {
    images: Vec<Image>,
    masks: Vec<u64>,
    /// In ascending order.
    pushes: Vec<usize>,
    /// Which push each tag is on.
    tags: FxHashMap<String, usize>,
}

/// What becomes of each of the pushes, which are in order, by the end of so many days.
///
/// `None` where that depends on what a `*` in a prefix means, which AWS does not say.
#[must_use]
pub fn play(policy: &Policy, pushes: &[Push], from: Time, days: u64) -> Vec<Option<End>> {
    let read = |stars| play_read(Evaluator::reading(policy, stars), pushes, from, days);
    let wild = read(Stars::Wild);
    if policy.undocumented().is_none() {
        return wild.into_iter().map(Some).collect();
    }
    let both = wild.into_iter().zip(read(Stars::Plain));
    both.map(|(wild, plain)| (wild == plain).then_some(wild))
        .collect()
}

fn play_read(evaluator: Evaluator<'_>, pushes: &[Push], from: Time, days: u64) -> Vec<End> {
    let mut ends = vec![End::default(); pushes.len()];
    let mut repository = Repository::default();
    let mut next = 0;
    for day in 1..=days {
        let night = from.plus_days(i64::try_from(day).unwrap_or(i64::MAX));
        while let Some(push) = pushes.get(next).filter(|push| push.at < night) {
            repository.push(next, push, &evaluator);
            next += 1;
        }
        repository.evaluate(&evaluator, night, &mut ends);
    }
    ends
}

impl Repository {
    fn push(&mut self, number: usize, push: &Push, evaluator: &Evaluator<'_>) {
        for tag in &push.tags {
            // A tag that is pushed again moves.
            let before = self.tags.insert(tag.clone(), number);
            let before = before.and_then(|before| self.pushes.binary_search(&before).ok());
            if let Some(before) = before {
                let image = &mut self.images[before];
                image.tags.retain(|other| other != tag);
                self.masks[before] = evaluator.mask(image);
            }
        }
        let image = Image {
            tags: push.tags.clone(),
            pushed_at: Some(push.at),
            size: push.size,
            ..Image::default()
        };
        self.masks.push(evaluator.mask(&image));
        self.images.push(image);
        self.pushes.push(number);
    }

    fn evaluate(&mut self, evaluator: &Evaluator<'_>, now: Time, ends: &mut [End]) {
        let evaluation = evaluator.evaluate(&self.images, &self.masks, now);
        let mut is_gone = false;
        let mut gone = vec![false; self.images.len()];
        for (at, fate) in evaluation.fates.iter().enumerate() {
            let super::Fate::Acts { rule, action } = *fate else {
                continue;
            };
            let end = &mut ends[self.pushes[at]];
            match action {
                Action::Expire => {
                    end.expired = Some((now, rule));
                    (gone[at], is_gone) = (true, true);
                }
                Action::Archive => {
                    end.archived = Some((now, rule));
                    let image = &mut self.images[at];
                    (image.status, image.archived_at) = (Status::Archived, Some(now));
                    self.masks[at] = evaluator.mask(image);
                }
            }
        }
        if is_gone {
            self.forget(&gone);
        }
    }

    fn forget(&mut self, gone: &[bool]) {
        let stays = |at: usize| !gone[at];
        let mut at = 0..;
        self.images.retain(|_| at.next().is_some_and(stays));
        let mut at = 0..;
        self.masks.retain(|_| at.next().is_some_and(stays));
        let mut at = 0..;
        self.pushes.retain(|_| at.next().is_some_and(stays));
    }
}

#[cfg(test)]
mod tests {
    use super::play;
    use crate::model::lifecycle::history::History;
    use crate::model::lifecycle::{Action, Class, Entry, Limit, Policy, Rule, Tags, Time};

    fn rule(priority: i64, tags: Tags, limit: Limit, action: Action) -> Rule {
        let class = match limit {
            Limit::Archived(_) => Class::Archive,
            _ => Class::Standard,
        };
        Rule {
            priority,
            class,
            tags,
            limit,
            action,
        }
    }

    #[test]
    fn what_is_kept_is_what_the_rules_leave() {
        let main = Tags::Tagged(vec![Entry::Prefix("main-".to_owned())]);
        let rules = vec![
            rule(1, main, Limit::Count(10), Action::Expire),
            rule(2, Tags::Untagged, Limit::Pushed(7), Action::Expire),
            rule(3, Tags::Any, Limit::Pushed(30), Action::Archive),
            rule(4, Tags::Any, Limit::Archived(90), Action::Expire),
        ];
        let policy = Policy::new(rules).unwrap();
        let from = Time::parse("2026-01-01").unwrap();
        let history = History::parse("main-{n} daily; latest daily; v{semver} weekly").unwrap();
        let pushes = history.pushes(from, 365, 1).unwrap();
        let ends = play(&policy, &pushes, from, 365);
        let ends: Vec<_> = ends.into_iter().map(Option::unwrap).collect();
        let of = |family: usize| {
            let all = pushes
                .iter()
                .zip(&ends)
                .filter(move |(push, _)| push.family == family);
            all.map(|(push, end)| (push.at, *end))
        };
        let kept = |family| of(family).filter(|(_, end)| end.expired.is_none()).count();
        assert_eq!(kept(0), 10);
        // The tag has moved on from all but the last, so that the second rule takes the others after a week.
        assert_eq!(kept(1), 7);
        let ages = |family| of(family).filter_map(|(at, end)| Some(end.expired?.0.days_since(at)));
        assert!(
            ages(1).all(|days| days == 7),
            "{:?}",
            ages(1).collect::<Vec<_>>()
        );
        // Archived after thirty days, gone ninety days after that.
        assert!(ages(2).all(|days| (120..=122).contains(&days)));
        assert!(of(2).all(|(at, end)| {
            end.archived
                .is_none_or(|(then, _)| then.days_since(at) == 30)
        }));
        assert!(ages(2).count() > 0);
    }

    #[test]
    fn a_star_in_a_prefix_leaves_open_what_it_decides() {
        let entry = Entry::Prefix("a*b".to_owned());
        let rules = vec![
            rule(
                1,
                Tags::Tagged(vec![entry]),
                Limit::Count(5),
                Action::Expire,
            ),
            rule(2, Tags::Any, Limit::Pushed(3), Action::Expire),
        ];
        let policy = Policy::new(rules).unwrap();
        let from = Time::parse("2026-01-01").unwrap();
        let history = History::parse("main-{n} daily; axb-{n} daily").unwrap();
        let pushes = history.pushes(from, 30, 1).unwrap();
        let ends = play(&policy, &pushes, from, 30);
        for (push, end) in pushes.iter().zip(ends) {
            let is_young = from.plus_days(30).days_since(push.at) < 3;
            assert_eq!(end.is_some(), push.family == 0 || is_young, "{push:?}");
        }
    }
}
