//! Whether two repositories are of one name in one place, and which others are.
//! It does not know how repositories are found.

use std::collections::BTreeMap;

use crate::model::facts::DuplicateName;
use crate::model::{Data, Entity, Kinship, Truth, Unknown, Value};

/// Others that are compared with each; whether one beyond them has the name is not known.
pub(super) const MOST_DUPLICATES: usize = 1_000;
/// Others with the same name that are counted; a hundred say as much as a thousand.
const MOST_COUNTED: usize = 100;

/// Why a repository may have the name of one of many others after all.
const TOO_MANY: &str = "more repositories have this name than are compared with each other";

/// Why two repositories of the same name may be two after all.
const ELSEWHERE: &str = "the account or region of another repository with this name is not known";

/// Repositories of one name, by their account.
pub(super) type Namesakes<'a> = BTreeMap<Option<&'a str>, Vec<&'a Entity>>;

/// Whether a name that is not known is that of another repository.
pub(super) fn is_named_as(repository: &Entity, unknown: &Unknown, other: &Entity) -> Truth<()> {
    let Some(shape) = &unknown.shape else {
        return Truth::Unknown(());
    };
    let kinship = match other.place.source == repository.place.source {
        true => Kinship::Stack,
        false => Kinship::Place,
    };
    match name(other) {
        Data::String(name) if shape.may_be(name) => Truth::Unknown(()),
        Data::String(_) => Truth::False,
        Data::Unknown(Unknown {
            shape: Some(other), ..
        }) => shape.equals(other, kinship),
        _ => Truth::Unknown(()),
    }
}

/// Whether an unknown name may be that of another repository, as far as that is seen at once.
pub(super) fn may_be(unknown: &Unknown, other: &Entity) -> bool {
    match (&unknown.shape, name(other)) {
        (Some(shape), Data::String(name)) => shape.admits(name),
        _ => true,
    }
}

/// Whether both accounts may be one.
pub(super) fn is_near(one: Option<&str>, other: Option<&str>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// The first of `others` that certainly has the same account, region and name, with the number of the others that have;
/// else one that may have, if there is any.
pub(super) fn counted<'a>(
    repository: &Entity,
    others: impl Iterator<Item = &'a Entity>,
) -> Vec<DuplicateName<'a>> {
    let mut found: Option<DuplicateName<'a>> = None;
    let mut last: Option<DuplicateName<'a>> = None;
    let mut compared = 0;
    for other in others.filter(|other| !is_in_another_registry(repository, other)) {
        compared += 1;
        if compared > MOST_DUPLICATES {
            let doubt = Some(TOO_MANY);
            let unsure = || DuplicateName {
                doubt,
                ..duplicate_at(other)
            };
            found.get_or_insert_with(unsure).more = MOST_DUPLICATES;
            break;
        }
        let Some(duplicate) = duplicate(repository, other) else {
            continue;
        };
        // The variants of another repository are one other repository.
        let is_known = last.is_some_and(|last| {
            (last.span, last.logical_id) == (duplicate.span, duplicate.logical_id)
        });
        match &mut found {
            Some(first) if first.doubt.is_none() => {
                first.more += usize::from(!is_known && duplicate.doubt.is_none());
                if first.more >= MOST_COUNTED {
                    break;
                }
            }
            first if first.is_none() || duplicate.doubt.is_none() => *first = Some(duplicate),
            _ => {}
        }
        last = Some(duplicate);
    }
    found.into_iter().collect()
}

pub(super) fn name(repository: &Entity) -> Data<'_> {
    repository.given_name().map_or(Data::Absent, Value::data)
}

/// The other repository as a duplicate, unless it certainly lives somewhere else or at other times.
pub(super) fn duplicate<'a>(one: &Entity, other: &'a Entity) -> Option<DuplicateName<'a>> {
    if one.kind() != other.kind()
        || is_in_another_registry(one, other)
        || one.is_variant_of(other)
        || one.excludes(other)
    {
        return None;
    }
    let certain = is_beside(one, other)
        || match (place(one), place(other)) {
            ((Some(a), Some(r)), (Some(b), Some(s))) => a == b && r == s,
            _ => one.family.is_some() && one.family == other.family,
        };
    Some(DuplicateName {
        doubt: (!certain).then_some(ELSEWHERE),
        ..duplicate_at(other)
    })
}

/// The other repository as one that is certainly of the same name.
fn duplicate_at(other: &Entity) -> DuplicateName<'_> {
    DuplicateName {
        span: other.name_place(),
        logical_id: other.subject.logical_id.as_deref(),
        stack: other.subject.stack.as_deref(),
        doubt: None,
        more: 0,
    }
}

/// Whether both stand in one template, which is deployed to one account and region.
fn is_beside(one: &Entity, other: &Entity) -> bool {
    one.place.source == other.place.source
}

/// Whether both certainly live in different accounts or regions.
fn is_in_another_registry(one: &Entity, other: &Entity) -> bool {
    let (one_place, other_place) = (place(one), place(other));
    let differs = |pair: (Option<&str>, Option<&str>)| matches!(pair, (Some(a), Some(b)) if a != b);
    !is_beside(one, other)
        && (differs((one_place.0, other_place.0)) || differs((one_place.1, other_place.1)))
}

fn place(repository: &Entity) -> (Option<&str>, Option<&str>) {
    let subject = &repository.subject;
    (subject.account.as_deref(), subject.region.as_deref())
}
