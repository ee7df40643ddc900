//! Nodes that are made while their document is still being read, and become part of it afterwards.
//! It does not know what they mean.

use std::sync::Arc;

use super::arena::{
    Document, DocumentMember, DocumentNode, KeyContent, NodeContent, NodeId, offset,
};
use crate::model::Unknown;
use crate::source::Span;

/// Nodes that are numbered as if they stood in a document already, which nobody changes as long as this one borrows it.
#[derive(Debug)]
pub(crate) struct DocumentExtension<'d> {
    base: &'d Document,
    added: AddedNodes,
}

/// Nodes for one document, which has to be as it was when they were made.
#[derive(Debug)]
pub(crate) struct AddedNodes {
    nodes: Vec<DocumentNode>,
    members: Vec<DocumentMember>,
    items: Vec<NodeId>,
    text: String,
    unknowns: Vec<Arc<Unknown>>,
    /// How many nodes the document had.
    first: usize,
}

impl<'d> DocumentExtension<'d> {
    /// No node yet.
    pub(crate) fn of(base: &'d Document) -> Self {
        let added = AddedNodes {
            nodes: Vec::with_capacity(ROOM),
            members: Vec::with_capacity(ROOM),
            items: Vec::with_capacity(ROOM / 4),
            text: String::with_capacity(ROOM * 8),
            unknowns: Vec::new(),
            first: base.nodes.len(),
        };
        Self { base, added }
    }

    /// The nodes.
    pub(crate) fn finish(self) -> AddedNodes {
        self.added
    }

    /// Adds a boolean.
    pub(crate) fn bool(&mut self, value: bool, span: Span) -> NodeId {
        self.push(NodeContent::Bool(value), span)
    }

    /// Adds a string.
    pub(crate) fn string(&mut self, text: &str, span: Span) -> NodeId {
        let before = self.base.text.len();
        let start = offset(before + self.added.text.len());
        self.added.text.push_str(text);
        let end = offset(before + self.added.text.len());
        self.push(NodeContent::String(start, end), span)
    }

    /// Adds the place where a value would be if there were one.
    pub(crate) fn absent(&mut self, span: Span) -> NodeId {
        self.push(NodeContent::Absent, span)
    }

    /// Adds a value that cannot be known.
    pub(crate) fn unknown(&mut self, unknown: impl Into<Arc<Unknown>>, span: Span) -> NodeId {
        let index = offset(self.base.unknowns.len() + self.added.unknowns.len());
        self.added.unknowns.push(unknown.into());
        self.push(NodeContent::Unknown(index), span)
    }

    /// Adds a list of nodes of the document.
    pub(crate) fn array(&mut self, items: &[NodeId], span: Span) -> NodeId {
        let before = self.base.items.len();
        let start = offset(before + self.added.items.len());
        self.added.items.extend_from_slice(items);
        let end = offset(before + self.added.items.len());
        self.push(NodeContent::Array(start, end), span)
    }

    /// Adds a mapping of nodes of the document under names of the program's own; keys are expected to differ.
    pub(crate) fn object(&mut self, members: &[(&'static str, NodeId)], span: Span) -> NodeId {
        let before = self.base.members.len();
        let start = offset(before + self.added.members.len());
        for (name, value) in members {
            let key_span = self.span(*value);
            self.added.members.push(DocumentMember {
                key: KeyContent::Name(name),
                key_span,
                value: *value,
            });
        }
        let end = offset(before + self.added.members.len());
        self.push(NodeContent::Object(start, end), span)
    }

    fn span(&self, node: NodeId) -> Span {
        let number = node.0 as usize;
        match number.checked_sub(self.added.first) {
            Some(added) => self.added.nodes[added].span,
            None => self.base.nodes[number].span,
        }
    }

    fn push(&mut self, content: NodeContent, span: Span) -> NodeId {
        let id = NodeId(offset(self.added.first + self.added.nodes.len()));
        self.added.nodes.push(DocumentNode { content, span });
        id
    }
}

/// Nodes, and members, that most extensions need.
const ROOM: usize = 256;

impl Document {
    /// Takes in what was made for it.
    pub(crate) fn absorb(&mut self, added: AddedNodes) {
        debug_assert_eq!(
            added.first,
            self.nodes.len(),
            "nothing is added to a document that is being extended"
        );
        self.nodes.extend_from_slice(&added.nodes);
        self.members.extend_from_slice(&added.members);
        self.items.extend_from_slice(&added.items);
        self.text.push_str(&added.text);
        self.unknowns.extend(added.unknowns);
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, DocumentExtension};
    use crate::model::Unknown;
    use crate::source::{SourceId, Span};

    #[test]
    fn what_was_made_beside_a_document_is_read_in_it_as_if_it_had_been_added() {
        let at = |start: usize| Span::new(SourceId(0), start, start + 1);
        let mut document = Document::default();
        let first = document.string("first", at(1));
        let doubt = document.unknown(Unknown::because("before"), at(2));
        document.array(&[first, doubt], at(0));
        document.object(&[("own", first)], at(0));

        let mut extension = DocumentExtension::of(&document);
        let text = extension.string("second", at(3));
        let unknown = extension.unknown(Unknown::because("behind"), at(4));
        let list = extension.array(&[first, text, unknown], at(5));
        let absent = extension.absent(at(6));
        let flag = extension.bool(true, at(7));
        let members = [
            ("list", list),
            ("absent", absent),
            ("flag", flag),
            ("first", first),
        ];
        let mapping = extension.object(&members, at(8));
        let added = extension.finish();
        document.absorb(added);

        let mapping = document.value(mapping);
        assert_eq!(mapping.span(), at(8));
        let list = mapping.by_key("list").unwrap();
        let texts: Vec<_> = list.items().map(|item| item.as_str()).collect();
        assert_eq!(texts, [Some("first"), Some("second"), None]);
        let last = list.items().last().and_then(|item| item.as_unknown());
        assert_eq!(last.map(|it| it.reason.as_str()), Some("behind"));
        assert!(mapping.by_key("absent").unwrap().is_absent());
        assert_eq!(mapping.by_key("flag").unwrap().as_bool(), Some(true));
        let places: Vec<_> = mapping.members_as_written().map(|(_, at, _)| at).collect();
        assert_eq!(places, [at(5), at(6), at(7), at(1)]);
    }
}
