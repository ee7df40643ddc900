//! What is asked of those who decide what a template leaves open, and what they say.
//! It does not know who asks, nor how it is decided.

use crate::input::cloudformation::template::mapping::MappingLevel;
use crate::model::Truth;
use crate::source::Node;

/// What is known about a parameter besides its declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Binding {
    /// It has this value.
    Value(String),
    /// Its default is not its value, because of this.
    Hidden(String),
}

impl Binding {
    /// What is known about a parameter of which only some values matter.
    pub(crate) fn any_other_value() -> Self {
        Self::Hidden("it can have any other value".to_owned())
    }
}

/// A question to those who decide what a template leaves open.
#[derive(Clone, Copy)]
pub(crate) enum DecisionQuestion<'t> {
    Condition(&'t str),
    Existence(&'t str),
    Binding(&'t str, Option<&'t str>),
    Narrowed(&'t str, Option<&'t str>),
    DecidedValue(&'t str),
    ListedValue(&'t str, Node<'t>),
    Key(MappingLevel<'t>),
    HasValues,
    HasChosenNothing,
    /// Too much was asked to be kept.
    Lost,
}

/// What was said to a question.
#[derive(Clone, PartialEq)]
pub(crate) enum DecisionAnswer {
    None,
    Truth(Truth),
    Flag(bool),
    Binding(Option<Binding>),
    Value(Option<Result<Option<String>, String>>),
    Text(Option<Result<String, String>>),
}

impl From<Truth> for DecisionAnswer {
    fn from(truth: Truth) -> Self {
        Self::Truth(truth)
    }
}

impl From<bool> for DecisionAnswer {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Option<Binding>> for DecisionAnswer {
    fn from(binding: Option<Binding>) -> Self {
        Self::Binding(binding)
    }
}

impl From<Option<Result<Option<String>, String>>> for DecisionAnswer {
    fn from(value: Option<Result<Option<String>, String>>) -> Self {
        Self::Value(value)
    }
}

impl From<Option<Result<String, String>>> for DecisionAnswer {
    fn from(text: Option<Result<String, String>>) -> Self {
        Self::Text(text)
    }
}

/// A question, how it was asked, and what was said.
#[derive(Clone)]
pub(crate) struct DecisionRecord<'t> {
    pub(super) question: DecisionQuestion<'t>,
    /// Whether nothing more was to be decided.
    pub(super) is_quiet: bool,
    /// Whether values of parameters that were chosen counted as not decided.
    pub(super) hides_values: bool,
    pub(super) answer: DecisionAnswer,
}

impl DecisionRecord<'_> {
    /// Stands for more questions than are kept.
    pub(super) const LOST: Self = Self {
        question: DecisionQuestion::Lost,
        is_quiet: false,
        hides_values: false,
        answer: DecisionAnswer::None,
    };

    /// Whether it stands for questions that are not known.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self.question, DecisionQuestion::Lost)
    }
}
