//! Which repositories somebody means, and what is said where none is found.
//! It does not know who may do what with them.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::engine::undetermined_help;
use crate::model::{Entity, EntityKind, Inventory, LOGICAL_ID_TAG};
use crate::source::nearest;

/// What was looked at besides the inputs that are at hand.
#[derive(Debug, Default)]
pub struct Looked {
    /// Names of private repositories, as far as they are kept.
    pub names: BTreeSet<String>,
    /// Number of private repositories.
    pub count: usize,
    /// Why there may be more repositories than were seen, each a clause.
    pub unseen: Vec<String>,
}

/// Why there is no listing.
pub(super) fn missing(
    config: &Config,
    inventory: &Inventory,
    wanted: &str,
    private: &[&Entity],
    looked: &Looked,
) -> String {
    let mut all = inventory.entities.iter();
    if all.any(|one| one.kind() == EntityKind::Public && goes_by(one, wanted)) {
        return format!(
            "`{wanted}` is a repository of the public gallery, from which everyone may pull; private ones have a listing"
        );
    }
    let maybe = private.iter().find_map(|one| {
        let unknown = one.given_name()?.as_unknown()?;
        let name = named_by(wanted);
        let may_be = unknown
            .shape
            .as_ref()
            .is_none_or(|shape| shape.admits(name));
        may_be.then(|| {
            (
                one.subject.logical_id.as_deref().unwrap_or("(not known)"),
                unknown,
            )
        })
    });
    if let Some((id, unknown)) = maybe {
        let reason = &unknown.reason;
        let advice = undetermined_help::advice(reason, config.organisation.as_ref());
        return format!(
            "no repository goes by `{wanted}` for certain, but `{id}` may, because {reason}; {advice}"
        );
    }
    let known = private.iter().flat_map(|one| one.names());
    let known = known.chain(looked.names.iter().map(String::as_str));
    let hint = match nearest(wanted, known) {
        Some(near) => format!(", `{near}` comes nearest"),
        None => match private.len() + looked.count {
            0 => ": no input has a private repository".to_owned(),
            1 => "; one private repository was read".to_owned(),
            count => format!(" among {count} private ones"),
        },
    };
    match looked.unseen.first() {
        Some(reason) => {
            format!("no repository `{wanted}` was found, but it may be there, because {reason}")
        }
        None => format!("there is no repository `{wanted}`{hint}"),
    }
}

/// Whether somebody may mean the repository by `wanted`: its name, logical id, construct path or ARN. Where its account
/// or region is not known, an ARN with its name may be its own.
#[must_use]
pub fn goes_by(repository: &Entity, wanted: &str) -> bool {
    let is_named = repository.names().any(|name| name == wanted);
    let construct = repository.subject.construct_path.as_deref();
    let is_construct = wanted.strip_suffix("/Resource") == construct && construct.is_some()
        || construct.is_some_and(|path| path.strip_suffix("/Resource") == Some(wanted));
    let is_tagged = repository.tag(LOGICAL_ID_TAG) == Some(wanted);
    is_named || is_construct || is_tagged || has_arn(repository, wanted)
}

/// Whether an ARN may be that of a repository of a template.
fn has_arn(repository: &Entity, wanted: &str) -> bool {
    let fields: Vec<&str> = wanted.splitn(6, ':').collect();
    let ["arn", partition, "ecr", region, account, resource] = fields.as_slice() else {
        return false;
    };
    let subject = &repository.subject;
    let may_be = |own: Option<&str>, wanted: &str| own.is_none_or(|own| own == wanted);
    subject.arn.is_none()
        && resource.strip_prefix("repository/") == subject.name.as_deref()
        && subject.name.is_some()
        && may_be(repository.partition(), partition)
        && may_be(subject.region.as_deref(), region)
        && may_be(subject.account.as_deref(), account)
}

/// The name in an ARN, or the text itself.
fn named_by(wanted: &str) -> &str {
    match wanted.split_once(":repository/") {
        Some((start, name)) if start.starts_with("arn:") => name,
        _ => wanted,
    }
}
