//! Copies values into documents: from source trees, and from other documents.
//! It does not know what any of them means.

use super::arena::{Document, NodeId};
use super::value::{Data, Value};
use crate::source;

impl Document {
    /// Copies a source tree whose every value is literal.
    ///
    /// Depth is bounded by the limit that the parsers enforce.
    pub fn import(&mut self, node: source::Node<'_>) -> NodeId {
        let span = node.span();
        match node.kind() {
            source::Kind::Null => self.null(span),
            source::Kind::Bool(value) => self.bool(value, span),
            source::Kind::Number => self.number(node.as_text().unwrap_or_default(), span),
            source::Kind::String => self.string(node.as_str().unwrap_or_default(), span),
            source::Kind::Array => {
                let items: Vec<_> = node.items().map(|item| self.import(item)).collect();
                self.array(&items, span)
            }
            source::Kind::Object => {
                let members: Vec<_> = node
                    .members()
                    .map(|member| (member.key, member.key_span, self.import(member.value)))
                    .collect();
                self.object_as_written(&members, span)
            }
        }
    }

    /// Copies a value of another document.
    pub fn copy(&mut self, value: Value<'_>) -> NodeId {
        let span = value.span();
        match value.data() {
            Data::Null => self.null(span),
            Data::Bool(flag) => self.bool(flag, span),
            Data::Number(text) => self.number(text, span),
            Data::String(text) => self.string(text, span),
            Data::Absent => self.absent(span),
            Data::Unknown(unknown) => self.unknown(unknown.clone(), span),
            Data::Array => {
                let items: Vec<_> = value.items().map(|item| self.copy(item)).collect();
                self.array(&items, span)
            }
            Data::Object => {
                let members: Vec<_> = value
                    .members_as_written()
                    .map(|(key, at, member)| (key, at, self.copy(member)))
                    .collect();
                self.object_as_written(&members, span)
            }
        }
    }
}
