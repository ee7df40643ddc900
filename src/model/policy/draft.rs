//! Values that are to be written into a document, made while the document is still being read.
//! It does not know what they mean.

use super::actions::ActionSet;
use crate::model::members;
use crate::model::{Document, NodeId, Truth, Unknown, Value};
use crate::source::Span;

/// A value to be written.
pub(super) enum Draft {
    Existing(NodeId),
    Absent,
    Bool(bool),
    Text(String),
    /// A text of the program's own.
    Word(&'static str),
    Unknown(String),
    List(Vec<(Draft, Span)>),
    Mapping(Vec<(&'static str, Draft)>),
    /// A draft with a place of its own.
    At(Span, Box<Draft>),
    /// `{action, level}` of each action of a set, at the place that names them, and why there may be
    /// more.
    Actions(ActionSet, Option<String>, Span),
}

impl From<Truth> for Draft {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Bool(true),
            Truth::False => Self::Bool(false),
            Truth::Unknown(reason) => Self::Unknown(reason),
        }
    }
}

impl From<Option<Value<'_>>> for Draft {
    fn from(value: Option<Value<'_>>) -> Self {
        value.map_or(Self::Absent, |value| Self::Existing(value.id()))
    }
}

/// Writes drafts into a document.
pub(super) struct DraftWriter<'d> {
    document: &'d mut Document,
    /// Lists of actions that were written before: most principals of a statement get the same.
    lists: Vec<(ActionSet, Span, NodeId)>,
    /// Items of lists that are being written, and members of mappings.
    items: Vec<NodeId>,
    members: Vec<(&'static str, NodeId)>,
}

impl<'d> DraftWriter<'d> {
    pub(super) fn new(document: &'d mut Document) -> Self {
        Self {
            document,
            lists: Vec::new(),
            items: Vec::new(),
            members: Vec::new(),
        }
    }

    /// Adds a draft; everything in it that has no place of its own stands at `span`.
    pub(super) fn write(&mut self, draft: Draft, span: Span) -> NodeId {
        match draft {
            Draft::Existing(id) => id,
            Draft::Absent => self.document.absent(span),
            Draft::Bool(value) => self.document.bool(value, span),
            Draft::Text(text) => self.document.string(&text, span),
            Draft::Word(word) => self.document.string(word, span),
            Draft::At(place, draft) => self.write(*draft, place),
            Draft::Unknown(reason) => self.document.unknown(Unknown::because(reason), span),
            Draft::List(items) => {
                let first = self.items.len();
                for (item, place) in items {
                    let item = self.write(item, place);
                    self.items.push(item);
                }
                let list = self.document.array(&self.items[first..], span);
                self.items.truncate(first);
                list
            }
            Draft::Mapping(members) => {
                let first = self.members.len();
                for (key, member) in members {
                    let member = self.write(member, span);
                    self.members.push((key, member));
                }
                let mapping = self.document.object(&self.members[first..], span);
                self.members.truncate(first);
                mapping
            }
            Draft::Actions(set, open, place) => self.actions(set, open, place),
        }
    }

    fn actions(&mut self, set: ActionSet, open: Option<String>, place: Span) -> NodeId {
        let written = self
            .lists
            .iter()
            .find(|(other, at, _)| *other == set && *at == place);
        if let (None, Some((_, _, list))) = (&open, written) {
            return *list;
        }
        let mut items: Vec<_> = set
            .iter()
            .map(|action| {
                let members = [
                    (
                        members::ACTION.name(),
                        self.document.string(&action.name, place),
                    ),
                    ("level", self.document.string(action.level.name(), place)),
                ];
                self.document.object(&members, place)
            })
            .collect();
        let is_closed = open.is_none();
        if let Some(reason) = open {
            items.push(self.document.unknown(Unknown::because(reason), place));
        }
        let list = self.document.array(&items, place);
        if is_closed {
            self.lists.push((set, place, list));
        }
        list
    }
}
