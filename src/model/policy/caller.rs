//! Callers that a policy is tried on, and whether a condition holds for them.
//!
//! A caller is either one that the policy names somewhere, or a stranger, whose ids differ from every
//! id that anybody could have written down. It does not know statements or classes.

use super::Owner;
use super::account::Account;
use super::comparison::{ContextValue, compare, null, truth};
use super::condition::{Condition, ConditionKey, Side};
use super::operator::{Operator, SetOperator, Test};
use super::principal::principal_arn;
use super::words::Words;
use crate::model::Truth;

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// An AWS service acting for the account, instead of a principal of the account.
    pub(crate) service: Option<ServicePrincipal>,
    pub(crate) account: Who,
    /// ARN of the principal, or of the resource that the service acts for; `None`: a new one.
    pub(crate) arn: Option<Words>,
    pub(crate) home: OrganisationMembership,
    pub(crate) network: Network,
    /// Numbers of who calls and of the home: equal numbers stand for equal values in one policy.
    pub(crate) numbers: [usize; 2],
}

/// Which service calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ServicePrincipal {
    Any,
    Named(String),
}

/// The account of a caller.
#[derive(Clone, Debug)]
pub(crate) enum Who {
    Stranger,
    /// Nobody: a service that does not say for whom it acts, as it may. Conditions on what a call need not have
    /// (`…IfExists`, `ForAllValues:`) let it in.
    Unsaid,
    Member(Account),
}

/// The organisation that the caller's account is in.
#[derive(Clone, Debug)]
pub(crate) enum OrganisationMembership {
    /// In none.
    Nowhere,
    /// In one that the policy does not name.
    Foreign,
    /// In the one that the policy calls `id`, at `path`.
    Member { id: Words, path: Words },
}

/// Where a call comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Network {
    /// A public address that the policy does not name.
    Internet,
    /// A VPC endpoint that the policy does not name.
    OwnEndpoint,
    /// A place of which every positive condition about the network speaks.
    Named,
}

impl Caller {
    fn held(&self, key: ConditionKey, owner: &Owner<'_>) -> ContextValue {
        match key {
            ConditionKey::PrincipalOrganisation => self.principal(|caller| caller.organisation()),
            ConditionKey::PrincipalOrganisationPath => self.principal(|caller| caller.path()),
            ConditionKey::PrincipalAccount => self.principal(|caller| caller.account_id()),
            ConditionKey::PrincipalArn => self.principal(|caller| caller.principal_arn()),
            ConditionKey::SourceOrganisation => self.source(|caller| caller.organisation()),
            ConditionKey::SourceOrganisationPath => self.source(|caller| caller.path()),
            ConditionKey::SourceAccount => self.source(|caller| caller.account_id()),
            ConditionKey::SourceArn => self.source(|caller| match (&caller.arn, &caller.account) {
                (Some(arn), Who::Stranger) => ContextValue::Unnamed(arn.clone()),
                (Some(arn), _) => ContextValue::Text(arn.clone()),
                (None, Who::Unsaid) => ContextValue::Absent,
                (None, _) => ContextValue::Fresh,
            }),
            ConditionKey::PrincipalIsService => ContextValue::Text(truth(self.service.is_some())),
            ConditionKey::PrincipalService | ConditionKey::PrincipalServiceNames => {
                match &self.service {
                    None => ContextValue::Absent,
                    Some(ServicePrincipal::Any) => ContextValue::Fresh,
                    Some(ServicePrincipal::Named(name)) => {
                        ContextValue::Text(Words::from(name.as_str()))
                    }
                }
            }
            // Of a call that comes by itself.
            ConditionKey::PassedOn => ContextValue::Text(truth(false)),
            ConditionKey::PassedOnBy => ContextValue::Absent,
            ConditionKey::Endpoint | ConditionKey::VpcAddress => match self.network {
                Network::Internet => ContextValue::Absent,
                Network::OwnEndpoint => ContextValue::Fresh,
                Network::Named => ContextValue::NamedPlace,
            },
            ConditionKey::Address => match self.network {
                Network::Internet => ContextValue::Fresh,
                Network::OwnEndpoint => ContextValue::Absent,
                Network::Named => ContextValue::NamedPlace,
            },
            ConditionKey::OwnAccount => match owner.account {
                Some(account) => ContextValue::Text(Words::from(account)),
                None => ContextValue::Circumstance,
            },
            ConditionKey::Free => ContextValue::Free,
            ConditionKey::OwnOrganisation
            | ConditionKey::Circumstance
            | ConditionKey::Unfamiliar => ContextValue::Circumstance,
        }
    }

    fn principal(&self, held: impl Fn(&Self) -> ContextValue) -> ContextValue {
        if self.service.is_none() {
            held(self)
        } else {
            ContextValue::Absent
        }
    }

    fn source(&self, held: impl Fn(&Self) -> ContextValue) -> ContextValue {
        if self.service.is_some() {
            held(self)
        } else {
            ContextValue::Absent
        }
    }

    fn organisation(&self) -> ContextValue {
        match &self.home {
            OrganisationMembership::Nowhere => ContextValue::Absent,
            OrganisationMembership::Foreign => ContextValue::Fresh,
            OrganisationMembership::Member { id, .. } => ContextValue::Text(id.clone()),
        }
    }

    fn path(&self) -> ContextValue {
        match &self.home {
            OrganisationMembership::Nowhere => ContextValue::Absent,
            OrganisationMembership::Foreign => ContextValue::Fresh,
            OrganisationMembership::Member { path, .. } => ContextValue::Text(path.clone()),
        }
    }

    fn account_id(&self) -> ContextValue {
        match &self.account {
            Who::Stranger => ContextValue::Fresh,
            Who::Unsaid => ContextValue::Absent,
            Who::Member(account) => ContextValue::Text(account.id()),
        }
    }

    fn principal_arn(&self) -> ContextValue {
        match self.arn.as_ref().and_then(principal_arn) {
            Some(arn) if matches!(self.account, Who::Stranger) => ContextValue::Unnamed(arn),
            Some(arn) => ContextValue::Text(arn),
            None => ContextValue::Fresh,
        }
    }

    /// Whether the condition holds for a call of this caller.
    pub(crate) fn satisfies(
        &self,
        condition: &Condition<'_>,
        side: Side,
        owner: &Owner<'_>,
    ) -> Truth {
        if let Some(reason) = &condition.unclear {
            return Truth::unknown(reason.clone());
        }
        let Some(operator) = condition.test else {
            return Truth::unknown(format!("`{}` is not an operator", condition.operator));
        };
        let answer = self.answer(condition, operator, side, owner);
        if condition.key.is_about_passing_on() {
            return self.passed_on(answer, side);
        }
        answer
    }

    /// The answer for calls that may come by themselves or be passed on by a service, given that for those by
    /// themselves: who calls chooses between the two, as far as some service passes calls on at all.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-viaawsservice>
    fn passed_on(&self, by_itself: Truth, side: Side) -> Truth {
        const OPEN: &str =
            "which services pass on calls with the permissions of who asks them is not known";
        let is_decided = match side {
            Side::Allow => by_itself.is_true(),
            Side::Deny => by_itself.is_false(),
        };
        // How the key reads when a service calls for itself, AWS does not say.
        match is_decided && self.service.is_none() {
            true => by_itself,
            false => Truth::unknown(OPEN),
        }
    }

    fn answer(
        &self,
        condition: &Condition<'_>,
        operator: Operator,
        side: Side,
        owner: &Owner<'_>,
    ) -> Truth {
        match (self.held(condition.key, owner), side) {
            (ContextValue::Free, _) => Truth::from(side == Side::Allow),
            (ContextValue::Circumstance, Side::Allow) => Truth::True,
            (ContextValue::Circumstance, Side::Deny) => Truth::unknown(format!(
                "whether `{}` takes effect depends on more than the policy",
                condition.name
            )),
            (held, _) if operator.test == Test::Null => null(condition, &held),
            (ContextValue::Absent, _) => Truth::from(match operator.set {
                SetOperator::All => true,
                SetOperator::Any => operator.if_exists,
                SetOperator::One => operator.if_exists || operator.negated,
            }),
            (ContextValue::NamedPlace, _) => {
                Truth::from(speaks_of_a_place(condition, operator) != operator.negated)
            }
            (held, side) => compare(condition, operator, &held, side),
        }
    }
}

/// Whether a condition speaks of some place: no id and no address has the characters of wildcards in it.
fn speaks_of_a_place(condition: &Condition<'_>, operator: Operator) -> bool {
    let is_exact = matches!(operator.test, Test::Equals | Test::EqualsIgnoreCase);
    let mut patterns = condition.patterns.iter();
    !is_exact || patterns.any(|pattern| !pattern.words.symbols().is_pattern())
}
