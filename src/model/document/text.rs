//! Texts of an input from which JSON was read, and how one writes into them.
//! It does not know what the JSON is about.

use crate::source::Span;

/// A text in which JSON stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonText {
    /// The characters with their quotes.
    pub span: Span,
    /// How its characters are spelled.
    pub spelling: Spelling,
    /// Whether a part of it can be a function of CloudFormation.
    pub functions: Functions,
}

/// How the characters of a text are spelled where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As they are: a block of YAML, or a scalar without quotes.
    Plain,
    /// Between single quotes of YAML, which are doubled inside.
    Single,
    /// Between double quotes, with escapes.
    Double,
    /// Elsewhere: what stands here only fetches them.
    Fetched,
}

/// Whether a part of a text can be a function of CloudFormation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Functions {
    /// `${…}` is one: the text is the argument of `Fn::Sub`.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html>
    Substituted,
    /// It could be the argument of `Fn::Sub` as it is.
    Possible,
    /// It cannot be.
    Never,
}
