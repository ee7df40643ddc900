//! What to change in a template: a merge patch (RFC 7396) with placeholders, and what it is laid over.
//! It does not know the values that stand in for placeholders, nor how a patch is written down.

use serde::{Deserialize, Serialize};

use super::query::Query;
use super::read::{RuleReader, listed};
use super::template::MessageTemplate;
use crate::source::{Kind, Node, Problem};

/// What to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Advice {
    /// When it is right.
    pub(crate) when: Option<Query>,
    /// Values without which it is of no use.
    pub(crate) given: Option<MessageTemplate>,
    /// What a person has to know besides, or all that can be said.
    pub(crate) note: Option<MessageTemplate>,
    /// What to type into a program or at a prompt.
    pub(crate) code: Option<MessageTemplate>,
    /// The edit, where one is right for whoever has the finding.
    pub(crate) edit: Option<(Base, Patch)>,
    /// Whether the edit may be made unseen: nobody is let in by it, and nothing is deleted, expired or replaced.
    #[serde(default)]
    pub(crate) safe: bool,
}

/// What a patch is laid over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Base {
    /// The resource that the finding is in.
    Resource,
    /// The statement of a policy that the finding is in.
    Statement,
    /// The list that this statement is an item of, to which the patch is one item more.
    Beside,
    /// The whole template.
    Template,
    /// The value that the finding points at.
    Here,
    /// The key that the finding points at.
    Key,
    /// The configuration of the project.
    Configuration,
}

/// A part of a merge patch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Patch {
    /// `null`: the member is taken away.
    Remove,
    /// A text; one that is nothing but a placeholder is the value itself, be it a list.
    Text(MessageTemplate),
    /// A number, `true` or `false`, as it was written.
    Word(String),
    /// A list, which replaces what was there.
    List(Vec<Patch>),
    /// Items of a list besides those that are there: one that begins with `...`.
    More(Vec<Patch>),
    /// Members to set.
    Map(Vec<(MessageTemplate, Patch)>),
}

impl Base {
    const ALL: [(&'static str, Base); 7] = [
        ("resource", Base::Resource),
        ("statement", Base::Statement),
        ("beside", Base::Beside),
        ("template", Base::Template),
        ("here", Base::Here),
        ("key", Base::Key),
        ("configuration", Base::Configuration),
    ];
}

/// The key of what to do in a template.
const TEMPLATE: &str = "cloudformation";

/// Reads advice: code alone, or a mapping that says when it is to be taken, too.
pub(super) fn read(
    reader: &mut RuleReader,
    node: Node<'_>,
    flavour: &str,
    when: Option<Query>,
) -> Option<Advice> {
    let what = format!("`{flavour}`");
    let is_template = flavour == TEMPLATE;
    let mut advice = Advice {
        when,
        given: None,
        note: None,
        code: None,
        edit: None,
        safe: false,
    };
    if node.kind() != Kind::Object {
        advice.code = Some(MessageTemplate::code(&reader.text(node, &what)?));
        return Some(advice);
    }
    let says: Vec<_> = match is_template {
        true => Base::ALL.iter().map(|(name, _)| *name).collect(),
        false => vec!["code"],
    };
    let own: &[&str] = if is_template { &["safe"] } else { &[] };
    let keys = [&["when", "given", "note"], own, says.as_slice()].concat();
    reader.mapping(node, &what, &keys);
    let mut text = |key: &str| {
        let text = reader.text(node.get(key)?, &format!("`{key}`"))?;
        Some(MessageTemplate::code(&text))
    };
    advice.given = text("given");
    advice.note = text("note");
    advice.code = if is_template { None } else { text("code") };
    let mut edits = Base::ALL
        .iter()
        .filter_map(|(name, base)| Some((*base, patch(node.get(name)?))));
    advice.edit = if is_template { edits.next() } else { None };
    if let Some(safe) = node.get("safe").filter(|_| is_template) {
        advice.safe = safe.kind() == Kind::Bool(true);
        let is_flag = matches!(safe.kind(), Kind::Bool(_));
        if !is_flag || advice.safe && advice.edit.is_none() {
            let problem = Problem::new(safe.span(), "`safe` does not speak about an edit");
            reader
                .problem(problem.help("write `safe: true` beside an edit that may be made unseen"));
        }
    }
    let is_said = [&advice.note, &advice.code]
        .into_iter()
        .any(Option::is_some);
    if !(is_said || advice.edit.is_some()) || is_template && edits.next().is_some() {
        let problem = Problem::new(node.span(), format!("{what} does not say one thing"))
            .help(format!("write one of {}, or words", listed(&says)));
        reader.problem(problem);
    }
    Some(advice)
}

fn patch(node: Node<'_>) -> Patch {
    match node.kind() {
        Kind::Null => Patch::Remove,
        Kind::Bool(_) | Kind::Number => Patch::Word(node.as_text().unwrap_or_default().to_owned()),
        Kind::String => Patch::Text(MessageTemplate::code(node.as_str().unwrap_or_default())),
        Kind::Array => {
            let mut items = node.items().peekable();
            let is_more = items
                .next_if(|first| first.as_str() == Some("..."))
                .is_some();
            let items = items.map(patch).collect();
            match is_more {
                true => Patch::More(items),
                false => Patch::List(items),
            }
        }
        Kind::Object => Patch::Map(
            node.members()
                .map(|member| (MessageTemplate::code(member.key), patch(member.value)))
                .collect(),
        ),
    }
}

impl Advice {
    /// The templates in it.
    pub(crate) fn templates(&self) -> Vec<&MessageTemplate> {
        let texts = [&self.given, &self.note, &self.code];
        let mut found: Vec<_> = texts.into_iter().flatten().collect();
        if let Some((_, patch)) = &self.edit {
            patch.gather(&mut found);
        }
        found
    }
}

impl Patch {
    fn gather<'p>(&'p self, found: &mut Vec<&'p MessageTemplate>) {
        match self {
            Patch::Remove | Patch::Word(_) => {}
            Patch::Text(text) => found.push(text),
            Patch::List(items) | Patch::More(items) => {
                items.iter().for_each(|item| item.gather(found))
            }
            Patch::Map(members) => {
                for (key, member) in members {
                    found.push(key);
                    member.gather(found);
                }
            }
        }
    }
}
