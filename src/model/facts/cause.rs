//! A value that decides where another seems to, and how one is looked for among filters and rules.
//! It does not know which facts have one.

use super::leaf::{self, Answer};
use crate::model::Value;
use crate::source::Span;

/// A value that decides in place of another.
pub(super) struct Cause {
    /// Where it stands.
    pub(super) span: Span,
    /// What it is, in words.
    pub(super) text: String,
    /// What to do there, in words, where a setting of the repository itself does not help.
    pub(super) remedy: Option<String>,
}

/// The texts of a list of filters, as far as they are known.
pub(super) fn filters(list: Value<'_>) -> impl Iterator<Item = (Span, &str)> {
    list.items().filter_map(|entry| {
        let text = leaf::member_text(entry, "filter").known()?;
        Some((entry.get("filter")?.span(), text))
    })
}

/// Whether an answer is certainly yes.
pub(super) fn certain(answer: &Answer) -> bool {
    matches!(answer, Answer::Yes)
}
