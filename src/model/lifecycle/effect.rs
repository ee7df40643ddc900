//! What one evaluation of a policy makes of each image, and what each rule did.
//! It does not know how that is found out.

use super::policy::LifecycleAction;

/// What one evaluation of a policy makes of the images of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// What becomes of each image, in their order.
    pub fates: Vec<Fate>,
    /// What each rule does, by ascending priority.
    pub rules: Vec<RuleEffect>,
}

/// What becomes of an image. Rules and images are named by their index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays where it is.
    Kept(Kept),
    /// A rule acts on it.
    Acts {
        /// The rule.
        rule: usize,
        /// What it does.
        action: LifecycleAction,
    },
    /// It refers to an image that a rule acts on, and follows it within a day.
    Follows {
        /// That image.
        subject: usize,
        /// What becomes of both.
        action: LifecycleAction,
    },
    /// Nobody can tell.
    Undetermined(OutcomeDoubt),
}

/// Why an image stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// No rule is about it.
    Unmatched,
    /// It is not beyond the limit of the first rule that is about it.
    Within {
        /// That rule.
        rule: usize,
    },
    /// The same, while a later rule would act on it, were it not for that one.
    Shielded {
        /// The first rule that is about it.
        rule: usize,
        /// The later rule.
        from: usize,
    },
    /// A rule would act on it, but an index lists it that is there and not archived. Once the index is gone, it goes.
    Held {
        /// The rule.
        rule: usize,
        /// The index.
        by: usize,
    },
}

/// Why nobody can tell what becomes of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutcomeDoubt {
    /// It was pushed at the same moment as another one, and one of the two is kept.
    Tie,
    /// Images of indexes, or what refers to images, would have to count, or not to.
    Slots,
    /// An index may list it.
    MayBeHeld,
    /// It refers to an image that does not expire, and a rule is about itself.
    Referrer,
    /// It refers to an image of which nobody can tell.
    Subject,
    /// Nobody can tell what becomes of the index that lists it.
    Index,
    /// Its moment, or that of another one, is not known.
    NoTime,
    /// It is being restored from the archive.
    Activating,
    /// A prefix has a `*`.
    Stars,
    /// An index that lists it is pulled.
    Pulls,
}

impl OutcomeDoubt {
    /// Every one of them.
    pub const ALL: [Self; 10] = [
        Self::Tie,
        Self::Slots,
        Self::MayBeHeld,
        Self::Referrer,
        Self::Subject,
        Self::Index,
        Self::NoTime,
        Self::Activating,
        Self::Stars,
        Self::Pulls,
    ];

    /// Completes "undetermined, because …".
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Tie => {
                "AWS does not say which of several images goes that were pushed at the same moment"
            }
            Self::Slots => {
                "AWS does not say whether images of an index, and what refers to an image, count like others"
            }
            Self::MayBeHeld => {
                "an index may list it, which keeps it, and what indexes list is not known"
            }
            Self::Referrer => {
                "AWS does not say whether a rule takes what refers to an image that does not expire"
            }
            Self::Subject => "what becomes of the image that it refers to is not known",
            Self::Index => "what becomes of the index that lists it is not known",
            Self::NoTime => "the moment that the rule goes by is not known of every image",
            Self::Activating => "it is being restored from the archive",
            Self::Stars => "AWS does not say what `*` means in `tagPrefixList`",
            Self::Pulls => "AWS does not say whether a pull of an index is one of what it lists",
        }
    }

    /// What to do to decide it.
    #[must_use]
    pub fn decide(self) -> &'static str {
        match self {
            Self::Tie | Self::Slots | Self::Referrer | Self::Subject | Self::Index => {
                "ask ECR itself with `aws ecr start-lifecycle-policy-preview`, which deletes nothing"
            }
            Self::MayBeHeld => {
                "look into the indexes with `aws ecr batch-get-image`, or ask ECR with \
                 `aws ecr start-lifecycle-policy-preview`, which deletes nothing"
            }
            Self::NoTime => "capture the images again, with `ecrlint snapshot --images`",
            Self::Activating => "capture the images again once it is restored",
            Self::Pulls => {
                "pull such an index, and look a day later at `lastRecordedPullTime` of what it lists with \
                 `aws ecr describe-images`"
            }
            Self::Stars => "write a `tagPatternList`, in which `*` is any run of characters",
        }
    }
}

/// What a rule does in one evaluation, in numbers of images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleEffect {
    /// Those that it is about, whatever other rules do.
    pub identified: u64,
    /// Those of them that are certainly beyond its limit.
    pub over: u64,
    /// Those of these that it acts on.
    pub acts: u64,
    /// Those that it would act on, were it not for an earlier rule that is about them, too.
    pub claimed: u64,
    /// Those that it would act on, did no index list them.
    pub held: u64,
    /// Those that it may act on.
    pub undetermined: u64,
}

impl Fate {
    /// What certainly becomes of it: `None` where it stays.
    ///
    /// # Errors
    /// Why nobody can tell.
    pub fn action(self) -> Result<Option<LifecycleAction>, OutcomeDoubt> {
        match self {
            Fate::Kept(_) => Ok(None),
            Fate::Acts { action, .. } | Fate::Follows { action, .. } => Ok(Some(action)),
            Fate::Undetermined(doubt) => Err(doubt),
        }
    }
}
