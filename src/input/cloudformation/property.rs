//! Properties of resources: the way to them, where they would stand, and their types.
//! It does not know which properties a resource has.

use super::evaluate::{Evaluator, write_text};
use super::template::Resource;
use super::value::{Resolved, Text, boolean, misread};
use crate::model::{Document, NodeId, Unknown};
use crate::source::{Kind, Node, Span};

/// A property, there or not.
#[derive(Clone, Debug)]
pub(super) struct Slot<'t> {
    /// The value; [`Resolved::Nothing`] when there is none.
    pub(super) value: Resolved<'t>,
    /// The property's key, or the key of what it would stand in.
    pub(super) place: Span,
}

impl<'t> Slot<'t> {
    fn absent(place: Span) -> Self {
        Self {
            value: Resolved::Nothing,
            place,
        }
    }
}

impl<'t> Evaluator<'t, '_> {
    /// The properties of a resource.
    pub(super) fn properties(&self, resource: &Resource<'t>) -> Slot<'t> {
        self.attribute_slot(resource, "Properties")
    }

    /// A member of the resource itself, such as `DeletionPolicy`.
    pub(super) fn attribute_slot(&self, resource: &Resource<'t>, name: &str) -> Slot<'t> {
        if resource.is_contradicted {
            let mut unknown = Resolved::unknown(resource.place, name, twice(resource.id));
            if let Resolved::Unknown(hidden) = &mut unknown {
                hidden.unknown.maybe_absent = true;
            }
            return Slot {
                value: unknown,
                place: resource.place,
            };
        }
        self.member(resource.node, name, resource.place)
    }

    /// The member `name` of what `parent` holds.
    pub(super) fn inside(&self, parent: &Slot<'t>, name: &str) -> Slot<'t> {
        match &parent.value {
            Resolved::Nothing => Slot::absent(parent.place),
            Resolved::Node(node) if node.kind() == Kind::Object => {
                self.member(*node, name, parent.place)
            }
            Resolved::Unknown(hidden) => {
                let mut hidden = hidden.clone();
                // Even if the mapping is there, the member may be missing from it.
                hidden.unknown.maybe_absent = true;
                hidden.unknown.reference = None;
                Slot {
                    value: Resolved::Unknown(hidden),
                    place: parent.place,
                }
            }
            other => {
                let span = other.span().unwrap_or(parent.place);
                let reason = format!("`{name}` stands in something that is no mapping");
                let mut unknown = Resolved::unknown(span, name, reason);
                if let Resolved::Unknown(hidden) = &mut unknown {
                    hidden.unknown.maybe_absent = true;
                }
                Slot {
                    value: unknown,
                    place: parent.place,
                }
            }
        }
    }

    fn member(&self, parent: Node<'t>, name: &str, place: Span) -> Slot<'t> {
        match parent.member(name) {
            Some(member) if parent.contradicts(name) => Slot {
                value: Resolved::unknown(member.key_span, name, twice(name)),
                place: member.key_span,
            },
            Some(member) => Slot {
                value: self.resolve(member.value),
                place: member.key_span,
            },
            None => {
                // One that is written in another case says where the value would be.
                let mut near = parent.members();
                let near = near.find(|member| member.key.eq_ignore_ascii_case(name));
                Slot::absent(near.map_or(place, |member| member.key_span))
            }
        }
    }

    /// Writes a property of any type.
    pub(super) fn write_any(&self, document: &mut Document, slot: Slot<'t>) -> NodeId {
        let place = slot.place;
        self.write_resolved(document, slot.value)
            .unwrap_or_else(|| document.absent(place))
    }

    /// Writes a text property; numbers and booleans become texts, as in CloudFormation.
    pub(super) fn write_string(&self, document: &mut Document, slot: Slot<'t>) -> NodeId {
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
    pub(super) fn write_bool(&self, document: &mut Document, slot: Slot<'t>) -> NodeId {
        if let Some(value) = known_bool(&slot.value) {
            let span = slot.value.span().unwrap_or(slot.place);
            return document.bool(value, span);
        }
        self.write_any(document, slot)
    }

    /// Writes a list property, each item by `write_item`; what is no list is written as it is.
    pub(super) fn write_list_of(
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
            written.push(write_item(document, Slot { value, place }));
        }
        document.array(&written, span)
    }

    /// Writes a mapping with the texts at `names` under the names of the repository document.
    ///
    /// What is no mapping is written as it is; members that are not there are absent nodes.
    pub(super) fn write_texts(
        &self,
        document: &mut Document,
        slot: Slot<'t>,
        names: &[(&str, &str)],
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

/// Why the value of a key is not known that stands twice with different values.
pub(super) fn twice(key: &str) -> String {
    format!("`{key}` stands twice, with different values")
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
pub(super) fn bool_text(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Writes a value that `condition` decides about, whatever the template says.
pub(super) fn write_undecided(document: &mut Document, condition: &str, span: Span) -> NodeId {
    let reason = format!("the condition `{condition}` decides whether it exists");
    document.unknown(Unknown::because(reason).maybe_absent(), span)
}
