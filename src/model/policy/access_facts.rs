//! What each principal gets by a policy, as the document of a repository has it.
//! It does not know how any of it was found.

use super::access::{Access, Admitted};
use super::account::Account;
use super::element;
use super::meant;
use super::principal::Partition;
use super::statement::Actions;
use super::symbols::TextSymbols;
use super::text::{self, member};
use super::who;
use super::words::Words;
use super::writer::FactWriter;
use super::{Owner, overlap};
use crate::model::members;
use crate::model::policy::keys;
use crate::model::{NodeId, Truth};
use crate::source::Span;

/// Adds what one principal of one statement gets.
pub(super) fn write_access(
    writer: &mut FactWriter<'_>,
    access: &Access<'_>,
    owner: &Owner<'_>,
) -> NodeId {
    let (statement, span) = (access.statement, access.place.span());
    let written = member(statement, keys::ACTION).or_else(|| member(statement, keys::NOT_ACTION));
    let place = written.unwrap_or(access.place).span();
    let class = match &access.class {
        Ok(class) => writer.nodes.string(class.name(), span),
        Err(reason) => writer.unknown(reason, span),
    };
    let principal = match access.text {
        Some(text) => writer.nodes.string(text, span),
        None => access.place.id(),
    };
    let functions = match access.text {
        Some(meant::LAMBDA) => writer.nodes.bool(true, span),
        _ => writer.absent(span),
    };
    let quoted = access.who.split('`').nth(1).unwrap_or_default();
    let named = who::in_condition(statement, access.text, quoted);
    let element = |writer: &mut _, key| element::write(writer, statement, key, span);
    let members = [
        (members::CLASS.name(), class),
        (members::PRINCIPAL.name(), principal),
        (members::WHO.name(), writer.nodes.string(&access.who, span)),
        (
            members::ACCOUNT.name(),
            write_account(writer, access.account.as_ref(), span),
        ),
        (
            "partition",
            writer.optional(partition_name(access.partition.as_ref()), span),
        ),
        ("public", writer.truth(&access.public, span)),
        (
            members::CROSS_ACCOUNT.name(),
            writer.truth(&access.cross_account, span),
        ),
        ("accounts", write_accounts(writer, access, owner)),
        (
            "bound",
            match &access.bound {
                Some(bound) => writer.truth(bound, span),
                None => writer.absent(span),
            },
        ),
        ("functions", functions),
        ("write", writer.truth(&access.write, span)),
        (
            members::ACTIONS.name(),
            write_actions(writer, &access.actions, place),
        ),
        (
            members::DENIED.name(),
            writer.actions(access.denied, None, place),
        ),
        (members::NAMED.name(), writer.place(named, span)),
        ("sid", writer.existing(member(statement, keys::SID), span)),
        ("not_principal", element(writer, keys::NOT_PRINCIPAL)),
        ("not_action", element(writer, keys::NOT_ACTION)),
    ];
    writer.nodes.object(&members, span)
}

fn write_account(writer: &mut FactWriter<'_>, account: Option<&Account>, span: Span) -> NodeId {
    match account {
        None => writer.absent(span),
        Some(Account::Known(id)) => writer.nodes.string(id, span),
        Some(Account::Own) => writer.unknown(text::ACCOUNT_UNKNOWN, span),
        Some(Account::Hidden { reason, .. }) => writer.unknown(reason, span),
    }
}

/// Adds a list of `{account, listed, trusted}`: whether the organisation knows the account, and whether that is because
/// it trusts an account that is none of its own.
fn write_accounts(writer: &mut FactWriter<'_>, access: &Access<'_>, owner: &Owner<'_>) -> NodeId {
    let span = access.place.span();
    // Of a principal that is not known, the account is not known, either.
    if let (true, Err(reason)) = (access.accounts.is_empty(), &access.class) {
        return writer.list([reason], span, |writer, reason| {
            writer.unknown(reason, span)
        });
    }
    writer.list(&access.accounts, span, |writer, admitted| {
        let named = match &admitted.account {
            Account::Known(id) => who::in_condition(access.statement, access.text, id),
            Account::Own | Account::Hidden { .. } => None,
        };
        let members = [
            (
                members::ACCOUNT.name(),
                write_account(writer, Some(&admitted.account), span),
            ),
            ("listed", writer.truth(&is_listed(admitted, owner), span)),
            ("trusted", writer.truth(&is_trusted(admitted, owner), span)),
            (members::NAMED.name(), writer.place(named, span)),
        ];
        writer.nodes.object(&members, span)
    })
}

fn may_be(id: &Words, known: &str) -> bool {
    overlap::may_be(id.symbols(), TextSymbols::of(known))
}

/// Whether the organisation knows an account that is let in.
fn is_listed(admitted: &Admitted, owner: &Owner<'_>) -> Truth {
    match &admitted.account {
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
    }
}

/// Whether the organisation trusts an account that is let in.
fn is_trusted(admitted: &Admitted, owner: &Owner<'_>) -> Truth {
    match &admitted.account {
        Account::Hidden { id, .. } if !owner.trusted_accounts.iter().any(|it| may_be(id, it)) => {
            !admitted.certain.clone()
        }
        Account::Hidden { reason, .. } => Truth::unknown(&**reason),
        Account::Own => Truth::False,
        Account::Known(id) if owner.trusted_accounts.contains(&&**id) => Truth::True,
        Account::Known(_) => !admitted.certain.clone(),
    }
}

fn write_actions(writer: &mut FactWriter<'_>, actions: &Actions, place: Span) -> NodeId {
    let is_open = actions.certain != actions.possible;
    let open = is_open.then(|| actions.reason.as_deref().unwrap_or_default());
    writer.actions(actions.certain, open, place)
}

/// A partition by name; one that is the stack's own without being known has none.
pub(super) fn partition_name(partition: Option<&Partition>) -> Option<&str> {
    match partition {
        Some(Partition::Named(name)) => Some(name),
        Some(Partition::Own) | None => None,
    }
}
