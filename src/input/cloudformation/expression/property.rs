//! Properties of resources: the way to them, where they would stand, and their types.
//! It does not know which properties a resource has.

use super::evaluate::{Evaluator, write_text};
use super::value::{Resolved, Text, boolean, misread};
use crate::input::cloudformation::template::attributes::{ATTRIBUTES, PROPERTIES, misspelt, twice};
use crate::input::cloudformation::template::function;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Document, NodeId, Unknown};
use crate::source::{Kind, Node, Span};

/// A property, there or not.
#[derive(Clone, Debug)]
pub(crate) struct Slot<'t> {
    /// The value; [`Resolved::Nothing`] when there is none.
    pub(crate) value: Resolved<'t>,
    /// The property's key, or the key of what it would stand in.
    pub(crate) place: Span,
    /// The resource itself, where the value is its properties.
    beside: Option<Node<'t>>,
}

impl<'t> Slot<'t> {
    /// A value at its place.
    pub(crate) fn new(value: Resolved<'t>, place: Span) -> Self {
        Self {
            value,
            place,
            beside: None,
        }
    }

    fn absent(place: Span) -> Self {
        Self::new(Resolved::Nothing, place)
    }

    /// A value that may well not be there, because of `reason`.
    fn hidden(place: Span, name: &str, reason: String) -> Self {
        let mut unknown = Resolved::unknown(place, name, reason);
        if let Resolved::Unknown(hidden) = &mut unknown {
            hidden.unknown.maybe_absent = true;
        }
        Self::new(unknown, place)
    }
}

impl<'t> Evaluator<'t, '_> {
    /// The properties of a resource.
    pub(crate) fn properties(&self, resource: &Resource<'t>) -> Slot<'t> {
        let slot = self.attribute_slot(resource, PROPERTIES);
        // CloudFormation refuses a key that was meant to be this one, and nobody knows what stays of it.
        if let (Resolved::Nothing, Some(key)) = (&slot.value, misspelt(resource.node, PROPERTIES)) {
            let reason = format!("`{}` is not an attribute of a resource", key.key);
            return Slot::hidden(key.key_span, PROPERTIES, reason);
        }
        Slot {
            beside: Some(resource.node),
            ..slot
        }
    }

    /// A member of the resource itself, such as `DeletionPolicy`.
    pub(crate) fn attribute_slot(&self, resource: &Resource<'t>, name: &str) -> Slot<'t> {
        if resource.is_contradicted {
            return Slot::hidden(resource.place, name, twice(resource.id));
        }
        if let Some(call) = function::call(resource.node) {
            let reason = function::changes_what_is_beside(call.name);
            return Slot::hidden(resource.place, name, reason);
        }
        self.member(resource.node, name, resource.place)
    }

    /// The member `name` of what `parent` holds.
    pub(crate) fn inside(&self, parent: &Slot<'t>, name: &str) -> Slot<'t> {
        match &parent.value {
            Resolved::Nothing => {
                misplaced(parent, name).unwrap_or_else(|| Slot::absent(parent.place))
            }
            Resolved::Node(node) if node.kind() == Kind::Object => {
                let slot = self.member(*node, name, parent.place);
                let is_absent = matches!(slot.value, Resolved::Nothing) && node.get(name).is_none();
                let misplaced = is_absent.then(|| misplaced(parent, name)).flatten();
                misplaced.unwrap_or(slot)
            }
            Resolved::Unknown(hidden) => {
                let mut hidden = hidden.clone();
                // Even if the mapping is there, the member may be missing from it.
                hidden.unknown.maybe_absent = true;
                hidden.unknown.reference = None;
                Slot::new(Resolved::Unknown(hidden), parent.place)
            }
            other => {
                let span = other.span().unwrap_or(parent.place);
                let reason = format!("`{name}` stands in something that is not a mapping");
                Slot {
                    place: parent.place,
                    ..Slot::hidden(span, name, reason)
                }
            }
        }
    }

    fn member(&self, parent: Node<'t>, name: &str, place: Span) -> Slot<'t> {
        match parent.member(name) {
            Some(member) if parent.contradicts(name) => {
                let unknown = Resolved::unknown(member.key_span, name, twice(name));
                Slot::new(unknown, member.key_span)
            }
            Some(member) => Slot::new(self.resolve_whole(member.value), member.key_span),
            None => {
                // One that is written in another case says where the value would be.
                let mut near = parent.members();
                let near = near.find(|member| member.key.eq_ignore_ascii_case(name));
                Slot::absent(near.map_or(place, |member| member.key_span))
            }
        }
    }

    /// Writes a property of any type.
    pub(crate) fn write_any(&self, document: &mut Document, slot: Slot<'t>) -> NodeId {
        let place = slot.place;
        self.write_resolved(document, slot.value)
            .unwrap_or_else(|| document.absent(place))
    }

    /// Writes a text property; numbers and booleans become texts, as in CloudFormation.
    pub(crate) fn write_string(&self, document: &mut Document, slot: Slot<'t>) -> NodeId {
        if let Resolved::Node(node) = slot.value {
            // Nearly every property is a text that says what it says.
            if let (Some(text), None) = (node.as_text(), misread(node)) {
                return document.string(text, node.span());
            }
            if let Some(text) = Text::of(node) {
                return write_text(document, &text);
            }
        }
        self.write_any(document, slot)
    }

    /// Writes a boolean property; the texts of booleans count, as in CloudFormation.
    pub(crate) fn write_bool(&self, document: &mut Document, slot: Slot<'t>) -> NodeId {
        if let Some(value) = known_bool(&slot.value) {
            let span = slot.value.span().unwrap_or(slot.place);
            return document.bool(value, span);
        }
        self.write_any(document, slot)
    }

    /// Writes a list property, each item by `write_item`; what is not a list is written as it is.
    pub(crate) fn write_list_of(
        &self,
        document: &mut Document,
        slot: Slot<'t>,
        mut write_item: impl FnMut(&mut Document, Slot<'t>) -> NodeId,
    ) -> NodeId {
        let (items, span) = match slot.value {
            Resolved::Node(node) if node.kind() == Kind::Array => {
                let items: Vec<_> = node.items().map(|item| self.resolve(item)).collect();
                (items, node.span())
            }
            Resolved::List(list) if list.rest.is_none() => (list.items, list.span),
            _ => return self.write_any(document, slot),
        };
        let mut written = Vec::with_capacity(items.len());
        for value in items {
            let Some(place) = value.span() else { continue };
            written.push(write_item(document, Slot::new(value, place)));
        }
        document.array(&written, span)
    }

    /// Writes a mapping with the texts at `names` under the names of the repository document.
    ///
    /// What is not a mapping is written as it is; members that are not there are absent nodes.
    pub(crate) fn write_texts(
        &self,
        document: &mut Document,
        slot: Slot<'t>,
        names: &[(&str, &'static str)],
    ) -> NodeId {
        let Resolved::Node(node) = slot.value else {
            return self.write_any(document, slot);
        };
        if node.kind() != Kind::Object {
            return self.write_any(document, slot);
        }
        let members: Vec<_> = names
            .iter()
            .map(|(name, key)| {
                let value = self.inside(&slot, name);
                (*key, self.write_string(document, value))
            })
            .collect();
        document.object(&members, node.span())
    }
}

/// A property that stands beside `Properties`, where CloudFormation refuses it.
fn misplaced<'t>(properties: &Slot<'t>, name: &str) -> Option<Slot<'t>> {
    let member = properties.beside?.member(name)?;
    if ATTRIBUTES.contains(&name) {
        return None;
    }
    let reason = format!("`{name}` stands beside `{PROPERTIES}`");
    Some(Slot::hidden(member.key_span, name, reason))
}

/// The boolean that CloudFormation makes of a value for a boolean property.
fn known_bool(value: &Resolved<'_>) -> Option<bool> {
    if let Resolved::Node(node) = value {
        return match node.kind() {
            Kind::Bool(value) => Some(value),
            Kind::String if node.is_ambiguous() => boolean(node.as_str()?),
            Kind::String => bool_text(node.as_str()?),
            _ => None,
        };
    }
    bool_text(&value.known_text()?)
}

/// The texts that CloudFormation takes for booleans.
pub(crate) fn bool_text(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Writes a value that `condition` decides about, whatever the template says.
pub(crate) fn write_undecided(document: &mut Document, condition: &str, span: Span) -> NodeId {
    let reason = format!("the condition `{condition}` decides whether it exists");
    document.unknown(Unknown::because(reason).maybe_absent(), span)
}
