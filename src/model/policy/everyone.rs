//! Whom a statement lets in that speaks of everyone: what its conditions and every `Deny` leave.
//! It does not know principals that a policy names, other than by their accounts.

use super::access::{Access, Admitted, Audience, UNLIMITED};
use super::caller::{Caller, ServicePrincipal};
use super::evaluation::Policy;
use super::mentions::{Mentions, StrangerNetwork};
use super::principal::{Principal, Principals};
use super::statement::{Actions, Statement};
use super::who;
use super::words::Words;
use crate::model::{Truth, Value};

impl<'d> Policy<'_, 'd> {
    /// The answer for a principal that everyone is, before conditions and denials.
    pub(super) fn everyone(
        &self,
        statement: &Statement<'d>,
        place: Value<'d>,
        text: Option<&'d str>,
    ) -> Access<'d> {
        let mut access = self.start(statement, place, text);
        let mentions = &self.mentions;
        let groups = [
            (
                Audience::Public,
                mentions.strangers(StrangerNetwork::Anywhere),
            ),
            (
                Audience::Network,
                mentions.strangers(StrangerNetwork::NamedNetwork),
            ),
            (Audience::Organisation, mentions.organisation_members()),
            (Audience::OrganisationalUnit, mentions.unit_members()),
        ];
        let mut all = Actions::default();
        let mut class = None;
        for (group, callers) in groups {
            let granted = self.granted(statement, &callers, false);
            all = all.union(&granted.actions);
            if group == Audience::Public {
                access.public = granted.any();
            }
            match granted.any() {
                Truth::True => class = class.or(Some((Ok(group), cross_account(group)))),
                Truth::Unknown(reason) => {
                    let unknown = Truth::unknown(reason.clone());
                    class = class.or(Some((Err(reason), unknown)));
                }
                Truth::False => {}
            }
        }
        let (own, named, accounts) = self.by_account(statement, class.is_some());
        access.accounts = accounts;
        let outside = all.union(&named);
        match class {
            Some((class, cross_account)) => {
                access.class = class;
                access.cross_account = cross_account;
                access.settle(outside, statement);
            }
            None => self.narrow(&mut access, statement, own, outside),
        }
        access.who = self.everyone_called(&access, statement);
        access
    }

    /// What the stack's own account gets, what other named accounts get, and which those are. Where strangers are
    /// let in, too, only those count that the statement itself names.
    fn by_account(
        &self,
        statement: &Statement<'d>,
        is_open: bool,
    ) -> (Actions, Actions, Vec<Admitted>) {
        let by_itself = is_open.then(|| Mentions::of_grant(statement));
        let mut own = Actions::default();
        let mut named = Actions::default();
        let mut accounts = Vec::new();
        let is_known = self.members.get().is_some();
        for (account, callers) in self.members() {
            if is_known {
                self.mentions.count_tries(callers.len());
            }
            let granted = self.granted(statement, callers, false);
            if granted.actions.possible.is_empty() {
                continue;
            }
            let admitted = self.admitted(account.clone(), granted.any());
            if admitted.own.is_true() {
                own = own.union(&granted.actions);
                continue;
            }
            named = named.union(&granted.actions);
            if by_itself
                .as_ref()
                .is_none_or(|it| it.has(&admitted.account))
            {
                accounts.push(admitted);
            }
        }
        (own, named, accounts)
    }

    /// The class when nobody outside the accounts that the policy names is let in.
    fn narrow(
        &self,
        access: &mut Access<'d>,
        statement: &Statement<'d>,
        own: Actions,
        named: Actions,
    ) {
        let foreign = Truth::any(access.accounts.iter().map(|admitted| !admitted.own.clone()));
        match (foreign.and(named.any(|set| set)), own.any(|set| set)) {
            (Truth::True, _) => {
                access.class = Ok(Audience::NamedAccounts);
                access.cross_account = Truth::True;
                access.settle(named, statement);
            }
            (Truth::Unknown(reason), _) => {
                access.class = Err(reason.clone());
                access.cross_account = Truth::unknown(reason);
                access.settle(named.union(&own), statement);
            }
            (Truth::False, Truth::True) => {
                access.class = Ok(Audience::SameAccount);
                access.settle(own, statement);
            }
            (Truth::False, Truth::Unknown(reason)) => {
                access.class = Err(reason);
                access.settle(own, statement);
            }
            (Truth::False, Truth::False) => self.services_only(access, statement),
        }
    }

    /// The class when no principal of any account is let in. `{"Service": "*"}`, which is not a documented form, lets
    /// everybody in where nothing says for whom the services act; elsewhere these are services.
    fn services_only(&self, access: &mut Access<'d>, statement: &Statement<'d>) {
        let services = self.mentions.services();
        let [strangers, callers] = self.callers_by_services(&services);
        let unbound = self.granted(statement, &strangers, false);
        let bound = self.granted(statement, &callers, false);
        let is_undocumented = matches!(&statement.principals, Principals::Listed(listed)
            if listed.iter().all(|one| one.principal == Principal::EveryService));
        if is_undocumented {
            access.public = unbound.any();
        }
        access.class = match (unbound.any(), bound.any()) {
            (Truth::True, _) if is_undocumented => Ok(Audience::Public),
            (Truth::True, _) => Ok(Audience::Service),
            (Truth::Unknown(reason), _) | (Truth::False, Truth::Unknown(reason)) => Err(reason),
            (Truth::False, Truth::True) => Ok(Audience::Service),
            (Truth::False, Truth::False) => return,
        };
        access.bound = Some(!unbound.any());
        access.accounts = self.accounts_let_in(statement, &callers, !unbound.any().is_false());
        access.cross_account = match unbound.any() {
            Truth::False => self.outside_of(&callers, statement),
            unbound if is_undocumented => unbound,
            _ => Truth::unknown(UNLIMITED),
        };
        access.settle(unbound.actions.union(&bound.actions), statement);
    }

    /// Services that act for those whom the policy does not name, and for those whom it names.
    fn callers_by_services(&self, services: &[ServicePrincipal]) -> [Vec<Caller>; 2] {
        let mentions = &self.mentions;
        let each = || services.iter();
        [
            each()
                .flat_map(|one| mentions.service_for_strangers(one))
                .collect(),
            each()
                .flat_map(|one| mentions.service_for_named(one, self.owner))
                .collect(),
        ]
    }

    /// The services that are let in, with those for whom they act, where the statement limits that.
    fn services_called(&self, access: &Access<'d>, statement: &Statement<'d>) -> String {
        let services = self.mentions.services();
        let is_let_in = |service: &&ServicePrincipal| {
            let callers = self.callers_by_services(std::slice::from_ref(*service));
            let granted = self.granted(statement, &callers.concat(), false);
            !granted.actions.possible.is_empty()
        };
        let let_in: Vec<_> = services.iter().filter(is_let_in).collect();
        let names = let_in.iter().filter_map(|service| match service {
            ServicePrincipal::Any => None,
            ServicePrincipal::Named(name) => Some(Words::from(name.as_str())),
        });
        let names: Vec<Words> = names.collect();
        let is_unlimited = access.bound.as_ref().is_some_and(Truth::is_false);
        let called = match let_in.contains(&&ServicePrincipal::Any) {
            true if is_unlimited => "every AWS service".to_owned(),
            true => "AWS services".to_owned(),
            false => listed(["service", "services"], &names),
        };
        let [_, callers] = self.callers_by_services(&services);
        let by_itself = Mentions::of_grant(statement);
        let accounts = access.accounts.iter().map(|it| &it.account);
        let accounts = accounts.filter(|account| by_itself.has(account));
        let accounts: Vec<_> = accounts.map(|account| account.id()).collect();
        let homes = self.homes_let_in(statement, callers);
        let groups = [
            (["account", "accounts"], accounts),
            (["organisation", "organisations"], homes),
        ];
        let groups = groups.iter().filter(|(_, names)| !names.is_empty());
        let groups: Vec<_> = groups.map(|(words, names)| listed(*words, names)).collect();
        match is_unlimited || groups.is_empty() {
            true => called,
            false => format!("{called} on behalf of {}", groups.join(" and ")),
        }
    }

    /// Those whom a statement lets in that speaks of everyone, by the widest group of them.
    fn everyone_called(&self, access: &Access<'d>, statement: &Statement<'d>) -> String {
        let groups = |callers| self.homes_let_in(statement, callers);
        match access.class {
            Ok(Audience::Network) => {
                "callers of any account from the network that it names".to_owned()
            }
            Ok(Audience::Organisation) => listed(
                ["organisation", "organisations"],
                &groups(self.mentions.organisation_members()),
            ),
            Ok(Audience::OrganisationalUnit) => listed(
                ["organisational unit", "organisational units"],
                &groups(self.mentions.unit_members()),
            ),
            Ok(Audience::NamedAccounts) => {
                let accounts = access.accounts.iter();
                let ids: Vec<_> = accounts.map(|it| it.account.id()).collect();
                listed(["account", "accounts"], &ids)
            }
            Ok(Audience::SameAccount) => "its own account".to_owned(),
            Ok(Audience::Service) => self.services_called(access, statement),
            Ok(Audience::Public | Audience::Nobody) | Err(_) => everyone_but(statement),
        }
    }
}

fn cross_account(class: Audience) -> Truth {
    match class {
        Audience::Network => {
            Truth::unknown("whose principals call from the named network is not in the policy")
        }
        _ => Truth::True,
    }
}

fn everyone_but(statement: &Statement<'_>) -> String {
    let Principals::Except { spared, .. } = &statement.principals else {
        return "every AWS account".to_owned();
    };
    let spared: Vec<_> = spared.iter().map(who::named).collect();
    format!("everyone but {}", spared.join(", "))
}

/// Names with the word for one or several of them.
fn listed([one, several]: [&str; 2], names: &[Words]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let word = if names.len() == 1 { one } else { several };
    format!("{word} {}", names.join(", "))
}
