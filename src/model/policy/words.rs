//! Texts of which some places are not known: what the stack itself fills in, and what somebody else does.
//! It does not know what the texts name.

use std::fmt::{self, Write};
use std::sync::Arc;

use super::Owner;
use crate::model::{CharacterSet, LimitedRun, NodeId, Reference, TextLimits};

/// One place of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TextSymbol {
    /// A character that is certain.
    Char(char),
    /// What the stack fills in.
    Own(Own),
    /// Any characters, or none: the same ones wherever the same mark stands.
    Hole(HoleId),
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
    AccountOf(Arc<Words>),
}

/// A text, place by place. All callers that a policy is tried on share the texts that tell them apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words(Arc<Vec<TextSymbol>>);

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
        Self(Arc::new(vec![TextSymbol::Hole(HoleId::At(node, 0))]))
    }

    /// The text with `text` at its end.
    pub(crate) fn then(mut self, text: &str) -> Self {
        let symbols = Arc::make_mut(&mut self.0);
        symbols.reserve(text.len());
        symbols.extend(text.chars().map(TextSymbol::Char));
        self
    }

    /// The text with what the stack fills in at its end, as far as that is known.
    pub(crate) fn then_own(self, own: Own, owner: &Owner<'_>) -> Self {
        match own.known(owner) {
            Some(known) => self.then(known),
            None => self.then_all(&[TextSymbol::Own(own)]),
        }
    }

    /// The text with some characters at its end that nobody can have written down.
    pub(crate) fn then_fresh(self, count: usize) -> Self {
        self.then_all(&vec![TextSymbol::Fresh; count])
    }

    pub(crate) fn then_hole(self, mark: HoleId) -> Self {
        self.then_all(&[TextSymbol::Hole(mark)])
    }

    /// The text with other places at its end.
    pub(crate) fn then_all(mut self, symbols: &[TextSymbol]) -> Self {
        Arc::make_mut(&mut self.0).extend_from_slice(symbols);
        self
    }

    /// The text with a character that nobody can have written down in place of every wildcard.
    pub(crate) fn example(&self) -> Self {
        let filled = self.0.iter().map(|symbol| match symbol {
            TextSymbol::Char('*' | '?') => TextSymbol::Fresh,
            symbol => symbol.clone(),
        });
        Self(Arc::new(filled.collect()))
    }

    pub(crate) fn symbols(&self) -> &[TextSymbol] {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the places are exactly the characters of `text`.
    pub(crate) fn is(&self, text: &str) -> bool {
        is(&self.0, text)
    }

    /// The characters, where all of them are certain.
    pub(crate) fn known(&self) -> Option<String> {
        known(&self.0)
    }

    /// Whether every character is certain.
    pub(crate) fn is_known(&self) -> bool {
        let is_certain = |symbol: &TextSymbol| matches!(symbol, TextSymbol::Char(_));
        self.0.iter().all(is_certain)
    }

    /// The text in lower case.
    pub(crate) fn lower(&self) -> Self {
        let lower = self.0.iter().map(|symbol| match symbol {
            TextSymbol::Char(character) => TextSymbol::Char(character.to_ascii_lowercase()),
            symbol => symbol.clone(),
        });
        Self(Arc::new(lower.collect()))
    }

    /// The text with `*` where it is not known, and an example of what the stack may fill in, or of what can be no
    /// wildcard whatever it turns out to be.
    pub(crate) fn sample(&self) -> String {
        let mut sample = String::with_capacity(self.0.len());
        for symbol in self.symbols() {
            match symbol {
                TextSymbol::Char(character) => sample.push(*character),
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
        let is_hole = |symbol: &TextSymbol| matches!(symbol, TextSymbol::Hole(_));
        !self.0.iter().any(is_hole)
    }

    /// The text with `*` where it is not known.
    pub(crate) fn open(&self) -> String {
        let open = self.0.iter().map(|symbol| match symbol {
            TextSymbol::Char(character) => *character,
            _ => '*',
        });
        open.collect()
    }

    /// The fields of an ARN; see [`super::text::arn_fields`].
    pub(crate) fn arn_fields(&self) -> Option<[&[TextSymbol]; 6]> {
        let mut fields = self.0.splitn(6, |symbol| *symbol == TextSymbol::Char(':'));
        let fields = [(); 6].map(|()| fields.next());
        match fields {
            [Some(arn), Some(a), Some(b), Some(c), Some(d), Some(e)] if is(arn, "arn") => {
                Some([arn, a, b, c, d, e])
            }
            _ => None,
        }
    }
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
        Self::default().then(text)
    }
}

impl From<&[TextSymbol]> for Words {
    fn from(symbols: &[TextSymbol]) -> Self {
        Self(Arc::new(symbols.to_vec()))
    }
}

/// Writes what is not known the way templates spell it.
impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for symbol in self.symbols() {
            match symbol {
                TextSymbol::Char(character) => f.write_char(*character)?,
                TextSymbol::Own(own) => write!(f, "${{{}}}", own.name())?,
                TextSymbol::Hole(HoleId::Named(name, _)) => write!(f, "${{{name}}}")?,
                TextSymbol::Hole(_) | TextSymbol::Fresh => f.write_str("*")?,
            }
        }
        Ok(())
    }
}

/// Whether the places are exactly the characters of `text`.
pub(crate) fn is(symbols: &[TextSymbol], text: &str) -> bool {
    let mut characters = text.chars();
    let all =
        |symbol: &TextSymbol| characters.next().map(TextSymbol::Char).as_ref() == Some(symbol);
    symbols.iter().all(all) && characters.next().is_none()
}

/// The characters, where all of them are certain.
pub(crate) fn known(symbols: &[TextSymbol]) -> Option<String> {
    let characters = symbols.iter().map(|symbol| match symbol {
        TextSymbol::Char(character) => Some(*character),
        _ => None,
    });
    characters.collect()
}

/// The places behind `prefix`, if it stands in front.
pub(crate) fn strip_prefix<'s>(
    symbols: &'s [TextSymbol],
    prefix: &str,
) -> Option<&'s [TextSymbol]> {
    let length = prefix.chars().count();
    let (start, rest) = symbols.split_at_checked(length)?;
    is(start, prefix).then_some(rest)
}

/// Whether some place is certainly a wildcard.
pub(crate) fn is_pattern(symbols: &[TextSymbol]) -> bool {
    let is_wildcard = |symbol: &TextSymbol| matches!(symbol, TextSymbol::Char('*' | '?'));
    symbols.iter().any(is_wildcard)
}

#[cfg(test)]
mod tests {
    use super::{HoleId, Own, Words};
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
