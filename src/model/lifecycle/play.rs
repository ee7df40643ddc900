//! A history of pushes and pulls under a policy that is evaluated once a day.
//! It does not know how the history was described.
//!
//! ECR acts within 24 hours of the moment at which an image meets a rule; here it does so at the end of the day in UTC.
//! What AWS leaves open is tried both ways, from the first day to the last.

use rustc_hash::FxHashMap;

use super::effect::OutcomeDoubt;
use super::evaluation::{Extras, PolicyEvaluator};
use super::history::{Pulling, Push};
use super::image::{Children, Image, Status};
use super::policy::{LifecycleAction, LifecyclePolicy, Limit, Stars};
use super::time::Time;

/// What became of a pushed image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImageEnd {
    /// When it was archived, and by which rule.
    pub archived: Option<(Time, usize)>,
    /// When it expired, and by which rule.
    pub expired: Option<(Time, usize)>,
    /// When it expired at the latest, where AWS leaves open when.
    pub expired_by: Option<Time>,
}

/// One answer to each question that AWS leaves open.
#[derive(Clone, Copy, Debug)]
struct Interpretation {
    stars: Stars,
    extras: Extras,
    /// A pull of an index is one of what it lists.
    reaches: bool,
}

/// Images that are there, with the rules that are about them and the pushes that they come from.
struct SimulatedRepository<'p> {
    pushed: &'p [Push],
    answers: Interpretation,
    images: Vec<Image>,
    masks: Vec<u64>,
    /// In ascending order.
    pushes: Vec<usize>,
    /// How each is pulled, and until when, where that is over.
    pulls: Vec<Vec<(&'p Pulling, Option<Time>)>>,
    /// Which push each tag is on.
    tags: FxHashMap<String, usize>,
}

/// What becomes of each of the pushes, which are in order, by the end of so many days.
///
/// Each is `Err` where that depends on what AWS does not say.
#[must_use]
pub fn play(
    policy: &LifecyclePolicy,
    pushes: &[Push],
    from: Time,
    days: u64,
) -> Vec<Result<ImageEnd, OutcomeDoubt>> {
    let mut ends: Option<Vec<Result<ImageEnd, OutcomeDoubt>>> = None;
    for (answers, doubt) in answers(policy, pushes) {
        let read = play_read(policy, answers, pushes, from, days);
        ends = Some(match ends {
            None => read.into_iter().map(Ok).collect(),
            Some(ends) => {
                let both = ends.into_iter().zip(read);
                both.map(|(end, other)| together(end?, other, doubt))
                    .collect()
            }
        });
    }
    ends.unwrap_or_default()
}

/// The ways to read what AWS leaves open and what matters here, each with what is open where it differs from the first.
fn answers(policy: &LifecyclePolicy, pushes: &[Push]) -> Vec<(Interpretation, OutcomeDoubt)> {
    let limits = |wanted: fn(Limit) -> bool| policy.rules().iter().any(|it| wanted(it.limit));
    let has_indexes = pushes.iter().any(|push| !push.lists.is_empty());
    let has_pulls = pushes
        .iter()
        .any(|push| !push.lists.is_empty() && !push.pulls.is_empty());
    let mut all = vec![(
        Interpretation {
            stars: Stars::Wild,
            extras: Extras::Count,
            reaches: false,
        },
        OutcomeDoubt::Stars,
    )];
    let mut open = |is_open: bool, change: fn(&mut Interpretation), doubt: OutcomeDoubt| {
        let before = if is_open { all.len() } else { 0 };
        for at in 0..before {
            let mut answers = all[at].0;
            change(&mut answers);
            all.push((answers, doubt));
        }
    };
    let has_stars = policy.undocumented().is_some();
    open(has_stars, |it| it.stars = Stars::Plain, OutcomeDoubt::Stars);
    let counts = limits(|limit| matches!(limit, Limit::Count(_)));
    open(
        has_indexes && counts,
        |it| it.extras = Extras::Skip,
        OutcomeDoubt::Slots,
    );
    let goes_by_pulls = limits(|limit| matches!(limit, Limit::Pulled(_)));
    open(
        has_pulls && goes_by_pulls,
        |it| it.reaches = true,
        OutcomeDoubt::Pulls,
    );
    all
}

/// What is certain of two ends; when it comes may differ.
fn together(end: ImageEnd, other: ImageEnd, doubt: OutcomeDoubt) -> Result<ImageEnd, OutcomeDoubt> {
    match (end.expired, other.expired, end.archived, other.archived) {
        (Some((one, rule)), Some((another, _)), ..) => {
            let latest = end.expired_by.unwrap_or(one).max(another);
            let first = one.min(another);
            Ok(ImageEnd {
                expired: Some((first, rule)),
                expired_by: Some(latest).filter(|latest| *latest > first),
                ..end
            })
        }
        (None, None, Some(_), Some(_)) | (None, None, None, None) => Ok(end),
        _ => Err(doubt),
    }
}

fn play_read(
    policy: &LifecyclePolicy,
    answers: Interpretation,
    pushes: &[Push],
    from: Time,
    days: u64,
) -> Vec<ImageEnd> {
    let evaluator = PolicyEvaluator::reading(policy, answers.stars).counting(answers.extras);
    let goes_by_pulls = |rule: &super::LifecycleRule| matches!(rule.limit, Limit::Pulled(_));
    let goes_by_pulls = policy.rules().iter().any(goes_by_pulls);
    let mut ends = vec![ImageEnd::default(); pushes.len()];
    let mut repository = SimulatedRepository::new(pushes, answers);
    let mut next = 0;
    for day in 1..=days {
        let night = from.plus_days(i64::try_from(day).unwrap_or(i64::MAX));
        while let Some(push) = pushes.get(next).filter(|push| push.at < night) {
            repository.push(next, push, &evaluator);
            next += 1;
        }
        if goes_by_pulls {
            repository.pull(night);
        }
        repository.evaluate(&evaluator, night, &mut ends);
    }
    ends
}

impl<'p> SimulatedRepository<'p> {
    fn new(pushed: &'p [Push], answers: Interpretation) -> Self {
        Self {
            pushed,
            answers,
            images: Vec::new(),
            masks: Vec::new(),
            pushes: Vec::new(),
            pulls: Vec::new(),
            tags: FxHashMap::default(),
        }
    }

    fn push(&mut self, number: usize, push: &'p Push, evaluator: &PolicyEvaluator<'_>) {
        for tag in &push.tags {
            // A tag that is pushed again moves.
            let before = self.tags.insert(tag.clone(), number);
            let before = before.and_then(|before| self.pushes.binary_search(&before).ok());
            if let Some(before) = before {
                let pushed = &self.pushed[self.pushes[before]].tags;
                let image = &mut self.images[before];
                image.tags.retain(|other| other != tag);
                for (pulling, end) in &mut self.pulls[before] {
                    if end.is_none() && !pulling.finds(pushed, &image.tags) {
                        *end = Some(push.at);
                    }
                }
                self.masks[before] = evaluator.mask(image);
            }
        }
        let listed = push.lists.iter().map(|at| digest(*at)).collect();
        let image = Image {
            digest: digest(number),
            tags: push.tags.clone(),
            pushed_at: Some(push.at),
            size: push.size,
            children: match push.lists.is_empty() {
                true => Children::None,
                false => Children::Known(listed),
            },
            ..Image::default()
        };
        self.masks.push(evaluator.mask(&image));
        self.images.push(image);
        self.pushes.push(number);
        let pulls = push.pulls.iter().map(|pulling| (pulling, None));
        self.pulls.push(pulls.collect());
    }

    /// Records the last pulls up to a moment. What is archived cannot be pulled.
    fn pull(&mut self, now: Time) {
        for at in 0..self.images.len() {
            let image = &self.images[at];
            let Some(pushed) = image.pushed_at.filter(|_| image.status == Status::Active) else {
                continue;
            };
            let pulls = self.pulls[at].iter();
            let last = pulls.filter_map(|(pulling, end)| pulling.last(pushed, end.unwrap_or(now)));
            let Some(last) = last.max() else { continue };
            self.images[at].pulled_at = Some(last);
            if self.answers.reaches {
                for child in &self.pushed[self.pushes[at]].lists {
                    if let Ok(child) = self.pushes.binary_search(child) {
                        self.images[child].pulled_at = Some(last);
                    }
                }
            }
        }
    }

    fn evaluate(&mut self, evaluator: &PolicyEvaluator<'_>, now: Time, ends: &mut [ImageEnd]) {
        let evaluation = evaluator.evaluate(&self.images, &self.masks, now);
        let mut is_gone = false;
        let mut gone = vec![false; self.images.len()];
        for (at, fate) in evaluation.fates.iter().enumerate() {
            let super::Fate::Acts { rule, action } = *fate else {
                continue;
            };
            let end = &mut ends[self.pushes[at]];
            match action {
                LifecycleAction::Expire => {
                    end.expired = Some((now, rule));
                    (gone[at], is_gone) = (true, true);
                }
                LifecycleAction::Archive => {
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
        keep(&mut self.images, gone);
        keep(&mut self.masks, gone);
        keep(&mut self.pushes, gone);
        keep(&mut self.pulls, gone);
    }
}

fn keep<T>(all: &mut Vec<T>, gone: &[bool]) {
    let mut gone = gone.iter();
    all.retain(|_| gone.next() == Some(&false));
}

/// What the image of a push is called.
fn digest(push: usize) -> String {
    push.to_string()
}

#[cfg(test)]
mod tests {
    use super::{ImageEnd, play};
    use crate::model::lifecycle::history::{History, Push};
    use crate::model::lifecycle::{
        LifecycleAction, LifecyclePolicy, LifecycleRule, Limit, OutcomeDoubt, StorageClass,
        TagListEntry, Tags, Time,
    };

    fn rule(priority: i64, tags: Tags, limit: Limit, action: LifecycleAction) -> LifecycleRule {
        let class = match limit {
            Limit::Archived(_) => StorageClass::Archive,
            _ => StorageClass::Standard,
        };
        LifecycleRule {
            priority,
            class,
            tags,
            limit,
            action,
        }
    }

    #[test]
    fn what_is_kept_is_what_the_rules_leave() {
        let main = Tags::Tagged(vec![TagListEntry::Prefix("main-".to_owned())]);
        let rules = vec![
            rule(1, main, Limit::Count(10), LifecycleAction::Expire),
            rule(2, Tags::Untagged, Limit::Pushed(7), LifecycleAction::Expire),
            rule(3, Tags::Any, Limit::Pushed(30), LifecycleAction::Archive),
            rule(4, Tags::Any, Limit::Archived(90), LifecycleAction::Expire),
        ];
        let policy = LifecyclePolicy::new(rules).unwrap();
        let from = Time::parse("2026-01-01").unwrap();
        let history = History::parse("main-{n} daily; latest daily; v{semver} weekly").unwrap();
        let pushes = history.pushes(from, 365, 1).unwrap();
        let ends = play(&policy, &pushes, from, 365);
        let ends: Vec<_> = ends.into_iter().map(Result::unwrap).collect();
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

    fn days(push: &Push, end: &Result<ImageEnd, OutcomeDoubt>) -> Option<(u64, u64)> {
        let end = end.as_ref().unwrap();
        let (first, _) = end.expired?;
        let last = end.expired_by.unwrap_or(first);
        Some((first.days_since(push.at), last.days_since(push.at)))
    }

    #[test]
    fn what_an_index_lists_goes_once_the_index_is_gone() {
        let main = Tags::Tagged(vec![TagListEntry::Prefix("main-".to_owned())]);
        let rules = vec![
            rule(1, main, Limit::Pushed(10), LifecycleAction::Expire),
            rule(2, Tags::Untagged, Limit::Pushed(1), LifecycleAction::Expire),
        ];
        let policy = LifecyclePolicy::new(rules).unwrap();
        let from = Time::parse("2026-01-01").unwrap();
        let text = "main-{n} daily for 2 platforms with attestations; untagged daily";
        let history = History::parse(text).unwrap();
        let pushes = history.pushes(from, 60, 1).unwrap();
        let ends = play(&policy, &pushes, from, 60);
        let names: Vec<&str> = history.families().collect();
        let mut gone = [0; 4];
        for (push, end) in pushes.iter().zip(&ends) {
            let expected = match names[push.family] {
                "main-{n}" => (10, 10),
                "platforms of main-{n}" | "attestations of main-{n}" => (11, 11),
                _ => (1, 1),
            };
            if let Some(days) = days(push, end) {
                assert_eq!(days, expected, "{push:?}");
                gone[push.family] += 1;
            }
        }
        assert!(gone.into_iter().all(|count| count > 40), "{gone:?}");
    }

    #[test]
    fn whether_listed_images_count_is_left_open_where_it_matters() {
        let rules = vec![rule(1, Tags::Any, Limit::Count(9), LifecycleAction::Expire)];
        let policy = LifecyclePolicy::new(rules).unwrap();
        let from = Time::parse("2026-01-01").unwrap();
        let history = History::parse("main-{n} daily for 2 platforms").unwrap();
        let pushes = history.pushes(from, 30, 1).unwrap();
        let ends = play(&policy, &pushes, from, 30);
        let of = |family: usize| {
            pushes
                .iter()
                .zip(&ends)
                .filter(move |(it, _)| it.family == family)
        };
        let count = |family, wanted: fn(&Result<ImageEnd, OutcomeDoubt>) -> bool| {
            of(family).filter(|(_, end)| wanted(end)).count()
        };
        // Three pushes have nine images, nine pushes have nine indexes.
        assert_eq!(
            count(0, |end| matches!(end, Ok(it) if it.expired.is_none())),
            3
        );
        assert_eq!(count(0, |end| *end == Err(OutcomeDoubt::Slots)), 6);
        assert_eq!(
            count(0, |end| matches!(end, Ok(it) if it.expired.is_some())),
            21
        );
        let longest = of(0)
            .filter(|(_, end)| end.is_ok())
            .filter_map(|(push, end)| days(push, end));
        assert_eq!(longest.max(), Some((3, 9)));
    }

    #[test]
    fn a_pull_puts_off_what_goes_by_pulls() {
        let rules = vec![rule(
            1,
            Tags::Any,
            Limit::Pulled(5),
            LifecycleAction::Archive,
        )];
        let policy = LifecyclePolicy::new(rules).unwrap();
        let from = Time::parse("2026-01-01").unwrap();
        let archived = |text: &str| {
            let history = History::parse(text).unwrap();
            let pushes = history.pushes(from, 90, 1).unwrap();
            let ends = play(&policy, &pushes, from, 90);
            let all = pushes.into_iter().zip(ends).map(|(push, end)| {
                (
                    push.family,
                    end.map(|end| Some(end.archived?.0.days_since(push.at))),
                )
            });
            all.collect::<Vec<_>>()
        };
        let pushed = "main-{n}+latest every 10 days";
        let days = |text: &str| -> Vec<_> {
            archived(text)
                .into_iter()
                .map(|(_, days)| days.unwrap())
                .collect()
        };
        let never = days(pushed);
        assert!(never[..8].iter().all(|it| *it == Some(5)), "{never:?}");
        let pulled = days(&format!(
            "{pushed}; pull main-{{n}} daily until 20 days after the push"
        ));
        assert!(pulled[..6].iter().all(|it| *it == Some(25)), "{pulled:?}");
        // The tag moves on with the next push, ten days later or a few more or less.
        let latest = days(&format!("pull latest 2 a day; {pushed}"));
        assert!(
            latest[..7]
                .iter()
                .all(|it| it.is_some_and(|it| (6..=24).contains(&it))),
            "{latest:?}"
        );
        assert_eq!(latest.last(), Some(&None), "it has the tag to the end");
        let always = days(&format!(
            "{pushed}; pull main-{{n}}+latest weekly for 10 weeks"
        ));
        assert!(
            always[..3].iter().all(|it| *it == Some(5)),
            "a week is too long: {always:?}"
        );
    }

    #[test]
    fn what_a_pull_of_an_index_is_to_its_images_is_left_open() {
        let rules = vec![rule(
            1,
            Tags::Any,
            Limit::Pulled(5),
            LifecycleAction::Archive,
        )];
        let policy = LifecyclePolicy::new(rules).unwrap();
        let from = Time::parse("2026-01-01").unwrap();
        let text = "main-{n} once for 2 platforms; pull main-{n} daily";
        let history = History::parse(text).unwrap();
        let pushes = history.pushes(from, 30, 1).unwrap();
        let ends = play(&policy, &pushes, from, 30);
        // The index is there all the time, and keeps both.
        assert!(
            ends.iter().all(|end| *end == Ok(ImageEnd::default())),
            "{ends:?}"
        );
        let history = History::parse(&format!("{text} until 10 days after the push")).unwrap();
        let pushes = history.pushes(from, 30, 1).unwrap();
        let ends = play(&policy, &pushes, from, 30);
        let archived =
            |end: &Result<ImageEnd, OutcomeDoubt>| end.unwrap().archived.map(|(time, _)| time);
        assert!(archived(&ends[2]).is_some_and(|time| time.days_since(pushes[2].at) == 15));
        assert!(
            archived(&ends[0]) > archived(&ends[2]),
            "after the index: {ends:?}"
        );
        // With a rule of their own they go at once, or after so many days more.
        let rules = vec![
            rule(
                1,
                Tags::Untagged,
                Limit::Pulled(12),
                LifecycleAction::Archive,
            ),
            rule(2, Tags::Any, Limit::Pushed(3), LifecycleAction::Expire),
        ];
        let policy = LifecyclePolicy::new(rules).unwrap();
        let text = "main-{n} once for 2 platforms; pull main-{n} daily until 3 days after the push";
        let history = History::parse(text).unwrap();
        let pushes = history.pushes(from, 14, 1).unwrap();
        let ends = play(&policy, &pushes, from, 14);
        assert_eq!(ends[0], Err(OutcomeDoubt::Pulls), "{ends:?}");
        assert!(ends[2].is_ok_and(|end| end.expired.is_some()));
    }

    #[test]
    fn a_star_in_a_prefix_leaves_open_what_it_decides() {
        let entry = TagListEntry::Prefix("a*b".to_owned());
        let rules = vec![
            rule(
                1,
                Tags::Tagged(vec![entry]),
                Limit::Count(5),
                LifecycleAction::Expire,
            ),
            rule(2, Tags::Any, Limit::Pushed(3), LifecycleAction::Expire),
        ];
        let policy = LifecyclePolicy::new(rules).unwrap();
        let from = Time::parse("2026-01-01").unwrap();
        let history = History::parse("main-{n} daily; axb-{n} daily").unwrap();
        let pushes = history.pushes(from, 30, 1).unwrap();
        let ends = play(&policy, &pushes, from, 30);
        for (push, end) in pushes.iter().zip(ends) {
            let is_young = from.plus_days(30).days_since(push.at) < 3;
            // A rule takes it either way by the end of the fifth day after its own.
            let is_old = from.plus_days(30).days_since(push.at) > 4;
            let is_certain = push.family == 0 || is_young || is_old;
            assert_eq!(end.is_ok(), is_certain, "{push:?}");
        }
    }
}
