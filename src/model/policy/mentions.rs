//! The ids that a policy writes down anywhere, and the callers that are worth trying because of them.
//! It does not know what the callers are allowed.

use super::Owner;
use super::caller::{Caller, Home, Network, Service, Who};
use super::condition::{Condition, Key, Test};
use super::principal::{Account, Named, Principal, Principals};
use super::statement::{Statement, account_of};
use super::text::{self, is_account};

/// Everything that tells one caller from another, as far as the policy cares.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    accounts: Vec<Account>,
    /// ARNs with their accounts.
    arns: Vec<(Option<String>, String)>,
    /// Organisations with a path inside; a policy that names a path names its organisation too.
    homes: Vec<(String, String)>,
    paths: Vec<(String, String)>,
    any_home: bool,
    any_network: bool,
}

impl Mentions {
    pub(crate) fn collect(statements: &[Statement<'_>]) -> Self {
        let mut mentions = Self::default();
        for statement in statements {
            let (Principals::Listed(named) | Principals::Except { spared: named, .. }) =
                &statement.principals;
            named.iter().for_each(|named| mentions.principal(named));
            for condition in &statement.conditions {
                mentions.condition(condition);
            }
        }
        mentions.homes.extend(mentions.paths.iter().map(|(id, _)| {
            let path = format!("{id}/r-new0/ou-new0-newnew00/");
            (id.clone(), path)
        }));
        mentions.homes.sort();
        mentions.homes.dedup();
        mentions
    }

    fn principal(&mut self, named: &Named<'_>) {
        match &named.principal {
            Principal::Account(account) => self.account(account.clone()),
            Principal::Identity { account, arn } => {
                self.account(account.clone());
                self.arns.push((Some(account.id.clone()), arn.clone()));
            }
            _ => {}
        }
    }

    fn account(&mut self, account: Account) {
        if !self.accounts.contains(&account) {
            self.accounts.push(account);
        }
    }

    fn condition(&mut self, condition: &Condition<'_>) {
        self.any_network |= condition.key.is_about_network();
        self.any_home |= condition.key.is_about_organisation();
        // `true` and `false` are nobody's id.
        if condition.test.is_some_and(|one| one.test == Test::Null) {
            return;
        }
        for pattern in &condition.patterns {
            match condition.key {
                Key::PrincipalAccount | Key::SourceAccount
                    if pattern.reason.is_some() || is_account(&pattern.literal) =>
                {
                    self.account(Account {
                        id: pattern.literal.clone(),
                        reason: pattern.reason.clone(),
                    });
                }
                Key::PrincipalArn | Key::SourceArn => {
                    let arn = example(&pattern.filled);
                    let account = account_of(&arn).map(str::to_owned);
                    if let Some(account) = &account {
                        self.account(Account::known(account));
                    } else if let Some(reason) = &pattern.reason {
                        let id = pattern.literal.clone();
                        let reason = Some(reason.clone());
                        self.account(Account {
                            id: id.clone(),
                            reason,
                        });
                        self.arns.push((Some(id), pattern.literal.clone()));
                        continue;
                    }
                    self.arns.push((account, arn));
                }
                Key::PrincipalOrganisation | Key::SourceOrganisation => {
                    let id = pattern.literal.clone();
                    let path = format!("{id}/r-new0/ou-new0-newnew00/");
                    self.homes.push((id, path));
                }
                Key::PrincipalOrganisationPath | Key::SourceOrganisationPath => {
                    let path = match pattern.reason {
                        Some(_) => pattern.literal.clone(),
                        None => example(&pattern.filled),
                    };
                    let id = path.split('/').next().unwrap_or_default().to_owned();
                    self.paths.push((id, path));
                }
                _ => {}
            }
        }
    }

    fn networks(&self) -> &'static [Network] {
        const ALL: [Network; 3] = [Network::Internet, Network::OwnEndpoint, Network::Named];
        if self.any_network { &ALL } else { &ALL[..1] }
    }

    fn foreign_homes(&self) -> Vec<Home> {
        let count = if self.any_home { 2 } else { 1 };
        [Home::Nowhere, Home::Foreign]
            .into_iter()
            .take(count)
            .collect()
    }

    fn member_homes(list: &[(String, String)]) -> Vec<Home> {
        list.iter()
            .map(|(id, path)| Home::Member {
                id: id.clone(),
                path: path.clone(),
            })
            .collect()
    }

    fn all_homes(&self) -> Vec<Home> {
        let mut homes = self.foreign_homes();
        homes.extend(Self::member_homes(&self.homes));
        homes.extend(Self::member_homes(&self.paths));
        homes
    }

    /// Principals of accounts that the policy does not name, in an organisation that it does not name.
    pub(crate) fn strangers(&self, network: Reach) -> Vec<Caller> {
        let homes = self.foreign_homes();
        cross(None, &[(Who::Stranger, None)], &homes, self.of(network))
    }

    /// Principals of unnamed accounts in an organisation that the policy names, outside named units.
    pub(crate) fn organisation_members(&self) -> Vec<Caller> {
        let homes = Self::member_homes(&self.homes);
        cross(None, &[(Who::Stranger, None)], &homes, self.networks())
    }

    /// Principals of unnamed accounts in an organisational unit that the policy names.
    pub(crate) fn unit_members(&self) -> Vec<Caller> {
        let homes = Self::member_homes(&self.paths);
        cross(None, &[(Who::Stranger, None)], &homes, self.networks())
    }

    /// The accounts that the policy names, and the stack's own.
    pub(crate) fn accounts(&self, owner: &Owner<'_>) -> Vec<Account> {
        let own = Account::known(text::own_account(owner));
        let named = self.accounts.iter().filter(|account| **account != own);
        named.cloned().chain([own.clone()]).collect()
    }

    /// Principals of one account: new ones, and those that the policy names.
    pub(crate) fn principals_of(&self, account: &Account, owner: &Owner<'_>) -> Vec<Caller> {
        let partition = text::own_partition(owner);
        let fresh = ["role/new", "user/new"]
            .map(|name| format!("arn:{partition}:iam::{}:{name}", account.id));
        let named = self
            .arns
            .iter()
            .filter(|(owner, _)| owner.as_deref() == Some(&account.id))
            .map(|(_, arn)| arn.clone());
        let who: Vec<_> = fresh
            .into_iter()
            .chain(named)
            .map(|arn| (Who::Member(account.clone()), Some(arn)))
            .collect();
        cross(None, &who, &self.all_homes(), self.networks())
    }

    /// A principal of the account that the policy does not name.
    pub(crate) fn any_principal_of(&self, account: &Account, owner: &Owner<'_>) -> Vec<Caller> {
        let partition = text::own_partition(owner);
        let arn = format!("arn:{partition}:iam::{}:role/new", account.id);
        self.principal_with(account, &arn)
    }

    /// One principal.
    pub(crate) fn principal_with(&self, account: &Account, arn: &str) -> Vec<Caller> {
        let who = [(Who::Member(account.clone()), Some(arn.to_owned()))];
        cross(None, &who, &self.all_homes(), self.networks())
    }

    /// A service that acts for an account that the policy does not name.
    pub(crate) fn service_for_strangers(&self, service: &Service) -> Vec<Caller> {
        cross(
            Some(service),
            &[(Who::Stranger, None)],
            &self.foreign_homes(),
            self.of(Reach::Anywhere),
        )
    }

    /// A service that acts for an account, resource or organisation that the policy names.
    pub(crate) fn service_for_named(&self, service: &Service, owner: &Owner<'_>) -> Vec<Caller> {
        let mut who = Vec::new();
        for account in self.accounts(owner) {
            who.push((Who::Member(account.clone()), None));
            let arns = self
                .arns
                .iter()
                .filter(|(owner, _)| owner.as_ref().is_none_or(|owner| *owner == account.id));
            who.extend(arns.map(|(_, arn)| (Who::Member(account.clone()), Some(arn.clone()))));
        }
        for (_, arn) in self.arns.iter().filter(|(owner, _)| owner.is_none()) {
            let account = Account {
                id: format!("{{{arn}}}"),
                reason: Some(format!("the account of `{arn}` is not known")),
            };
            who.push((Who::Member(account), Some(arn.clone())));
        }
        let mut callers = cross(Some(service), &who, &self.all_homes(), self.networks());
        let homes = [
            Self::member_homes(&self.homes),
            Self::member_homes(&self.paths),
        ]
        .concat();
        let strangers = [(Who::Stranger, None)];
        callers.extend(cross(Some(service), &strangers, &homes, self.networks()));
        callers
    }

    fn of(&self, network: Reach) -> &'static [Network] {
        let all = self.networks();
        match network {
            Reach::Anywhere if all.len() > 1 => &all[..2],
            Reach::Anywhere => all,
            Reach::NamedNetwork => all.get(2..).unwrap_or_default(),
        }
    }
}

/// From where strangers call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reach {
    /// From any place of their own.
    Anywhere,
    /// From a place that the policy names.
    NamedNetwork,
}

fn cross(
    service: Option<&Service>,
    who: &[(Who, Option<String>)],
    homes: &[Home],
    networks: &[Network],
) -> Vec<Caller> {
    let mut callers = Vec::new();
    for (account, arn) in who {
        for home in homes {
            for network in networks {
                callers.push(Caller {
                    service: service.cloned(),
                    account: account.clone(),
                    arn: arn.clone(),
                    home: home.clone(),
                    network: *network,
                });
            }
        }
    }
    callers
}

/// A text that fits the pattern.
fn example(pattern: &str) -> String {
    pattern.replace(['*', '?'], "x")
}
