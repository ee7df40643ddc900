//! Texts of which some places are not known, and how they are read place by place.
//! It does not know what the texts name.

use std::sync::Arc;

use crate::model::{NodeId, Reference, TextLimits};

/// One place of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextSymbol<'t> {
    /// A character that is certain.
    Char(char),
    /// What the stack fills in.
    Own(Own),
    /// Any characters, or none: the same ones wherever the same mark stands.
    Hole(&'t HoleId),
    /// A character that nobody can have written down.
    Fresh,
}

/// What a stack fills in without anybody naming it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Own {
    Account,
    Partition,
    Region,
}

/// Tells one hole from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HoleId {
    /// The value of a parameter or an attribute, by name, with what is certain of its characters.
    Named(Arc<str>, Option<Arc<TextLimits>>),
    /// A place of the attribute of a resource.
    Attribute(Arc<Reference>, usize),
    /// A place of a value that nothing else is known of.
    At(NodeId, usize),
    /// The name of what a policy is attached to.
    Guarded,
    /// The account of what has this ARN.
    AccountOf(Arc<PlacedText>),
}

impl HoleId {
    /// What is certain of the characters.
    pub(crate) fn limits(&self) -> Option<&TextLimits> {
        match self {
            Self::Named(_, limits) => limits.as_deref(),
            _ => None,
        }
    }
}

/// Bytes that stand for places without a character. None of them is ever part of UTF-8.
const FIRST_MARK: u8 = 0xf8;
const ACCOUNT: u8 = FIRST_MARK;
const PARTITION: u8 = 0xf9;
const REGION: u8 = 0xfa;
const FRESH: u8 = 0xfb;
const HOLE: u8 = 0xfc;

/// The places of a text: characters in UTF-8, anything else as one byte that is none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlacedText {
    bytes: Vec<u8>,
    /// What the marks of holes stand for, in their order.
    holes: Vec<HoleId>,
}

impl PlacedText {
    /// No places, with room for so many characters.
    pub(super) fn with_room(characters: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(characters),
            holes: Vec::new(),
        }
    }

    /// Adds characters that are certain.
    pub(super) fn push_str(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Adds what the stack fills in.
    pub(super) fn push_own(&mut self, own: Own) {
        self.bytes.push(match own {
            Own::Account => ACCOUNT,
            Own::Partition => PARTITION,
            Own::Region => REGION,
        });
    }

    /// Adds characters that nobody can have written down.
    pub(super) fn push_fresh(&mut self, count: usize) {
        self.bytes.resize(self.bytes.len() + count, FRESH);
    }

    /// Adds what is not known.
    pub(super) fn push_hole(&mut self, hole: HoleId) {
        self.bytes.push(HOLE);
        self.holes.push(hole);
    }

    /// Adds any place.
    pub(super) fn push(&mut self, symbol: TextSymbol<'_>) {
        match symbol {
            TextSymbol::Char(character) => {
                self.push_str(character.encode_utf8(&mut [0; 4]));
            }
            TextSymbol::Own(own) => self.push_own(own),
            TextSymbol::Hole(hole) => self.push_hole(hole.clone()),
            TextSymbol::Fresh => self.push_fresh(1),
        }
    }

    /// Adds the places of another text.
    pub(super) fn extend(&mut self, symbols: TextSymbols<'_>) {
        self.bytes.extend_from_slice(symbols.bytes);
        self.holes.extend_from_slice(symbols.holes);
    }

    /// The places.
    pub(super) fn symbols(&self) -> TextSymbols<'_> {
        TextSymbols {
            bytes: &self.bytes,
            holes: &self.holes,
        }
    }

    /// Changes the letters of ASCII that are certain to lower case.
    pub(super) fn make_lower(&mut self) {
        self.bytes.make_ascii_lowercase();
    }

    /// Puts a character that nobody can have written down in place of every wildcard.
    pub(super) fn fill_wildcards(&mut self) {
        for byte in &mut self.bytes {
            if matches!(byte, b'*' | b'?') {
                *byte = FRESH;
            }
        }
    }
}

/// A text or a part of one, as it is read. Cheap to copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TextSymbols<'t> {
    bytes: &'t [u8],
    holes: &'t [HoleId],
}

impl<'t> TextSymbols<'t> {
    /// The places of a text that is certain.
    pub(crate) fn of(text: &'t str) -> Self {
        Self {
            bytes: text.as_bytes(),
            holes: &[],
        }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.bytes.is_empty()
    }

    /// At least as many as there are places.
    pub(super) fn most(self) -> usize {
        self.bytes.len()
    }

    /// The places one by one.
    pub(crate) fn iter(self) -> SymbolIter<'t> {
        SymbolIter { rest: self }
    }

    /// Whether the places are exactly the characters of `text`.
    pub(crate) fn is(self, text: &str) -> bool {
        self.bytes == text.as_bytes()
    }

    /// The characters, where all of them are certain.
    pub(crate) fn known(self) -> Option<&'t str> {
        match self.is_known() {
            true => std::str::from_utf8(self.bytes).ok(),
            false => None,
        }
    }

    /// Whether every character is certain.
    pub(crate) fn is_known(self) -> bool {
        self.bytes.iter().all(|byte| *byte < FIRST_MARK)
    }

    /// Whether nobody but the stack fills in what is not known.
    pub(crate) fn is_whole(self) -> bool {
        self.holes.is_empty()
    }

    /// Whether every place is a character that is certain, or one that nobody can have written down.
    pub(super) fn is_certain(self) -> bool {
        let is_place = |byte: &u8| *byte < FIRST_MARK || *byte == FRESH;
        self.bytes.iter().all(is_place)
    }

    /// The characters in front that are certain.
    pub(crate) fn known_start(self) -> &'t str {
        let end = self.bytes.iter().position(|byte| *byte >= FIRST_MARK);
        let start = &self.bytes[..end.unwrap_or(self.bytes.len())];
        std::str::from_utf8(start).unwrap_or_default()
    }

    /// Whether some place is certainly a wildcard.
    pub(crate) fn is_pattern(self) -> bool {
        memchr::memchr2(b'*', b'?', self.bytes).is_some()
    }

    /// Whether the places at the end are exactly the characters of `text`.
    pub(crate) fn ends_with(self, text: &str) -> bool {
        self.bytes.ends_with(text.as_bytes())
    }

    /// The only place, where there is just one.
    pub(crate) fn only(self) -> Option<TextSymbol<'t>> {
        let (first, rest) = self.split_first()?;
        rest.is_empty().then_some(first)
    }

    /// The places behind `prefix`, if it stands in front.
    pub(crate) fn strip_prefix(self, prefix: &str) -> Option<Self> {
        let bytes = self.bytes.strip_prefix(prefix.as_bytes())?;
        Some(Self { bytes, ..self })
    }

    /// What stands before and behind the first place with this character of ASCII.
    pub(crate) fn split_once(self, character: u8) -> Option<(Self, Self)> {
        let at = memchr::memchr(character, self.bytes)?;
        Some(self.around(at))
    }

    /// What stands behind the last place with this character of ASCII, or everything.
    pub(crate) fn behind_last(self, character: u8) -> Self {
        match memchr::memrchr(character, self.bytes) {
            Some(at) => self.around(at).1,
            None => self,
        }
    }

    /// What stands before and behind a byte.
    fn around(self, at: usize) -> (Self, Self) {
        let (before, behind) = (&self.bytes[..at], &self.bytes[at + 1..]);
        let holes = match self.holes.is_empty() {
            true => 0,
            false => before.iter().filter(|byte| **byte == HOLE).count(),
        };
        let (first, last) = self.holes.split_at(holes);
        let part = |bytes, holes| Self { bytes, holes };
        (part(before, first), part(behind, last))
    }

    /// The fields of an ARN; see [`super::text::arn_fields`].
    pub(crate) fn arn_fields(self) -> Option<[Self; 6]> {
        let rest = self.strip_prefix("arn:")?;
        let (partition, rest) = rest.split_once(b':')?;
        let (service, rest) = rest.split_once(b':')?;
        let (region, rest) = rest.split_once(b':')?;
        let (account, resource) = rest.split_once(b':')?;
        let arn = Self::of("arn");
        Some([arn, partition, service, region, account, resource])
    }

    /// The first place and the rest.
    #[inline]
    pub(crate) fn split_first(self) -> Option<(TextSymbol<'t>, Self)> {
        let (first, bytes) = self.bytes.split_first()?;
        if first.is_ascii() {
            let symbol = TextSymbol::Char(char::from(*first));
            return Some((symbol, Self { bytes, ..self }));
        }
        Some(self.split_first_slowly(*first))
    }

    fn split_first_slowly(self, first: u8) -> (TextSymbol<'t>, Self) {
        let length = match first {
            FIRST_MARK.. => 1,
            0xf0.. => 4,
            0xe0.. => 3,
            _ => 2,
        };
        let (place, bytes) = self.bytes.split_at(length);
        match (first, self.holes.split_first()) {
            (HOLE, Some((hole, holes))) => (TextSymbol::Hole(hole), Self { bytes, holes }),
            _ => (symbol(place), Self { bytes, ..self }),
        }
    }

    /// The last place and what stands before it.
    pub(crate) fn split_last(self) -> Option<(TextSymbol<'t>, Self)> {
        let (last, bytes) = self.bytes.split_last()?;
        if last.is_ascii() {
            let symbol = TextSymbol::Char(char::from(*last));
            return Some((symbol, Self { bytes, ..self }));
        }
        if let (HOLE, Some((hole, holes))) = (*last, self.holes.split_last()) {
            return Some((TextSymbol::Hole(hole), Self { bytes, holes }));
        }
        let is_start = |byte: &u8| *byte >= FIRST_MARK || !(0x80..0xc0).contains(byte);
        let start = self.bytes.iter().rposition(is_start).unwrap_or_default();
        let (bytes, place) = self.bytes.split_at(start);
        Some((symbol(place), Self { bytes, ..self }))
    }
}

/// What the bytes of one place stand for, other than a hole.
fn symbol<'t>(place: &[u8]) -> TextSymbol<'t> {
    match place {
        [ACCOUNT] => TextSymbol::Own(Own::Account),
        [PARTITION] => TextSymbol::Own(Own::Partition),
        [REGION] => TextSymbol::Own(Own::Region),
        [FRESH] => TextSymbol::Fresh,
        place => {
            let text = std::str::from_utf8(place).unwrap_or_default();
            let character = text.chars().next();
            TextSymbol::Char(character.unwrap_or(char::REPLACEMENT_CHARACTER))
        }
    }
}

/// Goes through the places of a text.
#[derive(Clone, Debug)]
pub(crate) struct SymbolIter<'t> {
    rest: TextSymbols<'t>,
}

impl<'t> Iterator for SymbolIter<'t> {
    type Item = TextSymbol<'t>;

    #[inline]
    fn next(&mut self) -> Option<TextSymbol<'t>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }
}

#[cfg(test)]
mod tests;
