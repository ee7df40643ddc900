//! What an input says. It does not know how it is read.

use super::inline::Inline;
use super::snapshot::gaps::Gaps;
use crate::model::{Attachment, Entity, RegistryScanning};
use crate::source::{Problem, Span};

/// What one input says.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Name of the kind of input; `None` when no kind recognises the text.
    pub kind: Option<&'static str>,
    /// Repositories, and what is judged besides and is none, in the order of the text.
    pub entities: Vec<Entity>,
    /// Registry scanning configurations in the order of the text.
    pub registries: Vec<RegistryScanning>,
    /// Mistakes because of which something could not be loaded.
    pub problems: Vec<Problem>,
    /// What else there is to say.
    pub notes: Vec<Note>,
    /// Names of the parameters that the input has, when values were given for any.
    pub parameters: Vec<String>,
    /// What somebody decided to ignore, beside what it is about.
    pub inline: Inline,
    /// Whether a value of another stack was wanted, and not looked for.
    pub seeks: bool,
    /// Whether it may have SSM parameters of repositories that other texts have.
    pub publishes: bool,
    /// Whether it may run images of repositories that other texts have.
    pub runs: bool,
    /// What of a snapshot is not there.
    pub gaps: Gaps,
    /// The policies about ECR that are attached to principals which the text does not have.
    pub attaches: Vec<Attachment>,
}

/// A remark about an input that was loaded all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Something at `span` may hold repositories that cannot be seen.
    Undetermined {
        /// The place.
        span: Span,
        /// Completes "undetermined, because …".
        reason: String,
    },
    /// Which repositories there are in something that was read all the same, nobody can tell; the title says why.
    Unknown(Problem),
    /// What AWS did not answer about repositories that are known.
    Refused(Problem),
    /// A mistake that hides no repository, such as a property that does not exist.
    Mistake(Problem),
}
