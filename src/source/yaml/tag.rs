//! Tags of YAML: those of the core schema, and the short forms of intrinsic functions.
//! It does not know what an intrinsic function does.

use granit_parser::Tag;

use super::super::node::{ArenaNodeId, Kind, ScalarText};
use super::super::span::ByteRange;
use super::super::stack::CollectionKind;
use super::frames::Weight;
use super::reader::{YamlReader, YamlResult};
use super::scalar::{ScalarKind, YamlScalar};

/// A tag in front of a node.
#[derive(Clone, Debug)]
pub(super) struct YamlTag {
    /// The name behind `!` of a short form.
    pub(super) name: Option<String>,
    /// The name behind `!!` of a core tag; empty for a lone `!`.
    pub(super) core: String,
    /// Where the tag stands.
    pub(super) span: ByteRange,
}

impl YamlTag {
    /// Whether the tag makes a text of a scalar, which a key is anyway.
    pub(super) fn is_of_text(&self) -> bool {
        self.name.is_none() && matches!(self.core.as_str(), "" | "str")
    }
}

impl YamlReader<'_, '_> {
    /// Reads the tag of a node.
    pub(super) fn tag(
        &self,
        tag: Option<&Tag>,
        span: &granit_parser::Span,
    ) -> YamlResult<Option<YamlTag>> {
        let Some(tag) = tag else { return Ok(None) };
        let place = span.tag_span().unwrap_or(*span);
        let place = self.range(&place);
        let (handle, suffix) = tag.parts();
        if let Some(core) = tag.core_suffix() {
            return Ok(Some(YamlTag {
                name: None,
                core: core.to_owned(),
                span: place,
            }));
        }
        match (handle, suffix) {
            ("!", "") | ("", "!") => Ok(Some(YamlTag {
                name: None,
                core: String::new(),
                span: place,
            })),
            ("!", name) => Ok(Some(YamlTag {
                name: Some(name.to_owned()),
                core: String::new(),
                span: place,
            })),
            _ => Err(self.foreign_tag(place)),
        }
    }

    /// What a scalar with a tag is.
    pub(super) fn tagged_kind(
        &self,
        scalar: &YamlScalar<'_>,
        tag: &YamlTag,
    ) -> YamlResult<ScalarKind> {
        if tag.name.is_some() {
            let kind = if scalar.is_empty_plain() {
                Kind::Null
            } else {
                Kind::String
            };
            return Ok(ScalarKind::certain(kind));
        }
        let scalar_kind = scalar.resolve_text();
        let kind = scalar_kind.kind;
        match tag.core.as_str() {
            "" | "str" => Ok(ScalarKind::certain(Kind::String)),
            "int" | "float" if kind == Kind::Number => Ok(scalar_kind),
            "bool" if matches!(kind, Kind::Bool(_)) => Ok(scalar_kind),
            "null" if kind == Kind::Null => Ok(scalar_kind),
            "int" | "float" | "bool" | "null" => Err(self.wrong_core_tag(scalar.range, tag.span)),
            _ => Err(self.foreign_tag(tag.span)),
        }
    }

    /// The short form in front of a collection, if the tag is one.
    pub(super) fn collection_tag(
        &self,
        tag: &YamlTag,
        kind: CollectionKind,
    ) -> YamlResult<Option<String>> {
        match (&tag.name, tag.core.as_str()) {
            (Some(name), _) => Ok(Some(name.clone())),
            (None, "") => Ok(None),
            (None, "map") if kind == CollectionKind::Object => Ok(None),
            (None, "seq") if kind == CollectionKind::Array => Ok(None),
            _ => Err(self.foreign_tag(tag.span)),
        }
    }

    /// Makes `!GetAtt A.B` the list of resource and attribute that the long form has.
    pub(super) fn split_attribute(
        &mut self,
        scalar: &YamlScalar<'_>,
        tag: ByteRange,
    ) -> (ArenaNodeId, Weight) {
        let range = scalar.range;
        let item = Weight::SCALAR;
        let Some((resource, attribute)) = scalar.value.split_once('.') else {
            let value = self
                .builder
                .scalar(Kind::String, range, scalar.text(self.text));
            return (self.wrap("GetAtt", tag, value), item.within());
        };
        let (first, second) = match scalar.place(self.text) {
            // The text stands in the source as it is, so each part has a place of its own.
            Some(start) => {
                let dot = start + resource.len();
                let end = dot + 1 + attribute.len();
                let first = self.builder.scalar(
                    Kind::String,
                    ByteRange::new(start, dot),
                    ScalarText::Source(start, dot),
                );
                let second = self.builder.scalar(
                    Kind::String,
                    ByteRange::new(dot + 1, end),
                    ScalarText::Source(dot + 1, end),
                );
                (first, second)
            }
            None => {
                let first = self
                    .builder
                    .scalar(Kind::String, range, ScalarText::Decoded(resource));
                let second =
                    self.builder
                        .scalar(Kind::String, range, ScalarText::Decoded(attribute));
                (first, second)
            }
        };
        let mut weight = item.within();
        weight.add(item);
        let list = self.builder.array(&[first, second], range);
        (self.wrap("GetAtt", tag, list), weight.within())
    }
}
