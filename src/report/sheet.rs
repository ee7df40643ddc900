//! What the document of a repository says, as far as somebody asked, for formats that show it.
//! It does not know how the document came about.

use super::Subject;
use crate::source::Span;

/// What is said of one repository, or of what stands in the place of one.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// What it is about.
    pub subject: Subject,
    /// Where that is declared.
    pub place: Span,
    /// The condition under which it is so, in the user's names.
    pub when: Option<String>,
    /// Parts of the document, each with its path.
    pub parts: Vec<SheetSection>,
}

/// A part of a document.
#[derive(Clone, Debug)]
pub struct SheetSection {
    /// Its path, or the name of the member; empty for an item of a list.
    pub name: String,
    /// What it says.
    pub says: Says,
    /// Where that stands, or would.
    pub place: Span,
    /// Why it is not certain that this is the answer; completes "perhaps, because …".
    pub doubt: Option<String>,
}

/// What a part of a document says.
#[derive(Clone, Debug)]
pub enum Says {
    /// A number, `true`, `false` or `null`.
    Word(String),
    /// A text.
    Text(String),
    /// Nothing.
    Absent,
    /// It cannot be known, with the reason.
    Unknown(String),
    /// A list.
    List(Vec<SheetSection>),
    /// A mapping.
    Map(Vec<SheetSection>),
}
