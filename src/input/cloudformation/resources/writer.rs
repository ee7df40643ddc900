//! The properties of one resource, written into one document.
//! It does not know which of them belong together.

use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::function;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::members;
use crate::model::{Data, Document, NodeId, Value, Written};
use crate::source::{Kind, Node, Tree};

/// Writes the properties of one resource into one document.
pub(crate) struct PropertyWriter<'w, 't, 'c> {
    pub(crate) evaluator: &'w Evaluator<'t, 'c>,
    pub(crate) properties: &'w Slot<'t>,
    pub(crate) document: &'w mut Document,
}

impl<'t> PropertyWriter<'_, 't, '_> {
    pub(crate) fn slot(&self, path: &[&str]) -> Slot<'t> {
        let mut slot = self.properties.clone();
        for name in path {
            slot = self.evaluator.inside(&slot, name);
        }
        slot
    }

    pub(crate) fn string(&mut self, path: &[&str]) -> NodeId {
        let slot = self.slot(path);
        self.evaluator.write_string(self.document, slot)
    }

    /// A text, and whether parameters or conditions have a part in it.
    pub(crate) fn computed_string(&mut self, resource: &Resource<'t>, name: &str) -> NodeId {
        let value = self.string(&[name]);
        mark_computed(self.document, resource.written(name), value)
    }

    /// The text of the lifecycle policy. Where the property is given and cannot be read, it gives a policy.
    pub(crate) fn lifecycle(&self) -> Slot<'t> {
        let property = self.slot(&["LifecyclePolicy"]);
        let mut text = self.evaluator.inside(&property, "LifecyclePolicyText");
        let maybe_absent = match &property.value {
            Resolved::Unknown(hidden) => hidden.unknown.maybe_absent,
            Resolved::Text(text) => text.known().is_some(),
            _ => return text,
        };
        if let Resolved::Unknown(hidden) = &mut text.value {
            hidden.unknown.maybe_absent = maybe_absent;
        }
        text
    }

    /// The lifecycle policy from its text.
    pub(crate) fn lifecycle_policy(
        &mut self,
        resource: &Resource<'t>,
        text: Slot<'t>,
        embedded: &mut Tree,
    ) -> NodeId {
        let policy = self.evaluator.write_policy(self.document, text, embedded);
        mark_computed(self.document, resource.written("LifecyclePolicy"), policy)
    }

    pub(crate) fn bool(&mut self, path: &[&str]) -> NodeId {
        let slot = self.slot(path);
        self.evaluator.write_bool(self.document, slot)
    }

    pub(crate) fn attribute(&mut self, resource: &Resource<'t>, name: &str) -> NodeId {
        let slot = self.evaluator.attribute_slot(resource, name);
        let value = self.evaluator.write_string(self.document, slot);
        mark_computed(self.document, resource.node.get(name), value)
    }

    pub(crate) fn exclusion_filters(&mut self) -> NodeId {
        const NAMES: [(&str, &str); 2] = [
            (
                "ImageTagMutabilityExclusionFilterType",
                members::FILTER_TYPE.name(),
            ),
            (
                "ImageTagMutabilityExclusionFilterValue",
                members::FILTER.name(),
            ),
        ];
        let slot = self.slot(&["ImageTagMutabilityExclusionFilters"]);
        let evaluator = self.evaluator;
        evaluator.write_list_of(self.document, slot, |document, item| {
            evaluator.write_texts(document, item, &NAMES)
        })
    }

    pub(crate) fn scanning_rules(&mut self) -> NodeId {
        let slot = self.slot(&["Rules"]);
        let evaluator = self.evaluator;
        evaluator.write_list_of(self.document, slot, |document, rule| {
            write_scanning_rule(evaluator, document, rule)
        })
    }

    /// The tags of a property.
    pub(crate) fn own_tags(&mut self, property: &str) -> NodeId {
        const NAMES: [(&str, &str); 2] = [
            ("Key", members::TAG_KEY.name()),
            ("Value", members::TAG_VALUE.name()),
        ];
        let slot = self.slot(&[property]);
        let evaluator = self.evaluator;
        evaluator.write_list_of(self.document, slot, |document, tag| {
            evaluator.write_texts(document, tag, &NAMES)
        })
    }

    /// The repository's own tags, then those of the stack whose keys it does not set itself.
    pub(crate) fn tags(&mut self) -> NodeId {
        let place = self.slot(&["Tags"]).place;
        let own = self.own_tags("Tags");
        let value = self.document.value(own);
        let is_list = matches!(value.data(), Data::Array);
        let stack_tags = &self.evaluator.context.stack_tags;
        if stack_tags.is_empty() || !(is_list || value.is_absent()) {
            return own;
        }
        let mut tags: Vec<NodeId> = value.items().map(|tag| tag.id()).collect();
        let span = if is_list { value.span() } else { place };
        let added: Vec<_> = stack_tags
            .iter()
            .filter(|tag| {
                let key = |own: Value<'_>| {
                    own.get(members::TAG_KEY)?
                        .as_str()
                        .map(|key| key == tag.key)
                };
                !value.items().any(|own| key(own) == Some(true))
            })
            .collect();
        for tag in added {
            let key = self.document.string(&tag.key, tag.span);
            let text = self.document.string(&tag.value, tag.span);
            let members = [
                (members::TAG_KEY.name(), key),
                (members::TAG_VALUE.name(), text),
            ];
            tags.push(self.document.object(&members, tag.span));
        }
        self.document.array(&tags, span)
    }
}

/// Notes of a value whether parameters or conditions have a part in it, by how it is written.
pub(crate) fn mark_computed(
    document: &mut Document,
    written: Option<Node<'_>>,
    value: NodeId,
) -> NodeId {
    if written.is_some_and(function::computes) {
        document.mark_computed(value);
    }
    value
}

/// One rule of a registry's scanning configuration.
pub(crate) fn write_scanning_rule<'t>(
    evaluator: &Evaluator<'t, '_>,
    document: &mut Document,
    rule: Slot<'t>,
) -> NodeId {
    const NAMES: [(&str, &str); 2] = [
        ("Filter", members::FILTER.name()),
        ("FilterType", members::FILTER_TYPE.name()),
    ];
    let span = match rule.value {
        Resolved::Node(node) if node.kind() == Kind::Object => node.span(),
        _ => return evaluator.write_any(document, rule),
    };
    let frequency = evaluator.inside(&rule, "ScanFrequency");
    let frequency = evaluator.write_string(document, frequency);
    let filters = evaluator.inside(&rule, "RepositoryFilters");
    let filters = evaluator.write_list_of(document, filters, |document, filter| {
        evaluator.write_texts(document, filter, &NAMES)
    });
    document.object(
        &[
            (members::FREQUENCY.name(), frequency),
            (members::FILTERS.name(), filters),
        ],
        span,
    )
}

/// How a lifecycle policy is written down.
pub(crate) fn written(lifecycle: &Slot<'_>) -> Written {
    match lifecycle.value {
        Resolved::Node(node) if matches!(node.kind(), Kind::Object | Kind::Array) => {
            Written::Mapping
        }
        _ => lifecycle
            .value
            .known_text()
            .map_or(Written::Unmeasured, |text| {
                Written::Text(text.chars().count())
            }),
    }
}
