//! Rules that leave nothing of a repository to which nobody pushes for a while.
//! It does not know images.

use super::super::leaf::Leaf;
use super::doubt;
use super::grammar::PUSHED;
use super::image::PlaceholderImage;
use super::reach::{self, RuleReach, comes_before};
use super::selection::Selection;
use super::words::COUNT;
use crate::model::{Document, NodeId, Truth, Unknown};

impl<'v> RuleReach<'_, 'v> {
    /// Whether the rule expires every image with or without a tag, or every one with a tag, by its age alone.
    ///
    /// What a rule in front counts, moves to the archive or selects for another reason stays out of its reach, so that
    /// something of it may be left.
    pub(super) fn keeps_no_minimum(&self, one: &Selection<'_, 'v>) -> Truth<Unknown> {
        let goes_by_age = match one.rule.count_type.leaf {
            Leaf::Known(PUSHED) => Truth::True,
            Leaf::Unknown(unknown) => Truth::Unknown(doubt(unknown)),
            _ => return Truth::False,
        };
        let selects_any = one.meets(&PlaceholderImage::fresh());
        let mut answer = goes_by_age.and(reach::expires(one.rule)).and(selects_any);
        for other in &self.rules {
            if answer.is_false() {
                return answer;
            }
            let spares = match comes_before(other.rule, one.rule) {
                Truth::False => continue,
                before => before.and(spares(other)),
            };
            answer = answer.and(!spares);
        }
        answer.and(!self.hidden_before(one))
    }

    /// Adds how many days old an image grows before the rule expires it, if it goes by age.
    pub(super) fn days(&self, document: &mut Document, one: &Selection<'_, 'v>) -> NodeId {
        match one.rule.count_type.leaf {
            Leaf::Known(COUNT) => document.absent(one.rule.count.span),
            _ => reach::number(document, one.rule.count),
        }
    }
}

/// Whether a rule may leave some of the images alone that it selects, however old they grow.
fn spares(one: &Selection<'_, '_>) -> Truth<Unknown> {
    if one.is_void() {
        return Truth::False;
    }
    // Images without a tag are not a reason to keep one: nobody can name them but by their digests.
    if one.rule.status.leaf.known() == Some("untagged") {
        return Truth::False;
    }
    let goes_by_age = match one.rule.count_type.leaf {
        Leaf::Known(PUSHED) => Truth::True,
        Leaf::Unknown(unknown) => Truth::Unknown(doubt(unknown)),
        _ => Truth::False,
    };
    !goes_by_age.and(reach::expires(one.rule))
}
