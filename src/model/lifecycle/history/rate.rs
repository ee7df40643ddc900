//! How often something is pushed.

use super::random::Random;
use super::words::{HistoryMistake, Word};

pub(super) const FORM: &str =
    "write how often: `hourly`, `daily`, `weekly`, `monthly`, `once`, `5 a day`, `every 2 weeks`";

/// Milliseconds of the units of time. A month has thirty days.
const UNITS: [(&str, u64); 4] = [
    ("hour", 3_600_000),
    ("day", 86_400_000),
    ("week", 604_800_000),
    ("month", 2_592_000_000),
];
const DAY: u64 = UNITS[1].1;
/// Most pushes in a unit of time, and most units between two pushes.
pub(super) const MOST: u64 = 10_000;

/// So many times in so many milliseconds; once and never again where these are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    times: u64,
    period: u64,
}

impl Rate {
    /// How often in so many days.
    pub(super) fn pushes(self, days: u64) -> u64 {
        match self.period {
            0 => u64::from(days > 0),
            period => days.saturating_mul(DAY).saturating_mul(self.times) / period,
        }
    }

    /// Milliseconds from one to the next; `None` where there is no next one.
    pub(super) fn between(self) -> Option<u64> {
        Some(self.period / self.times.max(1)).filter(|between| *between > 0)
    }

    /// Milliseconds until one of the pushes: anywhere in the time until the next one.
    pub(super) fn moment(self, number: u64, random: &mut Random) -> i64 {
        let between = self.period / self.times.max(1);
        let between = if between == 0 { DAY } else { between };
        let moment = number.saturating_mul(between) + random.below(between);
        i64::try_from(moment).unwrap_or(i64::MAX)
    }
}

/// Whether a word is the first one of how often.
pub(super) fn begins(word: &str) -> bool {
    [
        "hourly", "daily", "weekly", "monthly", "once", "every", "of",
    ]
    .contains(&word)
        || word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads how often, and what stands behind it.
pub(super) fn read<'w, 't>(
    words: &'w [Word<'t>],
) -> Result<(Rate, &'w [Word<'t>]), HistoryMistake> {
    let place = |count: usize| {
        let last = &words[words.len().min(count) - 1];
        words[0].1.start..last.1.end
    };
    let rate = |times, period| Rate { times, period };
    let texts: Vec<&str> = words.iter().take(3).map(|(word, _)| *word).collect();
    let (found, read) = match texts[..] {
        ["once", ..] => (rate(1, 0), 1),
        ["hourly", ..] => (rate(1, UNITS[0].1), 1),
        ["daily", ..] => (rate(1, DAY), 1),
        ["weekly", ..] => (rate(1, UNITS[2].1), 1),
        ["monthly", ..] => (rate(1, UNITS[3].1), 1),
        ["every", number, unit_text] if number.parse::<u64>().is_ok() => {
            let number = times(number).ok_or_else(|| {
                let title =
                    format!("nothing is pushed every {number} {unit_text}, expected 1 to {MOST}");
                HistoryMistake::new(place(3), title, FORM)
            })?;
            (rate(1, number * unit(unit_text, place(3))?), 3)
        }
        ["every", unit_text, ..] => (rate(1, unit(unit_text, place(2))?), 2),
        [number, "a" | "an" | "per", unit_text] => {
            let number = times(number).ok_or_else(|| {
                let title = format!("`{number}` is not a number of pushes, expected 1 to {MOST}");
                HistoryMistake::new(words[0].1.clone(), title, FORM)
            })?;
            (rate(number, unit(unit_text, words[2].1.clone())?), 3)
        }
        [word, ..] => {
            let title = format!("`{word}` does not say how often something is pushed");
            return Err(HistoryMistake::new(words[0].1.clone(), title, FORM));
        }
        [] => return Err(HistoryMistake::new(0..0, "how often is missing", FORM)),
    };
    Ok((found, &words[read..]))
}

pub(super) fn times(word: &str) -> Option<u64> {
    word.parse()
        .ok()
        .filter(|number| (1..=MOST).contains(number))
}

pub(super) fn unit(word: &str, place: std::ops::Range<usize>) -> Result<u64, HistoryMistake> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    let mut units = UNITS.iter();
    match units.find(|(name, _)| *name == singular) {
        Some((_, length)) => Ok(*length),
        None => {
            let title = format!(
                "`{word}` is not a unit of time, expected `hour`, `day`, `week` or `month`"
            );
            Err(HistoryMistake::new(place, title, FORM))
        }
    }
}
