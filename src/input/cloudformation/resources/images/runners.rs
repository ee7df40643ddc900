//! Resources that run images, and where each of them names its images.
//! It does not know whose images they are.

use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::pseudo;
use crate::input::cloudformation::expression::value::{Resolved, Text, TextPart};
use crate::input::cloudformation::template::runners::{EACH, PIPELINE, RUNNERS};
use crate::input::cloudformation::template::sections::Resource;
use crate::source::{Kind, Node, Span};

/// Images that one resource names. CloudFormation takes no more resources in a whole template.
const MOST: usize = 500;

/// The tag that a source action follows unless it names one, and the one that a URI without a tag means.
pub(crate) const LATEST: &str = "latest";

/// An image as a resource names it.
#[derive(Clone, Debug)]
pub(crate) struct NamedImage<'t> {
    /// Its URI.
    pub(crate) uri: Text<'t>,
    /// Where it stands.
    pub(crate) place: Span,
}

/// Every image that a resource names, as far as it can be read.
pub(crate) fn named<'t>(
    evaluator: &Evaluator<'t, '_>,
    resource: &Resource<'t>,
) -> Vec<NamedImage<'t>> {
    let kind = resource.node.get("Type").and_then(Node::as_str);
    let kind = kind.unwrap_or_default();
    let properties = evaluator.properties(resource);
    let mut found = Vec::new();
    if kind == PIPELINE {
        let actions = follow(
            evaluator,
            properties.clone(),
            &["Stages", EACH, "Actions", EACH],
        );
        found.extend(actions.iter().filter_map(|one| source(evaluator, one)));
    }
    let ways = RUNNERS.iter().find(|(name, _)| *name == kind);
    for way in ways.into_iter().flat_map(|(_, ways)| ways.iter()) {
        let way: Vec<&str> = way.split('.').collect();
        let slots = follow(evaluator, properties.clone(), &way).into_iter();
        found.extend(slots.filter_map(|slot| image(evaluator, slot)));
    }
    found.truncate(MOST);
    found
}

/// What stands at the end of a way, once for each item of its lists; a value that is not known on the way stands for
/// all behind it.
fn follow<'t>(evaluator: &Evaluator<'t, '_>, start: Slot<'t>, way: &[&str]) -> Vec<Slot<'t>> {
    let mut slots = vec![start];
    for step in way {
        let mut next = Vec::with_capacity(slots.len());
        for slot in slots {
            match (*step, &slot.value) {
                (_, Resolved::Nothing) => {}
                (EACH, _) => next.extend(items(evaluator, slot)),
                (name, _) => next.push(evaluator.inside(&slot, name)),
            }
        }
        next.truncate(MOST);
        slots = next;
    }
    slots
}

/// The items of a list; the value itself where it is none that is known.
fn items<'t>(evaluator: &Evaluator<'t, '_>, slot: Slot<'t>) -> Vec<Slot<'t>> {
    let (items, rest) = match slot.value {
        Resolved::Node(node) if node.kind() == Kind::Array => {
            let items = node.items().take(MOST);
            (items.map(|item| evaluator.resolve(item)).collect(), None)
        }
        Resolved::List(list) => {
            let rest = list.rest;
            (
                list.items,
                rest.map(|reason| Resolved::unknown(list.span, "", reason)),
            )
        }
        // What is something else is refused by CloudFormation.
        Resolved::Node(_) | Resolved::Json(_) | Resolved::Nothing => return Vec::new(),
        Resolved::Text(_) | Resolved::Unknown(_) => return vec![slot],
    };
    let all: Vec<Resolved<'t>> = items.into_iter().chain(rest).collect();
    let placed = all.into_iter().filter_map(|value| {
        let place = value.span()?;
        Some(Slot::new(value, place))
    });
    placed.collect()
}

/// The image that a property names.
fn image<'t>(evaluator: &Evaluator<'t, '_>, slot: Slot<'t>) -> Option<NamedImage<'t>> {
    let uri = evaluator.text_of(slot.value)?;
    let place = uri.span;
    Some(NamedImage { uri, place })
}

/// The image that a source action of a pipeline follows, by the URI that it has.
fn source<'t>(evaluator: &Evaluator<'t, '_>, action: &Slot<'t>) -> Option<NamedImage<'t>> {
    let kind = evaluator.inside(action, "ActionTypeId");
    let is = |key: &str, expected: &str| {
        let value = evaluator.inside(&kind, key).value;
        value.known_text().as_deref() == Some(expected)
    };
    if !is("Category", "Source") || !is("Provider", "ECR") {
        return None;
    }
    let configuration = evaluator.inside(action, "Configuration");
    let text = |slot: Slot<'t>| evaluator.text_of(slot.value);
    let name = text(evaluator.inside(&configuration, "RepositoryName"))?;
    let tag = text(evaluator.inside(&configuration, "ImageTag"));
    let region = text(evaluator.inside(action, "Region"));
    let span = name.span;
    let part = |name: &str| pseudo::part(name, evaluator.context, span);
    let mut parts: Vec<TextPart<'t>> = part("AWS::AccountId").into_iter().collect();
    parts.push(TextPart::known(".dkr.ecr.", span));
    match region {
        Some(region) => parts.extend(region.parts),
        None => parts.extend(part("AWS::Region")),
    }
    parts.push(TextPart::known(".", span));
    parts.extend(part("AWS::URLSuffix"));
    parts.push(TextPart::known("/", span));
    parts.extend(name.parts);
    parts.push(TextPart::known(":", span));
    let place = tag.as_ref().map_or(span, |tag| tag.span);
    match tag {
        Some(tag) => parts.extend(tag.parts),
        None => parts.push(TextPart::known(LATEST, span)),
    }
    Some(NamedImage {
        uri: Text::new(span, parts),
        place,
    })
}
