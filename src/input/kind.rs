//! What a kind of input is: how a look at the bytes, a text and its loader know it.
//! It does not know which kinds there are.

use super::cloudformation::{CrossStack, MentionedTypes};
use super::{Context, Loaded};
use crate::source::{Node, Tree};

/// A kind of input: one line in [`KINDS`](super::KINDS).
pub struct InputKind {
    /// Name for humans.
    pub name: &'static str,
    /// What a look at the bytes, without reading them as JSON or YAML, says about them.
    pub(super) sniff: fn(&[u8], &MentionedTypes) -> Sniff,
    /// Whether the whole text, once read, is of this kind.
    pub(super) recognise: fn(Node<'_>) -> bool,
    /// Whether its loader knows what to make of keys that stand twice in one mapping.
    pub(super) reads_doubles: bool,
    /// Whether it describes live accounts, in place of what is to be deployed.
    pub(super) is_live: bool,
    /// Takes what the input says.
    pub(super) load:
        for<'t> fn(Node<'t>, &Context, Option<&'t dyn CrossStack>, &mut Tree, &mut Loaded),
}

/// What a look at the bytes of a file says, strongest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sniff {
    /// No input of any kind.
    Foreign,
    /// A template that has nothing to do with ECR.
    TemplateWithoutEcr,
    /// A template that stops in the middle.
    LooksTruncated,
    /// Worth reading.
    Candidate,
}
