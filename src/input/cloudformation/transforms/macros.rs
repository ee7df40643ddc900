//! What a template leaves to macros, includes and loops that are not expanded: it may be repositories.
//! It does not know what comes of any of them.

use memchr::memmem;

use crate::input::Note;
use crate::input::cloudformation::template::extensions::{EXTENSIONS, LOOP};
use crate::input::cloudformation::template::look::ECR;
use crate::input::cloudformation::template::sections::Template;
use crate::source::{Kind, Node, Span};

/// The macro of AWS that brings what stands elsewhere. Its others leave repositories as they are.
const INCLUDE: &str = "AWS::Include";

/// The macro that makes roles, among others.
const SAM: &str = "AWS::Serverless-2016-10-31";

/// What macros may make of a template when it is deployed, with the reason.
pub(crate) enum MacroReach {
    /// Nothing.
    Nothing,
    /// They may add resources, parameters and conditions.
    Additions(String),
    /// They may change everything.
    Everything(String),
}

/// How far the macros of a template reach.
pub(crate) fn reach(template: &Template<'_>) -> MacroReach {
    let mut reach = match template.loops.first() {
        Some(entry) if entry.key.starts_with(LOOP) => {
            MacroReach::Additions(template.unexpanded(entry.key))
        }
        Some(entry) => return MacroReach::Everything(runs_later(entry.key)),
        None => MacroReach::Nothing,
    };
    if let Some(include) = template.root.member("Fn::Transform") {
        return MacroReach::Everything(runs_later(include.key));
    }
    for (name, _) in transforms(template) {
        match name {
            Some(EXTENSIONS) => {}
            Some(name) if name.starts_with("AWS::") && name != INCLUDE => {
                let reason = format!("macro `{name}` can add to the template at deployment");
                reach = MacroReach::Additions(reason);
            }
            name => return MacroReach::Everything(changes(name)),
        }
    }
    reach
}

/// Whether SAM makes resources of its own in a template.
pub(crate) fn runs_sam(template: &Template<'_>) -> bool {
    transforms(template).any(|(name, _)| name == Some(SAM))
}

/// The macros that a template names, each with its name where that is known.
fn transforms<'t>(template: &Template<'t>) -> impl Iterator<Item = (Option<&'t str>, Node<'t>)> {
    let transform = template.root.get("Transform");
    let single = transform.filter(|transform| transform.kind() != Kind::Array);
    let listed = transform.into_iter().flat_map(Node::items);
    single.into_iter().chain(listed).map(|node| {
        let named = || node.get("Name").and_then(Node::as_str);
        (node.as_str().or_else(named), node)
    })
}

fn changes(name: Option<&str>) -> String {
    match name {
        Some(name) => format!("macro `{name}` can change the template at deployment"),
        None => "a macro can change the template at deployment".to_owned(),
    }
}

/// Says of everything of which repositories may come that it was not looked into.
pub(crate) fn note(template: &Template<'_>, notes: &mut Vec<Note>) {
    let undetermined = |span: Span, reason: String| Note::Undetermined { span, reason };
    for entry in &template.loops {
        if !entry.key.starts_with(LOOP) {
            let reason = runs_later(entry.key);
            notes.push(undetermined(entry.key_span, reason));
            continue;
        }
        if may_make(entry.value) {
            notes.push(undetermined(entry.key_span, template.unexpanded(entry.key)));
        }
    }
    if let Some(include) = template.root.member("Fn::Transform") {
        notes.push(undetermined(include.key_span, runs_later(include.key)));
    }
    for (name, node) in transforms(template) {
        if name.is_none_or(|name| !name.starts_with("AWS::") || name == INCLUDE) {
            notes.push(undetermined(node.span(), changes(name)));
        }
    }
}

/// Whether a loop may make resources of ECR: one of its types is of ECR, or put together. The parser bounds the depth.
fn may_make(node: Node<'_>) -> bool {
    let is_ours = |kind: &str| {
        let has = |mark: &[u8]| memmem::find(kind.as_bytes(), mark).is_some();
        has(ECR) || has(b"${") || has(b"&{")
    };
    let mut members = node.members();
    members.any(|member| match member.key {
        "Type" if member.value.kind() != Kind::Object => member.value.as_str().is_none_or(is_ours),
        _ => may_make(member.value),
    }) || node.items().any(may_make)
}

fn runs_later(key: &str) -> String {
    format!("`{key}` runs when the stack is deployed")
}
