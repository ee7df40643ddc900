//! Images that are made up to meet rules, and as few others as can be: what takes such an image takes all that meet those rules.
//! It does not know counts and ages.
//!
//! Further tags only make an image meet more rules. So the image that meets the fewest has one tag for each pattern, with
//! a character of no pattern in place of every `*`.

use super::policy::{LifecyclePolicy, LifecycleRule, Stars, StorageClass, TagListEntry, Tags};
use crate::model::glob;

/// Longest tag of the OCI distribution specification.
const LONGEST: usize = 128;

/// The tags of an image that is made up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagShape(Vec<String>);

impl TagShape {
    /// The images of a rule that meet the fewest others: two of a rule about all images, one with a tag and one without.
    #[must_use]
    pub fn of(tags: &Tags) -> Vec<Self> {
        match tags {
            Tags::Any => vec![Self(Vec::new()), Self(vec![glob::generic("*")])],
            Tags::Untagged => vec![Self(Vec::new())],
            Tags::Tagged(entries) => {
                let mut tags: Vec<_> = entries
                    .iter()
                    .map(|one| glob::generic(&one.pattern()))
                    .collect();
                tags.sort_unstable();
                tags.dedup();
                vec![Self(tags)]
            }
        }
    }

    /// The same of two rules together; none where no image is of both.
    #[must_use]
    pub fn shared(one: &Tags, other: &Tags) -> Vec<Self> {
        match (one, other) {
            (Tags::Any, tags) | (tags, Tags::Any) => Self::of(tags),
            (Tags::Untagged, Tags::Untagged) => Self::of(one),
            (Tags::Untagged, Tags::Tagged(_)) | (Tags::Tagged(_), Tags::Untagged) => Vec::new(),
            (Tags::Tagged(one), Tags::Tagged(other)) => {
                let all = one.iter().chain(other).cloned().collect();
                Self::of(&Tags::Tagged(all))
            }
        }
    }

    /// Whether every image that is like this meets what a rule wants.
    #[must_use]
    pub fn meets(&self, tags: &Tags) -> bool {
        tags.meet(&self.0, Stars::Wild)
    }

    /// The first rule of a storage class that is about such images.
    #[must_use]
    pub fn first(&self, policy: &LifecyclePolicy, class: StorageClass) -> Option<usize> {
        let mut rules = policy.rules().iter();
        rules.position(|rule| rule.class == class && self.meets(&rule.tags))
    }

    /// The tags with something readable in place of each `*`; `None` where these are not tags of the OCI distribution
    /// specification, and AWS does not say whether ECR takes others.
    #[must_use]
    pub fn filled(&self, filling: &str) -> Option<Vec<String>> {
        let tags = self.0.iter().map(|tag| glob::fill(tag, filling));
        let mut tags: Vec<String> = tags.collect();
        tags.sort_unstable();
        tags.dedup();
        tags.iter().all(|tag| is_tag(tag)).then_some(tags)
    }

    /// Whether it has a tag that only one image can have.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        let any = glob::generic("*");
        self.0.iter().any(|tag| !tag.contains(&any))
    }
}

impl Tags {
    /// Whether every image that meets this meets the other, too.
    #[must_use]
    pub fn imply(&self, other: &Tags) -> bool {
        TagShape::of(self).iter().all(|shape| shape.meets(other))
    }
}

impl LifecycleRule {
    /// Whether it counts images of which there is one at most, and so leaves that one alone: a tag is on one image at a
    /// time.
    #[must_use]
    pub fn keeps_its_only_image(&self) -> bool {
        let is_exact = |entry: &TagListEntry| matches!(entry, TagListEntry::Pattern(text) if !text.contains('*'));
        matches!(self.limit, super::Limit::Count(1..)) && self.tags.entries().iter().any(is_exact)
    }
}

/// <https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests>
fn is_tag(tag: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    !tag.is_empty() && tag.len() <= LONGEST && tag.chars().all(fits) && !tag.starts_with(['.', '-'])
}
