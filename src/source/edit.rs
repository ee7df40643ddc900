//! Changes a text of JSON or YAML in one place and leaves every other byte as it is: comments, order, quotes,
//! indentation and line ends. What comes of it is read again: it says what the change was to make it say, or there is
//! no edit.
//! It does not know what the text is about.

mod amendment;
mod block;
mod decided;
mod flow;
mod inner;
mod merge;
mod path;
mod spelled;
mod text;
pub(crate) mod written;

use super::{Syntax, Tree};
use amendment::UNSAFE;
pub use amendment::{Amendment, Becomes, EditVocabulary, Extent, LeaveReason};
pub use text::{Replacement, apply, parsed};
pub(crate) use text::{end_of_line, is_same, line_end, line_start, read};
pub use written::Fragment;

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

/// Why an edit of what an alias repeats is not made.
const SHARED: &str =
    "what stands here is shared by an alias, and may be meant differently elsewhere";

/// Whether a text has aliases. Whatever stands twice at one place is one.
fn is_shared(text: &str, tree: &Tree) -> bool {
    Syntax::of_text(text) == Syntax::Yaml && tree.root(text).is_some_and(path::has_alias)
}

#[cfg(test)]
mod tests;
