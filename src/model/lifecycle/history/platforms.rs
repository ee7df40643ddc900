//! Images for several platforms: `push main-{n} daily for 2 platforms with attestations`.
//! It does not know how an index is evaluated.
//!
//! `docker buildx` pushes an image without a tag for each platform, one more with its attestation where there are any, and
//! an index with the tags that lists all of them (<https://docs.docker.com/build/metadata/attestations/attestation-storage/>).

use std::ops::Range;

use super::push::Push;
use super::words::{HistoryMistake, Word};

/// Most platforms of an image.
const MOST: u64 = 20;
const FORM: &str = "write for how many platforms an image is built: `push main-{n} daily for 2 platforms`, \
    `push main-{n} daily for 2 platforms with attestations`";

/// What an index lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Platforms {
    count: u64,
    /// Whether there is an attestation for each platform.
    attested: bool,
}

impl Platforms {
    /// How many images an index lists.
    pub(super) fn images(self) -> u64 {
        self.count * if self.attested { 2 } else { 1 }
    }

    /// What the kinds of images are called that the index lists.
    pub(super) fn families(self, index: &str) -> impl Iterator<Item = String> {
        let kinds: &[&str] = match self.attested {
            true => &["platforms", "attestations"],
            false => &["platforms"],
        };
        kinds.iter().map(move |kind| format!("{kind} of {index}"))
    }

    /// The index and, before it, what it lists; `first` is the place of the first of these among all pushes.
    ///
    /// The size is that of the image for one platform: an index, and an attestation, has a few kilobytes.
    pub(super) fn spread(self, index: Push, first: usize) -> Vec<Push> {
        let image = |family, size| Push {
            family,
            at: index.at,
            tags: Vec::new(),
            size,
            lists: Vec::new(),
            pulls: Vec::new(),
        };
        let little = index.size.map(|_| 0);
        let mut all = Vec::new();
        for _ in 0..self.count {
            all.push(image(index.family + 1, index.size));
        }
        if self.attested {
            all.extend((0..self.count).map(|_| image(index.family + 2, little)));
        }
        let lists = (first..first + all.len()).collect();
        all.push(Push {
            size: little,
            lists,
            ..index
        });
        all
    }
}

/// Reads what stands at `for`, and what stands behind that.
pub(super) fn read<'w, 't>(
    words: &'w [Word<'t>],
) -> Result<(Platforms, &'w [Word<'t>]), HistoryMistake> {
    let upto = |count: usize| -> Range<usize> {
        let last = &words[words.len().min(count) - 1];
        words[0].1.start..last.1.end
    };
    let is_platforms = |word: &str| matches!(word, "platform" | "platforms");
    let (number, rest) = match words {
        [_, number, (unit, _), rest @ ..] if is_platforms(unit) => (number, rest),
        _ => {
            let texts: Vec<&str> = words.iter().take(3).map(|(word, _)| *word).collect();
            let said = texts.join(" ");
            let title = format!("`{said}` does not say for how many platforms");
            return Err(HistoryMistake::new(upto(3), title, FORM));
        }
    };
    let count = number.0.parse().ok();
    let Some(count) = count.filter(|count| (1..=MOST).contains(count)) else {
        let title = format!(
            "`{}` is not a number of platforms, expected 1 to {MOST}",
            number.0
        );
        return Err(HistoryMistake::new(number.1.clone(), title, FORM));
    };
    let is_attestations = |word: &str| matches!(word, "attestation" | "attestations");
    let (attested, rest) = match rest {
        [("with", _), (word, _), rest @ ..] if is_attestations(word) => (true, rest),
        [("with", place), behind @ ..] => {
            let word = behind.first().map_or("", |(word, _)| *word);
            let end = behind.first().map_or(place.end, |(_, place)| place.end);
            let title = format!(
                "`{}` says nothing about platforms",
                format!("with {word}").trim()
            );
            return Err(HistoryMistake::new(place.start..end, title, FORM));
        }
        rest => (false, rest),
    };
    Ok((Platforms { count, attested }, rest))
}
