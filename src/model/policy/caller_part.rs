//! The part of a caller that a condition is about, so that one answer does for all who have it in common.
//! It does not know how a condition is answered.

use super::caller::{Caller, Network};
use super::condition::ConditionKey;

/// The part of a caller that a condition is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CallerPart {
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
    pub(crate) fn part_for(&self, key: ConditionKey) -> CallerPart {
        let [who, home] = self.numbers;
        match key {
            ConditionKey::PrincipalOrganisation
            | ConditionKey::PrincipalOrganisationPath
            | ConditionKey::SourceOrganisation
            | ConditionKey::SourceOrganisationPath => {
                CallerPart::Home(home, self.service.is_some())
            }
            ConditionKey::PrincipalAccount
            | ConditionKey::PrincipalArn
            | ConditionKey::SourceAccount
            | ConditionKey::SourceArn
            | ConditionKey::PrincipalService
            | ConditionKey::PrincipalServiceNames => CallerPart::Who(who),
            ConditionKey::PrincipalIsService
            | ConditionKey::PassedOn
            | ConditionKey::PassedOnBy => CallerPart::Service(self.service.is_some()),
            ConditionKey::Endpoint | ConditionKey::VpcAddress | ConditionKey::Address => {
                CallerPart::Network(self.network)
            }
            ConditionKey::OwnAccount
            | ConditionKey::OwnOrganisation
            | ConditionKey::Free
            | ConditionKey::Circumstance
            | ConditionKey::Unfamiliar => CallerPart::Nothing,
        }
    }
}
