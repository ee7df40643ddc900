//! What `Ref` and `Fn::GetAtt` stand for: parameters, pseudo parameters, attributes of resources.
//! It does not know texts.

use super::decision::{Binding, DecisionQuestion};
use super::evaluate::{Evaluator, PropertyKey, Reads};
use super::intrinsics::malformed;
use super::value::{List, Resolved, Text, TextPart};
use super::{arns, limits, pseudo};
use crate::input::cloudformation::template::function::{attribute_path, items};
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Resource;
use crate::input::cloudformation::template::{attributes, parameters};
use crate::model::Reference;
use crate::source::{Node, Span};

/// How reasons begin why the name of a resource without one is not known.
pub(crate) const MADE_UP: &str = "CloudFormation makes up the name of";

/// The attribute under which a [`Reference`] keeps what `Ref` returns.
pub(crate) const REF: &str = "Ref";

impl<'t> Evaluator<'t, '_> {
    /// `Ref`
    pub(crate) fn reference(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        match self.name_in(argument) {
            Ok(name) => self.reference_to(name, span),
            Err(Some(reason)) => Resolved::unknown(span, REF, reason),
            Err(None) => malformed(REF, "a literal name", span),
        }
    }

    /// `Fn::GetAtt`
    pub(crate) fn attribute(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        if let Some((id, attribute)) = attribute_path(argument) {
            return self.attribute_of(id, attribute, span);
        }
        let malformed = || malformed("Fn::GetAtt", "a logical id and an attribute", span);
        let Some([id, attribute]) = items(argument) else {
            return malformed();
        };
        match (self.name_in(id), attribute.as_str()) {
            (Ok(id), Some(attribute)) => self.attribute_of(id, attribute, span),
            (Err(Some(reason)), _) => Resolved::unknown(span, "Fn::GetAtt", reason),
            _ => malformed(),
        }
    }

    /// The name that `Ref` or `Fn::GetAtt` is given. The language extensions allow functions there.
    ///
    /// What is not a name has no reason; one that is not known has one.
    fn name_in(&self, node: Node<'t>) -> Result<&'t str, Option<String>> {
        if let Some(name) = node.as_str() {
            return Ok(name);
        }
        let known = self.known(node)?;
        let named = self.template.spelled(&known);
        named.ok_or_else(|| Some(format!("the template declares no `{known}`")))
    }

    /// What `Ref` to `name` returns at `span`.
    pub(crate) fn reference_to(&self, name: &'t str, span: Span) -> Resolved<'t> {
        if name.starts_with("AWS::")
            && let Some(Ok(Some(value))) = self.recorded(
                DecisionQuestion::DecidedValue(name),
                self.decisions.decided_value(self, name),
            )
        {
            self.note_place();
            return self.text(Text::new(span, vec![TextPart::known(value, span)]));
        }
        if let Some(value) = pseudo::resolve(name, self.context, span) {
            self.note_place();
            return value;
        }
        if let Some(declaration) = self.template.parameters.and_then(|all| all.get(name)) {
            let parameters = self.template.parameters;
            let is_contradicted = parameters.is_some_and(|all| all.contradicts(name))
                || declaration.contradicts("Default");
            return match is_contradicted {
                true => Resolved::unknown(span, name, attributes::twice(name)),
                false => self.parameter(name, declaration, span),
            };
        }
        self.attribute_of(name, REF, span)
    }

    /// The attribute of the resource `id`, used at `span`.
    pub(crate) fn attribute_of(&self, id: &'t str, attribute: &'t str, span: Span) -> Resolved<'t> {
        let Some(resource) = self.template.resources.get(id).copied() else {
            match (self.template.role_maker(id), attribute) {
                (Some(_), "Arn") => return self.role_arn(id, span),
                (Some(_), REF) => return self.role_name(id, span),
                _ => {}
            }
            let reason = format!("the template declares no `{id}`");
            return Resolved::hole(span, id, reason);
        };
        if self.existence(&resource).is_false() {
            // CloudFormation refuses such a combination.
            let reason = format!("its condition takes `{id}` away where it is needed");
            return Resolved::hole(span, id, reason);
        }
        if let Some(value) = self.of_other_stack(&resource, attribute, span) {
            return value;
        }
        let reference = Reference {
            template: self.template.source(),
            logical_id: id.to_owned(),
            attribute: attribute.to_owned(),
        };
        self.note_place();
        match self.known_attribute(&resource, attribute, span) {
            Some(Resolved::Text(text)) => Resolved::Text(Text {
                parts: match text.known() {
                    Some(known) => vec![TextPart::known(known, span)],
                    None => text.parts.into_iter().map(|part| part.at(span)).collect(),
                },
                reference: Some(Box::new(reference)),
                span,
            }),
            Some(other) => other,
            None => undeployed(reference, span),
        }
    }

    /// What `Ref` to the role returns that SAM makes beside a function or state machine.
    fn role_name(&self, id: &'t str, span: Span) -> Resolved<'t> {
        let reference = Reference {
            template: self.template.source(),
            logical_id: id.to_owned(),
            attribute: REF.to_owned(),
        };
        let reason = format!("{MADE_UP} `{id}`");
        let name = id.to_owned();
        Resolved::Text(Text {
            reference: Some(Box::new(reference)),
            ..Text::new(span, vec![TextPart::hole(name, reason, span)])
        })
    }

    /// The attribute, where it follows from the template at least in part.
    fn known_attribute(
        &self,
        resource: &Resource<'t>,
        attribute: &str,
        span: Span,
    ) -> Option<Resolved<'t>> {
        use ResourceKind::{Alias, IamPrincipal, Key, Parameter, PublicRepository, Repository};
        let property = match (resource.kind, attribute) {
            (Repository | PublicRepository, REF) => "RepositoryName",
            (Alias, REF) => "AliasName",
            (Parameter, REF) => "Name",
            (Parameter, "Value") => "Value",
            (Repository, "Arn") => {
                let parts = pseudo::arn("ecr", self.context, span);
                return Some(self.repository_arn(parts, resource, span));
            }
            (Repository, "RepositoryUri") => return Some(self.repository_uri(resource, span)),
            (PublicRepository, "Arn") => {
                let parts = pseudo::global_arn("ecr-public", self.context, span);
                return Some(self.repository_arn(parts, resource, span));
            }
            (Key, "Arn") => return Some(self.key_arn(resource, span)),
            (IamPrincipal, "Arn") => return Some(self.principal_arn(resource, span)),
            // `Ref` is a name and no ARN, so that it is not a principal of a policy.
            (IamPrincipal, REF) => arns::principal_name(resource).1,
            _ => return None,
        };
        Some(self.property_text(resource, property, span))
    }

    /// The text that a property of a resource holds, as other resources see it.
    ///
    /// A name is asked for again and again, so it is kept.
    pub(crate) fn property_text(
        &self,
        resource: &Resource<'t>,
        property: &'static str,
        span: Span,
    ) -> Resolved<'t> {
        let key = (resource.id, property);
        if let Some(known) = self.texts.borrow().get(&key) {
            return self.again(known).clone();
        }
        if let Some(reason) = self.circle(&key) {
            return Resolved::hole(span, resource.id, reason);
        }
        self.open.borrow_mut().push(key);
        let known =
            self.traced(|| self.deeper(span, || self.property_value(resource, property, span)));
        self.open.borrow_mut().pop();
        let value = known.value.clone();
        self.texts.borrow_mut().insert(key, known);
        value
    }

    /// Why a property of a resource is not known that is being evaluated already.
    fn circle(&self, key: &PropertyKey<'t>) -> Option<String> {
        let open = self.open.borrow();
        let start = open.iter().position(|open| open == key)?;
        let names: Vec<&str> = open[start..].iter().map(|(id, _)| *id).collect();
        Some(match names.as_slice() {
            [only] => format!("`{only}` needs itself"),
            names => format!("`{}` need each other in a circle", names.join("`, `")),
        })
    }

    fn property_value(&self, resource: &Resource<'t>, property: &str, span: Span) -> Resolved<'t> {
        let placeholder = || {
            let reason = format!("{MADE_UP} `{}`", resource.id);
            Resolved::hole(span, resource.id, reason)
        };
        if resource.is_contradicted {
            return Resolved::hole(span, resource.id, attributes::twice(resource.id));
        }
        let properties = self.properties(resource);
        if let Resolved::Unknown(hidden) = properties.value {
            return Resolved::hole(span, resource.id, hidden.unknown.reason);
        }
        let text = self.text_of(self.inside(&properties, property).value);
        text.map_or_else(placeholder, Resolved::Text)
    }

    /// The value of a parameter of the template: what the user gave, else the default.
    fn parameter(&self, name: &'t str, declaration: Node<'t>, span: Span) -> Resolved<'t> {
        let kind = declaration
            .get("Type")
            .and_then(Node::as_str)
            .unwrap_or("String");
        self.note(Reads::parameter(name));
        let is_list = parameters::is_list(declaration);
        let is_looked_up = kind.starts_with("AWS::SSM::Parameter::Value<");
        let default = declaration.get("Default").filter(|_| !is_looked_up);
        let passed = match is_looked_up {
            true => None,
            false => self.passed(name),
        };
        let is_certain = passed.as_ref().is_some_and(|it| it.known().is_some());
        let is_given = is_certain || self.context.parameters.contains_key(name);
        if !is_given && !is_looked_up {
            match self.recorded(
                DecisionQuestion::ListedValue(name, declaration),
                self.decisions.listed_value(self, name, declaration),
            ) {
                Some(Ok(value)) if is_list => return self.comma_list(&value, span),
                Some(Err(reason)) if is_list => return Resolved::unknown(span, name, reason),
                Some(Ok(value)) => {
                    return self.text(Text::new(span, vec![TextPart::known(value, span)]));
                }
                Some(Err(reason)) => return limited_hole(name, declaration, reason, span),
                None => {}
            }
        }
        let text = default.and_then(Node::as_text);
        let binding = self.decisions.binding(self, name, text);
        match self.recorded(DecisionQuestion::Binding(name, text), binding) {
            Some(Binding::Value(value)) if !is_certain => {
                return self.text(Text::new(span, vec![TextPart::known(value, span)]));
            }
            Some(Binding::Hidden(reason)) if passed.is_none() => {
                return limited_hole(name, declaration, reason, span);
            }
            _ => {}
        }
        if let Some(passed) = passed {
            return match passed.known() {
                Some(text) if is_list => self.comma_list(&text, span),
                _ => self.carried(passed, span),
            };
        }
        if is_looked_up {
            let reason = format!("parameter `{name}` is read from Systems Manager at deployment");
            return Resolved::hole(span, name, reason);
        }
        self.given_or_default(name, declaration, default, span)
    }

    /// The value that the user gave to a parameter, else its default.
    fn given_or_default(
        &self,
        name: &'t str,
        declaration: Node<'t>,
        default: Option<Node<'t>>,
        span: Span,
    ) -> Resolved<'t> {
        let is_list = parameters::is_list(declaration);
        if let Some(given) = self.context.parameters.get(name) {
            if is_list {
                return self.comma_list(&given.value, span);
            }
            let text = vec![TextPart::known(given.value.clone(), span)];
            return self.text(Text::new(span, text));
        }
        match default {
            None => {
                let reason = format!("parameter `{name}` has no default");
                if is_list {
                    return Resolved::unknown(span, name, reason);
                }
                limited_hole(name, declaration, reason, span)
            }
            Some(default) if is_list => match default.as_text() {
                Some(text) => self.comma_list(text, span),
                None => self.moved(default, span),
            },
            Some(default) => self.moved(default, span),
        }
    }

    /// The items of a `CommaDelimitedList`, blanks around them taken off.
    fn comma_list(&self, text: &str, span: Span) -> Resolved<'t> {
        let items = text
            .split(',')
            .map(|item| {
                let part = TextPart::known(item.trim().to_owned(), span);
                Resolved::Text(Text::new(span, vec![part]))
            })
            .collect();
        self.bounded_list(List {
            items,
            rest: None,
            span,
        })
    }
}

/// A parameter whose value is not known, with what its declaration says of every value.
fn limited_hole<'t>(name: &str, declaration: Node<'_>, reason: String, span: Span) -> Resolved<'t> {
    let hole = TextPart::Hole {
        name: name.to_owned(),
        reason,
        span,
        limits: limits::limits(declaration),
    };
    Resolved::Text(Text::new(span, vec![hole]))
}

/// An attribute that exists only once the resource does.
fn undeployed<'t>(reference: Reference, span: Span) -> Resolved<'t> {
    let Reference {
        logical_id,
        attribute,
        ..
    } = &reference;
    let (name, reason) = if attribute == REF {
        let reason = format!("what `{logical_id}` is called is known only after deployment");
        (logical_id.clone(), reason)
    } else {
        let name = format!("{logical_id}.{attribute}");
        let reason = format!("`{name}` is known only after deployment");
        (name, reason)
    };
    match Resolved::unknown(span, name, reason) {
        Resolved::Unknown(mut hidden) => {
            hidden.unknown.reference = Some(reference);
            Resolved::Unknown(hidden)
        }
        other => other,
    }
}
