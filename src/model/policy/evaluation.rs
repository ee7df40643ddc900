//! Who gets what from a grant once every `Deny` of the policy has spoken. It does not know who is tried.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use super::Owner;
use super::Truth;
use super::actions::ActionSet;
use super::caller::{Caller, Side};
use super::mentions::Mentions;
use super::principal::{Principal, Principals};
use super::resource;
use super::statement::{Actions, Effect, Statement};
use super::words::Words;

/// The policy as a whole.
pub(crate) struct Policy<'p, 'd> {
    pub(crate) statements: &'p [Statement<'d>],
    pub(crate) owner: &'p Owner<'p>,
    pub(super) mentions: Mentions,
    /// ARNs that the policy is tried on.
    pub(super) targets: Vec<Words>,
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
        let resources: Vec<_> = statements.iter().map(|one| &one.resources).collect();
        Self {
            statements,
            owner,
            mentions: Mentions::collect(statements),
            targets: resource::targets(&resources, owner),
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
                Principals::Except { .. } => statement.names(caller, Side::Allow),
                Principals::Listed(listed) => Truth::from(!listed.iter().all(|named| {
                    named.principal == Principal::EveryService && caller.service.is_none()
                })),
            };
            let actions = self.left(statement, met.and(speaks), caller);
            granted.actions = granted.actions.union(&actions);
        }
        granted
    }

    /// What is left of a grant to a caller once every `Deny` has spoken, on one repository at least.
    pub(super) fn left(&self, grant: &Statement<'_>, met: Truth, caller: &Caller) -> Actions {
        let mut left = Actions::default();
        if met.is_no() {
            return left;
        }
        let denials = self.statements.iter();
        let denials = denials.filter(|it| it.effect != Effect::Allow);
        let denials: Vec<_> = denials
            .map(|deny| (deny, self.denies(deny, caller)))
            .filter(|(_, applies)| !applies.is_no())
            .collect();
        for target in &self.targets {
            let met = met.clone().and(grant.resources.hold(target));
            left = left.union(&self.left_on(target, grant, met, &denials));
        }
        left
    }

    /// Whether a `Deny` is about the caller.
    fn denies(&self, deny: &Statement<'_>, caller: &Caller) -> Truth {
        let named = deny.names(caller, Side::Deny);
        let applies = named.and(deny.conditions_hold(caller, Side::Deny, self.owner));
        match &deny.effect {
            Effect::Unclear(reason) => applies.and(Truth::unknown(reason.clone())),
            _ => applies,
        }
    }

    fn left_on(
        &self,
        target: &Words,
        grant: &Statement<'_>,
        met: Truth,
        denials: &[(&Statement<'d>, Truth)],
    ) -> Actions {
        let mut actions = grant.actions();
        match met {
            Truth::No => return Actions::default(),
            Truth::Unknown(reason) => {
                actions.certain = ActionSet::default();
                actions.reason = Some(reason);
            }
            Truth::Yes => {}
        }
        for (deny, applies) in denials {
            let applies = applies.clone().and(deny.resources.hold(target));
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
