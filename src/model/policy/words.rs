//! Texts of which some places are not known: what the stack itself fills in, and what somebody else does.
//! It does not know what the texts name.

use std::fmt::{self, Write};
use std::sync::Arc;

use super::Owner;
use super::symbols::{HoleId, Own, PlacedText, TextSymbol, TextSymbols};
use crate::model::{CharacterSet, LimitedRun, NodeId};

/// A text, place by place. All callers that a policy is tried on share the texts that tell them apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words(Arc<PlacedText>);

impl Own {
    /// What is filled in, where that is known.
    fn known<'o>(self, owner: &Owner<'o>) -> Option<&'o str> {
        match self {
            Self::Account => owner.account,
            Self::Partition => owner.partition,
            Self::Region => owner.region,
        }
    }

    /// The pseudo parameter of CloudFormation with this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "AWS::AccountId" => Some(Self::Account),
            "AWS::Partition" => Some(Self::Partition),
            "AWS::Region" => Some(Self::Region),
            _ => None,
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Account => "111122223333",
            Self::Partition => "aws",
            Self::Region => "us-east-1",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Account => "AWS::AccountId",
            Self::Partition => "AWS::Partition",
            Self::Region => "AWS::Region",
        }
    }
}

impl Words {
    /// A value of which nothing is known.
    pub(crate) fn of(node: NodeId) -> Self {
        Self::default().then_hole(HoleId::At(node, 0))
    }

    /// No text yet, with room for so many characters.
    pub(crate) fn with_room(characters: usize) -> Self {
        Self(Arc::new(PlacedText::with_room(characters)))
    }

    /// The text with `text` at its end.
    pub(crate) fn then(mut self, text: &str) -> Self {
        Arc::make_mut(&mut self.0).push_str(text);
        self
    }

    /// The text with what the stack fills in at its end, as far as that is known.
    pub(crate) fn then_own(mut self, own: Own, owner: &Owner<'_>) -> Self {
        let text = Arc::make_mut(&mut self.0);
        match own.known(owner) {
            Some(known) => text.push_str(known),
            None => text.push_own(own),
        }
        self
    }

    /// The text with some characters at its end that nobody can have written down.
    pub(crate) fn then_fresh(mut self, count: usize) -> Self {
        Arc::make_mut(&mut self.0).push_fresh(count);
        self
    }

    pub(crate) fn then_hole(mut self, mark: HoleId) -> Self {
        Arc::make_mut(&mut self.0).push_hole(mark);
        self
    }

    /// The text with other places at its end.
    pub(crate) fn then_all(mut self, symbols: TextSymbols<'_>) -> Self {
        Arc::make_mut(&mut self.0).extend(symbols);
        self
    }

    /// The text with a character that nobody can have written down in place of every wildcard.
    pub(crate) fn example(&self) -> Self {
        let mut text = self.clone();
        if self.symbols().is_pattern() {
            Arc::make_mut(&mut text.0).fill_wildcards();
        }
        text
    }

    pub(crate) fn symbols(&self) -> TextSymbols<'_> {
        self.0.symbols()
    }

    /// The places, to be shared.
    pub(super) fn placed(&self) -> Arc<PlacedText> {
        self.0.clone()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.symbols().is_empty()
    }

    /// Whether the places are exactly the characters of `text`.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.symbols().is(text)
    }

    /// The characters, where all of them are certain.
    pub(crate) fn known(&self) -> Option<&str> {
        self.symbols().known()
    }

    /// Whether every character is certain.
    pub(crate) fn is_known(&self) -> bool {
        self.symbols().is_known()
    }

    /// The text in lower case.
    pub(crate) fn lower(&self) -> Self {
        let mut text = self.clone();
        Arc::make_mut(&mut text.0).make_lower();
        text
    }

    /// The text with `*` where it is not known, and an example of what the stack may fill in, or of what can be no
    /// wildcard whatever it turns out to be.
    pub(crate) fn sample(&self) -> String {
        let mut sample = String::with_capacity(self.symbols().most());
        for symbol in self.symbols().iter() {
            match symbol {
                TextSymbol::Char(character) => sample.push(character),
                TextSymbol::Own(own) => sample.push_str(own.example()),
                TextSymbol::Hole(hole) => match hole.limits() {
                    Some(limits) => sample.extend(limits.runs().iter().flat_map(example)),
                    None => sample.push('*'),
                },
                TextSymbol::Fresh => sample.push('*'),
            }
        }
        sample
    }

    /// Whether nobody but the stack fills in what is not known.
    pub(crate) fn is_whole(&self) -> bool {
        self.symbols().is_whole()
    }

    /// The text with `*` where it is not known.
    pub(crate) fn open(&self) -> String {
        let mut open = String::with_capacity(self.symbols().most());
        open.extend(self.symbols().iter().map(|symbol| match symbol {
            TextSymbol::Char(character) => character,
            _ => '*',
        }));
        open
    }

    /// The fields of an ARN; see [`super::text::arn_fields`].
    pub(crate) fn arn_fields(&self) -> Option<[TextSymbols<'_>; 6]> {
        self.symbols().arn_fields()
    }
}

/// Characters of an example that are written for one run at most.
const LONGEST_EXAMPLE: usize = 64;

/// An example of a run: the least of its characters, and `*` where it may hold a wildcard or a variable of a policy,
/// or be empty.
fn example(run: &LimitedRun) -> Vec<char> {
    let open = CharacterSet::of("*?$");
    let first = run.set.ascii().and_then(|mut bytes| bytes.next());
    match first {
        Some(first) if run.least > 0 && !run.set.meets(open) => {
            vec![char::from(first); run.least.min(LONGEST_EXAMPLE)]
        }
        _ => vec!['*'],
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        let mut placed = PlacedText::with_room(text.len());
        placed.push_str(text);
        Self(Arc::new(placed))
    }
}

impl From<TextSymbols<'_>> for Words {
    fn from(symbols: TextSymbols<'_>) -> Self {
        let mut placed = PlacedText::with_room(symbols.most());
        placed.extend(symbols);
        Self(Arc::new(placed))
    }
}

impl<'t> FromIterator<TextSymbol<'t>> for Words {
    fn from_iter<I: IntoIterator<Item = TextSymbol<'t>>>(symbols: I) -> Self {
        let mut placed = PlacedText::default();
        symbols.into_iter().for_each(|symbol| placed.push(symbol));
        Self(Arc::new(placed))
    }
}

/// Writes what is not known the way templates spell it.
impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(known) = self.known() {
            return f.write_str(known);
        }
        for symbol in self.symbols().iter() {
            match symbol {
                TextSymbol::Char(character) => f.write_char(character)?,
                TextSymbol::Own(own) => write!(f, "${{{}}}", own.name())?,
                TextSymbol::Hole(HoleId::Named(name, _)) => write!(f, "${{{name}}}")?,
                TextSymbol::Hole(_) | TextSymbol::Fresh => f.write_str("*")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::symbols::{HoleId, Own};
    use super::Words;
    use crate::model::policy::Owner;

    #[test]
    fn what_looks_like_a_placeholder_is_a_text() {
        let owner = Owner::default();
        let own = Words::default().then_own(Own::Account, &owner);
        assert_eq!(own.to_string(), "${AWS::AccountId}");
        assert!(own != Words::from("${AWS::AccountId}"));
        assert!(own != Words::from("{account}"));
        assert_eq!(own.known(), None);
    }

    #[test]
    fn the_same_hole_is_the_same_text() {
        let hole = |name: &str| Words::from("a-").then_hole(HoleId::Named(name.into(), None));
        assert_eq!(hole("x"), hole("x"));
        assert!(hole("x") != hole("y"));
        assert_eq!(hole("x").open(), "a-*");
    }

    #[test]
    fn an_arn_has_six_fields_of_which_the_last_may_hold_colons() {
        let arn = Words::from("arn:aws:lambda:eu-west-1:1:function:f");
        let fields = arn.arn_fields().map(|fields| Words::from(fields[5]));
        assert_eq!(fields, Some(Words::from("function:f")));
        assert_eq!(Words::from("arn:aws:iam").arn_fields(), None);
        assert_eq!(Words::from("x:a:b:c:d:e").arn_fields(), None);
    }
}
