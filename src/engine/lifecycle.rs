//! What lifecycle policies do with images, for `ecrlint lifecycle`: which policies are meant, and what is said about them.
//! It judges nothing.

mod alike;
mod assumed;
mod diff;
mod explain;
mod preview;
mod tally;
mod tried;
mod words;

use super::{Looked, finding, goes_by};
use crate::model::facts::{NoPolicy, lifecycle_policy};
use crate::model::lifecycle::LifecyclePolicy;
use crate::model::{Entity, EntityKind, Inventory, Value};
use crate::report::lifecycle::{DescribedPolicy, StoragePrice};
use crate::source::{Problem, nearest};

pub use alike::once;
pub use assumed::{ASSUMED_DAYS, assumed};
pub use diff::diff;
pub use explain::explain;
pub use preview::{TooOften, preview};
pub use tried::{BorrowedImages, Tried};

/// AWS's list price of storage in us-east-1. Up to 150 TB the archive costs the same.
/// <https://aws.amazon.com/ecr/pricing/>
#[must_use]
pub fn list_price() -> StoragePrice {
    StoragePrice {
        gigabyte_month: 0.10,
        source: "AWS's list price for us-east-1 in March 2026".to_owned(),
    }
}

/// The repositories whose policies are meant: those that go by `wanted`, or the only one there is.
///
/// # Errors
/// Says that there is none, or that there are several.
pub fn meant<'i>(
    inventory: &'i Inventory,
    wanted: Option<&str>,
    looked: &Looked,
) -> Result<Vec<&'i Entity>, String> {
    let private = inventory.entities.iter();
    let private: Vec<&Entity> = private
        .filter(|one| one.kind() == EntityKind::Private)
        .collect();
    let Some(wanted) = wanted else {
        let mut variants = private.chunk_by(|one, other| one.is_variant_of(other));
        return match (variants.next(), variants.next()) {
            (None, _) => Err("no input has a private repository".to_owned()),
            (Some(only), None) => Ok(only.to_vec()),
            (Some(_), Some(_)) => {
                // Only one of several may have a policy at all.
                let with = private.iter().copied().filter(|one| {
                    let settings = one.settings();
                    settings.is_some_and(|one| {
                        let policy = one.document.value(one.own.lifecycle_policy);
                        let read = lifecycle_policy(policy, one.own.lifecycle_written);
                        !matches!(read, Err(NoPolicy::Missing))
                    })
                });
                let with: Vec<&Entity> = with.collect();
                match with.chunk_by(|one, other| one.is_variant_of(other)).count() {
                    1 => Ok(with),
                    _ => Err(format!(
                        "the inputs have several repositories; name one with `--repository`: {}",
                        names(&private)
                    )),
                }
            }
        };
    };
    let found: Vec<&Entity> = private
        .iter()
        .copied()
        .filter(|one| goes_by(one, wanted))
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let known = private.iter().flat_map(|one| one.names());
    let known = known.chain(looked.names.iter().map(String::as_str));
    let hint = match (nearest(wanted, known), private.len() + looked.count) {
        (Some(near), _) => format!(", `{near}` comes nearest"),
        (None, 0) => ": no input has a private repository".to_owned(),
        (None, count) => format!(" among {count} private ones"),
    };
    Err(match looked.unseen.first() {
        Some(reason) => {
            format!("no repository `{wanted}` was found, but it may be there, because {reason}")
        }
        None => format!("there is no repository `{wanted}`{hint}"),
    })
}

/// Some of the names of repositories.
fn names(all: &[&Entity]) -> String {
    const MOST: usize = 8;
    let mut names: Vec<&str> = all.iter().filter_map(|one| one.names().next()).collect();
    names.dedup();
    let more = names.len().saturating_sub(MOST);
    let shown: Vec<_> = names
        .iter()
        .take(MOST)
        .map(|name| format!("`{name}`"))
        .collect();
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The policy of a repository; one without rules where there is none.
///
/// # Errors
/// What is wrong with it, or what of it is not known.
pub fn tried(repository: &Entity) -> Result<Tried, Vec<Problem>> {
    let settings = repository.settings();
    let policy = settings.map(|one| one.entity().document.value(one.own.lifecycle_policy));
    let about = about(repository);
    let read = settings
        .zip(policy)
        .map(|(one, policy)| lifecycle_policy(policy, one.own.lifecycle_written));
    match read.unwrap_or(Err(NoPolicy::Missing)) {
        Ok(policy) => Ok(Tried { about, policy }),
        Err(NoPolicy::Missing) => Ok(Tried {
            about,
            policy: LifecyclePolicy::default(),
        }),
        Err(NoPolicy::Unknown(place, reason)) => {
            let title = format!("what the lifecycle policy does is undetermined, because {reason}");
            let help = "give the values of parameters with `--parameters`, or try the policy in a file of its own, with `--policy`";
            Err(vec![Problem::new(place, title).help(help)])
        }
        Err(NoPolicy::Refused(found)) => {
            let found = found.into_iter();
            let problem = |(place, why)| {
                let title = format!("ECR refuses the lifecycle policy: {why}");
                Problem::new(place, title).help("`ecrlint check` says what to write instead")
            };
            Err(found.map(problem).collect())
        }
    }
}

/// What a human calls the policy of a repository, and where it is.
pub(super) fn about(repository: &Entity) -> DescribedPolicy {
    let settings = repository.settings();
    let policy = settings.map(|one| one.entity().document.value(one.own.lifecycle_policy));
    let assumptions = repository.assumptions.iter();
    let assumptions: Vec<_> = assumptions.map(ToString::to_string).collect();
    let is_alone = repository.names().next().is_none();
    DescribedPolicy {
        subject: (!is_alone).then(|| finding::subject(repository)),
        when: (!assumptions.is_empty()).then(|| assumptions.join(" and ")),
        place: policy.map_or(repository.place, Value::span),
    }
}
