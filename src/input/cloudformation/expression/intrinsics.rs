//! The functions of CloudFormation that give texts and lists.
//! It does not know conditions, nor which property it works for.

use std::borrow::Cow;

use super::evaluate::{Evaluator, is_too_long};
use super::split;
use super::value::{CharacterOrigin, JOINED, List, Resolved, Text, TextPart};
use crate::input::cloudformation::template::extensions::LOOP;
use crate::input::cloudformation::template::function::{
    FunctionCall, SubPart, changes_what_is_beside, items, segments,
};
use crate::source::embedded::Scalar;
use crate::source::{Kind, Node, Span};

impl<'t> Evaluator<'t, '_> {
    /// Evaluates a function; what cannot be evaluated is unknown and says why.
    pub(crate) fn call(&self, call: &FunctionCall<'t>) -> Resolved<'t> {
        if call.name.starts_with(LOOP) {
            return Resolved::unknown(call.span, call.name, self.template.unexpanded(call.name));
        }
        let Some(argument) = call.argument else {
            return Resolved::unknown(call.span, call.name, changes_what_is_beside(call.name));
        };
        match call.name {
            "Ref" => self.reference(argument, call.span),
            "Fn::GetAtt" => self.attribute(argument, call.span),
            "Fn::Sub" => self.substitute(argument, call.span),
            "Fn::Join" => self.join(argument, call.span),
            "Fn::Select" => self.select(argument, call.span),
            "Fn::Split" => self.split(argument, call.span),
            "Fn::ImportValue" => self.import_value(argument, call.span),
            "Fn::GetStackOutput" => self.stack_output(argument, call.span),
            "Fn::FindInMap" => self.find_in_map(argument, call.span),
            "Fn::If" => self.choice(argument, call.span),
            "Fn::Length" => self.length(argument, call.span),
            "Fn::Base64" => self.base64(argument, call.span),
            "Fn::Cidr" => self.cidr(argument, call.span),
            "Fn::ToJsonString" if is_collection(argument) => Resolved::Json(argument),
            "Fn::ToJsonString" => malformed("Fn::ToJsonString", "a list or mapping", call.span),
            name => refuse(name, call.span),
        }
    }

    fn join(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        let Some([delimiter, list]) = items(argument) else {
            return malformed("Fn::Join", "a delimiter and a list", span);
        };
        let delimiter = match self.known(delimiter) {
            Err(Some(reason)) => return Resolved::hole(span, "Fn::Join", reason),
            known => known.ok(),
        };
        let (Some(delimiter), Some(list)) = (delimiter, self.list(list)) else {
            return malformed("Fn::Join", "a delimiter and a list", span);
        };
        let mut text = Text::new(span, Vec::with_capacity(list.items.len() * 2));
        let single = list.items.len() == 1 && list.rest.is_none();
        for (index, item) in list.items.into_iter().enumerate() {
            if is_too_long(&text) {
                break;
            }
            if index > 0 && !delimiter.is_empty() {
                text.parts.push(TextPart::known(delimiter.clone(), span));
            }
            let Some(item) = self.text_of(item) else {
                return malformed("Fn::Join", "a list of texts", span);
            };
            text.parts.extend(item.parts);
            text.reference = item.reference.filter(|_| single);
        }
        let rest = list.rest;
        text.parts
            .extend(rest.map(|reason| TextPart::hole(JOINED, reason, span)));
        self.text(text)
    }

    fn select(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        let Some([index, list]) = items(argument) else {
            return malformed("Fn::Select", "an index and a list", span);
        };
        let index = match self.known(index) {
            Err(Some(reason)) => return Resolved::unknown(span, "Fn::Select", reason),
            known => known.unwrap_or_default(),
        };
        let (Ok(index), Some(mut list)) = (index.parse::<usize>(), self.list(list)) else {
            return malformed("Fn::Select", "an index and a list", span);
        };
        if index < list.items.len() {
            return match list.items.swap_remove(index) {
                Resolved::Text(text) if text.span == list.span => {
                    Resolved::Text(Text { span, ..text })
                }
                item => item,
            };
        }
        let reason = list.rest.unwrap_or_else(|| {
            format!(
                "`Fn::Select` takes item {index} of a list of {}",
                list.items.len()
            )
        });
        Resolved::unknown(span, "Fn::Select", reason)
    }

    fn split(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        let Some([delimiter, text]) = items(argument) else {
            return malformed("Fn::Split", "a delimiter and a text", span);
        };
        let delimiter = match self.known(delimiter) {
            Err(Some(reason)) => return Resolved::unknown(span, "Fn::Split", reason),
            known => known.ok(),
        };
        let (Some(delimiter), Some(text)) = (delimiter, self.text_of(self.resolve(text))) else {
            return malformed("Fn::Split", "a delimiter and a text", span);
        };
        if delimiter.is_empty() {
            return malformed("Fn::Split", "a delimiter and a text", span);
        }
        let (pieces, rest) = split::pieces(self.template, text, &delimiter);
        let items = pieces
            .into_iter()
            .map(|parts| Resolved::Text(Text::new(span, parts)))
            .collect();
        self.bounded_list(List { items, rest, span })
    }

    /// A scalar or list of scalars from another section, used at `span`.
    pub(crate) fn moved(&self, value: Node<'t>, span: Span) -> Resolved<'t> {
        if value.kind() == Kind::Array {
            let items = value.items().map(|item| self.moved(item, span)).collect();
            return self.bounded_list(List {
                items,
                rest: None,
                span,
            });
        }
        let Some(text) = self.resolve(value).into_text() else {
            return Resolved::Node(value);
        };
        // A policy is judged where it is written; any other value where it is used.
        let is_policy = value.as_str().is_some_and(|text| text.contains('{'));
        let parts = match is_policy {
            true => text.parts,
            false => text.parts.into_iter().map(|part| part.at(span)).collect(),
        };
        Resolved::Text(Text::new(span, parts))
    }

    fn substitute(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        let (template, variables) = match items(argument) {
            Some([template, variables]) => (template, Some(variables)),
            None => (argument, None),
        };
        let Some(source) = template.as_str() else {
            return malformed("Fn::Sub", "a text", span);
        };
        let mut text = Text::new(span, Vec::new());
        let scalar = Scalar::of(template);
        let segments = segments(source);
        let is_single = segments.len() == 1;
        for segment in segments {
            if is_too_long(&text) {
                break;
            }
            match segment {
                SubPart::Text(piece, offset) => text.parts.push(TextPart::Known {
                    text: piece.into(),
                    origin: CharacterOrigin::Substituted(template, offset),
                }),
                SubPart::Variable(name, range) => {
                    let span = scalar.as_ref().map_or(span, |scalar| scalar.span(range));
                    let value = match variables.and_then(|variables| variables.get(name)) {
                        Some(value) => self.resolve(value),
                        None => self.named(name, span),
                    };
                    let Some(value) = self.text_of(value) else {
                        return malformed("Fn::Sub", &format!("a text for `{name}`"), span);
                    };
                    text.parts.extend(value.parts);
                    text.reference = value.reference.filter(|_| is_single);
                }
            }
        }
        self.text(text)
    }

    /// What `${name}` stands for in `Fn::Sub` without a variable of its own.
    fn named(&self, name: &'t str, span: Span) -> Resolved<'t> {
        self.deeper(span, || match name.split_once('.') {
            Some((id, attribute)) => self.attribute_of(id, attribute, span),
            None => self.reference_to(name, span),
        })
    }

    /// The characters of a text, or why they are not known; no reason when it is not a text.
    pub(crate) fn known(&self, node: Node<'t>) -> Result<Cow<'t, str>, Option<String>> {
        let text = self.text_of(self.resolve(node)).ok_or(None)?;
        let known = text.known();
        known.ok_or_else(|| Some(text.reason().unwrap_or_default().to_owned()))
    }

    /// The items of a list; `None` when the node is not a list.
    pub(crate) fn list(&self, node: Node<'t>) -> Option<List<'t>> {
        match self.resolve(node) {
            Resolved::List(list) => Some(list),
            Resolved::Node(node) if node.kind() == Kind::Array => Some(List {
                items: node
                    .items()
                    .map(|item| self.resolve(item))
                    .filter(|item| !matches!(item, Resolved::Nothing))
                    .collect(),
                rest: None,
                span: node.span(),
            }),
            Resolved::Unknown(hidden) => Some(List {
                items: Vec::new(),
                rest: Some(hidden.unknown.reason),
                span: hidden.span,
            }),
            Resolved::Text(text) => Some(List {
                items: Vec::new(),
                rest: Some(text.reason()?.to_owned()),
                span: text.span,
            }),
            Resolved::Node(_) | Resolved::Json(_) | Resolved::Nothing => None,
        }
    }
}

fn is_collection(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Array | Kind::Object)
}

/// A function that is not given what it takes.
pub(crate) fn malformed<'t>(name: &str, wanted: &str, span: Span) -> Resolved<'t> {
    Resolved::unknown(span, name, format!("`{name}` is not given {wanted}"))
}

/// A function whose value no template shows.
fn refuse<'t>(name: &str, span: Span) -> Resolved<'t> {
    let reason = match name {
        "Fn::GetAZs" => {
            "the zones of a region are known only when the stack is deployed".to_owned()
        }
        "Fn::Transform" => "`Fn::Transform` runs when the stack is deployed".to_owned(),
        name => format!("`{name}` is not evaluated"),
    };
    Resolved::unknown(span, name, reason)
}

#[cfg(test)]
mod tests {
    use super::{SubPart, segments};

    fn shown(source: &str) -> Vec<String> {
        segments(source)
            .iter()
            .map(|segment| match segment {
                SubPart::Text(text, offset) => {
                    assert!(source[*offset..].starts_with(text), "text of its offset");
                    (*text).to_owned()
                }
                SubPart::Variable(name, range) => {
                    assert!(source[range.clone()].contains(name), "name in its range");
                    format!("<{name}>")
                }
            })
            .collect()
    }

    #[test]
    fn variables_are_told_from_characters() {
        assert_eq!(shown("a-${B}-${C.D}"), ["a-", "<B>", "-", "<C.D>"]);
        assert_eq!(shown("${AWS::Region}"), ["<AWS::Region>"]);
        assert_eq!(shown("plain $ {x}"), ["plain $ {x}"]);
        assert_eq!(shown("cut ${off"), ["cut ${off"]);
        assert!(shown("").is_empty());
    }

    #[test]
    fn an_exclamation_mark_makes_a_variable_plain_text() {
        assert_eq!(shown("a${!B}c").concat(), "a${B}c");
        assert_eq!(shown("${!B}${C}").concat(), "${B}<C>");
    }
}
