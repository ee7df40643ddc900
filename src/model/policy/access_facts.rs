//! What each principal gets by a policy, as the document of a repository has it.
//! It does not know how any of it was found.

use super::access::{Access, Admitted};
use super::account::Account;
use super::draft::Draft;
use super::element;
use super::meant;
use super::principal::Partition;
use super::statement::Actions;
use super::text::{self, member};
use super::who;
use super::words::Words;
use super::{Owner, overlap};
use crate::model::Truth;
use crate::model::members;
use crate::model::policy::keys;
use crate::source::Span;

/// What one principal of one statement gets.
pub(super) fn access_draft(access: &Access<'_>, owner: &Owner<'_>) -> Draft {
    let class = match &access.class {
        Ok(class) => Draft::Word(class.name()),
        Err(reason) => Draft::Unknown(reason.clone()),
    };
    let principal = match access.text {
        Some(text) => Draft::Text(text.to_owned()),
        None => Draft::Existing(access.place.id()),
    };
    let written = member(access.statement, keys::ACTION)
        .or_else(|| member(access.statement, keys::NOT_ACTION));
    let place = written.unwrap_or(access.place).span();
    let functions = match access.text {
        Some(meant::LAMBDA) => Draft::Bool(true),
        _ => Draft::Absent,
    };
    let quoted = access.who.split('`').nth(1).unwrap_or_default();
    let named = who::in_condition(access.statement, access.text, quoted);
    Draft::Mapping(vec![
        (members::CLASS.name(), class),
        (members::PRINCIPAL.name(), principal),
        (members::WHO.name(), Draft::Text(access.who.clone())),
        (
            members::ACCOUNT.name(),
            access.account.as_ref().map_or(Draft::Absent, account_draft),
        ),
        ("partition", partition_draft(access.partition.as_ref())),
        ("public", access.public.clone().into()),
        (
            members::CROSS_ACCOUNT.name(),
            access.cross_account.clone().into(),
        ),
        ("accounts", accounts_draft(access, owner)),
        (
            "bound",
            access.bound.clone().map_or(Draft::Absent, Draft::from),
        ),
        ("functions", functions),
        ("write", access.write.clone().into()),
        (
            members::ACTIONS.name(),
            actions_draft(&access.actions, place),
        ),
        (
            members::DENIED.name(),
            Draft::Actions(access.denied, None, place),
        ),
        (members::NAMED.name(), named),
        ("sid", member(access.statement, keys::SID).into()),
        (
            "not_principal",
            element::draft(access.statement, keys::NOT_PRINCIPAL),
        ),
        (
            "not_action",
            element::draft(access.statement, keys::NOT_ACTION),
        ),
    ])
}

fn account_draft(account: &Account) -> Draft {
    match account {
        Account::Known(id) => Draft::Text(id.to_string()),
        Account::Own => Draft::Unknown(text::ACCOUNT_UNKNOWN.to_owned()),
        Account::Hidden { reason, .. } => Draft::Unknown(reason.to_string()),
    }
}

/// `{account, listed, trusted}`: whether the organisation knows the account, and whether that is because
/// it trusts an account that is none of its own.
fn accounts_draft(access: &Access<'_>, owner: &Owner<'_>) -> Draft {
    let may_be =
        |id: &Words, known: &str| overlap::may_be(id.symbols(), Words::from(known).symbols());
    let listed = |admitted: &Admitted| match &admitted.account {
        Account::Hidden { id, .. }
            if owner.account.is_some_and(|own| !may_be(id, own))
                && !owner.organisation_accounts.iter().any(|it| may_be(id, it))
                && !owner.trusted_accounts.iter().any(|it| may_be(id, it)) =>
        {
            !admitted.certain.clone()
        }
        Account::Hidden { reason, .. } => Truth::unknown(&**reason),
        Account::Known(id)
            if owner.organisation_accounts.contains(&&**id)
                || owner.trusted_accounts.contains(&&**id) =>
        {
            Truth::True
        }
        // An account that is not listed may still turn out to be the stack's own, or not to be let in.
        Account::Known(_) | Account::Own => admitted.own.clone().or(!admitted.certain.clone()),
    };
    let trusted = |admitted: &Admitted| match &admitted.account {
        Account::Hidden { id, .. } if !owner.trusted_accounts.iter().any(|it| may_be(id, it)) => {
            !admitted.certain.clone()
        }
        Account::Hidden { reason, .. } => Truth::unknown(&**reason),
        Account::Own => Truth::False,
        Account::Known(id) if owner.trusted_accounts.contains(&&**id) => Truth::True,
        Account::Known(_) => !admitted.certain.clone(),
    };
    let named = |admitted: &Admitted| match &admitted.account {
        Account::Known(id) => who::in_condition(access.statement, access.text, id),
        Account::Own | Account::Hidden { .. } => Draft::Absent,
    };
    let draft = |admitted: &Admitted| {
        Draft::Mapping(vec![
            (members::ACCOUNT.name(), account_draft(&admitted.account)),
            ("listed", listed(admitted).into()),
            ("trusted", trusted(admitted).into()),
            (members::NAMED.name(), named(admitted)),
        ])
    };
    let place = access.place.span();
    // Of a principal that is not known, the account is not known, either.
    if let (true, Err(reason)) = (access.accounts.is_empty(), &access.class) {
        return Draft::List(vec![(Draft::Unknown(reason.clone()), place)]);
    }
    let items = access
        .accounts
        .iter()
        .map(|admitted| (draft(admitted), place));
    Draft::List(items.collect())
}

fn actions_draft(actions: &Actions, place: Span) -> Draft {
    let open =
        (actions.certain != actions.possible).then(|| actions.reason.clone().unwrap_or_default());
    Draft::Actions(actions.certain, open, place)
}

/// A partition by name; one that is the stack's own without being known has none.
pub(super) fn partition_draft(partition: Option<&Partition>) -> Draft {
    match partition {
        Some(Partition::Named(name)) => Draft::Text(name.clone()),
        Some(Partition::Own) | None => Draft::Absent,
    }
}
