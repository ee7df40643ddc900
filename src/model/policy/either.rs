//! What is certain of two accounts that a policy lets in where nobody knows the stack's own: they are two, so that one of
//! them at least is another one. It does not know what else the policy says of them.

use super::access::Access;
use super::account::Account;
use super::writer::FactWriter;
use super::{Guarded, Owner};
use crate::model::NodeId;
use crate::model::members;

/// Adds the entry for the first two accounts that may certainly change what the policy guards, else for the first two that are
/// certainly let in, at the place of the first.
pub(super) fn write(
    writer: &mut FactWriter<'_>,
    found: &[Access<'_>],
    owner: &Owner<'_>,
) -> Option<NodeId> {
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
    let span = one.place.span();
    let is_strange = !is_trusted(id) && !is_trusted(other_id);
    let who = format!(
        "{} or {}, at least one of which is not its own,",
        one.who, other.who
    );
    let absent = writer.absent(span);
    let none = writer.nodes.array(&[], span);
    let accounts = writer.list(is_strange.then_some(()), span, |writer, ()| {
        let members = [("trusted", writer.nodes.bool(false, span))];
        writer.nodes.object(&members, span)
    });
    let members = [
        (
            members::CLASS.name(),
            writer.nodes.string("named-accounts", span),
        ),
        (members::PRINCIPAL.name(), one.place.id()),
        (members::WHO.name(), writer.nodes.string(&who, span)),
        (members::ACCOUNT.name(), absent),
        ("partition", absent),
        ("public", writer.nodes.bool(false, span)),
        (members::CROSS_ACCOUNT.name(), writer.nodes.bool(true, span)),
        ("accounts", accounts),
        ("bound", absent),
        ("functions", absent),
        ("write", writer.nodes.bool(writes, span)),
        (members::ACTIONS.name(), none),
        (members::DENIED.name(), none),
        ("sid", absent),
    ];
    Some(writer.nodes.object(&members, span))
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
