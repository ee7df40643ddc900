//! How images are pulled: `pull main-{n} daily until 10 days after the push`.
//! It does not know what is recorded of a pull.

use std::ops::Range;

use super::rate;
use super::words::{HistoryMistake, Word};
use crate::model::lifecycle::time::Time;

/// Words that a pull begins with.
const VERBS: [&str; 2] = ["pull", "pulls"];
const FORM: &str = "write which images are pulled, as they are pushed, how often, and for how long: \
    `push main-{n} daily; pull main-{n} daily until 10 days after the push`";

/// How an image is pulled: again and again after its push, as long as it has the tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulling {
    /// By which of the tags that it is pushed with; `None` for any of them, and for its digest where there are none.
    tag: Option<usize>,
    /// Milliseconds from the push to the first pull, and from each to the next.
    every: u64,
    /// Milliseconds after the push at which it ends, if it does.
    until: Option<u64>,
}

/// A pull as it is described.
pub(super) struct Pull {
    /// Which images.
    name: String,
    range: Range<usize>,
    every: u64,
    until: Option<u64>,
}

impl Pulling {
    /// Whether an image is still pulled that was pushed with some tags and has others now.
    #[must_use]
    pub fn finds(&self, pushed: &[String], now: &[String]) -> bool {
        match self.tag.and_then(|at| pushed.get(at)) {
            Some(tag) => now.contains(tag),
            None => pushed.is_empty() || !now.is_empty(),
        }
    }

    /// The last pull up to a moment, of an image that was pushed at another one.
    #[must_use]
    pub fn last(&self, pushed: Time, end: Time) -> Option<Time> {
        let passed = u64::try_from(end.millis_since(pushed)).ok()?;
        let passed = self.until.map_or(passed, |until| passed.min(until));
        let pulls = passed / self.every.max(1);
        let after = i64::try_from(pulls.saturating_mul(self.every)).ok()?;
        (pulls > 0).then(|| pushed.plus_millis(after))
    }
}

impl Pull {
    /// How the images are pulled that are pushed under a name; `None` where these are none of them.
    pub(super) fn of(&self, pushed: &str) -> Option<Pulling> {
        let tag = match pushed == self.name {
            true => None,
            false => Some(pushed.split('+').position(|tag| tag == self.name)?),
        };
        Some(Pulling {
            tag,
            every: self.every,
            until: self.until,
        })
    }

    pub(super) fn nothing(&self) -> HistoryMistake {
        let title = format!("`{}` is pulled, and nothing is pushed as that", self.name);
        HistoryMistake::new(self.range.clone(), title, FORM)
    }

    pub(super) fn is_of(&self, other: &Self) -> bool {
        self.name == other.name
    }

    pub(super) fn twice(&self) -> HistoryMistake {
        let title = format!("it is said twice how `{}` is pulled", self.name);
        HistoryMistake::new(self.range.clone(), title, "add up how often it is pulled")
    }
}

/// Whether words are about a pull: `pull daily` pushes the tag `pull`.
pub(super) fn begins(words: &[Word<'_>]) -> bool {
    match words {
        [(verb, _)] => VERBS.contains(verb),
        [(verb, _), (next, _), ..] => VERBS.contains(verb) && !rate::begins(next),
        [] => false,
    }
}

/// Reads a pull, of which the first word is the verb.
pub(super) fn read(words: &[Word<'_>]) -> Result<Pull, HistoryMistake> {
    let [(verb, verb_place), rest @ ..] = words else {
        return Err(HistoryMistake::new(0..0, "a pull is missing", FORM));
    };
    let [(name, range), rest @ ..] = rest else {
        let title = format!("which images are meant is missing behind `{verb}`");
        return Err(HistoryMistake::new(verb_place.clone(), title, FORM));
    };
    if rest.is_empty() {
        let title = format!("how often `{name}` is pulled is missing");
        return Err(HistoryMistake::new(range.clone(), title, FORM));
    }
    let (rate, behind) = rate::read(rest)?;
    let Some(every) = rate.between() else {
        let title = "`once` does not say how often something is pulled";
        return Err(HistoryMistake::new(rest[0].1.clone(), title, FORM));
    };
    let until = match behind {
        [] => None,
        behind => Some(until(behind)?),
    };
    Ok(Pull {
        name: (*name).to_owned(),
        range: range.clone(),
        every,
        until,
    })
}

/// Reads `until 10 days after the push`, in milliseconds.
fn until(words: &[Word<'_>]) -> Result<u64, HistoryMistake> {
    let all = words[0].1.start..words[words.len() - 1].1.end;
    let texts: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    match texts[..] {
        ["until" | "for", number, unit]
        | ["until", number, unit, "after", "the" | "its", "push"] => {
            let place = words[1].1.clone();
            let number = rate::times(number).ok_or_else(|| {
                let title = format!("`{number}` is not a number, expected 1 to {}", rate::MOST);
                HistoryMistake::new(place, title, FORM)
            })?;
            Ok(number * rate::unit(unit, words[2].1.clone())?)
        }
        ["until" | "for", ..] => {
            let said = texts.join(" ");
            let title = format!("`{said}` does not say for how long it is pulled");
            Err(HistoryMistake::new(all, title, FORM))
        }
        _ => {
            let title = format!("`{}` has no meaning here", texts[0]);
            Err(HistoryMistake::new(words[0].1.clone(), title, FORM))
        }
    }
}
