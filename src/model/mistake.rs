//! What is wrong with a part of an input, in words, and what was meant.
//! It does not know where it stands, nor what comes of it.

use super::{Document, NodeId, members};
use crate::source::Span;

/// A clause that says what is wrong, with what was meant where that is plain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mistake {
    /// The clause.
    pub(crate) text: String,
    /// More members of the row that tells it: what to write, and in place of what.
    meant: Vec<(&'static str, String)>,
}

impl Mistake {
    /// A mistake of which only words are known.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            meant: Vec::new(),
        }
    }

    /// The same with one more member in its row.
    pub(crate) fn with(mut self, member: &'static str, value: impl Into<String>) -> Self {
        self.meant.push((member, value.into()));
        self
    }

    /// The same with another key in place of the one that is `written`, where there is one.
    pub(crate) fn key(self, written: &str, key: Option<&str>) -> Self {
        self.meant(members::MEANT_KEY.name(), written, key)
    }

    /// The same with the key that only differs in the case of its letters, where somebody knows that to write it right
    /// lets nobody in, and neither deletes nor replaces anything.
    pub(crate) fn harmless(self, written: &str, key: Option<&str>) -> Self {
        match key.filter(|key| key.eq_ignore_ascii_case(written)) {
            Some(key) => self.with("harmless", key),
            None => self,
        }
    }

    /// The same with another text in place of the one that is `written`, where there is one.
    pub(crate) fn instead(self, written: &str, text: Option<&str>) -> Self {
        self.meant("instead", written, text)
    }

    fn meant(self, member: &'static str, written: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.with(member, text).with("written", written),
            None => self,
        }
    }

    /// Whether another key was meant.
    pub(crate) fn is_about_key(&self) -> bool {
        let mut meant = self.meant.iter();
        meant.any(|(member, _)| *member == members::MEANT_KEY.name())
    }

    /// The members of its row, `problem` first.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let meant = self
            .meant
            .iter()
            .map(|(name, value)| (*name, value.as_str()));
        [(members::PROBLEM.name(), self.text.as_str())]
            .into_iter()
            .chain(meant)
    }

    /// Adds its row to a document.
    pub(crate) fn write(&self, document: &mut Document, span: Span) -> NodeId {
        let members: Vec<_> = self
            .members()
            .map(|(name, value)| (name, document.string(value, span)))
            .collect();
        document.object(&members, span)
    }
}

impl From<String> for Mistake {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&String> for Mistake {
    fn from(text: &String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Mistake {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}
