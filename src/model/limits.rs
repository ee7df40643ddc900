//! What is certain of the characters that fill a hole, such as those that the declaration of a parameter allows.
//! It does not know where the limits were written.

use super::common_text::{TextPlace, have_common_text};

/// Characters that may stand in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CharacterSet {
    /// Those of ASCII, by their number.
    ascii: u128,
    /// Whether it has every other character, too.
    others: bool,
}

impl CharacterSet {
    /// Every character.
    pub const ALL: Self = Self {
        ascii: u128::MAX,
        others: true,
    };
    /// No character.
    pub const NONE: Self = Self {
        ascii: 0,
        others: false,
    };

    /// The characters of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let letters = text.chars().map(|letter| Self::between(letter, letter));
        letters.fold(Self::NONE, Self::or)
    }

    /// The characters from `first` to `last`. Beyond ASCII one stands for all.
    #[must_use]
    pub fn between(first: char, last: char) -> Self {
        let (low, high) = (u32::from(first), u32::from(last).min(0x7f));
        Self {
            ascii: match low <= high {
                true => u128::MAX << low & u128::MAX >> (0x7f - high),
                false => 0,
            },
            others: !last.is_ascii(),
        }
    }

    /// The characters of both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            ascii: self.ascii | other.ascii,
            others: self.others || other.others,
        }
    }

    /// Whether it has a character of `other`.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.ascii & other.ascii != 0 || self.others && other.others
    }

    /// Whether each of them is in `other`, too.
    #[must_use]
    pub fn is_in(self, other: Self) -> bool {
        self.ascii & !other.ascii == 0 && (other.others || !self.others)
    }

    /// Whether `letter` is one of them.
    #[must_use]
    pub fn has(self, letter: char) -> bool {
        match letter.is_ascii() {
            true => self.ascii & (1 << u32::from(letter)) != 0,
            false => self.others,
        }
    }

    /// Those of ASCII, and nothing where there are others.
    #[must_use]
    pub fn ascii(self) -> Option<impl Iterator<Item = u8>> {
        let bytes = (0..=0x7f_u8).filter(move |byte| self.has(char::from(*byte)));
        (!self.others).then_some(bytes)
    }
}

/// Some characters of one set, one behind the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LimitedRun {
    /// What each of them is.
    pub set: CharacterSet,
    /// How many they are at least.
    pub least: usize,
    /// How many they are at most; `None` for any number.
    pub most: Option<usize>,
}

impl LimitedRun {
    /// Exactly one character.
    #[must_use]
    pub fn one(set: CharacterSet) -> Self {
        Self {
            set,
            least: 1,
            most: Some(1),
        }
    }

    /// The places that it is compared by: one for each character that it has at least, and one for the rest.
    pub(super) fn places(self) -> impl Iterator<Item = LimitedPlace> {
        let least = self.least.min(MOST_OF_RUN);
        let rest = (self.most != Some(least)).then_some(LimitedPlace::Many(self.set));
        std::iter::repeat_n(LimitedPlace::One(self.set), least).chain(rest)
    }

    /// Any number of characters of a set.
    #[must_use]
    pub fn any(set: CharacterSet) -> Self {
        Self {
            set,
            least: 0,
            most: None,
        }
    }
}

/// What every text that fills a hole is made of: runs of characters in reading order. Not every text that is made of
/// them need be possible.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextLimits(Vec<LimitedRun>);

impl TextLimits {
    /// Limits of these runs.
    #[must_use]
    pub fn of(runs: Vec<LimitedRun>) -> Self {
        Self(runs)
    }

    /// The runs, in reading order.
    #[must_use]
    pub fn runs(&self) -> &[LimitedRun] {
        &self.0
    }

    /// Whether a text can hold one of these characters.
    #[must_use]
    pub fn may_hold(&self, letters: CharacterSet) -> bool {
        let mut runs = self.0.iter();
        runs.any(|run| run.most != Some(0) && run.set.meets(letters))
    }

    /// Characters of the shortest text.
    #[must_use]
    pub fn shortest(&self) -> usize {
        let all = self.0.iter().map(|run| run.least);
        all.fold(0, usize::saturating_add)
    }

    /// Characters of the longest text; `None` where there is no end to them.
    #[must_use]
    pub fn longest(&self) -> Option<usize> {
        let mut all = self.0.iter().map(|run| run.most);
        all.try_fold(0, |sum: usize, most| sum.checked_add(most?))
    }

    /// The positions of `text` at which a filling can end that begins at one of `starts`, given and returned in order.
    pub(super) fn ends(&self, text: &[char], starts: &[bool]) -> Vec<bool> {
        let step = |reached: &[bool], set: CharacterSet| {
            let mut next = vec![false; reached.len()];
            for (at, letter) in text.iter().enumerate() {
                next[at + 1] = reached[at] && set.has(*letter);
            }
            next
        };
        let mut reached = starts.to_vec();
        for run in &self.0 {
            // No text has more characters than it is long.
            for _ in 0..run.least.min(text.len() + 1) {
                reached = step(&reached, run.set);
            }
            let more = run
                .most
                .map_or(text.len(), |most| most.saturating_sub(run.least));
            let mut newest = reached.clone();
            for _ in 0..more.min(text.len()) {
                newest = step(&newest, run.set);
                if !newest.contains(&true) {
                    break;
                }
                for (reached, new) in reached.iter_mut().zip(&newest) {
                    *reached |= new;
                }
            }
        }
        reached
    }
}

/// Places that one run is written as at most, besides one for the rest.
const MOST_OF_RUN: usize = 64;

/// A place of a run, as it is compared with places of others.
#[derive(Clone, Copy, Debug)]
pub(super) enum LimitedPlace {
    /// One character of a set.
    One(CharacterSet),
    /// Any number of characters of a set.
    Many(CharacterSet),
}

impl TextPlace for LimitedPlace {
    fn repeats(&self) -> bool {
        matches!(self, Self::Many(_))
    }

    fn meets(&self, other: &Self) -> bool {
        let (Self::One(own) | Self::Many(own), Self::One(its) | Self::Many(its)) = (self, other);
        own.meets(*its)
    }
}

/// Whether some text is made of the runs of both.
pub(super) fn may_meet(one: &[LimitedRun], other: &[LimitedRun]) -> bool {
    let places =
        |runs: &[LimitedRun]| -> Vec<_> { runs.iter().flat_map(|run| run.places()).collect() };
    have_common_text(&places(one), &places(other))
}

#[cfg(test)]
mod tests {
    use super::{CharacterSet, LimitedRun, TextLimits, may_meet};

    #[test]
    fn a_range_has_the_characters_between_its_ends() {
        let ends = ['\0', '-', '0', '9', 'a', 'z', '\x7f', '\u{80}', 'é'];
        for (first, last) in ends.iter().flat_map(|one| ends.map(|other| (*one, other))) {
            let set = CharacterSet::between(first, last);
            for letter in '\0'..='\x7f' {
                let is_between = (first..=last).contains(&letter);
                assert_eq!(
                    set.has(letter),
                    is_between,
                    "{letter:?} of {first:?}-{last:?}"
                );
            }
            assert_eq!(set.has('ü'), !last.is_ascii());
        }
    }

    #[test]
    fn a_set_has_what_lies_between() {
        let digits = CharacterSet::between('0', '9');
        assert!(digits.has('0') && digits.has('9') && !digits.has('a') && !digits.has('é'));
        assert!(CharacterSet::ALL.has('é') && CharacterSet::of("é").has('ü'));
        assert!(!digits.meets(CharacterSet::of("*?$")));
        assert!(CharacterSet::of("a*").meets(CharacterSet::of("*")));
    }

    #[test]
    fn runs_meet_where_one_text_is_made_of_both() {
        let digits = CharacterSet::between('0', '9');
        let text = |text: &str| -> Vec<LimitedRun> {
            let letters = text.chars().map(|one| CharacterSet::between(one, one));
            letters.map(LimitedRun::one).collect()
        };
        let numbered = |start: &str| [text(start), vec![LimitedRun::any(digits)]].concat();
        let open = vec![LimitedRun::any(CharacterSet::ALL)];
        assert!(may_meet(&numbered("a"), &text("a12")) && may_meet(&text("a"), &numbered("a")));
        assert!(
            !may_meet(&numbered("a"), &text("a1b")) && !may_meet(&numbered("a"), &numbered("b"))
        );
        assert!(may_meet(&numbered("a"), &numbered("a1")) && may_meet(&open, &numbered("a")));
        let both = |one: &[LimitedRun], other: &[LimitedRun]| [one, other].concat();
        assert!(may_meet(&both(&open, &text("1")), &numbered("a")));
        assert!(!may_meet(&both(&open, &text("b")), &numbered("a")));
        assert!(!may_meet(&text("12"), &text("1")) && may_meet(&[], &numbered("")));
    }

    #[test]
    fn a_filling_ends_where_its_runs_end() {
        let digits = CharacterSet::between('0', '9');
        let limits = TextLimits::of(vec![
            LimitedRun::one(CharacterSet::of("a")),
            LimitedRun {
                set: digits,
                least: 1,
                most: Some(2),
            },
        ]);
        let text: Vec<char> = "a123".chars().collect();
        let starts = [true, false, false, false, false];
        assert_eq!(
            limits.ends(&text, &starts),
            [false, false, true, true, false]
        );
        assert_eq!((limits.shortest(), limits.longest()), (2, Some(3)));
    }
}
