//! Counts what becomes of images, family by family and week by week.
//! It does not know policies.

use rustc_hash::FxHashMap;

use crate::model::lifecycle::Time;
use crate::report::lifecycle::{Cell, Family, FamilyWeeks, ImageCounts, ImageOutcome, Timeline};

/// Families that are reported one by one; what is left is one family more.
const MOST_FAMILIES: usize = 1_000;
/// Families in the timeline.
const MOST_ROWS: usize = 30;
/// Weeks in the timeline: what is older is in the first one.
const MOST_WEEKS: u64 = 520;
/// The family of whatever has no place among those that are reported.
const OTHERS: &str = "(others)";

/// One image, as far as it is counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct CountedImage {
    pub(super) family: usize,
    pub(super) pushed: Option<Time>,
    pub(super) size: Option<u64>,
    pub(super) outcome: ImageOutcome,
    /// After how many days it went, in a history: at least and at most.
    pub(super) gone_after: Option<(u64, u64)>,
}

/// Families by their names, each with a number.
#[derive(Debug, Default)]
pub(super) struct FamilyNames {
    names: Vec<String>,
    numbers: FxHashMap<String, usize>,
}

impl FamilyNames {
    /// The number of a family; where there are too many, that of the others.
    pub(super) fn number(&mut self, name: String) -> usize {
        let is_full = self.names.len() >= MOST_FAMILIES;
        let name = match self.numbers.get(&name) {
            Some(number) => return *number,
            None if is_full => OTHERS.to_owned(),
            None => name,
        };
        *self.numbers.entry(name).or_insert_with_key(|name| {
            self.names.push(name.clone());
            self.names.len() - 1
        })
    }

    pub(super) fn all(&self) -> &[String] {
        &self.names
    }
}

/// Counts images.
pub(super) fn count(all: &[CountedImage]) -> ImageCounts {
    let mut tally = ImageCounts::default();
    all.iter().for_each(|one| add(&mut tally, one));
    tally
}

fn add(tally: &mut ImageCounts, one: &CountedImage) {
    tally.images += 1;
    tally.bytes = tally.bytes.saturating_add(one.size.unwrap_or(0));
    match one.outcome {
        ImageOutcome::Kept | ImageOutcome::Archived => tally.kept += 1,
        ImageOutcome::Archives => tally.archived += 1,
        ImageOutcome::Undetermined => tally.undetermined += 1,
        ImageOutcome::Expires => {
            tally.expired += 1;
            tally.freed = tally.freed.saturating_add(one.size.unwrap_or(0));
            tally.unmeasured += u64::from(one.size.is_none());
        }
    }
    if let Some((least, most)) = one.gone_after {
        let (first, last) = tally.gone_after.unwrap_or((least, most));
        tally.gone_after = Some((first.min(least), last.max(most)));
    }
}

/// Counts the images of each family; `order` is that of the names, else the largest family comes first.
pub(super) fn families(
    all: &[CountedImage],
    names: &[String],
    is_ordered: bool,
) -> Vec<(usize, Family)> {
    let mut tallies = vec![ImageCounts::default(); names.len()];
    for one in all {
        add(&mut tallies[one.family], one);
    }
    let families = tallies.into_iter().zip(names).enumerate();
    let mut families: Vec<_> = families
        .map(|(number, (tally, name))| {
            (
                number,
                Family {
                    name: name.clone(),
                    tally,
                },
            )
        })
        .collect();
    if !is_ordered {
        families.sort_by(|(_, one), (_, other)| {
            let size = other.tally.images.cmp(&one.tally.images);
            size.then_with(|| one.name.cmp(&other.name))
        });
    }
    families
}

/// What is left of what was pushed in each week up to `now`. Weeks have numbers from `start` on, or else their days.
pub(super) fn timeline(
    all: &[CountedImage],
    families: &[(usize, Family)],
    start: Option<Time>,
    now: Time,
) -> Timeline {
    let first = all.iter().filter_map(|one| one.pushed).min();
    let Some(first) = start.or(first).filter(|first| *first <= now) else {
        return Timeline::default();
    };
    // The last week ends with the last day.
    let end = now.plus_millis(-1).midnight().plus_days(1);
    let weeks = (end.days_since(first.midnight()).div_ceil(7)).clamp(1, MOST_WEEKS);
    let count = usize::try_from(weeks).unwrap_or(1);
    let begin = match start {
        Some(start) => start,
        None => end.plus_days(-7 * i64::try_from(weeks).unwrap_or(0)),
    };
    let rows: FxHashMap<usize, usize> = families
        .iter()
        .take(MOST_ROWS)
        .enumerate()
        .map(|(row, (number, _))| (*number, row))
        .collect();
    let mut cells = vec![vec![Cell::default(); count]; rows.len()];
    for one in all {
        let (Some(row), Some(pushed)) = (rows.get(&one.family), one.pushed) else {
            continue;
        };
        let week = usize::try_from(pushed.days_since(begin) / 7).unwrap_or(0);
        let cell = &mut cells[*row][week.min(count - 1)];
        match one.outcome {
            ImageOutcome::Kept => cell.kept += 1,
            ImageOutcome::Expires => cell.expired += 1,
            ImageOutcome::Archives | ImageOutcome::Archived => cell.archived += 1,
            ImageOutcome::Undetermined => cell.undetermined += 1,
        }
    }
    let name = |week: i64| match start {
        Some(_) => (week + 1).to_string(),
        None => begin.plus_days(7 * week).date(),
    };
    let rows = families.iter().zip(cells);
    Timeline {
        weeks: (0..i64::try_from(weeks).unwrap_or(0)).map(name).collect(),
        rows: rows
            .map(|((_, family), cells)| FamilyWeeks {
                family: family.name.clone(),
                cells,
            })
            .collect(),
    }
}
