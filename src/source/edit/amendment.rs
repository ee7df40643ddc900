//! What a text is to say after a change, and why a change is not made.
//! It does not know how anything is written.

use super::super::Span;
use super::written::Fragment;

/// A change to what a text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// A place in the part of the text that it is about.
    pub place: Span,
    /// Which part that is.
    pub extent: Extent,
    /// What becomes of that part.
    pub becomes: Becomes,
    /// Words of the language that the text is written in.
    pub words: EditVocabulary,
}

/// The part of a text that a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The value at the place.
    Here,
    /// The key at the place.
    Key,
    /// The innermost mapping around the place that has a member of this name.
    Around(&'static str),
    /// The mapping around the place, so many members below the top.
    Outer(usize),
}

/// What becomes of a part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// It goes.
    Remove,
    /// It becomes this.
    Set(Fragment),
    /// These items come to a list.
    More(Vec<Fragment>),
    /// These of its members change, or come to it.
    Members(Vec<(String, Becomes)>),
}

/// What the names in a text mean for a wish.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EditVocabulary {
    /// Members without which their mapping means nothing: it goes with the last of what they hold.
    pub vital: &'static [&'static str],
    /// Members of which something has to stay.
    pub kept: &'static [&'static str],
    /// Names of functions by which something else than the text decides what stands there.
    pub deciding: &'static [&'static str],
    /// How the names of all other functions begin.
    pub function: &'static str,
    /// How the names begin of what decides nothing in a part of a value, such as the region: nobody chooses it for this value.
    pub own: &'static str,
    /// The function in whose text `${…}` stands for the value of a name.
    pub substituting: &'static str,
    /// The section that declares names whose values somebody chooses.
    pub parameters: &'static str,
}

impl EditVocabulary {
    /// Whether a mapping with this member alone is a call.
    pub(super) fn is_function(&self, key: &str) -> bool {
        self.deciding.contains(&key)
            || (!self.function.is_empty() && key.starts_with(self.function))
    }
}

/// Why a text is left as it is, as a clause.
pub type LeaveReason = String;

/// Why an edit that changes more than it is to is not made.
pub(super) const UNSAFE: &str = "it cannot be written here without changing more";
