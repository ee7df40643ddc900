//! The statements of a policy, read as far as they can be known.
//! It does not know which of them ECR would refuse, nor what they amount to together.

use super::account::Account;
use super::actions::ActionSet;
use super::caller::{Caller, ServicePrincipal, Who};
use super::condition::{self, Condition, Side};
use super::principal::{self, NamedPrincipal, Principal, Principals};
use super::resource::StatementResources;
use super::text::{PolicyText, member, one_or_many};
use super::words::Words;
use super::{Guarded, Owner, overlap, wildcard};
use crate::model::policy::keys;
use crate::model::{Data, Truth, Value};

/// One statement.
#[derive(Debug)]
pub(crate) struct Statement<'d> {
    pub(crate) value: Value<'d>,
    pub(crate) effect: Effect,
    pub(crate) principals: Principals<'d>,
    /// What it says under `Action`, or the single value of `NotAction`.
    pub(crate) patterns: Vec<ActionPattern<'d>>,
    pub(crate) conditions: Vec<Condition<'d>>,
    /// What the policy is attached to.
    pub(crate) guarded: Guarded,
    /// Of that, what the statement is about.
    pub(super) resources: StatementResources,
    /// The actions that mean something in the policy of what is guarded.
    effective: Actions,
}

/// Whether a statement gives or takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
    /// It may do either, for the reason given.
    Unclear(String),
}

/// A pattern of actions, and what it stands for.
#[derive(Debug)]
pub(crate) struct ActionPattern<'d> {
    pub(crate) value: Value<'d>,
    /// As it is written; `NotAction` for the actions that a `NotAction` leaves.
    pub(crate) text: Option<&'d str>,
    pub(crate) actions: Actions,
    pub(crate) wildcard: bool,
}

/// Actions as far as they are known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Actions {
    pub(crate) certain: ActionSet,
    /// Contains `certain`.
    pub(crate) possible: ActionSet,
    /// Why `possible` has more.
    pub(crate) reason: Option<String>,
}

impl Actions {
    pub(crate) fn union(&self, other: &Self) -> Self {
        Self {
            certain: self.certain.union(other.certain),
            possible: self.possible.union(other.possible),
            reason: self.reason.clone().or_else(|| other.reason.clone()),
        }
    }

    /// Whether one of them is in the part that `choose` takes.
    pub(crate) fn any(&self, choose: impl Fn(ActionSet) -> ActionSet) -> Truth {
        if !choose(self.certain).is_empty() {
            Truth::True
        } else if choose(self.possible).is_empty() {
            Truth::False
        } else {
            Truth::unknown(self.reason.clone().unwrap_or_default())
        }
    }
}

/// Reads one statement. One that cannot be known may say anything of anybody.
pub(crate) fn read<'d>(value: Value<'d>, owner: &Owner<'_>) -> Statement<'d> {
    if let Some(unknown) = value.as_unknown() {
        return hidden(value, &unknown.reason, owner);
    }
    let effect = effect(value);
    let patterns = patterns(value, owner);
    Statement {
        value,
        resources: StatementResources::read(value, effect == Effect::Allow, owner),
        effect,
        principals: principal::read(value, owner),
        effective: effective_actions(&patterns, owner.guarded),
        patterns,
        conditions: member(value, keys::CONDITION)
            .map(|block| condition::read(block, owner))
            .unwrap_or_default(),
        guarded: owner.guarded,
    }
}

/// Reads the value of `Statement`; what is not a statement at all is passed over.
pub(crate) fn read_all<'d>(list: Value<'d>, owner: &Owner<'_>) -> Vec<Statement<'d>> {
    one_or_many(list)
        .into_iter()
        .filter(|value| matches!(value.data(), Data::Object | Data::Unknown(_)))
        .map(|value| read(value, owner))
        .collect()
}

fn hidden<'d>(value: Value<'d>, reason: &str, owner: &Owner<'_>) -> Statement<'d> {
    let actions = Actions {
        certain: ActionSet::default(),
        possible: ActionSet::all(),
        reason: Some(reason.to_owned()),
    };
    let patterns = vec![ActionPattern {
        value,
        text: None,
        actions,
        wildcard: false,
    }];
    Statement {
        value,
        effect: Effect::Unclear(reason.to_owned()),
        principals: Principals::Listed(vec![NamedPrincipal::unclear(value, reason)]),
        effective: effective_actions(&patterns, owner.guarded),
        patterns,
        conditions: Vec::new(),
        guarded: owner.guarded,
        resources: StatementResources::default(),
    }
}

/// What patterns come to for what is guarded.
fn effective_actions(patterns: &[ActionPattern<'_>], guarded: Guarded) -> Actions {
    let all = patterns
        .iter()
        .fold(Actions::default(), |all, next| all.union(&next.actions));
    Actions {
        certain: all.certain.effective(guarded),
        possible: all.possible.effective(guarded),
        reason: all.reason,
    }
}

fn effect(statement: Value<'_>) -> Effect {
    match member(statement, keys::EFFECT) {
        Some(value) => match (value.as_str(), value.as_unknown()) {
            (Some("Allow"), _) => Effect::Allow,
            (Some("Deny"), _) => Effect::Deny,
            (_, Some(unknown)) => Effect::Unclear(unknown.reason.clone()),
            _ => Effect::Unclear("`Effect` is neither `Allow` nor `Deny`".to_owned()),
        },
        None => Effect::Unclear("the statement has no `Effect`".to_owned()),
    }
}

fn patterns<'d>(statement: Value<'d>, owner: &Owner<'_>) -> Vec<ActionPattern<'d>> {
    let read = |value| {
        one_or_many(value)
            .into_iter()
            .map(|value| pattern(value, owner))
    };
    if let Some(value) = member(statement, keys::ACTION) {
        return read(value).collect();
    }
    let Some(value) = member(statement, keys::NOT_ACTION) else {
        return Vec::new();
    };
    let spared = read(value).fold(Actions::default(), |all, next| all.union(&next.actions));
    vec![ActionPattern {
        value,
        text: Some("NotAction"),
        actions: Actions {
            certain: ActionSet::all().without(spared.possible),
            possible: ActionSet::all().without(spared.certain),
            reason: spared.reason,
        },
        wildcard: true,
    }]
}

fn pattern<'d>(value: Value<'d>, owner: &Owner<'_>) -> ActionPattern<'d> {
    let (actions, wildcard) = match PolicyText::read(value, owner) {
        PolicyText::Known(text) => {
            let set = ActionSet::matching(&text);
            let actions = Actions {
                certain: set,
                possible: set,
                reason: None,
            };
            (actions, wildcard::is_pattern(&text))
        }
        PolicyText::Own(words) => (
            perhaps(&words, "the stack's own values are not known"),
            false,
        ),
        PolicyText::Partial { words, reason } => (perhaps(&words, reason), false),
        PolicyText::Other => (Actions::default(), false),
    };
    ActionPattern {
        value,
        text: value.as_str(),
        actions,
        wildcard,
    }
}

/// The actions that a text may stand for.
fn perhaps(words: &Words, reason: &str) -> Actions {
    Actions {
        certain: ActionSet::default(),
        possible: ActionSet::matching(&words.open()),
        reason: Some(reason.to_owned()),
    }
}

impl Statement<'_> {
    /// The actions that mean something in the policy of what is guarded.
    pub(crate) fn actions(&self) -> &Actions {
        &self.effective
    }

    /// Whether the statement speaks of the caller.
    ///
    /// An `Allow` with `NotPrincipal` lets in whoever is not listed; a `Deny` spares only whom it lists by all
    /// names: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>.
    pub(crate) fn names(&self, caller: &Caller, side: Side) -> Truth {
        let (listed, by): (_, fn(&Principal, &Caller) -> Truth) = match &self.principals {
            Principals::Listed(listed) => {
                return Truth::any(listed.iter().map(|named| is(&named.principal, caller)));
            }
            Principals::Except { spared, .. } if side == Side::Allow => (spared, is),
            Principals::Except { spared, .. } if spares_whole(spared, caller) => {
                return Truth::False;
            }
            Principals::Except { spared, .. } => (spared, spares),
        };
        !Truth::any(listed.iter().map(|named| by(&named.principal, caller)))
    }
}

/// Whether `NotPrincipal` lists the account of a user by name and the user, or of a role by name, the role and
/// one of its sessions: then that user, or somebody in that role, is spared.
fn spares_whole(spared: &[NamedPrincipal<'_>], caller: &Caller) -> bool {
    let (Some(arn), Who::Member(account)) = (&caller.arn, &caller.account) else {
        return false;
    };
    let lists = |wanted: &dyn Fn(&Principal) -> bool| spared.iter().any(|it| wanted(&it.principal));
    let is_listed = |arn: &Words| {
        lists(&|it| matches!(it, Principal::Identity { arn: listed, .. } if listed == arn))
    };
    let has_session = || {
        lists(&|it| {
            matches!(it, Principal::Identity { arn: session, .. }
                if session != arn && principal::covers(arn, session))
        })
    };
    let is_user = arn
        .arn_fields()
        .is_some_and(|fields| fields[5].strip_prefix("user/").is_some());
    caller.service.is_none()
        && lists(&|it| *it == Principal::Account(account.clone()))
        && is_listed(arn)
        && (is_user || has_session())
}

/// Whether `NotPrincipal` spares the caller. It does so only when account, user and session are all
/// listed, so that a caller of a listed account stays open.
fn spares(principal: &Principal, caller: &Caller) -> Truth {
    let account = match principal {
        Principal::Account(account) | Principal::Identity { account, .. } => account,
        principal => return is(principal, caller),
    };
    match same_account(account, caller) {
        Truth::True => Truth::unknown(
            "`NotPrincipal` spares only principals that it lists by account, identity and session",
        ),
        answer => answer,
    }
}

/// Whether the caller is the principal, or one of those that it stands for.
fn is(principal: &Principal, caller: &Caller) -> Truth {
    match principal {
        Principal::Everyone => Truth::True,
        Principal::EveryService => Truth::from(caller.service.is_some()),
        Principal::Service(name) => Truth::from(match &caller.service {
            Some(ServicePrincipal::Any) => false,
            Some(ServicePrincipal::Named(service)) => service == name,
            None => false,
        }),
        Principal::Account(account) => same_account(account, caller),
        Principal::Identity { account, arn } => {
            let Some(found) = caller.arn.as_ref().filter(|_| caller.service.is_none()) else {
                return Truth::False;
            };
            // A caller is of the account that its ARN names.
            let is_of_account = same_account(account, caller);
            if is_of_account.is_false() {
                return Truth::False;
            }
            if principal::covers(arn, found) {
                return Truth::True;
            }
            let is_hidden = matches!(account, Account::Hidden { .. });
            let reason = account.reason().unwrap_or("its name is not known");
            let open = is_hidden || overlap::may_be(arn.symbols(), found.symbols());
            match open {
                true => is_of_account.and(Truth::unknown(reason)),
                false => Truth::False,
            }
        }
        Principal::Unclear(reason) | Principal::Undocumented(reason) => {
            Truth::unknown(reason.clone())
        }
    }
}

fn same_account(account: &Account, caller: &Caller) -> Truth {
    match &caller.account {
        Who::Member(member) if caller.service.is_none() => account.is(member),
        Who::Member(_) | Who::Stranger | Who::Unsaid => Truth::False,
    }
}

/// The account that an ARN names, where it names one.
pub(crate) fn account_of(arn: &Words) -> Option<Account> {
    Account::read(arn.arn_fields()?[4], None)
}
