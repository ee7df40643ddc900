//! Writes what is known of a policy beside the document that it is read from.
//! It does not know what the values mean.

use super::actions::ActionSet;
use crate::model::members;
use crate::model::{Document, DocumentExtension, NodeId, Truth, Unknown, Value};
use crate::source::Span;

/// Writes facts, which become part of the document once it is no longer read.
pub(super) struct FactWriter<'d> {
    pub(super) nodes: DocumentExtension<'d>,
    /// The absent value that was written last: most that are absent in a mapping stand at one place.
    absent: Option<(Span, NodeId)>,
    /// Lists of actions that were written before: most principals of a statement get the same.
    lists: Vec<(ActionSet, Span, NodeId)>,
    /// Items of lists that are being written.
    items: Vec<NodeId>,
}

impl<'d> FactWriter<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self {
            nodes: DocumentExtension::of(document),
            absent: None,
            lists: Vec::new(),
            items: Vec::new(),
        }
    }

    pub(super) fn absent(&mut self, span: Span) -> NodeId {
        match self.absent {
            Some((place, node)) if place == span => node,
            _ => {
                let node = self.nodes.absent(span);
                self.absent = Some((span, node));
                node
            }
        }
    }

    /// A text; absent where there is none.
    pub(super) fn optional(&mut self, text: Option<&str>, span: Span) -> NodeId {
        match text {
            Some(text) => self.nodes.string(text, span),
            None => self.absent(span),
        }
    }

    /// The value itself; absent where there is none.
    pub(super) fn existing(&mut self, value: Option<Value<'_>>, span: Span) -> NodeId {
        value.map_or_else(|| self.absent(span), Value::id)
    }

    pub(super) fn unknown(&mut self, reason: &str, span: Span) -> NodeId {
        self.nodes.unknown(Unknown::because(reason), span)
    }

    pub(super) fn truth(&mut self, truth: &Truth, span: Span) -> NodeId {
        match truth {
            Truth::True => self.nodes.bool(true, span),
            Truth::False => self.nodes.bool(false, span),
            Truth::Unknown(reason) => self.unknown(reason, span),
        }
    }

    /// A mapping without members, which only says where something is; absent where nothing is.
    pub(super) fn place(&mut self, place: Option<Span>, span: Span) -> NodeId {
        match place {
            Some(place) => self.nodes.object(&[], place),
            None => self.absent(span),
        }
    }

    /// A list of what `write` makes of each item.
    pub(super) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        span: Span,
        mut write: impl FnMut(&mut Self, T) -> NodeId,
    ) -> NodeId {
        let first = self.items.len();
        for item in items {
            let item = write(self, item);
            self.items.push(item);
        }
        let list = self.nodes.array(&self.items[first..], span);
        self.items.truncate(first);
        list
    }

    /// `{action, level}` of each action of a set, at the place that names them, and why there may be more.
    pub(super) fn actions(&mut self, set: ActionSet, open: Option<&str>, place: Span) -> NodeId {
        let written = self
            .lists
            .iter()
            .find(|(other, at, _)| *other == set && *at == place);
        if let (None, Some((_, _, list))) = (open, written) {
            return *list;
        }
        let first = self.items.len();
        for action in set.iter() {
            let name = self.nodes.string(&action.name, place);
            let level = self.nodes.string(action.level.name(), place);
            let members = [(members::ACTION.name(), name), ("level", level)];
            let item = self.nodes.object(&members, place);
            self.items.push(item);
        }
        if let Some(reason) = open {
            let more = self.unknown(reason, place);
            self.items.push(more);
        }
        let list = self.nodes.array(&self.items[first..], place);
        self.items.truncate(first);
        if open.is_none() {
            self.lists.push((set, place, list));
        }
        list
    }
}
