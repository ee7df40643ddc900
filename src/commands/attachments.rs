//! Policies that one template attaches to the principals of another one.
//! It does not know what any policy gives.

use rustc_hash::{FxHashMap, FxHashSet};

use super::outcome::FileOutcome;
use crate::model::{Attachment, AttachmentTarget, Entity, Particulars, PrincipalNaming, Shape};
use crate::source::SourceId;

/// Leaves open what the principals of a template have, where another template attaches a policy about ECR to
/// principals that are not its own, and these may be among them.
pub(super) fn doubt(outcomes: &mut [FileOutcome]) {
    let attaching: Vec<(usize, Vec<Attachment>)> = outcomes
        .iter()
        .enumerate()
        .filter(|(_, outcome)| !outcome.loaded.attaches.is_empty())
        .map(|(index, outcome)| (index, outcome.loaded.attaches.clone()))
        .collect();
    if attaching.is_empty() {
        return;
    }
    let principals: FxHashSet<(SourceId, String)> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.loaded.entities)
        .flat_map(Entity::identities)
        .filter_map(|identity| identity.naming.as_ref())
        .map(|naming| (naming.template, naming.logical_id.clone()))
        .collect();
    let foreign = Foreign::of(&attaching, &principals);
    for (index, outcome) in outcomes.iter_mut().enumerate() {
        let entities = outcome.loaded.entities.iter_mut();
        let identities = entities.filter_map(|entity| match &mut entity.particulars {
            Particulars::Principals { identities, .. } => Some(identities),
            _ => None,
        });
        for identity in identities.flatten() {
            let Some(naming) = &identity.naming else {
                continue;
            };
            if let Some(policy) = foreign.of_another(index, naming) {
                identity.doubt.get_or_insert_with(|| {
                    format!("policy `{policy}` of another template may be attached to it, too")
                });
            }
        }
    }
}

/// A target with the number of its template and the policy that is attached to it.
type ForeignTarget<'a> = (usize, &'a AttachmentTarget, &'a str);

/// All targets of a run. Those that are spelled out, which are many, by their names, and those that refer to a
/// principal by that.
#[derive(Default)]
struct Foreign<'a> {
    spelled: FxHashMap<&'a str, Vec<ForeignTarget<'a>>>,
    referring: FxHashMap<(SourceId, String), Vec<ForeignTarget<'a>>>,
    others: Vec<ForeignTarget<'a>>,
}

impl<'a> Foreign<'a> {
    fn of(
        attaching: &'a [(usize, Vec<Attachment>)],
        principals: &FxHashSet<(SourceId, String)>,
    ) -> Self {
        let mut foreign = Self::default();
        for (index, attachments) in attaching {
            for attachment in attachments {
                for target in &attachment.targets {
                    let entry = (*index, target, attachment.policy.as_str());
                    let reference = target.reference.as_ref();
                    let principal = reference.map(|it| (it.template, it.logical_id.clone()));
                    let principal = principal.filter(|it| principals.contains(it));
                    match (principal, target.name.as_ref().and_then(Shape::as_text)) {
                        (Some(it), _) => foreign.referring.entry(it).or_default().push(entry),
                        (None, Some(name)) => foreign.spelled.entry(name).or_default().push(entry),
                        (None, None) => foreign.others.push(entry),
                    }
                }
            }
        }
        foreign
    }

    /// A policy of another template than the one with the number that may be attached to a principal of this one.
    fn of_another(&self, index: usize, principal: &PrincipalNaming) -> Option<&'a str> {
        let may_be =
            |(other, target, _): &&ForeignTarget<'a>| *other != index && target.may_be(principal);
        let name = principal.name.as_ref();
        let spelled = match name.map(Shape::as_text) {
            None => None,
            Some(Some(own)) => {
                let same = self.spelled.get(own);
                same.into_iter().flatten().find(may_be)
            }
            Some(None) => self
                .spelled
                .values()
                .flatten()
                .filter(may_be)
                .min_by_key(|(other, _, policy)| (*other, *policy)),
        };
        let own = (principal.template, principal.logical_id.clone());
        let referring = || self.referring.get(&own)?.iter().find(may_be);
        let found = spelled.or_else(referring);
        let found = found.or_else(|| self.others.iter().find(may_be));
        found.map(|(_, _, policy)| *policy)
    }
}
