//! The wildcards of IAM: `*` stands for any characters or none, `?` for one character.
//! It does not know what the texts name.

use std::sync::LazyLock;

use super::words::TextSymbol;
use crate::model::CharacterSet;

/// Whether `text` as a whole fits `pattern`, letter case included. Linear in the product of both
/// lengths at worst, without recursion.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    matches_by(pattern.chars(), text.chars(), |wanted, found| {
        match (wanted, found) {
            ('*', _) => WildcardStep::Star,
            ('?', _) => WildcardStep::Fits,
            (wanted, Some(found)) if wanted == found => WildcardStep::Fits,
            _ => WildcardStep::Differs,
        }
    })
}

/// The same for texts that are not wholly known: what is not known is only the same as itself.
pub(crate) fn matches_symbols(pattern: &[TextSymbol], text: &[TextSymbol]) -> bool {
    matches_by(pattern.iter(), text.iter(), |wanted, found| {
        match (wanted, found) {
            (TextSymbol::Char('*'), _) => WildcardStep::Star,
            (TextSymbol::Char('?'), Some(TextSymbol::Char(_) | TextSymbol::Fresh)) => {
                WildcardStep::Fits
            }
            (wanted, Some(found)) if wanted == found => WildcardStep::Fits,
            _ => WildcardStep::Differs,
        }
    })
}

/// What a place of a pattern is to a place of a text.
pub(crate) enum WildcardStep {
    /// It takes any number of places.
    Star,
    /// It takes this one.
    Fits,
    /// It takes none.
    Differs,
}

/// Whether a text as a whole fits a pattern, where `step` says what a place of the pattern takes: that of the text, or
/// nothing behind its end.
pub(crate) fn matches_by<P, T>(
    mut pattern_rest: P,
    mut text_rest: T,
    step: impl Fn(P::Item, Option<T::Item>) -> WildcardStep,
) -> bool
where
    P: Iterator + Clone,
    T: Iterator + Clone,
{
    // Where to go on after the latest `*` when what follows it does not fit.
    let mut retry: Option<(P, T)> = None;
    loop {
        let mut next_pattern = pattern_rest.clone();
        let mut next_text = text_rest.clone();
        let found = next_text.next();
        let at_end = found.is_none();
        match next_pattern.next().map(|wanted| step(wanted, found)) {
            Some(WildcardStep::Star) => {
                retry = Some((next_pattern.clone(), text_rest.clone()));
                pattern_rest = next_pattern;
                continue;
            }
            None if at_end => return true,
            Some(WildcardStep::Fits) if !at_end => {
                pattern_rest = next_pattern;
                text_rest = next_text;
                continue;
            }
            _ => {}
        }
        let Some((after_star, mut skipped)) = retry.take() else {
            return false;
        };
        if skipped.next().is_none() {
            return false;
        }
        pattern_rest = after_star.clone();
        text_rest = skipped.clone();
        retry = Some((after_star, skipped));
    }
}

/// What may stand in one place of a text.
#[derive(Clone, Copy)]
enum Room<'s> {
    /// Exactly this.
    One(&'s TextSymbol),
    /// Any one character.
    Any,
    /// One of these characters.
    OneOf(CharacterSet),
    /// Any number of the characters that accounts, partitions and regions are made of.
    Name,
    /// Any number of these characters.
    ManyOf(CharacterSet),
    /// Any number of characters.
    Many,
}

/// Characters that accounts, partitions and regions are made of.
static NAME: LazyLock<CharacterSet> = LazyLock::new(|| {
    let letters = CharacterSet::between('a', 'z').or(CharacterSet::between('A', 'Z'));
    letters
        .or(CharacterSet::between('0', '9'))
        .or(CharacterSet::of("-"))
});

impl Room<'_> {
    /// Whether a character of the place may be one of these.
    fn meets(&self, set: CharacterSet) -> bool {
        match self {
            Self::One(TextSymbol::Char(one)) => set.has(*one),
            // Of what it is made, nobody tells.
            Self::One(_) => true,
            Self::OneOf(other) | Self::ManyOf(other) => set.meets(*other),
            Self::Name => set.meets(*NAME),
            Self::Any | Self::Many => true,
        }
    }

    /// Whether the place may be part of the name of an account, a partition or a region, which is written down.
    fn is_in_name(&self) -> bool {
        match self {
            Self::One(symbol) => matches!(symbol, TextSymbol::Char(one) if NAME.has(*one)),
            other => other.meets(*NAME),
        }
    }
}

/// Places compared at most: beyond them the answer is that the texts may meet.
const MOST: usize = 4_000_000;

/// Whether some text fits both, whatever stands where they are not known. `*` and `?` are wildcards only in
/// `pattern`.
pub(crate) fn may_meet(pattern: &[TextSymbol], text: &[TextSymbol]) -> bool {
    overlap(&rooms(pattern, true), &rooms(text, false))
}

/// Whether some text fits both patterns, whatever stands where they are not known.
pub(crate) fn may_overlap(one: &[TextSymbol], other: &[TextSymbol]) -> bool {
    overlap(&rooms(one, true), &rooms(other, true))
}

/// Whether both may turn out to be one text, without any wildcards.
pub(crate) fn may_be(one: &[TextSymbol], other: &[TextSymbol]) -> bool {
    overlap(&rooms(one, false), &rooms(other, false))
}

/// Places that one run is written as at most, besides one for the rest.
const MOST_OF_RUN: usize = 64;

fn rooms(symbols: &[TextSymbol], is_wild: bool) -> Vec<Room<'_>> {
    let mut rooms = Vec::with_capacity(symbols.len());
    for symbol in symbols {
        let limits = match symbol {
            TextSymbol::Hole(hole) => hole.limits(),
            _ => None,
        };
        let Some(limits) = limits else {
            rooms.push(room(symbol, is_wild));
            continue;
        };
        // A wildcard may fill it, too.
        let is_open = is_wild && limits.may_hold(CharacterSet::of("*?"));
        if is_open {
            rooms.push(Room::Many);
            continue;
        }
        for run in limits.runs() {
            let least = run.least.min(MOST_OF_RUN);
            rooms.extend(std::iter::repeat_n(Room::OneOf(run.set), least));
            rooms.extend((run.most != Some(least)).then_some(Room::ManyOf(run.set)));
        }
    }
    rooms
}

fn room(symbol: &TextSymbol, is_wild: bool) -> Room<'_> {
    match symbol {
        TextSymbol::Char('*') if is_wild => Room::Many,
        TextSymbol::Char('?') if is_wild => Room::Any,
        TextSymbol::Own(_) => Room::Name,
        TextSymbol::Hole(_) => Room::Many,
        symbol => Room::One(symbol),
    }
}

fn overlap(left: &[Room<'_>], right: &[Room<'_>]) -> bool {
    let Some((left, right)) = undecided(left, right) else {
        return false;
    };
    if left.len().saturating_mul(right.len()) > MOST {
        return true;
    }
    // reach[j]: what was read of `left` and the first j places of `right` have a common text.
    let mut reach = vec![false; right.len() + 1];
    reach[0] = true;
    skip(&mut reach, right);
    for room in left {
        reach = match room {
            Room::Many => {
                let first = reach.iter().position(|reached| *reached);
                let first = first.unwrap_or(usize::MAX);
                (0..=right.len()).map(|at| at >= first).collect()
            }
            Room::Name => any_places(reach, right, |other| other.is_in_name()),
            Room::ManyOf(set) => any_places(reach, right, |other| other.meets(*set)),
            Room::One(_) | Room::Any | Room::OneOf(_) => one_place(room, right, &reach),
        };
        skip(&mut reach, right);
    }
    reach[right.len()]
}

/// What is left of both without the characters that they begin and end with; `None` where these differ.
fn undecided<'r, 's>(
    mut left: &'r [Room<'s>],
    mut right: &'r [Room<'s>],
) -> Option<(&'r [Room<'s>], &'r [Room<'s>])> {
    while let ([Room::One(one), rest @ ..], [Room::One(other), others @ ..]) = (left, right) {
        if one != other {
            return None;
        }
        (left, right) = (rest, others);
    }
    while let ([rest @ .., Room::One(one)], [others @ .., Room::One(other)]) = (left, right) {
        if one != other {
            return None;
        }
        (left, right) = (rest, others);
    }
    Some((left, right))
}

/// What is reached with any number of places that are such ones.
fn any_places(
    mut reach: Vec<bool>,
    right: &[Room<'_>],
    is_one: impl Fn(&Room<'_>) -> bool,
) -> Vec<bool> {
    for (at, other) in right.iter().enumerate() {
        reach[at + 1] |= reach[at] && is_one(other);
    }
    reach
}

/// What is reached with one place more, that is one character.
fn one_place(room: &Room<'_>, right: &[Room<'_>], reach: &[bool]) -> Vec<bool> {
    let mut next = vec![false; reach.len()];
    for (at, other) in right.iter().enumerate().filter(|(at, _)| reach[*at]) {
        match (room, other) {
            (_, Room::Many) => next[at] = true,
            (_, Room::Name) => next[at] |= room.is_in_name(),
            (_, Room::ManyOf(set)) => next[at] |= room.meets(*set),
            (Room::One(one), Room::One(other)) => next[at + 1] |= one == other,
            (room, Room::OneOf(set)) | (Room::OneOf(set), room) => {
                next[at + 1] |= room.meets(*set);
            }
            _ => next[at + 1] = true,
        }
    }
    next
}

/// What takes any number of places may take none.
fn skip(reach: &mut [bool], rooms: &[Room<'_>]) {
    for (at, room) in rooms.iter().enumerate() {
        if reach[at] && matches!(room, Room::Many | Room::ManyOf(_) | Room::Name) {
            reach[at + 1] = true;
        }
    }
}

/// The characters that are wildcards.
pub(crate) const WILDCARDS: [char; 2] = ['*', '?'];

/// Whether `text` holds a wildcard.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(WILDCARDS)
}

/// Whether `text` is made of wildcards alone.
pub(crate) fn is_anything(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| matches!(character, '*' | '?'))
}

#[cfg(test)]
mod tests {
    use super::super::Owner;
    use super::super::words::{HoleId, Own, Words};
    use super::{matches, matches_symbols, may_meet};

    #[test]
    fn a_star_stands_for_any_characters_or_none() {
        assert!(matches("*", ""));
        assert!(matches("a*c*e", "abcde"));
        assert!(matches("a*b", "aXbXb"));
        assert!(!matches("a*b", "aXbXc"));
        assert!(matches("**a", "ba"));
    }

    #[test]
    fn a_question_mark_stands_for_one_character() {
        assert!(matches("a?", "aé"));
        assert!(!matches("a?", "a"));
        assert!(!matches("?", ""));
    }

    #[test]
    fn what_is_not_known_is_the_same_as_itself_and_may_be_anything() {
        let hole = |before: &str, after: &str| {
            let start = Words::from(before).then_hole(HoleId::Named("x".into(), None));
            start.then(after)
        };
        let fits = |one: &Words, other: &Words| matches_symbols(one.symbols(), other.symbols());
        let meets = |one: &Words, other: &Words| may_meet(one.symbols(), other.symbols());
        assert!(fits(&hole("a", "*"), &hole("a", "bc")));
        assert!(fits(&"a*".into(), &hole("a", "bc")));
        assert!(!fits(&"a?bc".into(), &hole("a", "bc")));
        assert!(meets(&"a?bc".into(), &hole("a", "bc")));
        assert!(meets(&hole("a", "c"), &"abbc".into()));
        assert!(!meets(&hole("a", "c"), &"abbd".into()));
        assert!(!meets(&"b".into(), &"*".into()));
        assert!(meets(&"a*b".into(), &"ab".into()));
    }

    #[test]
    fn what_the_stack_fills_in_is_a_name_and_not_the_rest_of_an_arn() {
        let owner = Owner::default();
        let own = |behind: &str| {
            let start = Words::from("arn:").then_own(Own::Partition, &owner);
            let start = start.then(":ecr:").then_own(Own::Region, &owner).then(":");
            start.then_own(Own::Account, &owner).then(behind)
        };
        let meets = |one: &Words, other: &Words| may_meet(one.symbols(), other.symbols());
        let target = own(":repository/team/api");
        for pattern in [
            own(":repository/team/*"),
            own(":repository/*"),
            "arn:aws-cn:ecr:cn-north-1:111111111111:repository/team/api".into(),
            "arn:aws:ecr:*:??????????11:repository/*".into(),
        ] {
            assert!(meets(&pattern, &target), "{pattern}");
        }
        for pattern in [
            own(":repository/mirror/*"),
            own(":key/*"),
            "arn:aws:ecr:eu-west-1:111111111111:repository/team/worker".into(),
            "arn:aws:s3:eu-west-1:111111111111:repository/team/api".into(),
            "arn:aws:ecr:eu-west-1:a/b:repository/team/api".into(),
        ] {
            assert!(!meets(&pattern, &target), "{pattern}");
        }
    }
}
