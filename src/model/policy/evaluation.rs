//! Who gets what from a grant once every `Deny` of the policy has spoken. It does not know who is tried.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use crate::model::Truth;
use crate::model::policy::keys;
use std::cell::{Cell, OnceCell, RefCell};

use rustc_hash::FxHashMap;

use super::account::Account;
use super::actions::ActionSet;
use super::caller::Caller;
use super::caller_part::CallerPart;
use super::condition::{Condition, Side};
use super::mentions::Mentions;
use super::principal::{NamedPrincipal, Principal, Principals};
use super::resource;
use super::statement::{self, Actions, Effect, Statement};
use super::text::member;
use super::words::Words;
use super::{Guarded, Owner};

/// The policy as a whole.
pub(crate) struct Policy<'p, 'd> {
    pub(crate) statements: &'p [Statement<'d>],
    pub(crate) owner: &'p Owner<'p>,
    /// What the registry denies, or may deny.
    above: Vec<Statement<'p>>,
    pub(super) mentions: Mentions,
    /// The accounts that the policy names and the stack's own, each with principals of it.
    pub(super) members: OnceCell<Vec<(Account, Vec<Caller>)>>,
    /// ARNs that the policy is tried on.
    pub(super) targets: Vec<Words>,
    /// What was found out about parts of callers.
    known: SharedAnswers,
}

/// What is asked, by the address of a condition or statement: these stay where they are as long as the policy is
/// looked at.
type QuestionKey = (usize, Side);

/// Answers that hold for all callers with some part in common. Without them the work would grow with the number of
/// accounts, times that of organisations, times that of conditions.
#[derive(Default)]
struct SharedAnswers {
    answers: RefCell<FxHashMap<(QuestionKey, CallerPart), Truth>>,
    /// Comparisons that were made, and denials that were looked at.
    work: Cell<usize>,
}

impl SharedAnswers {
    /// Answers that are kept at most.
    const MOST: usize = 100_000;
    /// Comparisons and looks at denials that are made of one policy at most.
    const MOST_WORK: usize = 200_000;

    /// The answer, found once by `find`, which also says how many comparisons it took.
    fn answer(
        &self,
        question: QuestionKey,
        part: CallerPart,
        find: impl FnOnce() -> (Truth, usize),
    ) -> Truth {
        if let Some(known) = self.answers.borrow().get(&(question, part)) {
            return known.clone();
        }
        let (answer, comparisons) = find();
        self.count(comparisons);
        let mut answers = self.answers.borrow_mut();
        if answers.len() >= Self::MOST {
            answers.clear();
        }
        answers.insert((question, part), answer.clone());
        answer
    }

    fn count(&self, more: usize) {
        self.work.set(self.work.get().saturating_add(more));
    }
}

/// Why nothing is certain of a policy.
const TOO_MUCH: &str =
    "the policy has more statements, accounts and organisations than are tried with each other";

/// What a statement gives if nobody knows to whom.
fn unclear(statement: &Statement<'_>) -> Actions {
    Actions {
        certain: ActionSet::default(),
        possible: statement.actions().possible,
        reason: Some(TOO_MUCH.to_owned()),
    }
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

/// The statements of the registry's policies that deny, or may deny, something in it.
///
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html>
fn above<'o>(owner: &Owner<'o>) -> Vec<Statement<'o>> {
    let registry = Owner {
        guarded: Guarded::Registry,
        ..*owner
    };
    let mut statements = Vec::new();
    for policy in owner.above {
        let list = match policy.as_unknown() {
            Some(_) => Some(*policy),
            None => member(*policy, keys::STATEMENT),
        };
        let read = list.map(|list| statement::read_all(list, &registry));
        statements.extend(read.into_iter().flatten());
    }
    statements.retain(|one| one.effect != Effect::Allow);
    statements
}

impl<'p, 'd> Policy<'p, 'd> {
    pub(crate) fn new(statements: &'p [Statement<'d>], owner: &'p Owner<'p>) -> Self {
        let resources: Vec<_> = statements.iter().map(|one| &one.resources).collect();
        let above = above(owner);
        Self {
            statements,
            owner,
            mentions: Mentions::collect(statements.iter().chain(&above), owner),
            members: OnceCell::new(),
            above,
            targets: resource::targets(&resources, owner),
            known: SharedAnswers::default(),
        }
    }

    /// Whether it gives the same to every account that it does not name: it tells them apart neither by a condition
    /// nor by a part of an account.
    pub(crate) fn takes_unnamed_accounts_alike(&self) -> bool {
        let is_whole = |named: &NamedPrincipal<'_>| match &named.principal {
            Principal::Everyone | Principal::EveryService | Principal::Service(_) => true,
            Principal::Account(account) | Principal::Identity { account, .. } => {
                account.reason().is_none()
            }
            Principal::Unclear(_) | Principal::Undocumented(_) => false,
        };
        let mut all = self.statements.iter().chain(&self.above);
        all.all(|one| one.conditions.is_empty() && one.principals.named().iter().all(is_whole))
    }

    /// The accounts that the policy names and the stack's own, each with principals of it: the same for all statements.
    pub(super) fn members(&self) -> &[(Account, Vec<Caller>)] {
        self.members.get_or_init(|| {
            let accounts = self.mentions.accounts(self.owner).into_iter();
            let with_callers = accounts.map(|account| {
                let callers = self.mentions.principals_of(&account, self.owner);
                (account, callers)
            });
            with_callers.collect()
        })
    }

    /// Whether every condition of a statement holds for the caller.
    pub(super) fn conditions_hold(
        &self,
        statement: &Statement<'_>,
        caller: &Caller,
        side: Side,
    ) -> Truth {
        let conditions = statement.conditions.iter();
        Truth::all(conditions.map(|condition| self.satisfies(condition, caller, side)))
    }

    /// Whether a condition holds for the caller. Of all that have the part in common that it is about, one is asked.
    fn satisfies(&self, condition: &Condition<'_>, caller: &Caller, side: Side) -> Truth {
        let question = (std::ptr::from_ref(condition).addr(), side);
        self.known
            .answer(question, caller.part_for(condition.key), || {
                let answer = caller.satisfies(condition, side, self.owner);
                (answer, condition.patterns.len())
            })
    }

    /// Whether a statement speaks of the caller.
    pub(super) fn names(&self, statement: &Statement<'_>, caller: &Caller, side: Side) -> Truth {
        let question = (std::ptr::from_ref(statement).addr(), side);
        self.known
            .answer(question, CallerPart::Who(caller.numbers[0]), || {
                let answer = statement.names(caller, side);
                (answer, statement.principals.named().len())
            })
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
            if self.is_exhausted() {
                self.mentions.give_up();
                granted.actions = granted.actions.union(&unclear(statement));
                break;
            }
            let met = match self.conditions_hold(statement, caller, Side::Allow) {
                Truth::Unknown(_) if named => Truth::True,
                met => met,
            };
            let speaks = match &statement.principals {
                Principals::Except { .. } => self.names(statement, caller, Side::Allow),
                Principals::Listed(listed) => Truth::from(!listed.iter().all(|named| {
                    named.principal == Principal::EveryService && caller.service.is_none()
                })),
            };
            let actions = self.left(statement, met.and(speaks), caller);
            granted.actions = granted.actions.union(&actions);
        }
        granted
    }

    /// Whether the policy names more than is tried.
    fn is_exhausted(&self) -> bool {
        self.mentions.are_too_many() || self.known.work.get() > SharedAnswers::MOST_WORK
    }

    /// What is left of a grant to a caller once every `Deny` has spoken, on one repository at least.
    pub(super) fn left(&self, grant: &Statement<'_>, met: Truth, caller: &Caller) -> Actions {
        let mut left = Actions::default();
        if met.is_false() {
            return left;
        }
        let denials = self.statements.iter().chain(&self.above);
        let denials = denials.filter(|it| it.effect != Effect::Allow);
        let mut applying = Vec::new();
        for deny in denials {
            self.known.count(1);
            let applies = self.denies(deny, caller);
            // Nobody asks what else denies that of which nothing is left.
            if applies.is_true() && self.takes_all(deny, grant) {
                return left;
            }
            if !applies.is_false() {
                applying.push((deny, applies));
            }
        }
        let denials = applying;
        for target in &self.targets {
            let met = met.clone().and(grant.resources.hold(target));
            left = left.union(&self.left_on(target, grant, met, &denials));
        }
        left
    }

    /// Whether a `Deny` that applies leaves nothing of a grant, whatever it is tried on.
    fn takes_all(&self, deny: &Statement<'_>, grant: &Statement<'_>) -> bool {
        let taken = deny.actions().certain;
        let mut targets = self.targets.iter();
        taken.contains(grant.actions().possible)
            && targets.all(|target| deny.resources.hold(target).is_true())
    }

    /// Actions that are denied to everybody, come what may.
    pub(super) fn closed(&self) -> ActionSet {
        let denials = self.statements.iter().chain(&self.above);
        let whole = denials.filter(|deny| {
            let mut targets = self.targets.iter();
            deny.effect == Effect::Deny
                && deny.conditions.is_empty()
                && matches!(&deny.principals, Principals::Listed(listed)
                    if listed.iter().any(|one| one.principal == Principal::Everyone))
                && targets.all(|target| deny.resources.hold(target).is_true())
        });
        whole.fold(ActionSet::default(), |all, deny| {
            all.union(deny.actions().certain)
        })
    }

    /// Whether a `Deny` is about the caller.
    pub(super) fn denies(&self, deny: &Statement<'_>, caller: &Caller) -> Truth {
        let named = self.names(deny, caller, Side::Deny);
        if named.is_false() {
            return named;
        }
        let applies = named.and(self.conditions_hold(deny, caller, Side::Deny));
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
        denials: &[(&Statement<'_>, Truth)],
    ) -> Actions {
        let mut actions = grant.actions().clone();
        match met {
            Truth::False => return Actions::default(),
            Truth::Unknown(reason) => {
                actions.certain = ActionSet::default();
                actions.reason = Some(reason);
            }
            Truth::True => {}
        }
        for (deny, applies) in denials {
            let applies = applies.clone().and(deny.resources.hold(target));
            let taken = deny.actions();
            let before = actions.certain;
            match &applies {
                Truth::False => continue,
                Truth::True => actions.possible = actions.possible.without(taken.certain),
                Truth::Unknown(_) => {}
            }
            actions.certain = before.without(taken.possible);
            if actions.certain != before
                && let Truth::Unknown(reason) = applies
            {
                actions.reason = Some(reason);
            } else if actions.certain != before && actions.reason.is_none() {
                actions.reason.clone_from(&taken.reason);
            }
        }
        actions
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Owner, statement};
    use super::Policy;
    use crate::model::Document;
    use crate::source::{SourceId, Tree, json};

    /// Comparisons and looks at denials that it takes to tell whom a policy lets in, each of whose denials names an
    /// organisation, an account and a role of another account.
    fn work(denials: usize, action: &str) -> usize {
        let deny = |at: usize| {
            format!(
                r#"{{"Effect": "Deny", "Principal": "*", "Action": "{action}", "Condition": {{
                    "StringNotEquals": {{"aws:PrincipalOrgID": "o-{at:010}", "aws:PrincipalAccount": "{at:012}"}},
                    "ArnNotLike": {{"aws:PrincipalArn": "arn:aws:iam::{:012}:role/r"}}}}}}"#,
                at + 100
            )
        };
        let denials: Vec<String> = (0..denials).map(deny).collect();
        let text = format!(
            r#"[{{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}}, {}]"#,
            denials.join(", ")
        );
        let mut tree = Tree::default();
        json::parse(&text, SourceId(0), &mut tree).unwrap();
        let mut document = Document::default();
        let list = document.import(tree.root(&text).unwrap());
        let owner = Owner::default();
        let statements = statement::read_all(document.value(list), &owner);
        let policy = Policy::new(&statements, &owner);
        assert_eq!(policy.access().len(), 1);
        policy.known.work.get()
    }

    #[test]
    fn what_many_denials_cost_is_no_cube_of_their_number() {
        let [few, many] = [10, 40].map(|denials| work(denials, "ecr:*"));
        assert!(many <= 20 * few, "{few} for ten, {many} for forty");
        assert!(many < 100_000, "{many}");
    }

    #[test]
    fn denials_of_something_else_are_looked_at_and_not_compared_again() {
        let [few, many] = [10, 40].map(|denials| work(denials, "ecr:PutImage"));
        assert!(many <= 80 * few, "{few} for ten, {many} for forty");
        assert!(many < 1_000_000, "{many}");
    }
}
