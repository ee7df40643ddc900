//! Whom a policy lets in, and to do what: one answer for each allowing statement and principal.
//!
//! Each answer is found by trying the policy on a few callers, widest first: strangers, then members of
//! the organisations, units and accounts that the policy names. The class is the widest group of which
//! somebody gets through. It does not know how the answer is written down.

use super::Owner;
use super::Truth;
use super::actions::ActionSet;
use super::caller::{Caller, Service, Side, Who};
use super::condition::Condition;
use super::mentions::{Mentions, Reach};
use super::principal::{self, Account, Named, Principal, Principals};
use super::statement::{Actions, Effect, Statement};
use crate::model::Value;

/// The widest group of callers that a statement lets in for one of its principals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Principals of any AWS account.
    Public,
    /// Principals of any account that call through a network place that the policy names.
    Network,
    Organisation,
    OrganisationalUnit,
    NamedAccounts,
    SameAccount,
    Service,
    /// Nobody: conditions contradict each other, or a `Deny` takes everything back.
    Nobody,
}

impl Class {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Network => "network",
            Self::Organisation => "organisation",
            Self::OrganisationalUnit => "organisational-unit",
            Self::NamedAccounts => "named-accounts",
            Self::SameAccount => "same-account",
            Self::Service => "service",
            Self::Nobody => "nobody",
        }
    }
}

/// What one principal of one allowing statement gets.
#[derive(Debug)]
pub(crate) struct Access<'d> {
    pub(crate) statement: Value<'d>,
    /// The principal, or the value of `NotPrincipal`.
    pub(crate) place: Value<'d>,
    pub(crate) text: Option<&'d str>,
    pub(crate) partition: Option<String>,
    /// The account of a principal that has one.
    pub(crate) account: Option<Account>,
    /// The class, or why it cannot be known.
    pub(crate) class: Result<Class, String>,
    pub(crate) public: Truth,
    pub(crate) cross_account: Truth,
    /// Every account that the policy names and lets in, the stack's own aside.
    pub(crate) accounts: Vec<Account>,
    /// Whether a service is tied to somebody for whom it acts.
    pub(crate) bound: Option<Truth>,
    /// What it may do; what an outsider may do as soon as there is one.
    pub(crate) actions: Actions,
    pub(crate) write: Truth,
    /// What the statement grants and a `Deny` takes back.
    pub(crate) denied: ActionSet,
}

/// The policy as a whole.
pub(crate) struct Policy<'p, 'd> {
    pub(crate) statements: &'p [Statement<'d>],
    pub(crate) owner: &'p Owner<'p>,
    pub(super) mentions: Mentions,
}

/// What a group of callers gets.
#[derive(Default)]
pub(super) struct Granted {
    pub(super) actions: Actions,
}

impl Granted {
    pub(super) fn any(&self) -> Truth {
        self.actions.any(|set| set)
    }
}

impl<'p, 'd> Policy<'p, 'd> {
    pub(crate) fn new(statements: &'p [Statement<'d>], owner: &'p Owner<'p>) -> Self {
        Self {
            statements,
            owner,
            mentions: Mentions::collect(statements),
        }
    }

    /// One answer for each principal of each statement that allows, or may allow, something.
    pub(crate) fn access(&self) -> Vec<Access<'d>> {
        let mut access = Vec::new();
        for statement in self.statements {
            if statement.effect == Effect::Deny {
                continue;
            }
            match &statement.principals {
                Principals::Listed(listed) => {
                    access.extend(listed.iter().map(|named| self.listed(statement, named)));
                }
                Principals::Except { place, .. } => {
                    access.push(self.everyone(statement, *place, Some("NotPrincipal")));
                }
            }
        }
        access
    }

    /// Whether conditions let in somebody whom the policy does not name.
    pub(crate) fn admits_strangers(&self, conditions: &[Condition<'_>]) -> Truth {
        let mut callers = self.mentions.strangers(Reach::Anywhere);
        callers.extend(self.mentions.service_for_strangers(&Service::Any));
        Truth::any(callers.iter().map(|caller| {
            let met = |condition| caller.satisfies(condition, Side::Allow, self.owner);
            Truth::all(conditions.iter().map(met))
        }))
    }

    fn listed(&self, statement: &Statement<'d>, named: &Named<'d>) -> Access<'d> {
        let mut access = match &named.principal {
            Principal::Everyone
            | Principal::EveryService
            | Principal::Unclear(_)
            | Principal::Undocumented(_) => self.everyone(statement, named.value, named.text()),
            Principal::Account(account) => {
                let callers = self.mentions.principals_of(account, self.owner);
                self.account(statement, named, account, &callers)
            }
            Principal::Identity { account, arn } => {
                let callers = self.mentions.principal_with(account, arn);
                self.account(statement, named, account, &callers)
            }
            Principal::Service(name) => {
                self.service(statement, named, &Service::Named(name.clone()))
            }
        };
        if let Principal::Unclear(reason) | Principal::Undocumented(reason) = &named.principal {
            access.become_unclear(reason);
        }
        access.partition.clone_from(&named.partition);
        if let Effect::Unclear(reason) = &statement.effect {
            access.become_unclear(reason);
        }
        access
    }

    fn account(
        &self,
        statement: &Statement<'d>,
        named: &Named<'d>,
        account: &Account,
        callers: &[Caller],
    ) -> Access<'d> {
        let granted = self.granted(statement, callers, true);
        let own = principal::is_own(account, self.owner);
        let mut access = self.start(statement, named.value, named.text());
        access.account = Some(account.clone());
        if granted.any().is_no() {
            return access;
        }
        access.class = match &own {
            Truth::Yes => Ok(Class::SameAccount),
            Truth::No => Ok(Class::NamedAccounts),
            Truth::Unknown(reason) => Err(reason.clone()),
        };
        if !own.is_yes() {
            access.accounts.push(account.clone());
        }
        access.cross_account = (!own).and(granted.any());
        access.settle(granted.actions, statement);
        access
    }

    fn service(
        &self,
        statement: &Statement<'d>,
        named: &Named<'d>,
        service: &Service,
    ) -> Access<'d> {
        let strangers = self.mentions.service_for_strangers(service);
        let unbound = self.granted(statement, &strangers, false);
        let mut access = self.start(statement, named.value, named.text());
        let callers = self.mentions.service_for_named(service, self.owner);
        let (own, others): (Vec<_>, Vec<_>) = callers.into_iter().partition(|caller| {
            matches!(&caller.account, Who::Member(account)
                if principal::is_own(account, self.owner).is_yes())
        });
        let inside = self.granted(statement, &own, true);
        let outside = self.granted(statement, &others, true);
        let actions = [&unbound, &inside, &outside]
            .into_iter()
            .fold(Actions::default(), |all, next| all.union(&next.actions));
        if actions.possible.is_empty() {
            return access;
        }
        access.class = Ok(Class::Service);
        access.bound = Some(!unbound.any());
        access.accounts = self.accounts_let_in(statement, &others);
        access.cross_account = match unbound.any() {
            Truth::No => self.outside_of(&others, statement),
            _ => Truth::unknown("for whom the service acts is not limited by the policy"),
        };
        access.settle(actions, statement);
        access
    }

    /// Whether somebody who is certainly not of the stack's account is let in.
    pub(super) fn outside_of(&self, callers: &[Caller], statement: &Statement<'_>) -> Truth {
        Truth::any(callers.iter().map(|caller| {
            let foreign = match &caller.account {
                Who::Stranger => Truth::Yes,
                Who::Member(account) => !principal::is_own(account, self.owner),
            };
            let one = std::slice::from_ref(caller);
            foreign.and(self.granted(statement, one, true).any())
        }))
    }

    pub(super) fn accounts_let_in(
        &self,
        statement: &Statement<'_>,
        callers: &[Caller],
    ) -> Vec<Account> {
        let mut accounts: Vec<Account> = Vec::new();
        for caller in callers {
            let Who::Member(account) = &caller.account else {
                continue;
            };
            let one = std::slice::from_ref(caller);
            if !accounts.contains(account) && !self.granted(statement, one, true).any().is_no() {
                accounts.push(account.clone());
            }
        }
        accounts
    }

    pub(super) fn start(
        &self,
        statement: &Statement<'d>,
        place: Value<'d>,
        text: Option<&'d str>,
    ) -> Access<'d> {
        Access {
            statement: statement.value,
            place,
            text,
            partition: None,
            account: None,
            class: Ok(Class::Nobody),
            public: Truth::No,
            cross_account: Truth::No,
            accounts: Vec::new(),
            bound: None,
            actions: Actions::default(),
            write: Truth::No,
            denied: statement.actions().certain,
        }
    }

    /// What the statement leaves to the callers, taken together.
    ///
    /// With `named` the policy speaks of the callers by name: conditions that cannot be known then
    /// only narrow what it says of them, and count as met.
    pub(super) fn granted(
        &self,
        statement: &Statement<'_>,
        callers: &[Caller],
        named: bool,
    ) -> Granted {
        let mut granted = Granted::default();
        for caller in callers {
            let met = match statement.conditions_hold(caller, Side::Allow, self.owner) {
                Truth::Unknown(_) if named => Truth::Yes,
                met => met,
            };
            let speaks = match &statement.principals {
                Principals::Except { .. } => statement.names(caller),
                Principals::Listed(listed) => Truth::from(!listed.iter().all(|named| {
                    named.principal == Principal::EveryService && caller.service.is_none()
                })),
            };
            let reach = statement.resources.reach(self.owner);
            let actions = self.left(statement, met.and(speaks).and(reach), caller);
            granted.actions = granted.actions.union(&actions);
        }
        granted
    }

    /// What is left of a grant to a caller once every `Deny` has spoken, on one repository at least.
    pub(super) fn left(&self, grant: &Statement<'_>, met: Truth, caller: &Caller) -> Actions {
        let mut actions = grant.actions();
        match met {
            Truth::No => return Actions::default(),
            Truth::Unknown(reason) => {
                actions.certain = ActionSet::default();
                actions.reason = Some(reason);
            }
            Truth::Yes => {}
        }
        for deny in self.statements.iter().filter(|s| s.effect != Effect::Allow) {
            let applies = deny
                .names(caller)
                .and(deny.conditions_hold(caller, Side::Deny, self.owner))
                .and(deny.resources.cover(&grant.resources, self.owner));
            let applies = match &deny.effect {
                Effect::Unclear(reason) => applies.and(Truth::unknown(reason.clone())),
                _ => applies,
            };
            let taken = deny.actions();
            let before = actions.certain;
            match &applies {
                Truth::No => continue,
                Truth::Yes => actions.possible = actions.possible.without(taken.certain),
                Truth::Unknown(_) => {}
            }
            actions.certain = before.without(taken.possible);
            if actions.certain != before
                && let Truth::Unknown(reason) = applies
            {
                actions.reason = Some(reason);
            } else if actions.certain != before && actions.reason.is_none() {
                actions.reason = taken.reason;
            }
        }
        actions
    }
}

impl Access<'_> {
    pub(super) fn settle(&mut self, actions: Actions, statement: &Statement<'_>) {
        self.write = actions.any(|set| set.trespasses(statement.guarded));
        self.denied = statement.actions().certain.without(actions.possible);
        self.actions = actions;
    }

    /// Whatever the policy would give is given only perhaps.
    fn become_unclear(&mut self, reason: &str) {
        if matches!(self.class, Ok(Class::Nobody)) {
            return;
        }
        self.class = Err(reason.to_owned());
        for answer in [&mut self.public, &mut self.cross_account] {
            if !answer.is_no() {
                *answer = Truth::unknown(reason);
            }
        }
    }
}

/// Whether the principal stands for everyone.
pub(crate) fn is_everyone(principals: &Principals<'_>) -> bool {
    match principals {
        Principals::Except { .. } => true,
        Principals::Listed(listed) => listed
            .iter()
            .any(|named| named.principal == Principal::Everyone),
    }
}
