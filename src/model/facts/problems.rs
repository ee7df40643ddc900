//! Collects what AWS would refuse, each at its place.
//! It does not know any of the reasons.

use crate::model::members;
use crate::model::{Document, Mistake, NodeId, Unknown};
use crate::source::Span;

/// A list of `{problem: "text"}` in the making.
#[derive(Debug)]
pub(super) struct Problems<'d> {
    document: &'d mut Document,
    found: Vec<NodeId>,
    unknown: Option<Unknown>,
}

impl<'d> Problems<'d> {
    /// No problem so far.
    pub(super) fn new(document: &'d mut Document) -> Self {
        Self {
            document,
            found: Vec::new(),
            unknown: None,
        }
    }

    /// Adds what is certainly wrong at `span`.
    pub(super) fn add(&mut self, span: Span, problem: &str) {
        self.add_beside(span, problem, None);
    }

    /// Adds what is certainly wrong at `span`, with what was meant.
    pub(super) fn add_mistake(&mut self, span: Span, mistake: &Mistake) {
        let entry = mistake.write(self.document, span);
        self.found.push(entry);
    }

    /// Adds what is certainly wrong at `span`, with what to write there.
    pub(super) fn add_instead(&mut self, span: Span, problem: &str, text: &str) {
        self.add_mistake(span, &Mistake::new(problem).with("instead", text));
    }

    /// Adds what is certainly wrong at `span`, with one more member.
    pub(super) fn add_beside(
        &mut self,
        span: Span,
        problem: &str,
        more: impl IntoIterator<Item = (&'static str, NodeId)>,
    ) {
        let text = self.document.string(problem, span);
        let mut members = vec![(members::PROBLEM.name(), text)];
        members.extend(more);
        let entry = self.document.object(&members, span);
        self.found.push(entry);
    }

    /// Adds what is certainly wrong at `span`, with the resource that is one too many; the other one is named at
    /// `first`, if there is one.
    pub(super) fn add_resource(
        &mut self,
        span: Span,
        first: Option<Span>,
        problem: &str,
        id: Option<&str>,
    ) {
        let id = id.map(|id| ("surplus", self.document.string(id, span)));
        let named = first.map(|first| (members::NAMED.name(), self.document.object(&[], first)));
        self.add_beside(span, problem, id.into_iter().chain(named));
    }

    /// Remembers that a value could not be examined; the first reason is kept.
    pub(super) fn cannot_tell(&mut self, unknown: &Unknown) {
        if self.unknown.is_none() {
            // What is unknown is whether there is a problem, not what the value looks like.
            self.unknown = Some(Unknown::because(unknown.reason.as_str()));
        }
    }

    /// Whether something is certainly wrong.
    pub(super) fn any(&self) -> bool {
        !self.found.is_empty()
    }

    /// Adds the list: unknown as a whole when nothing is certainly wrong but something may be.
    pub(super) fn finish(self, span: Span) -> NodeId {
        match self.unknown {
            Some(unknown) if self.found.is_empty() => self.document.unknown(unknown, span),
            _ => self.document.array(&self.found, span),
        }
    }
}
