//! Whether two texts that are known in part are equal: certainly, certainly not, or perhaps.
//! It does not know what the texts name.

use std::collections::{BTreeMap, VecDeque};

use super::glob::overlap as may_overlap;
use super::limits::may_meet;
use super::{CharacterSet, LimitedRun, Piece, Shape, Truth};

/// Where two texts are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinship {
    /// In one stack, so that a hole of one name is one thing.
    Stack,
    /// In two stacks of one account and region, so that only what is the same in all of them is one thing.
    Place,
}

/// Names of holes that are the same in all stacks of an account and region: pseudo parameters, by
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html>.
const OF_PLACE: [&str; 4] = [
    "AWS::AccountId",
    "AWS::Partition",
    "AWS::Region",
    "AWS::URLSuffix",
];
/// The name of a stack, which no other stack of the account and region has.
const STACK_NAME: &str = "AWS::StackName";
/// How the names of holes begin that are exports: one name is exported once in an account and region
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html>).
pub const IMPORT: &str = "import:";
/// Ends the name of a hole that does not say all of what fills it.
pub const CUT: char = '…';
/// Digits of an account id.
const ACCOUNT: usize = 12;

/// Characters in reading order, or a hole.
type ComparedParts<'s> = VecDeque<ComparedPart<'s>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ComparedPart<'s> {
    Text(&'s str),
    Hole(&'s str),
}

impl Shape {
    /// Whether a hole of this name is always filled by one and the same text within a stack.
    #[must_use]
    pub fn is_one_thing(hole: &str) -> bool {
        !hole.is_empty() && !hole.starts_with("Fn::") && !hole.ends_with(CUT)
    }

    /// Whether the text can turn out to be this one, where it is of an account whose id has twelve digits.
    #[must_use]
    pub fn may_be(&self, text: &str) -> bool {
        if !self.admits(text) {
            return false;
        }
        let (before, after) = match self.0.as_slice() {
            [Piece::Hole(hole, _)] if is_account(hole) => ("", ""),
            [Piece::Text(before), Piece::Hole(hole, _)] if is_account(hole) => {
                (before.as_str(), "")
            }
            [Piece::Hole(hole, _), Piece::Text(after)] if is_account(hole) => ("", after.as_str()),
            [
                Piece::Text(before),
                Piece::Hole(hole, _),
                Piece::Text(after),
            ] if is_account(hole) => (before.as_str(), after.as_str()),
            _ => return true,
        };
        let filling = text
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after));
        filling.is_some_and(|it| it.len() == ACCOUNT && it.bytes().all(|it| it.is_ascii_digit()))
    }

    /// Whether both turn out to be one text.
    ///
    /// True and false hold whatever fills the holes; unknown may be either.
    #[must_use]
    pub fn equals(&self, other: &Self, kinship: Kinship) -> Truth<()> {
        let is_limited = self.is_limited() || other.is_limited();
        if differs_at_end(self, other) || is_limited && !may_meet(&runs(self), &runs(other)) {
            return Truth::False;
        }
        let (mut one, mut two) = (compared_parts(self), compared_parts(other));
        let is_same = |hole: &str| match kinship {
            Kinship::Stack => Self::is_one_thing(hole),
            Kinship::Place => is_of_place(hole),
        };
        strip(&mut one, &mut two, &is_same, TextEnd::Start);
        strip(&mut one, &mut two, &is_same, TextEnd::Finish);
        let (one, two) = (&*one.make_contiguous(), &*two.make_contiguous());
        match (one, two) {
            ([], []) => return Truth::True,
            ([ComparedPart::Hole(STACK_NAME)], [ComparedPart::Hole(STACK_NAME)]) => {
                return Truth::False;
            }
            _ => {}
        }
        let is_possible = may_overlap(&pattern(one), &pattern(two)) && counts(one, two, &is_same);
        match is_possible {
            true => Truth::Unknown(()),
            false => Truth::False,
        }
    }
}

/// What a text is made of.
fn runs(shape: &Shape) -> Vec<LimitedRun> {
    let mut runs = Vec::new();
    for piece in &shape.0 {
        match piece {
            Piece::Text(text) => {
                let letters = text.chars().map(|one| CharacterSet::between(one, one));
                runs.extend(letters.map(LimitedRun::one));
            }
            Piece::Hole(_, Some(limits)) => runs.extend(limits.runs()),
            Piece::Hole(_, None) => runs.push(LimitedRun::any(CharacterSet::ALL)),
        }
    }
    runs
}

fn is_account(hole: &str) -> bool {
    hole == OF_PLACE[0]
}

/// Whether a hole is the same in two stacks of one account and region. Names of other stacks stand before a `/`.
fn is_of_place(hole: &str) -> bool {
    Shape::is_one_thing(hole)
        && (OF_PLACE.contains(&hole)
            || hole.starts_with(IMPORT)
            || (hole.contains('/') && !hole.starts_with("resolve:")))
}

fn compared_parts(shape: &Shape) -> ComparedParts<'_> {
    let parts = shape.0.iter().map(|piece| match piece {
        Piece::Text(text) => ComparedPart::Text(text),
        Piece::Hole(name, _) => ComparedPart::Hole(name),
    });
    parts
        .filter(|part| *part != ComparedPart::Text(""))
        .collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TextEnd {
    Start,
    Finish,
}

/// Whether both begin or end with characters that differ. Most texts do, and need no closer look.
fn differs_at_end(one: &Shape, two: &Shape) -> bool {
    let first = match (one.0.first(), two.0.first()) {
        (Some(Piece::Text(a)), Some(Piece::Text(b))) => {
            !a.starts_with(b.as_str()) && !b.starts_with(a.as_str())
        }
        _ => false,
    };
    let last = match (one.0.last(), two.0.last()) {
        (Some(Piece::Text(a)), Some(Piece::Text(b))) => {
            !a.ends_with(b.as_str()) && !b.ends_with(a.as_str())
        }
        _ => false,
    };
    first || last
}

/// Takes off what both have at one end: what is left is equal if, and only if, the whole is.
fn strip<'s>(
    one: &mut ComparedParts<'s>,
    two: &mut ComparedParts<'s>,
    is_same: &impl Fn(&str) -> bool,
    end: TextEnd,
) {
    loop {
        let next = |parts: &ComparedParts<'s>| match end {
            TextEnd::Start => parts.front().copied(),
            TextEnd::Finish => parts.back().copied(),
        };
        match (next(one), next(two)) {
            (Some(ComparedPart::Hole(a)), Some(ComparedPart::Hole(b))) if a == b && is_same(a) => {
                take(one, end, None);
                take(two, end, None);
            }
            (Some(ComparedPart::Text(a)), Some(ComparedPart::Text(b))) => {
                let common = common(a, b, end);
                if common == 0 {
                    return;
                }
                let rest = |text: &'s str| match end {
                    TextEnd::Start => &text[common..],
                    TextEnd::Finish => &text[..text.len() - common],
                };
                take(one, end, Some(rest(a)));
                take(two, end, Some(rest(b)));
            }
            _ => return,
        }
    }
}

/// Takes a part off, or all of it but the rest.
fn take<'s>(parts: &mut ComparedParts<'s>, end: TextEnd, rest: Option<&'s str>) {
    let rest = rest.filter(|rest| !rest.is_empty()).map(ComparedPart::Text);
    match end {
        TextEnd::Start => {
            parts.pop_front();
            rest.into_iter().for_each(|rest| parts.push_front(rest));
        }
        TextEnd::Finish => {
            parts.pop_back();
            rest.into_iter().for_each(|rest| parts.push_back(rest));
        }
    }
}

/// Bytes that both have in common at one end, whole characters only.
fn common(one: &str, two: &str, end: TextEnd) -> usize {
    let same = |(a, b): &(char, char)| a == b;
    let length = |(letter, _): (char, char)| letter.len_utf8();
    match end {
        TextEnd::Start => one
            .chars()
            .zip(two.chars())
            .take_while(same)
            .map(length)
            .sum(),
        TextEnd::Finish => {
            let pairs = one.chars().rev().zip(two.chars().rev());
            pairs.take_while(same).map(length).sum()
        }
    }
}

fn pattern(parts: &[ComparedPart<'_>]) -> String {
    let parts = parts.iter().map(|part| match part {
        ComparedPart::Text(text) => *text,
        ComparedPart::Hole(_) => "*",
    });
    parts.collect()
}

/// Whether each letter can occur as often in one as in the other: what fills the holes that both have counts the
/// same on both sides, so that a side without other holes has to have every letter of the other.
fn counts(
    one: &[ComparedPart<'_>],
    two: &[ComparedPart<'_>],
    is_same: &impl Fn(&str) -> bool,
) -> bool {
    let mut holes: BTreeMap<&str, i64> = BTreeMap::new();
    let mut letters: BTreeMap<char, i64> = BTreeMap::new();
    let (mut more_in_one, mut more_in_two) = (false, false);
    for (parts, sign) in [(one, 1), (two, -1)] {
        for part in parts {
            match part {
                ComparedPart::Text(text) => {
                    for letter in text.chars() {
                        *letters.entry(letter).or_default() += sign;
                    }
                }
                ComparedPart::Hole(hole) if is_same(hole) => {
                    *holes.entry(hole).or_default() += sign
                }
                ComparedPart::Hole(_) if sign > 0 => more_in_one = true,
                ComparedPart::Hole(_) => more_in_two = true,
            }
        }
    }
    more_in_one |= holes.values().any(|count| *count > 0);
    more_in_two |= holes.values().any(|count| *count < 0);
    let is_short_of = |sign: i64| letters.values().any(|count| count * sign < 0);
    (more_in_one || !is_short_of(1)) && (more_in_two || !is_short_of(-1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Kinship;
    use crate::model::{Piece, Shape, Truth};

    /// `$A` is a hole.
    fn shape(text: &str) -> Shape {
        let mut pieces = Vec::new();
        for (index, part) in text.split('$').enumerate() {
            let (hole, rest) = match index {
                0 => ("", part),
                _ => part.split_at(1),
            };
            if !hole.is_empty() {
                pieces.push(Piece::hole(hole));
            }
            if !rest.is_empty() {
                pieces.push(Piece::Text(rest.to_owned()));
            }
        }
        Shape(pieces)
    }

    fn like(one: &str, other: &str) -> Truth<()> {
        shape(one).equals(&shape(other), Kinship::Stack)
    }

    #[test]
    fn one_unknown_part_with_different_literals_is_never_equal() {
        for (one, other) in [
            ("$P/api", "$P/web"),
            ("api-$P", "web-$P"),
            ("a-$P-b", "a-$P-c"),
            ("$P", "$P-x"),
            ("$P-a-$Q", "$P-b-$Q"),
            ("$P-ab", "ab-$P-c"),
            ("$P-a-$P", "$P-b-$P"),
            ("$P-a", "b-$P"),
            ("$P$Q-a", "$Q$P-b"),
            ("$P-x", "$P-x-$Q-y"),
        ] {
            assert_eq!(like(one, other), Truth::False, "{one} {other}");
            assert_eq!(like(other, one), Truth::False, "{other} {one}");
        }
    }

    #[test]
    fn what_may_be_equal_stays_open() {
        for (one, other) in [
            ("$P/api", "$Q/api"),
            ("$P-a", "$Q"),
            ("a$P", "$Pa"),
            ("$P-$Q", "$Q-$P"),
            ("$P-$Q", "$P-x"),
        ] {
            assert_eq!(like(one, other), Truth::Unknown(()), "{one} {other}");
        }
        assert_eq!(like("$P/api", "$P/api"), Truth::True);
        assert_eq!(like("x-$P-$Q", "x-$P-$Q"), Truth::True);
    }

    #[test]
    fn another_stack_has_its_own_values() {
        let of_place = |one: &str, other: &str| {
            let hole = |name: &str| Piece::hole(name);
            let shape = |name: &str, text: &str| Shape(vec![hole(name), Piece::Text(text.into())]);
            shape(one, "-a").equals(&shape(other, "-a"), Kinship::Place)
        };
        assert_eq!(of_place("P", "P"), Truth::Unknown(()));
        assert_eq!(of_place("AWS::AccountId", "AWS::AccountId"), Truth::True);
        assert_eq!(of_place("import:Team", "import:Team"), Truth::True);
        assert_eq!(of_place("AWS::StackName", "AWS::StackName"), Truth::False);
    }

    #[test]
    fn an_account_has_twelve_digits() {
        let account = Piece::hole("AWS::AccountId".to_owned());
        let shape = Shape(vec![Piece::Text("app-".to_owned()), account]);
        assert!(shape.may_be("app-111111111111"));
        assert!(!shape.may_be("app-prod") && !shape.may_be("web-111111111111"));
    }

    proptest! {
        #[test]
        fn an_answer_holds_for_every_filling(
            one in "[abPQ]{0,5}", other in "[abPQ]{0,5}", p in "[ab]{0,3}", q in "[ab]{0,3}",
        ) {
            let holes = |text: &str| text.replace('P', "$P").replace('Q', "$Q");
            let fill = |text: &str| text.replace('P', &p).replace('Q', &q);
            match like(&holes(&one), &holes(&other)) {
                Truth::False => prop_assert_ne!(fill(&one), fill(&other)),
                Truth::True => prop_assert_eq!(fill(&one), fill(&other)),
                Truth::Unknown(()) => {}
            }
        }
    }
}
