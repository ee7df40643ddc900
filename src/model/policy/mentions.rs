//! The ids that a policy writes down anywhere, and the callers that are worth trying because of them.
//! It does not know what the callers are allowed.

use std::cell::Cell;

use super::account::Account;
use super::budget::CallerBudget;
use super::caller::{Caller, Network, OrganisationMembership, ServicePrincipal, Who};
use super::condition::{Condition, ConditionKey};
use super::operator::Test;
use super::principal::{NamedPrincipal, Principal, Principals};
use super::statement::{Statement, account_of};
use super::witness::OpenPatterns;
use super::words::Words;
use super::{Owner, wildcard};

/// Everything that tells one caller from another, as far as the policy cares.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    accounts: Vec<Account>,
    /// ARNs with their accounts.
    arns: Vec<(Option<Account>, Words)>,
    /// Organisations with a path inside; a policy that names a path names its organisation too.
    homes: Vec<(Words, Words)>,
    paths: Vec<(Words, Words)>,
    /// Names of services that conditions ask for.
    services: Vec<String>,
    /// Patterns of principals, and of what services act for, that leave open of which account these are.
    open: OpenPatterns,
    any_home: bool,
    any_network: bool,
    /// The next number of somebody who calls.
    next: Cell<usize>,
    /// Callers that may still be made.
    left: CallerBudget,
}

/// A home with its number.
type NumberedMembership = (usize, OrganisationMembership);

impl Mentions {
    pub(crate) fn collect<'s>(
        statements: impl Iterator<Item = &'s Statement<'s>>,
        owner: &Owner<'_>,
    ) -> Self {
        let mut mentions = Self::default();
        for statement in statements {
            let named = statement.principals.named();
            named.iter().for_each(|named| mentions.principal(named));
            for condition in &statement.conditions {
                mentions.condition(condition);
            }
        }
        for (id, _) in mentions.paths.clone() {
            mentions.home(id);
        }
        mentions.open.find_strangers(owner);
        mentions
    }

    /// An organisation, with a unit in it that nobody names.
    fn home(&mut self, id: Words) {
        let path = id.clone().then("/r-").then_fresh(4);
        let path = path.then("/ou-").then_fresh(4).then("-").then_fresh(8);
        add(&mut self.homes, (id, path.then("/")));
    }

    /// What a statement lets in by naming it: not whom it keeps out by a `NotPrincipal` or a negated condition.
    pub(crate) fn of_grant(statement: &Statement<'_>) -> Self {
        let mut mentions = Self::default();
        if let Principals::Listed(named) = &statement.principals {
            named.iter().for_each(|named| mentions.principal(named));
        }
        for condition in &statement.conditions {
            if condition.test.is_some_and(|test| !test.negated) {
                mentions.condition(condition);
            }
        }
        mentions
    }

    /// Whether the path is one that the policy names.
    pub(crate) fn names_path(&self, path: &Words) -> bool {
        self.paths.iter().any(|(_, known)| known == path)
    }

    /// Whether the account is one of those that are mentioned.
    pub(crate) fn has(&self, account: &Account) -> bool {
        self.accounts.contains(account)
    }

    fn principal(&mut self, named: &NamedPrincipal<'_>) {
        match &named.principal {
            Principal::Account(account) => self.account(account.clone()),
            Principal::Identity { account, arn } => {
                self.account(account.clone());
                add(&mut self.arns, (Some(account.clone()), arn.clone()));
            }
            _ => {}
        }
    }

    fn account(&mut self, account: Account) {
        add(&mut self.accounts, account);
    }

    fn condition(&mut self, condition: &Condition<'_>) {
        self.any_network |= condition.key.is_about_network();
        self.any_home |= condition.key.is_about_organisation();
        // `true` and `false` are nobody's id.
        if condition.test.is_some_and(|one| one.test == Test::Null) {
            return;
        }
        for pattern in &condition.patterns {
            let (words, reason) = (&pattern.words, pattern.reason.as_deref());
            match condition.key {
                ConditionKey::PrincipalAccount | ConditionKey::SourceAccount => {
                    if let Some(account) = Account::read(words.symbols(), reason) {
                        self.account(account);
                    }
                }
                ConditionKey::PrincipalArn | ConditionKey::SourceArn => {
                    self.arn(words, reason);
                    if reason.is_none() {
                        self.open.add(condition.key, words);
                    }
                }
                ConditionKey::PrincipalService | ConditionKey::PrincipalServiceNames => {
                    let name = words.known().filter(|name| !wildcard::is_pattern(name));
                    let name = name.map(str::to_owned);
                    name.into_iter().for_each(|it| add(&mut self.services, it));
                }
                ConditionKey::PrincipalOrganisation | ConditionKey::SourceOrganisation => {
                    self.home(words.clone())
                }
                ConditionKey::PrincipalOrganisationPath | ConditionKey::SourceOrganisationPath => {
                    let path = words.example();
                    let id = path.symbols();
                    let id = Words::from(id.split_once(b'/').map_or(id, |(id, _)| id));
                    add(&mut self.paths, (id, path));
                }
                _ => {}
            }
        }
    }

    fn arn(&mut self, pattern: &Words, reason: Option<&str>) {
        let arn = pattern.example();
        let named = account_of(&arn);
        let account = match reason {
            None => named,
            Some(reason) => Some(named.unwrap_or_else(|| Account::behind(&arn, reason))),
        };
        if let Some(account) = &account {
            self.account(account.clone());
        }
        add(&mut self.arns, (account, arn));
    }

    fn networks(&self) -> &'static [Network] {
        const ALL: [Network; 3] = [Network::Internet, Network::OwnEndpoint, Network::Named];
        if self.any_network { &ALL } else { &ALL[..1] }
    }

    fn foreign_homes(&self) -> Vec<NumberedMembership> {
        let count = if self.any_home { 2 } else { 1 };
        [
            OrganisationMembership::Nowhere,
            OrganisationMembership::Foreign,
        ]
        .into_iter()
        .take(count)
        .enumerate()
        .collect()
    }

    /// Those that the policy names by id.
    fn homes(&self) -> Vec<NumberedMembership> {
        member_homes(&self.homes, 2)
    }

    /// Those that the policy names by path.
    fn units(&self) -> Vec<NumberedMembership> {
        member_homes(&self.paths, 2 + self.homes.len())
    }

    fn all_homes(&self) -> Vec<NumberedMembership> {
        let mut homes = self.foreign_homes();
        homes.extend(self.homes());
        homes.extend(self.units());
        homes
    }

    /// Principals of accounts that the policy does not name, in an organisation that it does not name.
    pub(crate) fn strangers(&self, network: StrangerNetwork) -> Vec<Caller> {
        self.outsiders(&self.foreign_homes(), self.of(network))
    }

    /// Principals of unnamed accounts in an organisation that the policy names, outside named units.
    pub(crate) fn organisation_members(&self) -> Vec<Caller> {
        self.outsiders(&self.homes(), self.networks())
    }

    /// Principals of unnamed accounts in an organisational unit that the policy names.
    pub(crate) fn unit_members(&self) -> Vec<Caller> {
        self.outsiders(&self.units(), self.networks())
    }

    /// Principals of unnamed accounts at these homes.
    fn outsiders(&self, homes: &[NumberedMembership], networks: &[Network]) -> Vec<Caller> {
        let who = strangers(self.open.strangers());
        self.cross(None, &who, homes, networks)
    }

    /// The accounts that the policy names, and the stack's own.
    pub(crate) fn accounts(&self, owner: &Owner<'_>) -> Vec<Account> {
        let own = Account::own(owner);
        let named = self.accounts.iter().filter(|account| **account != own);
        named.cloned().chain([own.clone()]).collect()
    }

    /// Principals of one account: new ones, and those that the policy names.
    pub(crate) fn principals_of(&self, account: &Account, owner: &Owner<'_>) -> Vec<Caller> {
        let fresh = self.open.principals_of(&account.id(), owner);
        let named = self
            .arns
            .iter()
            .filter(|(owner, _)| owner.as_ref() == Some(account))
            .map(|(_, arn)| arn.clone());
        let who: Vec<_> = fresh
            .into_iter()
            .chain(named)
            .map(|arn| (Who::Member(account.clone()), Some(arn)))
            .collect();
        self.cross(None, &who, &self.all_homes(), self.networks())
    }

    /// A principal of the account that the policy does not name.
    pub(crate) fn any_principal_of(&self, account: &Account, owner: &Owner<'_>) -> Vec<Caller> {
        let arn = self.open.any_role_of(&account.id(), owner);
        self.principal_with(account, &arn)
    }

    /// One principal.
    pub(crate) fn principal_with(&self, account: &Account, arn: &Words) -> Vec<Caller> {
        let who = [(Who::Member(account.clone()), Some(arn.clone()))];
        self.cross(None, &who, &self.all_homes(), self.networks())
    }

    /// Every service: those that conditions ask for, and one that stands for all others.
    pub(crate) fn services(&self) -> Vec<ServicePrincipal> {
        let named = self.services.iter().cloned().map(ServicePrincipal::Named);
        [ServicePrincipal::Any].into_iter().chain(named).collect()
    }

    /// A service that acts for an account that the policy does not name.
    pub(crate) fn service_for_strangers(&self, service: &ServicePrincipal) -> Vec<Caller> {
        let networks = self.of(StrangerNetwork::Anywhere);
        let strangers = strangers(self.open.strange_sources());
        let mut callers = self.cross(Some(service), &strangers, &self.foreign_homes(), networks);
        let unsaid = [(Who::Unsaid, None)];
        callers.extend(self.cross(
            Some(service),
            &unsaid,
            &[(0, OrganisationMembership::Nowhere)],
            networks,
        ));
        callers
    }

    /// A service that acts for an account, resource or organisation that the policy names.
    pub(crate) fn service_for_named(
        &self,
        service: &ServicePrincipal,
        owner: &Owner<'_>,
    ) -> Vec<Caller> {
        let mut who = Vec::new();
        for account in self.accounts(owner) {
            who.push((Who::Member(account.clone()), None));
            let arns = self
                .arns
                .iter()
                .filter(|(owner, _)| owner.as_ref().is_none_or(|owner| *owner == account));
            who.extend(arns.map(|(_, arn)| (Who::Member(account.clone()), Some(arn.clone()))));
        }
        for (_, arn) in self.arns.iter().filter(|(owner, _)| owner.is_none()) {
            let reason = format!("the account of `{arn}` is not known");
            let account = Account::behind(arn, &reason);
            who.push((Who::Member(account), Some(arn.clone())));
        }
        let mut callers = self.cross(Some(service), &who, &self.all_homes(), self.networks());
        let homes = [self.homes(), self.units()].concat();
        let strangers = strangers(self.open.strange_sources());
        callers.extend(self.cross(Some(service), &strangers, &homes, self.networks()));
        callers
    }

    /// Everybody at every home and in every network.
    fn cross(
        &self,
        service: Option<&ServicePrincipal>,
        who: &[(Who, Option<Words>)],
        homes: &[NumberedMembership],
        networks: &[Network],
    ) -> Vec<Caller> {
        let mut callers = Vec::new();
        self.left.spend(who.len() * homes.len() * networks.len());
        // One stands for all where nothing is asked of them any more, at one home where it is not the home that counts.
        let (most, most_homes) = match (self.left.is_spent(), who) {
            (true, [(Who::Stranger | Who::Unsaid, _), ..]) => (1, homes.len()),
            (true, _) => (1, 1),
            _ => (who.len(), homes.len()),
        };
        for (account, arn) in who.iter().take(most) {
            let number = self.next.get();
            self.next.set(number + 1);
            for (at, home) in homes.iter().take(most_homes) {
                for network in networks {
                    callers.push(Caller {
                        service: service.cloned(),
                        account: account.clone(),
                        arn: arn.clone(),
                        home: home.clone(),
                        network: *network,
                        numbers: [number, *at],
                    });
                }
            }
        }
        callers
    }

    /// Notes that so many callers are tried once more.
    pub(crate) fn count_tries(&self, callers: usize) {
        self.left.spend(callers);
    }

    /// No more callers are tried.
    pub(crate) fn give_up(&self) {
        self.left.empty();
    }

    /// Whether the policy names more callers than are tried.
    pub(crate) fn are_too_many(&self) -> bool {
        self.left.is_spent() || self.open.are_too_many()
    }

    fn of(&self, network: StrangerNetwork) -> &'static [Network] {
        let all = self.networks();
        match network {
            StrangerNetwork::Anywhere if all.len() > 1 => &all[..2],
            StrangerNetwork::Anywhere => all,
            StrangerNetwork::NamedNetwork => all.get(2..).unwrap_or_default(),
        }
    }
}

/// From where strangers call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StrangerNetwork {
    /// From any place of their own.
    Anywhere,
    /// From a place that the policy names.
    NamedNetwork,
}

/// Those with one of the ARNs, or anybody where there are none.
fn strangers(arns: &[Words]) -> Vec<(Who, Option<Words>)> {
    let known = arns.iter().cloned().map(Some);
    let any = arns.is_empty().then_some(None);
    known.chain(any).map(|arn| (Who::Stranger, arn)).collect()
}

fn member_homes(list: &[(Words, Words)], first: usize) -> Vec<NumberedMembership> {
    let homes = list
        .iter()
        .map(|(id, path)| OrganisationMembership::Member {
            id: id.clone(),
            path: path.clone(),
        });
    (first..).zip(homes).collect()
}

fn add<T: PartialEq>(list: &mut Vec<T>, one: T) {
    if !list.contains(&one) {
        list.push(one);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Owner, statement};
    use super::{Account, Mentions};
    use crate::model::Document;
    use crate::source::{SourceId, Tree, json};

    #[test]
    fn no_accounts_are_crossed_with_homes_once_there_are_too_many() {
        let text: Vec<String> = (0..150)
            .map(|at| {
                format!(
                    r#"{{"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": {{"StringNotEquals": {{
                        "aws:PrincipalOrgID": "o-{at:010}", "aws:PrincipalAccount": "{at:012}"}}}}}}"#
                )
            })
            .collect();
        let text = format!("[{}]", text.join(", "));
        let mut tree = Tree::default();
        json::parse(&text, SourceId(0), &mut tree).unwrap();
        let mut document = Document::default();
        let list = document.import(tree.root(&text).unwrap());
        let owner = Owner::default();
        let statements = statement::read_all(document.value(list), &owner);
        let mentions = Mentions::collect(statements.iter(), &owner);
        let account = Account::known("000000000007");
        assert!(mentions.principals_of(&account, &owner).len() > 300);
        mentions.give_up();
        assert_eq!(mentions.principals_of(&account, &owner).len(), 1);
        // Whose homes count are reported all the same.
        assert_eq!(mentions.organisation_members().len(), 150);
    }
}
