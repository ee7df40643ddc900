//! What a snapshot says about one setting: its value, that there is none, or why nobody knows.
//! It does not know which settings there are.

use crate::input::parse::doubled;
use crate::model::{Document, NodeId, Unknown};
use crate::source::embedded::{Embedded, EmbeddedText, Trouble};
use crate::source::{Kind, Node, Span, Tree};

/// Longest error of AWS that a reason repeats; the whole text stands at its place.
const LONGEST_ERROR: usize = 60;

/// One setting of a record.
#[derive(Clone, Debug)]
pub(super) enum Answer<'t> {
    /// What AWS answered.
    Given(Node<'t>),
    /// AWS answered that there is none.
    Nothing(Span),
    /// It was not asked, or AWS did not answer.
    Unknown(Span, String),
}

impl<'t> Answer<'t> {
    /// The member `key` of a record: absent means that it was not captured, and the record's `errors`
    /// may say why.
    pub(super) fn of(record: Node<'t>, key: &str, place: Span) -> Self {
        Self::in_record(record, record.get(key), key, place)
    }

    /// The same for a member that stands elsewhere in the record. Where AWS answered with an error, nothing else
    /// that stands there counts: `null` would mean that there is none.
    pub(super) fn in_record(
        record: Node<'t>,
        member: Option<Node<'t>>,
        key: &str,
        place: Span,
    ) -> Self {
        let error = record.get("errors").and_then(|errors| errors.get(key));
        if let Some(error) = error.filter(|error| error.kind() != Kind::Null) {
            let text = error.as_str().unwrap_or("an error");
            return Answer::Unknown(error.span(), refused(key, text));
        }
        match member {
            Some(node) if node.kind() == Kind::Null => Answer::Nothing(node.span()),
            Some(node) => Answer::Given(node),
            None => Answer::not_captured(key, place),
        }
    }

    /// A setting that was not asked for.
    pub(super) fn not_captured(key: &str, place: Span) -> Self {
        Answer::Unknown(place, format!("the snapshot does not have `{key}`"))
    }

    /// The member `key` of the answer, which always has one.
    pub(super) fn required(&self, key: &str) -> Self {
        match self {
            Answer::Given(node) => match node.get(key) {
                Some(value) if value.kind() == Kind::Null => Answer::Nothing(value.span()),
                Some(value) => Answer::Given(value),
                None => Answer::not_captured(key, node.span()),
            },
            other => other.clone(),
        }
    }

    /// The member `key` of the answer, which may well be missing.
    pub(super) fn optional(&self, key: &str) -> Self {
        match self {
            Answer::Given(node) => match node.get(key) {
                Some(value) if value.kind() != Kind::Null => Answer::Given(value),
                _ => Answer::Nothing(node.span()),
            },
            other => other.clone(),
        }
    }

    /// The answer.
    pub(super) fn node(&self) -> Option<Node<'t>> {
        match self {
            Answer::Given(node) => Some(*node),
            _ => None,
        }
    }

    /// The characters of the answer.
    pub(super) fn text(&self) -> Option<&'t str> {
        self.node().and_then(Node::as_str)
    }

    /// Writes the answer as it is.
    pub(super) fn write(&self, document: &mut Document) -> NodeId {
        self.write_with(document, Document::import)
    }

    /// Writes the answer in the way of `write`, and whatever else is said as it is.
    pub(super) fn write_with(
        &self,
        document: &mut Document,
        write: impl FnOnce(&mut Document, Node<'t>) -> NodeId,
    ) -> NodeId {
        match self {
            Answer::Given(node) => write(document, *node),
            Answer::Nothing(span) => document.absent(*span),
            Answer::Unknown(span, reason) => {
                document.unknown(Unknown::because(reason.as_str()), *span)
            }
        }
    }

    /// Writes a policy that may not exist: where nobody asked for it, it is not known whether there is one.
    pub(super) fn write_policy_if_any(&self, document: &mut Document, tree: &mut Tree) -> NodeId {
        match self {
            Answer::Unknown(span, reason) => {
                let unknown = Unknown::because(reason.as_str()).maybe_absent();
                document.unknown(unknown, *span)
            }
            known => known.write_policy(document, tree),
        }
    }

    /// Writes each object of a list with its members under other names. What is no such list is
    /// written as it is.
    pub(super) fn write_list(
        &self,
        document: &mut Document,
        names: &[(&str, &'static str)],
    ) -> NodeId {
        self.write_with(document, |document, node| match node.kind() {
            Kind::Array => {
                let items: Vec<NodeId> = node
                    .items()
                    .map(|item| write_renamed(document, item, names))
                    .collect();
                document.array(&items, node.span())
            }
            _ => document.import(node),
        })
    }

    /// Writes a policy: JSON in a text, or a mapping. A text that is not JSON stays a text.
    pub(super) fn write_policy(&self, document: &mut Document, tree: &mut Tree) -> NodeId {
        self.write_with(document, |document, node| match node.kind() {
            Kind::String => write_json(document, node, tree),
            _ => document.import(node),
        })
    }
}

/// Writes an object with its members under other names; those that it lacks are absent.
pub(super) fn write_renamed(
    document: &mut Document,
    node: Node<'_>,
    names: &[(&str, &'static str)],
) -> NodeId {
    if node.kind() != Kind::Object {
        return document.import(node);
    }
    let members: Vec<(&'static str, NodeId)> = names
        .iter()
        .map(|(from, to)| {
            let value = match node.get(from) {
                Some(value) => document.import(value),
                None => document.absent(node.span()),
            };
            (*to, value)
        })
        .collect();
    document.object(&members, node.span())
}

fn write_json(document: &mut Document, node: Node<'_>, tree: &mut Tree) -> NodeId {
    let mut text = EmbeddedText::default();
    text.push_node(node);
    match text.parse_json(tree) {
        Ok(()) => match text.root(tree) {
            Some(root) => write_embedded(document, root),
            None => document.import(node),
        },
        Err(Trouble::Malformed(problem)) if !problem.span.is_empty() => {
            document.string(text.as_str(), problem.span)
        }
        Err(Trouble::Doubled(problem)) => document.unknown(doubled(&problem), problem.span),
        Err(_) => document.import(node),
    }
}

/// Writes a node of JSON text. Its depth is bounded by the limit that the parser enforces.
fn write_embedded(document: &mut Document, node: Embedded<'_>) -> NodeId {
    let span = node.span();
    match node.kind() {
        Kind::Null => document.null(span),
        Kind::Bool(value) => document.bool(value, span),
        Kind::Number => document.number(node.as_text().unwrap_or_default(), span),
        Kind::String => document.string(node.as_str().unwrap_or_default(), span),
        Kind::Array => {
            let items: Vec<_> = node
                .items()
                .map(|item| write_embedded(document, item))
                .collect();
            document.array(&items, span)
        }
        Kind::Object => {
            let mut members = Vec::with_capacity(node.members().len());
            for member in node.members() {
                let value = write_embedded(document, member.value());
                members.push((member.key().unwrap_or_default(), member.key_span(), value));
            }
            document.object_as_written(&members, span)
        }
    }
}

/// Why something could not be captured, in AWS's own word for it: `AccessDeniedException`.
pub(super) fn refused(key: &str, error: &str) -> String {
    let code = error.split(':').next().unwrap_or(error).trim();
    let code: String = code.chars().take(LONGEST_ERROR).collect();
    format!("asking AWS for `{key}` ended with `{code}`")
}
