//! Whom a policy lets in, and to do what: one answer for each allowing statement and principal.
//!
//! Each answer is found by trying the policy on a few callers, widest first: strangers, then members of
//! the organisations, units and accounts that the policy names. The class is the widest group of which
//! somebody gets through. It does not know how the answer is written down.

use super::account::Account;
use super::actions::ActionSet;
use super::caller::{Caller, OrganisationMembership, ServicePrincipal, Who};
use super::condition::{Condition, Side};
use super::evaluation::Policy;
use super::ground::Ground;
use super::mentions::{Mentions, StrangerNetwork};
use super::principal::{NamedPrincipal, Partition, Principal, Principals};
use super::statement::{self, Actions, Effect, Statement};
use super::who;
use super::words::Words;
use crate::model::{Truth, Value};

/// The widest group of callers that a statement lets in for one of its principals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
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

impl Audience {
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

/// Why it is not known whose principals a service lets in.
pub(super) const UNLIMITED: &str = "for whom the service acts is not limited by the policy";

/// What one principal of one allowing statement gets.
#[derive(Debug)]
pub(crate) struct Access<'d> {
    pub(crate) statement: Value<'d>,
    /// The principal, or the value of `NotPrincipal`.
    pub(crate) place: Value<'d>,
    pub(crate) text: Option<&'d str>,
    /// Those who are let in, as part of a sentence.
    pub(crate) who: String,
    pub(crate) partition: Option<Partition>,
    /// The account of a principal that has one.
    pub(crate) account: Option<Account>,
    /// The class, or why it cannot be known.
    pub(crate) class: Result<Audience, String>,
    pub(crate) public: Truth,
    pub(crate) cross_account: Truth,
    /// Every account that the policy names and lets in, the stack's own aside.
    pub(crate) accounts: Vec<Admitted>,
    /// Whether a service is tied to somebody for whom it acts.
    pub(crate) bound: Option<Truth>,
    /// What it may do; what an outsider may do as soon as there is one.
    pub(crate) actions: Actions,
    pub(crate) write: Truth,
    /// What the statement grants and a `Deny` takes back.
    pub(crate) denied: ActionSet,
}

/// An account that is let in.
#[derive(Clone, Debug)]
pub(crate) struct Admitted {
    pub(crate) account: Account,
    /// Whether it is the stack's own.
    pub(crate) own: Truth,
    /// Whether it certainly is let in.
    pub(crate) certain: Truth,
}

impl<'d> Policy<'_, 'd> {
    /// One answer for each principal of each statement that allows, or may allow, something.
    pub(crate) fn access(&self) -> Vec<Access<'d>> {
        let grants = self.statements.iter();
        let grants = grants.filter(|it| it.effect != Effect::Deny);
        grants.flat_map(|grant| self.access_by(grant)).collect()
    }

    /// The same, each statement in the places that its resources are written for, where the stack's own is not known.
    /// `list` holds the statements of the policy.
    pub(super) fn access_where_written(&self, list: Value<'d>) -> Vec<Access<'d>> {
        let mut found: Vec<(usize, Vec<Access<'d>>)> = Vec::new();
        let mut grounds: Vec<(Ground, Vec<usize>)> = Vec::new();
        for (index, grant) in self.statements.iter().enumerate() {
            if grant.effect == Effect::Deny {
                continue;
            }
            let named = grant.resources.grounds(self.owner);
            if named.is_empty() {
                found.push((index, self.access_by(grant)));
            }
            for ground in named {
                match grounds.iter_mut().find(|(known, _)| *known == ground) {
                    Some((_, grants)) => grants.push(index),
                    None => grounds.push((ground, vec![index])),
                }
            }
        }
        for (ground, grants) in &grounds {
            let owner = ground.owner(self.owner);
            let statements = statement::read_all(list, &owner);
            let there = Policy::new(&statements, &owner);
            let by = |index: &usize| Some((*index, there.access_by(statements.get(*index)?)));
            found.extend(grants.iter().filter_map(by));
        }
        found.sort_by_key(|(index, _)| *index);
        found.into_iter().flat_map(|(_, access)| access).collect()
    }

    /// One answer for each principal of a statement that allows, or may allow, something.
    pub(super) fn access_by(&self, grant: &Statement<'d>) -> Vec<Access<'d>> {
        match &grant.principals {
            Principals::Listed(listed) => {
                let listed = listed.iter();
                listed.map(|named| self.listed(grant, named)).collect()
            }
            Principals::Except { place, .. } => {
                let mut access = self.everyone(grant, *place, Some("NotPrincipal"));
                if let Effect::Unclear(reason) = &grant.effect {
                    access.become_unclear(reason);
                }
                vec![access]
            }
        }
    }

    /// Whether conditions let in somebody whom the policy does not name.
    pub(crate) fn admits_strangers(&self, conditions: &[Condition<'_>]) -> Truth {
        let mut callers = self.mentions.strangers(StrangerNetwork::Anywhere);
        let services = self.mentions.services();
        let services = services.iter();
        callers.extend(services.flat_map(|one| self.mentions.service_for_strangers(one)));
        Truth::any(callers.iter().map(|caller| {
            let met = |condition| caller.satisfies(condition, Side::Allow, self.owner);
            Truth::all(conditions.iter().map(met))
        }))
    }

    fn listed(&self, statement: &Statement<'d>, named: &NamedPrincipal<'d>) -> Access<'d> {
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
                self.service(statement, named, &ServicePrincipal::Named(name.clone()))
            }
        };
        if let Principal::Unclear(reason) | Principal::Undocumented(reason) = &named.principal {
            if !access.actions.possible.is_empty() {
                let account = Account::hidden(Words::of(named.value.id()), reason);
                access.accounts.push(self.admitted(account, Truth::True));
            }
            access.become_unclear(reason);
        }
        if access.who.is_empty() || named.principal != Principal::Everyone {
            access.who = who::named(named);
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
        named: &NamedPrincipal<'d>,
        account: &Account,
        callers: &[Caller],
    ) -> Access<'d> {
        let granted = self.granted(statement, callers, true);
        let own = account.is_own(self.owner);
        let mut access = self.start(statement, named.value, named.text());
        access.account = Some(account.clone());
        if granted.any().is_false() {
            return access;
        }
        access.class = match &own {
            Truth::True => Ok(Audience::SameAccount),
            Truth::False => Ok(Audience::NamedAccounts),
            Truth::Unknown(reason) => Err(reason.clone()),
        };
        if !own.is_true() {
            let admitted = self.admitted(account.clone(), granted.any());
            access.accounts.push(admitted);
        }
        access.cross_account = (!own).and(granted.any());
        access.settle(granted.actions, statement);
        access
    }

    fn service(
        &self,
        statement: &Statement<'d>,
        named: &NamedPrincipal<'d>,
        service: &ServicePrincipal,
    ) -> Access<'d> {
        let strangers = self.mentions.service_for_strangers(service);
        let unbound = self.granted(statement, &strangers, false);
        let mut access = self.start(statement, named.value, named.text());
        let callers = self.mentions.service_for_named(service, self.owner);
        let (own, others): (Vec<_>, Vec<_>) = callers.into_iter().partition(|caller| {
            matches!(&caller.account, Who::Member(account)
                if account.is_own(self.owner).is_true())
        });
        let inside = self.granted(statement, &own, true);
        let outside = self.granted(statement, &others, true);
        let actions = [&unbound, &inside, &outside]
            .into_iter()
            .fold(Actions::default(), |all, next| all.union(&next.actions));
        if actions.possible.is_empty() {
            return access;
        }
        access.class = Ok(Audience::Service);
        access.bound = Some(!unbound.any());
        access.accounts = self.accounts_let_in(statement, &others, !unbound.any().is_false());
        access.cross_account = match unbound.any() {
            Truth::False => self.outside_of(&others, statement),
            _ => Truth::unknown(UNLIMITED),
        };
        access.settle(actions, statement);
        access
    }

    /// Whether somebody who is certainly not of the stack's account is let in.
    pub(super) fn outside_of(&self, callers: &[Caller], statement: &Statement<'_>) -> Truth {
        Truth::any(callers.iter().map(|caller| {
            let foreign = match &caller.account {
                Who::Stranger | Who::Unsaid => Truth::True,
                Who::Member(account) => !account.is_own(self.owner),
            };
            let one = std::slice::from_ref(caller);
            foreign.and(self.granted(statement, one, true).any())
        }))
    }

    /// The accounts that callers are of who are let in. Where strangers are, too, only those count that the
    /// statement itself names.
    pub(super) fn accounts_let_in(
        &self,
        statement: &Statement<'_>,
        callers: &[Caller],
        is_open: bool,
    ) -> Vec<Admitted> {
        let own = is_open.then(|| Mentions::of_grant(statement));
        let mut accounts: Vec<Admitted> = Vec::new();
        for caller in callers {
            let Who::Member(account) = &caller.account else {
                continue;
            };
            if own.as_ref().is_some_and(|own| !own.has(account)) {
                continue;
            }
            let one = std::slice::from_ref(caller);
            let granted = self.granted(statement, one, true).any();
            match accounts.iter_mut().find(|known| known.account == *account) {
                Some(known) => known.certain = known.certain.clone().or(granted),
                None if granted.is_false() => {}
                None => accounts.push(self.admitted(account.clone(), granted)),
            }
        }
        accounts
    }

    /// The organisations or units of callers who are let in, as the policy names them.
    pub(super) fn homes_let_in(
        &self,
        statement: &Statement<'_>,
        callers: Vec<Caller>,
    ) -> Vec<Words> {
        let mut homes = Vec::new();
        for caller in callers {
            let granted = self.granted(statement, std::slice::from_ref(&caller), false);
            let OrganisationMembership::Member { id, path } = caller.home else {
                continue;
            };
            // Of an organisation the path is made up.
            let is_named = self.mentions.names_path(&path);
            let home = if is_named { path } else { id };
            if !granted.any().is_false() && !homes.contains(&home) {
                homes.push(home);
            }
        }
        homes
    }

    pub(super) fn admitted(&self, account: Account, certain: Truth) -> Admitted {
        Admitted {
            own: account.is_own(self.owner),
            account,
            certain,
        }
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
            who: String::new(),
            partition: None,
            account: None,
            class: Ok(Audience::Nobody),
            public: Truth::False,
            cross_account: Truth::False,
            accounts: Vec::new(),
            bound: None,
            actions: Actions::default(),
            write: Truth::False,
            denied: statement.actions().certain,
        }
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
        if matches!(self.class, Ok(Audience::Nobody)) {
            return;
        }
        self.class = Err(reason.to_owned());
        for answer in [&mut self.public, &mut self.cross_account] {
            if !answer.is_false() {
                *answer = Truth::unknown(reason);
            }
        }
        for admitted in &mut self.accounts {
            admitted.certain = Truth::unknown(reason);
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
