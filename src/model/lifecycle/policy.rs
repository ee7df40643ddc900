//! A lifecycle policy that ECR takes, in types.
//! It does not know how policies are written down.
//!
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html>

use crate::model::glob;

/// Most rules that ECR takes.
pub const MOST_RULES: usize = 50;

/// The rules of a policy, by ascending priority.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LifecyclePolicy {
    rules: Vec<LifecycleRule>,
}

/// One rule: which images it is about, how many or how old they may get, and what becomes of the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifecycleRule {
    /// `rulePriority`: rules with smaller numbers come first.
    pub priority: i64,
    /// `storageClass`
    pub class: StorageClass,
    /// What it wants of the tags of images.
    pub tags: Tags,
    /// `countType` and `countNumber`
    pub limit: Limit,
    /// `action`
    pub action: LifecycleAction,
}

/// Where the images are stored that a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StorageClass {
    /// `standard`
    Standard,
    /// `archive`
    Archive,
}

/// `tagStatus` with its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tags {
    /// All images.
    Any,
    /// Images without a tag.
    Untagged,
    /// Images that have a tag for each of the entries; one tag may serve several.
    Tagged(Vec<TagListEntry>),
}

/// An entry of `tagPatternList` or `tagPrefixList`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TagListEntry {
    /// A tag, with `*` for any run of characters.
    Pattern(String),
    /// What a tag begins with.
    Prefix(String),
}

/// When a rule acts on an image that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `imageCountMoreThan`: there are at least so many younger ones.
    Count(u64),
    /// `sinceImagePushed`: more than so many days ago.
    Pushed(u64),
    /// `sinceImagePulled`: more than so many days ago.
    Pulled(u64),
    /// `sinceImageTransitioned`: archived more than so many days ago.
    Archived(u64),
}

/// What becomes of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LifecycleAction {
    /// It is deleted, for good.
    Expire,
    /// It moves to the archive.
    Archive,
}

/// How `*` is read in the beginnings of tags, of which AWS says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stars {
    /// Any run of characters, as in patterns.
    Wild,
    /// Itself.
    Plain,
}

impl LifecyclePolicy {
    /// The policy of these rules, in any order; `None` where there are more than ECR takes.
    #[must_use]
    pub fn new(mut rules: Vec<LifecycleRule>) -> Option<Self> {
        rules.sort_by_key(|rule| rule.priority);
        (rules.len() <= MOST_RULES).then_some(Self { rules })
    }

    /// Its rules, by ascending priority.
    #[must_use]
    pub fn rules(&self) -> &[LifecycleRule] {
        &self.rules
    }

    /// The first rule of a storage class that is about an image with these tags, where `*` stands for any characters.
    pub(super) fn first(&self, class: StorageClass, tags: &[String]) -> Option<usize> {
        let mut rules = self.rules.iter();
        rules.position(|rule| rule.class == class && rule.tags.meet(tags, Stars::Wild))
    }

    /// The first entry of which AWS does not say what it means.
    #[must_use]
    pub fn undocumented(&self) -> Option<&TagListEntry> {
        let entries = self.rules.iter().flat_map(|rule| rule.tags.entries());
        entries.into_iter().find(|entry| entry.is_undocumented())
    }
}

impl Tags {
    /// The entries of the list.
    #[must_use]
    pub fn entries(&self) -> &[TagListEntry] {
        match self {
            Tags::Tagged(entries) => entries,
            Tags::Any | Tags::Untagged => &[],
        }
    }

    /// Whether an image with these tags meets it.
    pub(super) fn meet(&self, tags: &[String], stars: Stars) -> bool {
        match self {
            Tags::Any => true,
            Tags::Untagged => tags.is_empty(),
            Tags::Tagged(entries) => {
                let is_met = |entry: &TagListEntry| tags.iter().any(|tag| entry.fits(tag, stars));
                !tags.is_empty() && !entries.is_empty() && entries.iter().all(is_met)
            }
        }
    }
}

impl TagListEntry {
    /// As it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            TagListEntry::Pattern(text) | TagListEntry::Prefix(text) => text,
        }
    }

    /// The same as a pattern.
    #[must_use]
    pub fn pattern(&self) -> String {
        match self {
            TagListEntry::Pattern(text) => text.clone(),
            TagListEntry::Prefix(text) => format!("{text}*"),
        }
    }

    /// Whether AWS does not say what it means: `*` in what a tag begins with.
    #[must_use]
    pub fn is_undocumented(&self) -> bool {
        matches!(self, TagListEntry::Prefix(text) if text.contains('*'))
    }

    fn fits(&self, tag: &str, stars: Stars) -> bool {
        match self {
            TagListEntry::Pattern(text) => glob::matches(text, tag),
            TagListEntry::Prefix(text) if stars == Stars::Wild && text.contains('*') => {
                glob::matches(&format!("{text}*"), tag)
            }
            TagListEntry::Prefix(text) => tag.starts_with(text),
        }
    }
}
