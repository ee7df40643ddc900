//! What is wrong with a text that a user wrote, and where.
//! It does not know what the text was meant to be.

use super::Span;

/// A mistake in a user's file: a template, a rule or a configuration.
///
/// Wording follows the project's message style: lower-case first letter, no full stop, the user's
/// own names in backticks. `title` says what is, `label` what is here, `help` what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where the mistake stands.
    pub span: Span,
    /// What is wrong, in one line.
    pub title: String,
    /// What is at the place itself; may be empty.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// A second place that belongs to the mistake, such as the first of two equal keys.
    pub related: Option<(Span, String)>,
    /// What was meant in place of what stands there, where that is plain.
    pub meant: Option<Box<Suggestion>>,
}

/// What was meant in place of what stands somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suggestion {
    /// Another key.
    Key(String),
    /// A number, `true` or `false`, in place of a text that says so.
    Word(String),
}

impl Problem {
    /// A mistake at `span`, with no label and no help yet.
    #[must_use]
    pub fn new(span: Span, title: impl Into<String>) -> Self {
        Self {
            span,
            title: title.into(),
            label: String::new(),
            help: None,
            related: None,
            meant: None,
        }
    }

    /// Says what stands at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what was meant.
    #[must_use]
    pub fn meant(mut self, meant: Option<Suggestion>) -> Self {
        self.meant = meant.map(Box::new);
        self
    }

    /// Names a second place.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related = Some((span, message.into()));
        self
    }
}

/// The one of `known` that `word` was most likely meant to be, for "did you mean" helps.
///
/// Offered only when at most a third of the word differs, so that help never misleads.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance * 3 <= word.len().max(candidate.len()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Number of insertions, deletions, replacements and swaps of neighbours between two words, letter case ignored.
fn distance(a: &str, b: &str) -> usize {
    strsim::osa_distance(&a.to_lowercase(), &b.to_lowercase())
}

/// A user's word for a message: at most 60 characters, control characters escaped.
pub(crate) fn abridged(word: &str) -> String {
    let mut abridged: String = word
        .chars()
        .take(60)
        .flat_map(|char| {
            let escaped = char.is_control().then(|| char.escape_default());
            let plain = (!char.is_control()).then_some(char);
            escaped.into_iter().flatten().chain(plain)
        })
        .collect();
    if word.chars().nth(60).is_some() {
        abridged.push('…');
    }
    abridged
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_typo_finds_its_key() {
        let keys = ["organisation", "rules", "sets"];
        assert_eq!(nearest("organization", keys), Some("organisation"));
        assert_eq!(nearest("set", keys), Some("sets"));
        assert_eq!(nearest("nmae", ["base", "name"]), Some("name"));
        assert_eq!(nearest("RULSE", keys), Some("rules"));
    }

    #[test]
    fn a_foreign_word_finds_nothing() {
        assert_eq!(nearest("colour", ["rules", "sets"]), None);
    }
}
