//! The part of a caller that a condition is about, so that one answer does for all who have it in common.
//! It does not know how a condition is answered.

use super::caller::{Caller, Network};
use super::condition::Key;

/// The part of a caller that a condition is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// Who calls, by number.
    Who(usize),
    /// The home, by number, and whether a service calls.
    Home(usize, bool),
    Network(Network),
    /// Whether a service calls.
    Service(bool),
    /// None of them.
    Nothing,
}

impl Caller {
    /// The part that a condition on a key is about: for callers that have it in common the answer is the same.
    pub(crate) fn part(&self, key: Key) -> Part {
        let [who, home] = self.numbers;
        match key {
            Key::PrincipalOrganisation
            | Key::PrincipalOrganisationPath
            | Key::SourceOrganisation
            | Key::SourceOrganisationPath => Part::Home(home, self.service.is_some()),
            Key::PrincipalAccount | Key::PrincipalArn | Key::SourceAccount | Key::SourceArn => {
                Part::Who(who)
            }
            Key::PrincipalIsService => Part::Service(self.service.is_some()),
            Key::Endpoint | Key::VpcAddress | Key::Address => Part::Network(self.network),
            Key::OwnAccount
            | Key::OwnOrganisation
            | Key::Free
            | Key::Circumstance
            | Key::Unfamiliar => Part::Nothing,
        }
    }
}
