//! What a template leaves to macros, includes and loops that are not expanded: it may be repositories.
//! It does not know what comes of any of them.

use memchr::memmem;

use super::super::Note;
use super::ECR;
use super::loops::LOOP;
use super::template::Template;
use crate::source::{Kind, Node, Span};

/// The macro of AWS that brings what stands elsewhere. Its others leave repositories as they are.
const INCLUDE: &str = "AWS::Include";

/// Says of everything of which repositories may come that it was not looked into.
pub(super) fn note(template: &Template<'_>, notes: &mut Vec<Note>) {
    let undetermined = |span: Span, reason: String| Note::Undetermined { span, reason };
    for entry in &template.loops {
        if !entry.key.starts_with(LOOP) {
            let reason = runs_later(entry.key);
            notes.push(undetermined(entry.key_span, reason));
            continue;
        }
        let text = entry.value.span().slice(entry.value.source_text());
        if memmem::find(text.as_bytes(), ECR).is_some() {
            notes.push(undetermined(entry.key_span, template.unexpanded(entry.key)));
        }
    }
    if let Some(include) = template.root.member("Fn::Transform") {
        notes.push(undetermined(include.key_span, runs_later(include.key)));
    }
    let Some(transform) = template.root.get("Transform") else {
        return;
    };
    let single = (transform.kind() != Kind::Array).then_some(transform);
    for node in single.into_iter().chain(transform.items()) {
        let name = node
            .as_str()
            .or_else(|| node.get("Name").and_then(Node::as_str));
        if name.is_none_or(|name| !name.starts_with("AWS::") || name == INCLUDE) {
            let reason = match name {
                Some(name) => format!("macro `{name}` can change the template at deployment"),
                None => "a macro can change the template at deployment".to_owned(),
            };
            notes.push(undetermined(node.span(), reason));
        }
    }
}

fn runs_later(key: &str) -> String {
    format!("`{key}` runs when the stack is deployed")
}
