//! A value that decides where another seems to, and how one is looked for among filters and rules.
//! It does not know which facts have one.

use super::leaf;
use crate::model::members;
use crate::model::policy::Denial;
use crate::model::{Document, NodeId, Truth, Unknown, Value};
use crate::source::Span;

/// A value that decides in place of another.
pub(super) struct Cause {
    /// Where it stands.
    pub(super) span: Span,
    /// What it is, in words.
    pub(super) text: String,
    /// What to do there, in words, where a setting of the repository itself does not help.
    pub(super) remedy: Option<String>,
    /// Where that is named which makes it matter.
    pub(super) named: Option<Span>,
}

/// Actions that a text names before it counts the others.
const MOST_NAMED: usize = 3;

/// Adds the `Deny` that takes back some of `lacking`, at its statement: `{text, actions, rest}`.
pub(super) fn denial(document: &mut Document, denial: &Denial<'_>, lacking: &[&str]) -> NodeId {
    let Denial { place, taken } = denial;
    let rest: Vec<&str> = lacking
        .iter()
        .copied()
        .filter(|name| !taken.contains(name))
        .collect();
    let actions = named(taken);
    let what = match (taken.as_slice(), lacking) {
        ([_], [_]) => "it back".to_owned(),
        _ => format!("back {actions}"),
    };
    let text = document.string(&format!("a `Deny` takes {what}"), *place);
    let actions = document.string(&actions, *place);
    let rest = (!rest.is_empty()).then(|| named(&rest));
    let rest = leaf::optional(document, rest.as_deref(), *place);
    let members = [
        (members::TEXT.name(), text),
        (members::ACTIONS.name(), actions),
        ("rest", rest),
    ];
    document.object(&members, *place)
}

/// Actions in words.
fn named(actions: &[&str]) -> String {
    let shown = actions.len().min(MOST_NAMED);
    let names = format!("`{}`", actions[..shown].join("`, `"));
    match actions.len() - shown {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}

/// The texts of a list of filters, as far as they are known.
pub(super) fn filters(list: Value<'_>) -> impl Iterator<Item = (Span, &str)> {
    list.items().filter_map(|entry| {
        let text = leaf::member_text(entry, members::FILTER).known()?;
        Some((entry.get(members::FILTER)?.span(), text))
    })
}

/// Whether an answer is certainly yes.
pub(super) fn certain(answer: &Truth<Unknown>) -> bool {
    answer.is_true()
}
