//! Ignores in a template: its metadata, those of a resource, and comments.
//! It does not know which rules there are.

mod comment;
mod metadata;
mod place;
mod words;

use memchr::memmem;

use self::words::TOOL;
use crate::input::Inline;
use crate::source::Node;

/// Reads every ignore of the template at `root`.
pub(super) fn load(root: Node<'_>, inline: &mut Inline) {
    if memmem::find(root.source_text().as_bytes(), TOOL.as_bytes()).is_none() {
        return;
    }
    metadata::load(root, inline);
    comment::load(root, inline);
}
