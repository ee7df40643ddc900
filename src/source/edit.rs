//! Changes a text of JSON or YAML in one place and leaves every other byte as it is: comments, order, quotes,
//! indentation and line ends. What comes of it is read again: it says what the change was to make it say, or there is
//! no edit.
//! It does not know what the text is about.

mod block;
mod flow;
mod inner;
mod merge;
mod path;
mod spelled;
mod text;
pub(crate) mod written;

use super::{SourceId, Span, Tree, json, yaml};
pub use text::parsed;
pub use text::{Replacement, apply};
pub(crate) use text::{end_of_line, is_json, is_same, line_end, line_start};
pub use written::Fragment;

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
}

impl EditVocabulary {
    /// Whether a mapping with this member alone is a call.
    fn is_function(&self, key: &str) -> bool {
        self.deciding.contains(&key)
            || (!self.function.is_empty() && key.starts_with(self.function))
    }
}

/// Why a text is left as it is, as a clause.
pub type LeaveReason = String;

/// A text with a change made.
#[derive(Debug)]
pub struct Edited {
    /// What was replaced, in the order of the text; nothing where it said so already.
    pub replacements: Vec<Replacement>,
    /// The text, and what it says, where anything was replaced.
    pub new: Option<(String, Tree)>,
}

/// The replacements that make a change, in the order of the text; none where the text says so already.
///
/// # Errors
/// The change cannot be made without changing anything else, or is not one of this text.
pub fn replacements(text: &str, wish: &Amendment) -> Result<Vec<Replacement>, LeaveReason> {
    let tree = parsed(text).ok_or("the text cannot be read")?;
    edited(text, &tree, wish).map(|edited| edited.replacements)
}

/// Makes a change in a text that was read into `old`, and reads what comes of it.
///
/// # Errors
/// As for [`replacements`].
pub fn edited(text: &str, old: &Tree, wish: &Amendment) -> Result<Edited, LeaveReason> {
    let root = old.root(text).ok_or("there is nothing in the text")?;
    let (steps, scalar) = path::to(root, wish.place);
    let outer = merge::ParsedText {
        text,
        root,
        words: wish.words,
    };
    let inside = scalar.and_then(|scalar| inner::Inside::of(scalar, wish.place));
    let (edits, wanted) = match inside {
        Some(inside) if inside.is_about(wish) => {
            let (edits, said) = inside.edits(wish)?;
            let mut wanted = written::Fragment::of(root);
            let scalar = merge::follow(&mut wanted, &steps);
            *scalar.ok_or("the place is not found again")? = Fragment::Text(said);
            (edits, wanted)
        }
        _ => outer.edits(&steps, wish)?,
    };
    if edits.is_empty() {
        return Ok(Edited {
            replacements: Vec::new(),
            new: None,
        });
    }
    let replacements = text::ordered(edits, wish.place.source);
    let edited = apply(text, &replacements).ok_or("the edit does not fit into the text")?;
    let new = parsed(&edited).ok_or(UNSAFE)?;
    let said = new.root(&edited).map(Fragment::of);
    match said == Some(wanted) {
        true => Ok(Edited {
            replacements,
            new: Some((edited, new)),
        }),
        false if is_shared(text, old) => Err(SHARED.to_owned()),
        false => Err(UNSAFE.to_owned()),
    }
}

/// JSON that stands in a scalar, before and after a change in it.
///
/// # Errors
/// The change is not about JSON in a scalar, or cannot be made there.
pub fn rewritten(text: &str, wish: &Amendment) -> Result<(String, String), LeaveReason> {
    let tree = parsed(text).ok_or("the text cannot be read")?;
    let root = tree.root(text).ok_or("there is nothing in the text")?;
    let (_, scalar) = path::to(root, wish.place);
    let scalar = scalar.filter(|scalar| scalar.as_str().is_some());
    let inside = scalar.and_then(|scalar| inner::Inside::of(scalar, wish.place));
    match (scalar, inside) {
        (Some(scalar), Some(inside)) if inside.is_about(wish) => {
            let (_, said) = inside.edits(wish)?;
            Ok((scalar.as_str().unwrap_or_default().to_owned(), said))
        }
        _ => Err("it is not about JSON in a text".to_owned()),
    }
}

/// Why an edit that changes more than it is to is not made.
const UNSAFE: &str = "it cannot be written here without changing more";
/// The same where an alias repeats what would wish.
const SHARED: &str =
    "what stands here is shared by an alias, and may be meant differently elsewhere";

/// Whether a text has aliases. Whatever stands twice at one place is one.
fn is_shared(text: &str, tree: &Tree) -> bool {
    !text::is_json(text) && tree.root(text).is_some_and(path::has_alias)
}

/// Reads a text as JSON or as YAML; `None` where it is not.
pub(crate) fn read(text: &str, is_json: bool) -> Option<Tree> {
    let mut tree = Tree::default();
    let read = match is_json {
        true => json::parse_with_doubles(text, SourceId(0), &mut tree),
        false => yaml::parse_with_doubles(text, SourceId(0), &mut tree),
    };
    read.ok().map(|()| tree)
}

#[cfg(test)]
mod tests;
