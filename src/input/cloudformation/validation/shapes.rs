//! Properties that CloudFormation refuses: those that a type does not have, and values of another type.
//! It does not know what the properties are for.

use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::property::bool_text;
use crate::input::cloudformation::expression::value::{Resolved, boolean};
use crate::input::cloudformation::template::flaw::{Flaw, doubled};
use crate::input::cloudformation::template::function::call;
use crate::input::cloudformation::template::schema::{Property, PropertyShape};
use crate::model::Mistake;
use crate::source::{Kind, Node, nearest};

/// The property whose text belongs one level deeper.
const LIFECYCLE: &str = "LifecyclePolicy";

/// Functions that give a text, whatever they are given.
const TEXTS: [&str; 5] = [
    "Fn::Sub",
    "Fn::Join",
    "Fn::ImportValue",
    "Fn::Base64",
    "Fn::ToJsonString",
];

/// Checks the properties of one resource, and gathers what is wrong.
pub(crate) struct PropertyChecker<'e, 't, 'c> {
    pub(crate) evaluator: &'e Evaluator<'t, 'c>,
    pub(crate) found: Vec<Flaw>,
}

/// Properties that let nobody in, delete nothing, and replace nothing that is there, whatever they hold.
const HARMLESS: [&str; 7] = [
    "ImageScanningConfiguration",
    "ImageTagMutability",
    "ImageTagMutabilityExclusionFilters",
    "Key",
    "ScanOnPush",
    "Tags",
    "Value",
];

impl<'t> PropertyChecker<'_, 't, '_> {
    /// Checks the members of a mapping; `of` is what it belongs to, as messages call it.
    pub(crate) fn mapping(&mut self, node: Node<'t>, properties: &[Property], of: &str) {
        for member in node.members() {
            // What is made of all members when the stack is deployed can be anything.
            if member.key.starts_with("Fn::") {
                continue;
            }
            match properties.iter().find(|(known, _)| *known == member.key) {
                Some((_, shape)) => self.value(member.value, *shape, member.key),
                None => {
                    let known = properties.iter().map(|(known, _)| *known);
                    let near = nearest(member.key, known);
                    let hint = near.map_or_else(String::new, |near| format!(", write `{near}`"));
                    let text = format!("`{}` is not a property of {of}{hint}", member.key);
                    let mistake = Mistake::new(text).key(member.key, near);
                    let harmless = near.filter(|near| HARMLESS.contains(near));
                    let mistake = mistake.harmless(member.key, harmless);
                    self.found.push(Flaw::new(member.key_span, mistake));
                }
            }
        }
        self.found.extend(doubled(node));
    }

    fn value(&mut self, node: Node<'t>, shape: PropertyShape, name: &str) {
        let is_text = self.is_text(node);
        // A text is a text, whatever it will be.
        let takes_any_text = matches!(
            shape,
            PropertyShape::Text
                | PropertyShape::Policy
                | PropertyShape::Json
                | PropertyShape::Lifecycle
        );
        if is_text && takes_any_text {
            return;
        }
        // So is a list of the parameters a list.
        if !matches!(shape, PropertyShape::List(_)) && self.is_list(node) {
            let text = format!("`{name}` is a list where {} belongs", wanted(shape));
            self.found.push(Flaw::new(node.span(), text));
            return;
        }
        let resolved = self.evaluator.resolve(node);
        self.resolved(&resolved, is_text, shape, name);
    }

    /// Checks a value, of which may be known that it is a text, though not which.
    fn resolved(&mut self, value: &Resolved<'t>, is_text: bool, shape: PropertyShape, name: &str) {
        let Some((found, fits)) = fits(value, is_text, shape) else {
            return;
        };
        if !fits {
            let wanted = wanted(shape);
            let text = format!("`{name}` is {found} where {wanted} belongs");
            let span = value.span().unwrap_or_default();
            let mut mistake = Mistake::new(text);
            if let (LIFECYCLE, Resolved::Node(node), PropertyShape::Map(_)) = (name, value, shape)
                && let Some(text) = node.as_str()
            {
                mistake = mistake.with("policy", text);
            }
            self.found.push(Flaw::new(span, mistake));
            return;
        }
        match (value, shape) {
            (Resolved::Node(node), PropertyShape::Map(members)) => {
                self.mapping(*node, members, &format!("`{name}`"));
            }
            (Resolved::Node(node), PropertyShape::List(item)) => {
                for one in node.items() {
                    self.value(one, *item, name);
                }
            }
            (Resolved::List(list), PropertyShape::List(item)) => {
                for one in &list.items {
                    self.resolved(one, false, *item, name);
                }
            }
            _ => {}
        }
    }

    /// Whether a node is a text for certain, without a look at what it will be.
    fn is_text(&self, node: Node<'t>) -> bool {
        match node.kind() {
            Kind::String | Kind::Number | Kind::Bool(_) => true,
            Kind::Array | Kind::Null => false,
            Kind::Object => {
                call(node).is_some_and(|call| TEXTS.contains(&call.name))
                    || self
                        .kind_of_parameter(node)
                        .is_some_and(|kind| !kind.contains("List"))
            }
        }
    }

    /// Whether a node is a parameter that is a list.
    fn is_list(&self, node: Node<'t>) -> bool {
        let kind = self.kind_of_parameter(node);
        kind.is_some_and(|kind| kind.contains("List"))
    }

    /// The type of the parameter that a node refers to.
    fn kind_of_parameter(&self, node: Node<'t>) -> Option<&'t str> {
        let call = call(node).filter(|call| call.name == "Ref")?;
        let parameters = self.evaluator.template.parameters?;
        let declaration = parameters.get(call.argument?.as_str()?)?;
        declaration.get("Type")?.as_str()
    }
}

/// What a value is, and whether that belongs there; `None` where it cannot be determined.
fn fits(value: &Resolved<'_>, is_text: bool, shape: PropertyShape) -> Option<(&'static str, bool)> {
    let text = |known: Option<&str>| match shape {
        PropertyShape::Flag => known.is_none_or(|text| bool_text(text).is_some()),
        shape => !matches!(shape, PropertyShape::List(_) | PropertyShape::Map(_)),
    };
    Some(match value {
        Resolved::Nothing | Resolved::Unknown(_) => return None,
        Resolved::Json(_) => ("a text", text(None)),
        Resolved::List(_) => ("a list", matches!(shape, PropertyShape::List(_))),
        Resolved::Text(found) => match found.known() {
            None if !is_text => return None,
            known => ("a text", text(known.as_deref())),
        },
        Resolved::Node(node) => match node.kind() {
            Kind::Null => ("empty", false),
            Kind::Array => {
                let fits = matches!(shape, PropertyShape::List(_) | PropertyShape::Lifecycle);
                ("a list", fits)
            }
            Kind::Object => {
                let fits = matches!(
                    shape,
                    PropertyShape::Map(_) | PropertyShape::Policy | PropertyShape::Lifecycle
                );
                ("a mapping", fits)
            }
            Kind::Bool(_) => ("a boolean", text(Some("true"))),
            Kind::Number => ("a number", text(node.as_text())),
            // YAML 1.1 has more words for booleans, as long as they are not between quotes.
            Kind::String if node.is_ambiguous() && boolean(node.as_str()?).is_some() => {
                ("a boolean", text(Some("true")))
            }
            Kind::String => ("a text", text(node.as_str())),
        },
    })
}

fn wanted(shape: PropertyShape) -> &'static str {
    match shape {
        PropertyShape::Text => "a text",
        PropertyShape::Flag => "`true` or `false`",
        PropertyShape::List(_) => "a list",
        PropertyShape::Map(_) => "a mapping",
        PropertyShape::Policy => "a mapping or a text of JSON",
        PropertyShape::Json | PropertyShape::Lifecycle => "a text of JSON",
    }
}
