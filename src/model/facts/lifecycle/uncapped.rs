//! Images with tags that no rule of a policy ever expires: all of them, or families.
//! It does not know how families are found.

use super::reach::RuleReach;
use super::typed::known_policy;
use crate::model::lifecycle::{Lasting, lasting};
use crate::model::{Document, NodeId, Truth, Unknown, Value};
use crate::source::Span;

/// Why some images stay, each with its place.
type Families = Result<Vec<(Span, Lasting)>, String>;

impl RuleReach<'_, '_> {
    /// Adds `[{whole, left, images}]`: one entry where no rule expires any image with a tag, else one for each family.
    pub(super) fn uncapped(
        &self,
        document: &mut Document,
        policy: Value<'_>,
        caps_tagged: Result<&Truth<Unknown>, &Unknown>,
    ) -> NodeId {
        let span = policy.span();
        let caps_tagged = match caps_tagged {
            Ok(Truth::Unknown(unknown)) | Err(unknown) => {
                return document.unknown(unknown.clone(), span);
            }
            Ok(Truth::False) => false,
            Ok(Truth::True) => true,
        };
        if !caps_tagged {
            let left = document.bool(true, span);
            let all = entry(document, true, left, "an image with a tag", span);
            return document.array(&[all], span);
        }
        let found = match self.families(span) {
            Ok(families) => families
                .into_iter()
                .map(|(span, family)| {
                    let left = document.bool(true, span);
                    let images = format!("{}: {}", family.images, family.why);
                    entry(document, false, left, &images, span)
                })
                .collect(),
            Err(reason) => {
                let left = document.unknown(Unknown::because(reason), span);
                vec![entry(document, false, left, "some images with tags", span)]
            }
        };
        document.array(&found, span)
    }

    fn families(&self, policy: Span) -> Families {
        if !self.is_whole() {
            return Err("some of its rules cannot be read".to_owned());
        }
        let rules = self.rules.iter().map(|one| one.rule);
        let known = known_policy(rules).map_err(|(_, reason)| reason)?;
        let Some(known) = known else {
            return Ok(Vec::new());
        };
        let families = lasting(&known)?.into_iter().map(|family| {
            let priority = family.rule.map(|at| known.rules()[at].priority);
            let mut rules = self.rules.iter();
            let own =
                rules.find(|one| priority.is_some() && one.rule.priority.leaf.known() == priority);
            (own.map_or(policy, |one| one.span()), family)
        });
        Ok(families.collect())
    }
}

fn entry(document: &mut Document, whole: bool, left: NodeId, images: &str, span: Span) -> NodeId {
    let members = [
        ("whole", document.bool(whole, span)),
        ("left", left),
        ("images", document.string(images, span)),
    ];
    document.object(&members, span)
}
