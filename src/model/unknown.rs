//! Why a value is not known, and what is known of it all the same.
//! It does not know where the value stands.

use std::sync::Arc;

use super::limits::TextLimits;
use crate::source::{SourceId, Span};

/// Why a value cannot be known, and what is known of it all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unknown {
    /// Completes "undetermined, because …": a clause without a full stop, such as
    /// "parameter `Keep` has no default".
    pub reason: String,
    /// The known pieces of a text that is known in part.
    pub shape: Option<Shape>,
    /// The resource attribute that the value stands for, where that much is known.
    pub reference: Option<Reference>,
    /// Whether the value may turn out not to be there at all.
    pub maybe_absent: bool,
    /// Another place that the doubt is about, with what stands there.
    pub beside: Option<Box<(Span, String)>>,
}

/// A text with holes, in reading order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Shape(pub Vec<Piece>);

/// One part of a [`Shape`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Characters that are certain.
    Text(String),
    /// Any characters, or none, within their limits, where something is certain of them; the text names what will stand
    /// there, such as `AWS::AccountId`.
    Hole(String, Option<Arc<TextLimits>>),
}

impl Piece {
    /// A hole that can be any text.
    #[must_use]
    pub fn hole(name: impl Into<String>) -> Self {
        Self::Hole(name.into(), None)
    }

    /// What is certain of the characters that fill a hole.
    #[must_use]
    pub fn limits(&self) -> Option<&TextLimits> {
        match self {
            Self::Hole(_, limits) => limits.as_deref(),
            Self::Text(_) => None,
        }
    }
}

/// An attribute of a resource, of the same stack or of another one, such as the ARN of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The template that declares the resource.
    pub template: SourceId,
    /// Logical id of the resource.
    pub logical_id: String,
    /// Attribute name as `Fn::GetAtt` spells it; `Ref` for what `Ref` returns.
    pub attribute: String,
}

impl Reference {
    /// Whether it is an attribute of the resource `logical_id` of `template`.
    #[must_use]
    pub fn is_of(&self, template: SourceId, logical_id: &str) -> bool {
        self.template == template && self.logical_id == logical_id
    }
}

impl Unknown {
    /// A value that exists but cannot be known because of `reason`.
    #[must_use]
    pub fn because(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            ..Self::default()
        }
    }

    /// The same, for a value that may not exist.
    #[must_use]
    pub fn maybe_absent(mut self) -> Self {
        self.maybe_absent = true;
        self
    }

    /// Adds another place that the doubt is about, with what stands there.
    #[must_use]
    pub fn beside(mut self, place: Span, text: String) -> Self {
        self.beside = Some(Box::new((place, text)));
        self
    }

    /// Adds the known pieces of the text.
    #[must_use]
    pub fn with_shape(mut self, shape: Shape) -> Self {
        self.shape = Some(shape);
        self
    }

    /// Adds the resource attribute that the value stands for.
    #[must_use]
    pub fn with_reference(mut self, reference: Reference) -> Self {
        self.reference = Some(reference);
        self
    }
}

impl Shape {
    /// The text, where it is one piece that is known.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether `text` could be what the shape turns out to be.
    ///
    /// Exact: false only when no filling of the holes gives `text`.
    #[must_use]
    pub fn admits(&self, text: &str) -> bool {
        self.admits_ends(text) && (!self.is_limited() || self.admits_within_limits(text))
    }

    /// Whether something is certain of the characters that fill a hole.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.0.iter().any(|piece| piece.limits().is_some())
    }

    /// The same as [`Self::admits`] with what limits the holes, in time linear in the product of both lengths.
    fn admits_within_limits(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let mut reached = vec![false; text.len() + 1];
        reached[0] = true;
        for piece in &self.0 {
            reached = match piece {
                Piece::Text(known) => {
                    let known: Vec<char> = known.chars().collect();
                    let begins = |at: usize| text[at..].starts_with(&known);
                    let ends = |end: usize| end.checked_sub(known.len());
                    let is_end = |end| ends(end).is_some_and(|at| reached[at] && begins(at));
                    (0..reached.len()).map(is_end).collect()
                }
                Piece::Hole(_, Some(limits)) => limits.ends(&text, &reached),
                Piece::Hole(_, None) => {
                    let first = reached.iter().position(|it| *it);
                    let first = first.unwrap_or(usize::MAX);
                    (0..reached.len()).map(|at| at >= first).collect()
                }
            };
        }
        reached[text.len()]
    }

    /// Whether the characters that are certain stand in `text`, in their order.
    fn admits_ends(&self, text: &str) -> bool {
        let mut rest = text;
        let mut after_hole = false;
        for (index, piece) in self.0.iter().enumerate() {
            let Piece::Text(piece) = piece else {
                after_hole = true;
                continue;
            };
            let last = index + 1 == self.0.len();
            let found = match (after_hole, last) {
                (false, _) => rest.strip_prefix(piece.as_str()),
                (true, true) => return rest.ends_with(piece.as_str()),
                (true, false) => rest
                    .find(piece.as_str())
                    .map(|at| &rest[at + piece.len()..]),
            };
            let Some(found) = found else { return false };
            rest = found;
            after_hole = false;
        }
        after_hole || rest.is_empty()
    }

    /// The characters that are certain at the beginning.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match self.0.first() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }

    /// The end of the text, as far as it is known.
    #[must_use]
    pub fn suffix(&self) -> &str {
        match self.0.last() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }
}

/// Writes holes as `${name}`, the way templates spell them.
impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Hole(name, _) => {
                    let (owner, own) = name.split_once('/').unwrap_or(("", name));
                    let shown = if owner.starts_with('#') { own } else { name };
                    write!(f, "${{{shown}}}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, Shape};

    fn shape(pieces: &[&str]) -> Shape {
        Shape(
            pieces
                .iter()
                .map(|piece| match *piece {
                    "*" => Piece::hole("x"),
                    text => Piece::Text(text.into()),
                })
                .collect(),
        )
    }

    #[test]
    fn a_shape_admits_what_its_holes_can_become() {
        assert!(shape(&["a-", "*", "-b"]).admits("a-x-b"));
        assert!(shape(&["a-", "*"]).admits("a-"));
        assert!(!shape(&["a-", "*", "-b"]).admits("a-b"));
        assert!(!shape(&["a-", "*"]).admits("b-"));
        assert!(shape(&["*", "a", "*", "a"]).admits("aaa"));
        assert!(!shape(&["ab"]).admits("abc"));
    }

    #[test]
    fn a_shape_prints_its_holes_by_name() {
        assert_eq!(shape(&["a-", "*"]).to_string(), "a-${x}");
    }
}
