//! What is certain of two accounts that a policy lets in where nobody knows the stack's own: they are two, so that one of
//! them at least is another one. It does not know what else the policy says of them.

use super::access::Access;
use super::account::Account;
use super::draft::Draft;
use super::{Guarded, Owner};
use crate::model::members;
use crate::source::Span;

/// The entry for the first two accounts that may certainly change what the policy guards, else for the first two that are
/// certainly let in, at the place of the first.
pub(super) fn draft(found: &[Access<'_>], owner: &Owner<'_>) -> Option<(Draft, Span)> {
    if owner.account.is_some() || owner.guarded == Guarded::Key {
        return None;
    }
    let writers = found.iter().filter(|access| access.write.is_true());
    let (writes, two) = match pair(writers) {
        Some(two) => (true, two),
        None => (false, pair(found.iter())?),
    };
    let [(id, one), (other_id, other)] = two;
    let is_trusted = |id: &str| owner.trusted_accounts.contains(&id);
    let accounts = match is_trusted(id) || is_trusted(other_id) {
        true => Vec::new(),
        false => vec![(
            Draft::Mapping(vec![("trusted", Draft::Bool(false))]),
            one.place.span(),
        )],
    };
    let who = format!(
        "{} or {}, at least one of which is not its own,",
        one.who, other.who
    );
    let entry = Draft::Mapping(vec![
        (members::CLASS.name(), Draft::Word("named-accounts")),
        (members::PRINCIPAL.name(), Draft::Existing(one.place.id())),
        (members::WHO.name(), Draft::Text(who)),
        (members::ACCOUNT.name(), Draft::Absent),
        ("partition", Draft::Absent),
        ("public", Draft::Bool(false)),
        (members::CROSS_ACCOUNT.name(), Draft::Bool(true)),
        ("accounts", Draft::List(accounts)),
        ("bound", Draft::Absent),
        ("functions", Draft::Absent),
        ("write", Draft::Bool(writes)),
        (members::ACTIONS.name(), Draft::List(Vec::new())),
        (members::DENIED.name(), Draft::List(Vec::new())),
        ("sid", Draft::Absent),
    ]);
    Some((entry, one.place.span()))
}

/// A principal of an account.
type PrincipalAccess<'f, 'd> = (&'f str, &'f Access<'d>);

/// The first two that are of different accounts.
fn pair<'f, 'd>(
    found: impl Iterator<Item = &'f Access<'d>>,
) -> Option<[PrincipalAccess<'f, 'd>; 2]> {
    let mut found = found.filter_map(|access| Some((id(access)?, access)));
    let one = found.next()?;
    let other = found.find(|(other, _)| *other != one.0)?;
    Some([one, other])
}

/// The account of a principal that is certainly let in, where it is one by number and may be the stack's own.
fn id<'f>(access: &'f Access<'_>) -> Option<&'f str> {
    let Some(Account::Known(id)) = &access.account else {
        return None;
    };
    let is_let_in = access
        .accounts
        .iter()
        .any(|admitted| admitted.certain.is_true());
    let is_open = !access.cross_account.is_true() && !access.cross_account.is_false();
    (is_let_in && is_open).then_some(id)
}
