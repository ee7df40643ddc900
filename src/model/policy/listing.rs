//! What a policy gives to whom, grant by grant, for people who ask: with the conditions of each, and the
//! statements that take something back. It does not know how the answer is shown.

use super::Owner;
use super::access::{Access, Audience};
use super::account::Account;
use super::actions::ActionSet;
use super::caller::{Caller, ServicePrincipal};
use super::condition::{Condition, Side};
use super::evaluation::Policy;
use super::mentions::StrangerNetwork;
use super::principal::{NamedPrincipal, Principal, Principals};
use super::resource;
use super::size::PolicySize;
use super::statement::{self, Effect, Statement};
use super::symbols::TextSymbols;
use super::text::{self, member};
use super::who::written;
use super::words::Words;
use crate::model::policy::keys;
use crate::model::{Data, Value};
use crate::source::Span;

/// Where something is said, and under which name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatementPlace {
    /// Place of the statement.
    pub(crate) place: Span,
    /// Its `Sid`.
    pub(crate) sid: Option<String>,
}

/// An action with its level.
pub(crate) type Leveled = (&'static str, &'static str);

/// What one statement gives to one principal.
#[derive(Debug)]
pub(crate) struct Grant {
    /// What a human calls the principal.
    pub(crate) principal: String,
    /// Its account, where that is known.
    pub(crate) account: Option<String>,
    /// The widest group that gets through, or why that is not known.
    pub(crate) class: Result<&'static str, String>,
    pub(crate) certain: Vec<Leveled>,
    /// What may be given besides, and why that is not certain.
    pub(crate) possible: Vec<Leveled>,
    pub(crate) reason: Option<String>,
    /// What the statement names and nobody gets.
    pub(crate) denied: Vec<&'static str>,
    /// Operator, key and values.
    pub(crate) conditions: Vec<[String; 3]>,
    pub(crate) by: StatementPlace,
    /// Statements that take something back from some of those who are let in.
    pub(crate) taken_by: Vec<StatementPlace>,
}

/// The grants of a policy; of a registry's, those that reach the repository of this owner.
///
/// # Errors
/// Says why nothing can be known of the policy.
pub(crate) fn grants(
    policy: Value<'_>,
    owner: &Owner<'_>,
    repository: Option<&Owner<'_>>,
) -> Result<Vec<Grant>, String> {
    let list = member(policy, keys::STATEMENT);
    for value in [Some(policy), list].into_iter().flatten() {
        if let Data::Unknown(unknown) = value.data() {
            return Err(unknown.reason.clone());
        }
    }
    if let Some(reason) = PolicySize::of(policy, owner.guarded).unevaluated() {
        return Err(reason.to_owned());
    }
    let mut statements = list.map_or_else(Vec::new, |list| statement::read_all(list, owner));
    let target = repository.map(resource::repository);
    if let Some(target) = &target {
        statements.retain(|it| !it.resources.hold(target).is_false());
    }
    let mut policy = Policy::new(&statements, owner);
    if let Some(target) = target {
        policy.targets = vec![target];
    }
    let asked = policy.asked();
    Ok(policy
        .access()
        .into_iter()
        .zip(asked)
        .map(|(access, (statement, named))| policy.grant(&access, statement, named))
        .collect())
}

impl<'d> Policy<'_, 'd> {
    /// The statement and principal of each answer, in the order of [`Policy::access`].
    fn asked(&self) -> Vec<(&Statement<'d>, Option<&NamedPrincipal<'d>>)> {
        let mut asked = Vec::new();
        for statement in self
            .statements
            .iter()
            .filter(|it| it.effect != Effect::Deny)
        {
            match &statement.principals {
                Principals::Listed(listed) => {
                    asked.extend(listed.iter().map(|named| (statement, Some(named))));
                }
                Principals::Except { .. } => asked.push((statement, None)),
            }
        }
        asked
    }

    fn grant(
        &self,
        access: &Access<'d>,
        statement: &Statement<'d>,
        named: Option<&NamedPrincipal<'d>>,
    ) -> Grant {
        let (certain, possible) = (access.actions.certain, access.actions.possible);
        let (class, reason) = match &access.class {
            Ok(class) => (Ok(class.name()), access.actions.reason.clone()),
            Err(reason) => (Err(reason.clone()), access.actions.reason.clone()),
        };
        let account = match &access.account {
            Some(Account::Known(id)) => Some(id.to_string()),
            _ => None,
        };
        Grant {
            principal: named.map_or_else(
                || everyone_but(statement),
                |named| match (&named.principal, &access.class) {
                    (
                        Principal::Everyone,
                        Ok(
                            Audience::Service
                            | Audience::Organisation
                            | Audience::OrganisationalUnit,
                        ),
                    ) => access.who.replace('`', ""),
                    _ => called(named, self.owner),
                },
            ),
            account,
            class,
            certain: leveled(certain),
            possible: leveled(possible.without(certain)),
            reason,
            denied: access
                .denied
                .iter()
                .map(|action| action.name.as_str())
                .collect(),
            conditions: statement.conditions.iter().map(spelled).collect(),
            by: said(statement),
            taken_by: self.taken_by(statement, named),
        }
    }

    fn taken_by(
        &self,
        grant: &Statement<'_>,
        named: Option<&NamedPrincipal<'_>>,
    ) -> Vec<StatementPlace> {
        let callers = self.tried(named.map(|named| &named.principal));
        let given = grant.actions().possible;
        let may_take = |deny: &&Statement<'_>| {
            let taken = deny.actions().possible;
            let meets = |target: &Words| {
                let both = deny
                    .resources
                    .hold(target)
                    .and(grant.resources.hold(target));
                !both.is_false()
            };
            let concerns = taken.without(taken.without(given)) != ActionSet::default()
                && self.targets.iter().any(meets);
            concerns
                && callers.iter().any(|caller| {
                    let in_it = self.conditions_hold(grant, caller, Side::Allow);
                    let out = self.conditions_hold(deny, caller, Side::Deny);
                    let named = self.names(deny, caller, Side::Deny);
                    !in_it.and(named).and(out).is_false()
                })
        };
        let denials = self
            .statements
            .iter()
            .filter(|it| it.effect != Effect::Allow);
        denials.filter(may_take).map(said).collect()
    }

    /// Callers that a principal stands for; everybody without one.
    fn tried(&self, principal: Option<&Principal>) -> Vec<Caller> {
        let (mentions, owner) = (&self.mentions, self.owner);
        let services = |service: &ServicePrincipal| {
            let mut callers = mentions.service_for_strangers(service);
            callers.extend(mentions.service_for_named(service, owner));
            callers
        };
        match principal {
            Some(Principal::Account(account)) => mentions.principals_of(account, owner),
            Some(Principal::Identity { account, arn }) => mentions.principal_with(account, arn),
            Some(Principal::Service(name)) => services(&ServicePrincipal::Named(name.clone())),
            _ => {
                let mut callers = mentions.strangers(StrangerNetwork::Anywhere);
                callers.extend(mentions.strangers(StrangerNetwork::NamedNetwork));
                callers.extend(mentions.organisation_members());
                callers.extend(mentions.unit_members());
                for account in mentions.accounts(owner) {
                    callers.extend(mentions.principals_of(&account, owner));
                }
                callers.extend(mentions.services().iter().flat_map(services));
                callers
            }
        }
    }
}

pub(super) fn said(statement: &Statement<'_>) -> StatementPlace {
    StatementPlace {
        place: statement.value.span(),
        sid: member(statement.value, keys::SID).map(written),
    }
}

pub(crate) fn leveled(set: ActionSet) -> Vec<Leveled> {
    let actions = set.iter();
    actions
        .map(|action| (action.name.as_str(), action.level.name()))
        .collect()
}

fn spelled(condition: &Condition<'_>) -> [String; 3] {
    let values = text::one_or_many(condition.value).into_iter().map(written);
    let values: Vec<_> = values.collect();
    [
        condition.operator.to_owned(),
        condition.name.to_owned(),
        values.join(", "),
    ]
}

fn everyone_but(statement: &Statement<'_>) -> String {
    let named = statement.principals.named();
    let spared: Vec<_> = named.iter().map(|named| written(named.value)).collect();
    format!("everyone but {}", spared.join(", "))
}

/// What a human calls a principal.
fn called(named: &NamedPrincipal<'_>, owner: &Owner<'_>) -> String {
    match &named.principal {
        Principal::Everyone => "everyone".to_owned(),
        Principal::EveryService => "every service".to_owned(),
        Principal::Service(name) => format!("service {name}"),
        Principal::Account(account) if *account == Account::own(owner) => match account {
            Account::Known(id) => format!("account {id}, the repository's own"),
            _ => "the repository's own account".to_owned(),
        },
        Principal::Account(Account::Known(id)) => format!("account {id}"),
        Principal::Identity {
            account: Account::Known(_) | Account::Own,
            arn,
        } => identity(arn, made(named)).unwrap_or_else(|| written(named.value)),
        _ => written(named.value),
    }
}

/// The logical id of the user or role whose ARN a principal is, where a template makes it.
fn made<'d>(named: &NamedPrincipal<'d>) -> Option<&'d str> {
    let reference = named.value.as_unknown()?.reference.as_ref()?;
    (reference.attribute == "Arn").then_some(reference.logical_id.as_str())
}

/// A user, role or session by the fields of its ARN, one whose name AWS makes up by its logical id.
fn identity(arn: &Words, made: Option<&str>) -> Option<String> {
    let [_, _, _, _, account, resource] = arn.arn_fields()?;
    let account = match account.known() {
        Some(id) => format!("account {id}"),
        None => "the repository's own account".to_owned(),
    };
    let (kind, name) = resource.split_once(b'/')?;
    let shown = |symbols: TextSymbols<'_>| match (made, symbols.known()) {
        (Some(id), None) => format!("`{id}`"),
        _ => Words::from(symbols).to_string(),
    };
    Some(match (kind.known()?, name.split_once(b'/')) {
        ("assumed-role", Some((role, session))) => {
            let (role, session) = (shown(role), shown(session));
            format!("session {session} of role {role} of {account}")
        }
        ("federated-user", _) => format!("federated user {} of {account}", shown(name)),
        (kind, _) => format!("{kind} {} of {account}", shown(name)),
    })
}
