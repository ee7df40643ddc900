//! Whether texts that are not wholly known may turn out to be one.
//! It does not know what the texts name.

use std::sync::LazyLock;

use super::symbols::{TextSymbol, TextSymbols};
use super::wildcard;
use crate::model::CharacterSet;
use crate::model::common_text::{TextPlace, have_common_text};
use crate::model::limits::LimitedPlace;

/// What may stand in one place of a text.
#[derive(Clone, Copy)]
enum Room<'s> {
    /// Exactly this.
    One(TextSymbol<'s>),
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

impl TextPlace for Room<'_> {
    fn repeats(&self) -> bool {
        matches!(self, Self::Name | Self::ManyOf(_) | Self::Many)
    }

    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any | Self::Many, _) | (_, Self::Any | Self::Many) => true,
            (Self::One(own), Self::One(its)) => own == its,
            (Self::Name, room) | (room, Self::Name) => room.is_in_name(),
            (Self::OneOf(set) | Self::ManyOf(set), room)
            | (room, Self::OneOf(set) | Self::ManyOf(set)) => room.may_be(*set),
        }
    }
}

impl Room<'_> {
    /// Whether a character of the place may be one of these.
    fn may_be(&self, set: CharacterSet) -> bool {
        match self {
            Self::One(TextSymbol::Char(one)) => set.has(*one),
            // What it consists of is not known.
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
            other => other.may_be(*NAME),
        }
    }
}

/// Whether some text fits both, whatever stands where they are not known. `*` and `?` are wildcards only in
/// `pattern`.
pub(crate) fn may_meet(pattern: TextSymbols<'_>, text: TextSymbols<'_>) -> bool {
    if pattern.is_certain() && text.is_certain() {
        return wildcard::matches_symbols(pattern, text);
    }
    overlap(ComparedText::pattern(pattern), ComparedText::text(text))
}

/// Whether some text fits both patterns, whatever stands where they are not known.
pub(crate) fn may_overlap(one: TextSymbols<'_>, other: TextSymbols<'_>) -> bool {
    overlap(ComparedText::pattern(one), ComparedText::pattern(other))
}

/// Whether both may turn out to be one text, without any wildcards.
pub(crate) fn may_be(one: TextSymbols<'_>, other: TextSymbols<'_>) -> bool {
    if one.is_certain() && other.is_certain() {
        return one == other;
    }
    overlap(ComparedText::text(one), ComparedText::text(other))
}

fn rooms(text: ComparedText<'_>) -> Vec<Room<'_>> {
    let ComparedText { symbols, is_wild } = text;
    let mut rooms = Vec::with_capacity(symbols.most());
    for symbol in symbols.iter() {
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
        let places = limits.runs().iter().flat_map(|run| run.places());
        rooms.extend(places.map(|place| match place {
            LimitedPlace::One(set) => Room::OneOf(set),
            LimitedPlace::Many(set) => Room::ManyOf(set),
        }));
    }
    rooms
}

fn room(symbol: TextSymbol<'_>, is_wild: bool) -> Room<'_> {
    match symbol {
        TextSymbol::Char('*') if is_wild => Room::Many,
        TextSymbol::Char('?') if is_wild => Room::Any,
        TextSymbol::Own(_) => Room::Name,
        TextSymbol::Hole(_) => Room::Many,
        symbol => Room::One(symbol),
    }
}

/// A text that is compared with another.
#[derive(Clone, Copy)]
struct ComparedText<'s> {
    symbols: TextSymbols<'s>,
    /// Whether `*` and `?` are wildcards in it.
    is_wild: bool,
}

impl<'s> ComparedText<'s> {
    fn pattern(symbols: TextSymbols<'s>) -> Self {
        Self {
            symbols,
            is_wild: true,
        }
    }

    fn text(symbols: TextSymbols<'s>) -> Self {
        Self {
            symbols,
            is_wild: false,
        }
    }

    /// What is left when it begins with only this symbol in its first place.
    fn without_first(self) -> Option<(TextSymbol<'s>, Self)> {
        let (first, symbols) = self.symbols.split_first()?;
        let rest = Self { symbols, ..self };
        self.is_certain(first).then_some((first, rest))
    }

    /// The same for its last place.
    fn without_last(self) -> Option<(TextSymbol<'s>, Self)> {
        let (last, symbols) = self.symbols.split_last()?;
        let rest = Self { symbols, ..self };
        self.is_certain(last).then_some((last, rest))
    }

    /// Whether nothing but the symbol itself can stand in its place.
    fn is_certain(self, symbol: TextSymbol<'_>) -> bool {
        match symbol {
            TextSymbol::Char('*' | '?') => !self.is_wild,
            TextSymbol::Char(_) | TextSymbol::Fresh => true,
            TextSymbol::Own(_) | TextSymbol::Hole(_) => false,
        }
    }
}

fn overlap(left: ComparedText<'_>, right: ComparedText<'_>) -> bool {
    let Some((left, right)) = undecided(left, right) else {
        return false;
    };
    have_common_text(&rooms(left), &rooms(right))
}

/// What is left of both without the characters that they begin and end with; `None` where these differ, as those of most
/// texts do.
fn undecided<'s>(
    mut left: ComparedText<'s>,
    mut right: ComparedText<'s>,
) -> Option<(ComparedText<'s>, ComparedText<'s>)> {
    while let (Some((one, rest)), Some((other, others))) =
        (left.without_first(), right.without_first())
    {
        if one != other {
            return None;
        }
        (left, right) = (rest, others);
    }
    while let (Some((one, rest)), Some((other, others))) =
        (left.without_last(), right.without_last())
    {
        if one != other {
            return None;
        }
        (left, right) = (rest, others);
    }
    Some((left, right))
}

#[cfg(test)]
mod tests {
    use super::super::Owner;
    use super::super::symbols::{HoleId, Own};
    use super::super::wildcard::matches_symbols;
    use super::super::words::Words;
    use super::may_meet;

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
