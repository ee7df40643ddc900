//! What a policy as a whole gives to an account: to principals that it does not name one by one.
//! It does not know which accounts are to get anything.

use super::account::Account;
use super::actions::ActionSet;
use super::condition::Side;
use super::denial::Denial;
use super::evaluation::Policy;
use super::statement::{Actions, Effect};
use super::text;
use crate::model::Truth;

/// What each of the accounts gets that a policy is asked about, or why nothing can be known of it.
pub(crate) type Shares = Result<Vec<Option<Share>>, String>;

/// What an account gets, held against what it is to get.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Share {
    /// For each pattern of actions, whether part of it is missing.
    pub(crate) missing: Vec<Truth>,
    /// Names of actions that no pattern stands for.
    pub(crate) excess: Vec<&'static str>,
    /// Why there may be more of them.
    pub(crate) more: Option<String>,
    /// The `Deny` that takes back something of what is missing, and what.
    pub(crate) taken: Option<Denial<'static>>,
}

/// Accounts, and the patterns of actions that each of them is to get.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Recipients<'a> {
    /// Ids of the accounts.
    pub(crate) accounts: &'a [&'a str],
    /// The patterns, as an `Action` has them.
    pub(crate) patterns: &'a [&'a str],
}

impl Policy<'_, '_> {
    /// What each of the accounts gets, the owner's own account aside.
    pub(super) fn shares(&self, recipients: Recipients<'_>) -> Vec<Option<Share>> {
        let patterns = recipients.patterns.iter();
        let wanted: Vec<ActionSet> = patterns
            .map(|pattern| ActionSet::matching(pattern).effective(self.owner.guarded))
            .collect();
        // Organisations have hundreds of accounts, of which a policy names a few.
        let alike = self.takes_unnamed_accounts_alike();
        let mut of_unnamed: Option<Share> = None;
        let share = |account: &&str| {
            let account = Account::known(account);
            let is_unnamed = !self.mentions.has(&account) && !account.is_own(self.owner).is_true();
            if !alike || !is_unnamed {
                return self.share(&account, &wanted);
            }
            if of_unnamed.is_none() {
                of_unnamed = self.share(&account, &wanted);
            }
            of_unnamed.clone()
        };
        recipients.accounts.iter().map(share).collect()
    }

    /// `None` for the owner's own account.
    fn share(&self, account: &Account, wanted: &[ActionSet]) -> Option<Share> {
        let own = account.is_own(self.owner);
        if own.is_true() {
            return None;
        }
        let gets = self.granted_to(account);
        let reason = match own {
            Truth::Unknown(_) => text::ACCOUNT_UNKNOWN.to_owned(),
            _ => gets.reason.unwrap_or_default(),
        };
        let foreign = own.is_false();
        let missing = |wanted: &ActionSet| {
            if gets.certain.contains(*wanted) {
                Truth::False
            } else if foreign && !gets.possible.contains(*wanted) {
                Truth::True
            } else {
                Truth::unknown(reason.clone())
            }
        };
        let all = wanted
            .iter()
            .fold(ActionSet::default(), |all, next| all.union(*next));
        let certain = gets.certain.without(all);
        let possible = gets.possible.without(all);
        let excess = if foreign {
            certain
        } else {
            ActionSet::default()
        };
        let missing: Vec<Truth> = wanted.iter().map(missing).collect();
        let lacking = wanted.iter().zip(&missing);
        let lacking = lacking.filter(|(_, missing)| missing.is_true());
        let lacking = lacking.fold(ActionSet::default(), |all, (set, _)| all.union(*set));
        Some(Share {
            taken: self.taken(account, lacking.without(gets.possible)),
            missing,
            excess: excess.iter().map(|action| action.name.as_str()).collect(),
            more: (possible != excess).then_some(reason.clone()),
        })
    }

    /// The first `Deny` that is certainly about every principal of the account and takes back what another statement
    /// gives of `lacking`.
    fn taken(&self, account: &Account, lacking: ActionSet) -> Option<Denial<'static>> {
        if lacking.is_empty() {
            return None;
        }
        let callers = self.mentions.any_principal_of(account, self.owner);
        let mut granted = ActionSet::default();
        for caller in &callers {
            let grants = self.statements.iter().filter(|s| s.effect != Effect::Deny);
            let grants = grants.filter(|it| !self.names(it, caller, Side::Allow).is_false());
            granted = grants.fold(granted, |all, it| all.union(it.actions().possible));
        }
        let denied = lacking.without(lacking.without(granted));
        let mut denials = self.statements.iter().filter(|s| s.effect == Effect::Deny);
        denials.find_map(|deny| {
            let taken = denied.without(denied.without(deny.actions().certain));
            let is_about = |caller| self.denies(deny, caller).is_true();
            let names = taken.iter().map(|action| action.name.as_str());
            (!taken.is_empty() && callers.iter().all(is_about)).then(|| Denial {
                place: deny.value.span(),
                taken: names.collect(),
            })
        })
    }

    /// What a principal of the account gets, whichever organisation the account is in and wherever
    /// the call comes from.
    fn granted_to(&self, account: &Account) -> Actions {
        let mut granted: Option<Actions> = None;
        for caller in self.mentions.any_principal_of(account, self.owner) {
            let mut gets = Actions::default();
            let grants = self.statements.iter().filter(|s| s.effect != Effect::Deny);
            for statement in grants {
                let conditions = self.conditions_hold(statement, &caller, Side::Allow);
                let mut met = self.names(statement, &caller, Side::Allow).and(conditions);
                if let Effect::Unclear(reason) = &statement.effect {
                    met = met.and(Truth::unknown(reason.clone()));
                }
                gets = gets.union(&self.left(statement, met, &caller));
            }
            granted = Some(match granted {
                None => gets,
                Some(before) => either(before, gets, account),
            });
        }
        granted.unwrap_or_default()
    }
}

/// What is certain when it is not known which of two calls is made.
fn either(one: Actions, other: Actions, account: &Account) -> Actions {
    let open = one.certain != other.certain || one.possible != other.possible;
    Actions {
        certain: one.certain.without(one.certain.without(other.certain)),
        possible: one.possible.union(other.possible),
        reason: one.reason.or(other.reason).or_else(|| {
            open.then(|| {
                format!(
                    "which organisation account `{}` is in, or where it calls from, is not known",
                    account.id()
                )
            })
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Owner, statement};
    use super::{Policy, Recipients};
    use crate::model::Document;
    use crate::source::{SourceId, Tree, json};

    const ACCOUNTS: [&str; 6] = [
        "111111111111",
        "222222222222",
        "222222222223",
        "333333333333",
        "444444444444",
        "555555555555",
    ];

    /// Whether each account gets with all others what it gets alone.
    fn holds(policy: &str, own: Option<&str>) {
        let mut tree = Tree::default();
        json::parse(policy, SourceId(0), &mut tree).unwrap();
        let mut document = Document::default();
        let root = document.import(tree.root(policy).unwrap());
        let owner = Owner {
            account: own,
            organisation_accounts: &ACCOUNTS,
            ..Owner::default()
        };
        let list = document.value(root).by_key("Statement").unwrap();
        let statements = statement::read_all(list, &owner);
        let shares = |accounts: &[&str]| {
            let patterns = &["ecr:BatchGet*", "ecr:Get*"];
            Policy::new(&statements, &owner).shares(Recipients { accounts, patterns })
        };
        let together = shares(&ACCOUNTS);
        let alone: Vec<_> = ACCOUNTS.iter().flat_map(|one| shares(&[one])).collect();
        assert_eq!(together, alone, "{policy} in {own:?}");
    }

    #[test]
    fn an_account_gets_beside_others_what_it_gets_alone() {
        let allow = |principal: &str, more: &str| {
            format!(
                r#"{{"Effect": "Allow", "Principal": {principal}, "Action": ["ecr:BatchGetImage", "ecr:PutImage"]{more}}}"#
            )
        };
        let on = |condition: &str| format!(r#", "Condition": {{{condition}}}"#);
        for statement in [
            allow(r#""*""#, ""),
            allow(r#"{"AWS": "222222222222"}"#, ""),
            allow(
                r#"{"AWS": ["arn:aws:iam::222222222222:role/a", "111111111111"]}"#,
                "",
            ),
            allow(r#"{"AWS": "arn:aws:iam::22222222222*:root"}"#, ""),
            allow(r#"{"Service": "lambda.amazonaws.com"}"#, ""),
            allow(
                r#""*""#,
                &on(r#""StringLike": {"aws:PrincipalAccount": "22222222222?"}"#),
            ),
            allow(
                r#""*""#,
                &on(r#""ArnLike": {"aws:PrincipalArn": "arn:aws:iam::3*:role/*"}"#),
            ),
            allow(
                r#""*""#,
                &on(r#""StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}"#),
            ),
            r#"{"Effect": "Allow", "NotPrincipal": {"AWS": "333333333333"}, "Action": "ecr:*"}"#
                .to_owned(),
            format!(
                r#"{}, {{"Effect": "Deny", "Principal": {{"AWS": "444444444444"}}, "Action": "ecr:*"}}"#,
                allow(r#""*""#, "")
            ),
        ] {
            for own in [None, Some("111111111111"), Some("999999999999")] {
                holds(&format!(r#"{{"Statement": [{statement}]}}"#), own);
            }
        }
    }
}
