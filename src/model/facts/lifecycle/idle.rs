//! Rules of a lifecycle policy that are about none of the images that there are.
//! It does not know what the rules do with others.

use super::super::leaf::Leaf;
use super::image::PlaceholderImage;
use super::reach::{self, RuleReach};
use super::selection::Selection;
use crate::model::lifecycle::{self, StorageClass};
use crate::model::members;
use crate::model::{Document, NodeId, Truth, Value};

impl<'v> RuleReach<'_, 'v> {
    /// Adds `[{problem}]`: the policy, where none of its rules ever expires anything, and each rule that selects none of the
    /// images. A rule that never acts, whatever images there are, is reported as such.
    pub(super) fn idle(
        &self,
        document: &mut Document,
        policy: Value<'_>,
        images: &[lifecycle::Image],
    ) -> Vec<NodeId> {
        let mut found = Vec::new();
        let count = images.len();
        if count == 0 {
            return found;
        }
        let word = if count == 1 { "image" } else { "images" };
        let mut add = |document: &mut Document, problem: String, span| {
            let problem = document.string(&problem, span);
            found.push(document.object(&[(members::PROBLEM.name(), problem)], span));
        };
        let never = |one: &Selection<'_, 'v>| {
            let acts = reach::expires(one.rule).and(!self.never_acts(one).0);
            acts.is_false()
        };
        if self.is_whole() && self.rules.iter().all(never) {
            let problem = format!("none of its rules ever expires an image, of {count} {word}");
            add(document, problem, policy.span());
        }
        for one in &self.rules {
            let Leaf::Known("tagged" | "untagged") = one.rule.status.leaf else {
                continue;
            };
            let class = match one.rule.class.leaf {
                Leaf::Known("archive") => StorageClass::Archive,
                Leaf::Known(_) => StorageClass::Standard,
                _ => continue,
            };
            let mut known = images.iter().filter(|image| image.class() == class);
            let selects = |image: &lifecycle::Image| {
                !matches!(one.meets(&as_placeholder(image)), Truth::False)
            };
            if known.any(selects) || !self.never_acts(one).0.is_false() {
                continue;
            }
            let Some(rule) = one.rule.priority.leaf.known() else {
                continue;
            };
            let problem = format!("rule {rule} selects none of {count} {word}");
            add(document, problem, one.span());
        }
        found
    }
}

/// The image by its tags.
pub(super) fn as_placeholder(image: &lifecycle::Image) -> PlaceholderImage {
    let tags = image.tags.iter();
    tags.fold(PlaceholderImage::untagged(), |placeholder, tag| {
        placeholder.and(tag)
    })
}
