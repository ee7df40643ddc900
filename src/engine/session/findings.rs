//! What is left of repositories that were judged, to be joined with what is left of others.
//! It does not know how they are judged.

use crate::engine::declarations::Built;
use crate::report::depicted::Depicted;
use crate::report::{Diagnostic, Evidence, Tally};
use crate::source::Span;

/// What is left of repositories that were judged.
#[derive(Debug, Default)]
pub struct Findings {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) evidence: Vec<Evidence>,
    /// Of what is not a repository.
    pub(super) others: Vec<Evidence>,
    pub(super) repositories: usize,
    /// One for each rule that is on.
    pub(super) tallies: Vec<Tally>,
    /// What they are of what was declared.
    pub(super) built: Built,
    /// What formats draw of them.
    pub(super) depicted: Depicted,
}

impl Findings {
    /// Adds what was found behind these.
    pub fn append(&mut self, other: Self) {
        self.diagnostics.extend(other.diagnostics);
        self.evidence.extend(other.evidence);
        self.others.extend(other.others);
        self.repositories += other.repositories;
        self.built.append(other.built);
        self.depicted.append(other.depicted);
        if self.tallies.is_empty() {
            self.tallies = other.tallies;
        } else {
            for (own, tally) in self.tallies.iter_mut().zip(&other.tallies) {
                own.append(tally);
            }
        }
    }

    /// Every place that a report of them can show.
    pub fn places(&self) -> impl Iterator<Item = Span> {
        let found = self.diagnostics.iter().flat_map(|one| {
            let related = one.related.iter().map(|label| label.span);
            related.chain([one.primary.span])
        });
        let judged = self.evidence.iter().chain(&self.others);
        let judged = judged.map(|one| one.place);
        found.chain(judged).chain(self.depicted.places())
    }
}
