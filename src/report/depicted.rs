//! What formats draw of repositories beside what rules say about them.
//! It does not know how it was found out.

use super::access::AccessListing;
use super::lifecycle::{DescribedPolicy, Preview};
use crate::source::Span;

/// Repositories whose access is kept.
const MOST_LISTED: usize = 20_000;
/// Repositories of which is kept what their policies do with images.
const MOST_DRAWN: usize = 200;

/// Who may do what with the repositories of a run, and what their lifecycle policies do with the images that are known.
/// Memory does not grow without end with the repositories: what is left out is counted.
#[derive(Clone, Debug, Default)]
pub struct Depicted {
    /// Who may do what with each private repository, in the order of the inputs.
    pub access: Vec<AccessListing>,
    /// Repositories whose access is left out.
    pub unlisted: usize,
    /// Repositories with images that are known, and a policy.
    pub lifecycles: Vec<Drawn>,
    /// Such repositories that are left out.
    pub undrawn: usize,
}

/// What a lifecycle policy does with the images of a repository.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The policy.
    pub about: DescribedPolicy,
    /// What it does, without the images one by one.
    ///
    /// # Errors
    /// Completes "undetermined, because …".
    pub preview: Result<Preview, String>,
}

impl Depicted {
    /// Adds who may do what with one repository, as it is in each way in which conditions turn out.
    pub fn list(&mut self, listings: Vec<AccessListing>) {
        match self.access.len() < MOST_LISTED {
            true => self.access.extend(listings),
            false => self.unlisted += 1,
        }
    }

    /// Adds what a policy does.
    pub fn draw(&mut self, drawn: Drawn) {
        match self.lifecycles.len() < MOST_DRAWN {
            true => self.lifecycles.push(drawn),
            false => self.undrawn += 1,
        }
    }

    /// Every place in it that formats show.
    pub fn places(&self) -> impl Iterator<Item = Span> {
        let entries = self.access.iter().flat_map(|one| &one.entries);
        let given = entries.flat_map(|one| one.given_by.iter().chain(&one.taken_by));
        let policies = self.lifecycles.iter().map(|one| one.about.place);
        given.map(|one| one.place).chain(policies)
    }

    /// Adds what comes behind.
    pub fn append(&mut self, other: Self) {
        let room = MOST_LISTED.saturating_sub(self.access.len());
        self.unlisted += other.unlisted + other.access.len().saturating_sub(room);
        self.access.extend(other.access.into_iter().take(room));
        let room = MOST_DRAWN.saturating_sub(self.lifecycles.len());
        self.undrawn += other.undrawn + other.lifecycles.len().saturating_sub(room);
        self.lifecycles
            .extend(other.lifecycles.into_iter().take(room));
    }
}
