//! What lifecycle policies do, in plain words and numbers, ready for any format.
//! It does not know how it was found out.

use super::Subject;
use crate::source::Span;

/// A policy that something is said about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedPolicy {
    /// The repository that it belongs to; `None` for a policy alone.
    pub subject: Option<Subject>,
    /// The conditions under which it holds, in the user's names.
    pub when: Option<String>,
    /// Where it is written.
    pub place: Span,
}

/// What a policy does with images.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// The policy.
    pub about: DescribedPolicy,
    /// The images.
    pub basis: ImageBasis,
    /// What each rule does, by ascending priority; nothing of a history, in which rules act day after day.
    pub rules: Vec<RulePreview>,
    /// Images by what their tags have in common, the largest family first.
    pub families: Vec<Family>,
    /// All images together.
    pub total: ImageCounts,
    /// Each image on its own; none of a history.
    pub images: Vec<PreviewedImage>,
    /// What of the answer is open.
    pub doubts: Vec<UndecidedImages>,
    /// What was taken for granted, each a sentence without its full stop.
    pub taken: Vec<String>,
    /// What storage costs.
    pub price: StoragePrice,
    /// What is left of what was pushed when.
    pub timeline: Timeline,
}

/// Which images a policy is tried on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageBasis {
    /// Those of a repository.
    Images {
        /// The day, such as `2026-01-31`.
        now: String,
        /// Whether the day is that of the capture.
        is_captured: bool,
    },
    /// Those of a history that somebody has described.
    History {
        /// The description.
        text: String,
        /// How long it lasts.
        days: u64,
        /// What decides the time of the day at which images are pushed.
        seed: u64,
    },
}

/// A rule and what it does, in numbers of images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePreview {
    /// `rulePriority`
    pub priority: i64,
    /// What it says, as a clause.
    pub says: String,
    /// Images that it is about.
    pub identified: u64,
    /// Images that it acts on.
    pub acts: u64,
    /// Images that it would act on, were it not for a rule before it.
    pub claimed: u64,
    /// Images that it would act on, did no index list them.
    pub held: u64,
    /// Images that it may act on.
    pub undetermined: u64,
}

/// Images whose tags are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// What their tags have in common, such as `main-{n}`.
    pub name: String,
    /// What becomes of them.
    pub tally: ImageCounts,
}

/// What becomes of some images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImageCounts {
    /// All of them.
    pub images: u64,
    /// Those that stay where they are, those in the archive included.
    pub kept: u64,
    /// Those that expire.
    pub expired: u64,
    /// Those that move to the archive.
    pub archived: u64,
    /// Those of which nobody can tell.
    pub undetermined: u64,
    /// Bytes of all whose size is known.
    pub bytes: u64,
    /// Bytes of those that expire, as far as their sizes are known.
    pub freed: u64,
    /// Those that expire and whose size is not known.
    pub unmeasured: u64,
    /// After how many days the first and the last of those went that expired in a history.
    pub gone_after: Option<(u64, u64)>,
}

/// What becomes of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageOutcome {
    /// It stays where it is.
    Kept,
    /// It is deleted.
    Expires,
    /// It moves to the archive.
    Archives,
    /// It stays in the archive.
    Archived,
    /// Nobody can tell.
    Undetermined,
}

impl ImageOutcome {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ImageOutcome::Kept => "kept",
            ImageOutcome::Expires => "expires",
            ImageOutcome::Archives => "archives",
            ImageOutcome::Archived => "archived",
            ImageOutcome::Undetermined => "undetermined",
        }
    }
}

/// An image and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewedImage {
    /// Its digest.
    pub digest: String,
    /// What its tags have in common with others.
    pub family: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// The day on which it was pushed.
    pub pushed: Option<String>,
    /// Bytes of its layers.
    pub size: Option<u64>,
    /// What becomes of it.
    pub outcome: ImageOutcome,
    /// The rule that decides it, by its priority.
    pub rule: Option<i64>,
    /// Why, as a clause.
    pub why: String,
}

/// Something that nobody can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndecidedImages {
    /// Images that it is about.
    pub images: u64,
    /// Completes "undetermined, because …".
    pub reason: String,
    /// What to do to decide it.
    pub decide: String,
}

/// What storage costs.
#[derive(Clone, Debug, PartialEq)]
pub struct StoragePrice {
    /// Of a gigabyte for a month.
    pub gigabyte_month: f64,
    /// Where it is from, as a clause.
    pub source: String,
}

/// What is left of what was pushed when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// The days on which the weeks begin, or their numbers from 1.
    pub weeks: Vec<String>,
    /// A row for each of the larger families.
    pub rows: Vec<FamilyWeeks>,
}

/// One family week by week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyWeeks {
    /// What the tags have in common.
    pub family: String,
    /// What became of the images that were pushed in each week.
    pub cells: Vec<Cell>,
}

/// What became of the images of one family that were pushed in one week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Those that stay.
    pub kept: u32,
    /// Those that expire.
    pub expired: u32,
    /// Those in the archive.
    pub archived: u32,
    /// Those of which nobody can tell.
    pub undetermined: u32,
}

impl Cell {
    /// All images of both cells.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            kept: self.kept.saturating_add(other.kept),
            expired: self.expired.saturating_add(other.expired),
            archived: self.archived.saturating_add(other.archived),
            undetermined: self.undetermined.saturating_add(other.undetermined),
        }
    }
}

/// What a policy says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The policy.
    pub about: DescribedPolicy,
    /// Its rules, by ascending priority.
    pub rules: Vec<ExplainedRule>,
    /// What no rule is about, as clauses.
    pub left: Vec<String>,
    /// What AWS leaves open about it, as sentences without full stops.
    pub open: Vec<String>,
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedRule {
    /// `rulePriority`
    pub priority: i64,
    /// What it says, as a clause.
    pub says: String,
    /// What it can take, as a clause; `None` where it never acts.
    pub takes: Option<String>,
    /// What it never can take, and why, as clauses.
    pub never: Vec<String>,
    /// What it keeps from later rules, as clauses.
    pub shields: Vec<String>,
}

/// What changes from one policy to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The old policy; `None` where there is none.
    pub old: Option<DescribedPolicy>,
    /// The new policy; `None` where there is none.
    pub new: Option<DescribedPolicy>,
    /// What holds whatever images there are.
    pub proofs: Vec<Proof>,
    /// What changes for the given images; `None` where none are given.
    pub changes: Option<PolicyChanges>,
}

/// A claim about all images that there could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What it is about.
    pub claim: ChangeKind,
    /// Whether it holds.
    ///
    /// # Errors
    /// Says why nobody can tell.
    pub holds: Result<bool, String>,
    /// Images of which one shows it, the one that it is about first; where the claim holds because of an example.
    pub example: Option<Counterexample>,
}

/// What may change for some images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// The new policy expires images that the old one does not.
    ExpiresMore,
    /// The old policy expires images that the new one does not.
    ExpiresLess,
    /// The new policy archives images that the old one does not.
    ArchivesMore,
    /// The old policy archives images that the new one does not.
    ArchivesLess,
}

impl ChangeKind {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeKind::ExpiresMore => "expires-more",
            ChangeKind::ExpiresLess => "expires-less",
            ChangeKind::ArchivesMore => "archives-more",
            ChangeKind::ArchivesLess => "archives-less",
        }
    }
}

/// Images that show a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterexample {
    /// The tags of the image that it is about; none for one without.
    pub tags: Vec<String>,
    /// How many days ago it was pushed.
    pub age: u64,
    /// Tags of the younger images beside it, of each one a few.
    pub beside: Vec<String>,
    /// How many younger images there are.
    pub younger: u64,
    /// The rules that decide, in the old and in the new policy.
    pub rules: [Option<i64>; 2],
}

/// What changes for given images.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyChanges {
    /// The images.
    pub basis: ImageBasis,
    /// Images that expire by the new policy only.
    pub more: Changed,
    /// Images that expire by the old policy only.
    pub less: Changed,
    /// Images that are archived by the new policy only, and do not expire by the old one.
    pub archived: Changed,
    /// Images that are archived by the old policy only, and do not expire by the new one.
    pub unarchived: Changed,
    /// Images of which nobody can tell whether they change.
    pub undetermined: u64,
    /// What of the answer is open.
    pub doubts: Vec<UndecidedImages>,
    /// What was taken for granted.
    pub taken: Vec<String>,
}

/// Some of the given images.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// How many there are.
    pub images: u64,
    /// Bytes of those whose size is known.
    pub bytes: u64,
    /// How many there are of each family, the largest first.
    pub families: Vec<(String, u64)>,
    /// Tags, or digests of what has none, of a few, the youngest first.
    pub names: Vec<String>,
}
