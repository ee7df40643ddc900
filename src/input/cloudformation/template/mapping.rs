//! A level of a mapping: the section that is looked into, and the key that is looked for.
//! It does not know what the key turns out to be.

use crate::source::Node;

/// The function that finds a value in a mapping.
pub(crate) const FIND_IN_MAP: &str = "Fn::FindInMap";

/// A level of a mapping, and what is asked for there.
#[derive(Clone, Copy)]
pub(crate) struct MappingLevel<'t> {
    pub(crate) section: Node<'t>,
    pub(crate) key: Node<'t>,
    /// The key that is asked for in what is found, where that is known.
    pub(crate) next: Option<&'t str>,
    pub(crate) has_default: bool,
}
