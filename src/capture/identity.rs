//! Whose repositories are captured, as whom: told first and last, and kept in the snapshot.
//! It does not know how anybody is asked.

use std::fmt;

use super::credentials::AuthenticatedAccount;

/// An account that is captured, as whom, and in which regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerIdentity {
    /// Id of the account.
    pub account: String,
    /// ARN of the user or role that asks.
    pub caller: String,
    /// The regions that are asked, by name.
    pub regions: Vec<String>,
}

impl fmt::Display for CallerIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let regions = self.regions.join(", ");
        write!(
            f,
            "account {} as `{}` in {regions}",
            self.account, self.caller
        )
    }
}

/// The accounts of places, each with its regions.
pub(super) fn of(places: &[(&AuthenticatedAccount, String)]) -> Vec<CallerIdentity> {
    let mut identities: Vec<CallerIdentity> = Vec::new();
    for (account, region) in places {
        match identities.iter_mut().find(|one| one.account == account.id) {
            Some(identity) => identity.regions.push(region.clone()),
            None => identities.push(CallerIdentity {
                account: account.id.clone(),
                caller: account.caller.clone(),
                regions: vec![region.clone()],
            }),
        }
    }
    identities
}
