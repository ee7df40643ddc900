//! What a node of a template turns out to be: a literal, a text with holes, a list, or unknown.
//! It does not know the functions that lead there.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::{Piece, Reference, Shape, TextLimits, Unknown};
use crate::source::{Node, Span};

/// A node after the functions at its top were evaluated.
#[derive(Clone, Debug)]
pub(crate) enum Resolved<'t> {
    /// No function: a scalar, or a list or mapping whose children are still to be resolved.
    Node(Node<'t>),
    /// A text that was computed.
    Text(Text<'t>),
    /// A list that was computed.
    List(List<'t>),
    /// A list or mapping as JSON text.
    Json(Node<'t>),
    /// A value that cannot be known.
    Unknown(Box<Hidden>),
    /// `AWS::NoValue`: the property is not there.
    Nothing,
}

/// A list whose end may be hidden behind a hole.
#[derive(Clone, Debug)]
pub(crate) struct List<'t> {
    /// The items that are certain, from the first on.
    pub(crate) items: Vec<Resolved<'t>>,
    /// Why the items behind them cannot be known; `None` when there are none.
    pub(crate) rest: Option<String>,
    /// The function that made the list.
    pub(crate) span: Span,
}

/// A value that cannot be known, and what to call it inside a text.
#[derive(Clone, Debug)]
pub(crate) struct Hidden {
    /// Why, and what is known all the same.
    pub(crate) unknown: Unknown,
    /// Name of the hole that the value leaves in a text.
    pub(crate) name: String,
    /// The function that stands for the value.
    pub(crate) span: Span,
}

/// A text that was put together, in reading order.
#[derive(Clone, Debug)]
pub(crate) struct Text<'t> {
    /// The parts.
    pub(crate) parts: Vec<TextPart<'t>>,
    /// The resource attribute that is the whole text, if it is one.
    pub(crate) reference: Option<Box<Reference>>,
    /// The function that made the text.
    pub(crate) span: Span,
}

/// What a hole is called that stands for items of a list which a delimiter joins.
pub(crate) const JOINED: &str = "Fn::Join";

/// One part of a [`Text`].
#[derive(Clone, Debug)]
pub(crate) enum TextPart<'t> {
    /// Characters that are certain.
    Known {
        /// The characters.
        text: Cow<'t, str>,
        /// Where they come from.
        origin: CharacterOrigin<'t>,
    },
    /// Characters that cannot be known.
    Hole {
        /// What stands there.
        name: String,
        /// Why it cannot be known.
        reason: String,
        /// Where it stands.
        span: Span,
        /// What is certain of them all the same.
        limits: Option<Arc<TextLimits>>,
    },
}

/// Where the characters of a [`TextPart`] come from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CharacterOrigin<'t> {
    /// A string of the template, from this byte of its characters on.
    Scalar(Node<'t>, usize),
    /// A string of the template between the variables of `Fn::Sub`, from this byte of its characters on.
    Substituted(Node<'t>, usize),
    /// They were computed by what stands here.
    Computed(Span),
}

impl CharacterOrigin<'_> {
    /// Where the characters are written.
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Scalar(node, _) | Self::Substituted(node, _) => node.span(),
            Self::Computed(span) => *span,
        }
    }
}

impl<'t> Resolved<'t> {
    /// A value of unknown kind at `span`, called `name`.
    pub(crate) fn unknown(span: Span, name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Unknown(Box::new(Hidden {
            unknown: Unknown::because(reason),
            name: name.into(),
            span,
        }))
    }

    /// A text that is one hole at `span`.
    pub(crate) fn hole(span: Span, name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Text(Text::new(span, vec![TextPart::hole(name, reason, span)]))
    }

    /// Where the value stands, if there is one.
    pub(crate) fn span(&self) -> Option<Span> {
        match self {
            Self::Node(node) | Self::Json(node) => Some(node.span()),
            Self::Text(text) => Some(text.span),
            Self::List(list) => Some(list.span),
            Self::Unknown(hidden) => Some(hidden.span),
            Self::Nothing => None,
        }
    }

    /// The value as a text, where it can be one. What becomes JSON is left to the evaluator.
    pub(crate) fn into_text(self) -> Option<Text<'t>> {
        match self {
            Self::Node(node) => Text::of(node),
            Self::Text(text) => Some(text),
            Self::Unknown(hidden) => Some(hidden.into_text()),
            Self::Json(_) | Self::List(_) | Self::Nothing => None,
        }
    }

    /// The characters, where the value is a text that is known whole.
    pub(crate) fn known_text(&self) -> Option<Cow<'t, str>> {
        match self {
            Self::Node(node) => Text::of(*node)?.known(),
            Self::Text(text) => text.known(),
            Self::List(_) | Self::Json(_) | Self::Unknown(_) | Self::Nothing => None,
        }
    }

    /// The resource attribute that the value is, if it is one.
    pub(crate) fn reference(&self) -> Option<&Reference> {
        match self {
            Self::Text(text) => text.reference.as_deref(),
            Self::Unknown(hidden) => hidden.unknown.reference.as_ref(),
            Self::Node(_) | Self::List(_) | Self::Json(_) | Self::Nothing => None,
        }
    }
}

impl Hidden {
    /// The value as a hole in a text.
    fn into_text<'t>(self) -> Text<'t> {
        Text {
            parts: vec![TextPart::hole(self.name, self.unknown.reason, self.span)],
            reference: self.unknown.reference.map(Box::new),
            span: self.span,
        }
    }
}

impl<'t> Text<'t> {
    /// A text at `span` that is not a resource attribute.
    pub(crate) fn new(span: Span, parts: Vec<TextPart<'t>>) -> Self {
        Self {
            parts,
            reference: None,
            span,
        }
    }

    /// The characters of a scalar.
    pub(crate) fn of(node: Node<'t>) -> Option<Self> {
        let part = match (octal(node), misread(node)) {
            (Some(number), _) => TextPart::known(number, node.span()),
            (None, Some(reason)) => TextPart::hole(node.as_text()?, reason, node.span()),
            (None, None) => TextPart::Known {
                text: Cow::Borrowed(node.as_text()?),
                origin: CharacterOrigin::Scalar(node, 0),
            },
        };
        Some(Self::new(node.span(), vec![part]))
    }

    /// The characters, when none is hidden.
    pub(crate) fn known(&self) -> Option<Cow<'t, str>> {
        if let [TextPart::Known { text, .. }] = self.parts.as_slice() {
            return Some(text.clone());
        }
        let mut whole = String::new();
        for part in &self.parts {
            match part {
                TextPart::Known { text, .. } => whole.push_str(text),
                TextPart::Hole { .. } => return None,
            }
        }
        Some(Cow::Owned(whole))
    }

    /// Length of the characters that are certain, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.parts
            .iter()
            .map(|part| match part {
                TextPart::Known { text, .. } => text.len(),
                TextPart::Hole { .. } => 0,
            })
            .sum()
    }

    /// Why the first hole cannot be known.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.parts.iter().find_map(|part| match part {
            TextPart::Hole { reason, .. } => Some(reason.as_str()),
            TextPart::Known { .. } => None,
        })
    }

    /// The pieces with adjoining characters joined, so that equal texts have equal shapes.
    pub(crate) fn shape(&self) -> Shape {
        let mut pieces: Vec<Piece> = Vec::new();
        for part in &self.parts {
            match (part, pieces.last_mut()) {
                (TextPart::Known { text, .. }, _) if text.is_empty() => {}
                (TextPart::Known { text, .. }, Some(Piece::Text(last))) => last.push_str(text),
                (TextPart::Known { text, .. }, _) => pieces.push(Piece::Text(text.to_string())),
                (TextPart::Hole { name, limits, .. }, _) => {
                    pieces.push(Piece::Hole(name.clone(), limits.clone()));
                }
            }
        }
        Shape(pieces)
    }

    /// The text as an unknown value; `None` when it is known whole.
    pub(crate) fn unknown(&self) -> Option<Unknown> {
        let mut unknown = Unknown::because(self.reason()?).with_shape(self.shape());
        unknown.reference = self.reference.as_deref().cloned();
        Some(unknown)
    }
}

impl<'t> TextPart<'t> {
    /// Characters that were computed by what stands at `span`.
    pub(crate) fn known(text: impl Into<Cow<'t, str>>, span: Span) -> Self {
        Self::Known {
            text: text.into(),
            origin: CharacterOrigin::Computed(span),
        }
    }

    /// Characters of which nothing is known.
    pub(crate) fn hole(name: impl Into<String>, reason: impl Into<String>, span: Span) -> Self {
        Self::Hole {
            name: name.into(),
            reason: reason.into(),
            span,
            limits: None,
        }
    }

    /// The part for another template, in which holes have other names.
    pub(crate) fn renamed(&self, rename: impl Fn(String) -> String) -> TextPart<'static> {
        match self {
            Self::Known { text, origin } => TextPart::known(text.to_string(), origin.span()),
            Self::Hole {
                name,
                reason,
                span,
                limits,
            } => TextPart::Hole {
                name: rename(name.clone()),
                reason: reason.clone(),
                span: *span,
                limits: limits.clone(),
            },
        }
    }

    /// The part as something that what stands at `span` has fetched from elsewhere.
    pub(crate) fn at(self, span: Span) -> Self {
        match self {
            Self::Known { text, .. } => Self::known(text, span),
            Self::Hole {
                name,
                reason,
                limits,
                ..
            } => Self::Hole {
                name,
                reason,
                span,
                limits,
            },
        }
    }
}

/// Why CloudFormation, which reads YAML 1.1, reads something else than the characters of a scalar.
pub(crate) fn misread(node: Node<'_>) -> Option<String> {
    // What only YAML 1.2 reads as a number, such as `1e3`, stays the text that is written.
    let text = node.as_str().filter(|_| node.is_ambiguous())?;
    let read_as = match boolean(text) {
        Some(_) => "a boolean",
        None => "another number",
    };
    Some(format!(
        "CloudFormation reads `{text}` without quotes as {read_as}"
    ))
}

/// The number that YAML 1.1 reads in digits below 8 behind a zero, such as those of an account: it counts by eights.
///
/// <https://yaml.org/type/int.html>
pub(crate) fn octal(node: Node<'_>) -> Option<String> {
    let text = node.as_str().filter(|_| node.is_ambiguous())?;
    let digits = text.strip_prefix('0')?;
    let is_octal = digits.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    let number = is_octal.then(|| u64::from_str_radix(digits, 8).ok())??;
    Some(number.to_string())
}

/// The boolean that YAML 1.1 reads in a plain scalar.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// The text of a scalar, as CloudFormation reads it.
pub(crate) fn literal(node: Node<'_>) -> Option<String> {
    let flag = node.as_str().filter(|_| node.is_ambiguous());
    match flag.and_then(boolean) {
        Some(flag) => Some(flag.to_string()),
        None => Text::of(node)?.known().map(Cow::into_owned),
    }
}
