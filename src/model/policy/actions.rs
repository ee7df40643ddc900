//! The actions of Amazon ECR's private registry and of KMS keys, and what a policy's patterns stand for.
//! It does not know who is given them.

use std::sync::{LazyLock, RwLock};

use rustc_hash::FxHashMap;

use super::{Guarded, wildcard};

/// The service prefix of every action of a private registry.
const PREFIX: &str = "ecr:";
/// That of the public gallery.
const GALLERY_PREFIX: &str = "ecr-public:";
/// That of keys.
const KEY_PREFIX: &str = "kms:";

/// The service prefix of the actions that mean something in the policy of what is guarded.
pub(crate) fn prefix(guarded: Guarded) -> &'static str {
    match guarded {
        Guarded::Repository | Guarded::Registry => PREFIX,
        Guarded::Gallery => GALLERY_PREFIX,
        Guarded::Key => KEY_PREFIX,
    }
}

/// What an action does, in the words of AWS's service authorization reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccessLevel {
    Read,
    List,
    Write,
    Tagging,
    Permissions,
}

impl AccessLevel {
    const ALL: [Self; 5] = [
        Self::Read,
        Self::List,
        Self::Write,
        Self::Tagging,
        Self::Permissions,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::List => "list",
            Self::Write => "write",
            Self::Tagging => "tagging",
            Self::Permissions => "permissions",
        }
    }
}

/// One action.
#[derive(Debug)]
pub(crate) struct Action {
    /// With prefix, such as `ecr:PutImage`.
    pub(crate) name: String,
    lower: String,
    pub(crate) level: AccessLevel,
    /// In whose policy it means something; `None` for actions of the whole registry.
    guarded: Option<Guarded>,
}

/// Actions of ECR's private registry. Rows are `name,level,scope` under a heading.
const OF_ECR: &str = include_str!("actions.csv");
/// Those of KMS that can be granted on a key.
const OF_KMS: &str = include_str!("key_actions.csv");
/// Those of the public gallery.
const OF_ECR_PUBLIC: &str = include_str!("gallery_actions.csv");

/// Words that an [`ActionSet`] takes: an action more is a row more in its table, and nothing else.
const WORDS: usize = (rows(OF_ECR) + rows(OF_KMS) + rows(OF_ECR_PUBLIC)).div_ceil(BITS);
/// Actions of one word.
const BITS: usize = 64;

/// Lines of a table that end, the heading among them: as many as it has rows at least.
const fn rows(table: &str) -> usize {
    let bytes = table.as_bytes();
    let (mut at, mut lines) = (0, 1);
    while at < bytes.len() {
        if bytes[at] == b'\n' {
            lines += 1;
        }
        at += 1;
    }
    lines
}

/// All actions, first those of ECR. They are those of AWS's service authorization reference of August 2026.
///
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html>
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html>
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistrypublic.html>
static ACTIONS: LazyLock<Vec<Action>> = LazyLock::new(|| {
    let table = |prefix, text: &'static str| {
        let rows = text.lines().skip(1);
        rows.filter_map(move |line| row(prefix, line))
    };
    table(PREFIX, OF_ECR)
        .chain(table(KEY_PREFIX, OF_KMS))
        .chain(table(GALLERY_PREFIX, OF_ECR_PUBLIC))
        .collect()
});

/// What patterns stand for that were asked for before.
static KNOWN: LazyLock<RwLock<FxHashMap<Box<str>, ActionSet>>> = LazyLock::new(RwLock::default);

/// Patterns that are remembered at most, and how long each may be: input must not fill the memory.
const MOST_KNOWN: usize = 1_024;
const LONGEST_KNOWN: usize = 64;

static WRITES: LazyLock<ActionSet> = LazyLock::new(|| {
    ActionSet::of(|action| !matches!(action.level, AccessLevel::Read | AccessLevel::List))
});

static OF_REPOSITORIES: LazyLock<ActionSet> =
    LazyLock::new(|| ActionSet::of(|action| action.guarded == Some(Guarded::Repository)));

static OF_GALLERY: LazyLock<ActionSet> =
    LazyLock::new(|| ActionSet::of(|action| action.guarded == Some(Guarded::Gallery)));

static NAMED_PRIVATE: LazyLock<ActionSet> =
    LazyLock::new(|| ActionSet::of(|action| action.name.starts_with(PREFIX)));

static NAMED_PUBLIC: LazyLock<ActionSet> =
    LazyLock::new(|| ActionSet::of(|action| action.name.starts_with(GALLERY_PREFIX)));

/// A token is a matter of the caller's own policies alone.
static OF_REGISTRIES: LazyLock<ActionSet> =
    LazyLock::new(|| NAMED_PRIVATE.without(ActionSet::matching("ecr:GetAuthorizationToken")));

/// Writes that change no image, tag, policy or configuration that is there: what is imported is what an upstream
/// registry has, a scan and a preview only look, and a repository that exists is not created.
static HARMLESS: LazyLock<ActionSet> = LazyLock::new(|| {
    ActionSet::named(&[
        "ecr:BatchImportUpstreamImage",
        "ecr:CreateRepository",
        "ecr:StartImageScan",
        "ecr:StartLifecyclePolicyPreview",
        "ecr-public:CreateRepository",
    ])
});

/// What the policies of registries are written for besides.
static REPLICATES: LazyLock<ActionSet> =
    LazyLock::new(|| ActionSet::named(&["ecr:ReplicateImage"]));

static OF_KEYS: LazyLock<ActionSet> =
    LazyLock::new(|| ActionSet::of(|action| action.guarded == Some(Guarded::Key)));

fn row(prefix: &str, line: &str) -> Option<Action> {
    let mut cells = line.split(',');
    let name = format!("{prefix}{}", cells.next()?);
    let level = cells.next()?;
    let level = AccessLevel::ALL
        .into_iter()
        .find(|known| known.name() == level)?;
    Some(Action {
        lower: name.to_ascii_lowercase(),
        name,
        level,
        guarded: match cells.next()? {
            "repository" => Some(Guarded::Repository),
            "key" => Some(Guarded::Key),
            "gallery" => Some(Guarded::Gallery),
            _ => None,
        },
    })
}

/// Names of all actions with a service prefix, for "did you mean" helps.
pub(crate) fn names(prefix: &str) -> impl Iterator<Item = &'static str> {
    let names = ACTIONS.iter().map(|action| action.name.as_str());
    names.filter(move |name| name.starts_with(prefix))
}

/// A set of actions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ActionSet([u64; WORDS]);

impl ActionSet {
    /// Every action that there is.
    pub(crate) fn all() -> Self {
        Self::of(|_| true)
    }

    /// What a pattern of a policy stands for; letter case is ignored.
    ///
    /// Policies repeat the same few patterns, so answers are kept.
    pub(crate) fn matching(pattern: &str) -> Self {
        let known = KNOWN.read().ok();
        if let Some(set) = known.as_ref().and_then(|known| known.get(pattern)) {
            return *set;
        }
        drop(known);
        let set = Self::find(pattern);
        if let Ok(mut known) = KNOWN.write()
            && known.len() < MOST_KNOWN
            && pattern.len() <= LONGEST_KNOWN
        {
            known.insert(pattern.into(), set);
        }
        set
    }

    fn find(pattern: &str) -> Self {
        let pattern = pattern.to_ascii_lowercase();
        if let Some(first) = pattern.find(wildcard::WILDCARDS) {
            // Most actions differ before the first wildcard.
            let (start, rest) = pattern.split_at(first);
            Self::of(|action| {
                let end = action.lower.strip_prefix(start);
                end.is_some_and(|end| wildcard::matches(rest, end))
            })
        } else {
            Self::of(|action| action.lower == pattern)
        }
    }

    fn of(choose: impl Fn(&Action) -> bool) -> Self {
        let mut set = Self::default();
        for (index, action) in ACTIONS.iter().enumerate() {
            set.0[index / BITS] |= u64::from(choose(action)) << (index % BITS);
        }
        set
    }

    /// The actions of which the words of both say so together.
    fn join(self, other: Self, both: impl Fn(u64, u64) -> u64) -> Self {
        let mut set = self;
        for (word, other) in set.0.iter_mut().zip(other.0) {
            *word = both(*word, other);
        }
        set
    }

    fn intersection(self, other: Self) -> Self {
        self.join(other, |one, other| one & other)
    }

    /// Those that mean something in the policy of what is guarded.
    pub(crate) fn effective(self, guarded: Guarded) -> Self {
        self.intersection(match guarded {
            Guarded::Repository => *OF_REPOSITORIES,
            Guarded::Gallery => *OF_GALLERY,
            Guarded::Key => *OF_KEYS,
            Guarded::Registry => *OF_REGISTRIES,
        })
    }

    /// Without those of the other kind of registry, the private one or the public gallery.
    pub(crate) fn without_other_registry(self, guarded: Guarded) -> Self {
        self.without(match guarded {
            Guarded::Gallery => *NAMED_PRIVATE,
            Guarded::Repository | Guarded::Registry | Guarded::Key => *NAMED_PUBLIC,
        })
    }

    /// Whether every action of `other` is in this set, too.
    pub(crate) fn contains(self, other: Self) -> bool {
        other.without(self).is_empty()
    }

    /// Those that change images, tags, settings or permissions.
    pub(crate) fn writes(self) -> Self {
        self.intersection(*WRITES)
    }

    /// Those that change what only its owner is to change: images, tags, policies and configuration. Replication
    /// needs a write in the policy of a registry, while one that is allowed by a repository pushes into it.
    pub(crate) fn trespasses(self, guarded: Guarded) -> Self {
        let changes = self.writes().without(*HARMLESS);
        match guarded {
            Guarded::Registry => changes.without(*REPLICATES),
            Guarded::Repository | Guarded::Gallery | Guarded::Key => changes,
        }
    }

    /// The actions with these names.
    fn named(names: &[&str]) -> Self {
        let sets = names.iter().map(|name| Self::matching(name));
        sets.fold(Self::default(), Self::union)
    }

    pub(crate) fn union(self, other: Self) -> Self {
        self.join(other, |one, other| one | other)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        self.join(other, |one, other| one & !other)
    }

    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// The actions in the order of the table.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'static Action> {
        let actions: &'static [Action] = &ACTIONS;
        let words = self.0.into_iter().enumerate();
        words.flat_map(move |(word, bits)| {
            let first = &actions[(word * BITS).min(actions.len())..];
            // Each step takes the lowest bit out.
            let some = |bits: u64| (bits != 0).then_some(bits);
            let left = std::iter::successors(some(bits), move |bits| some(bits & (bits - 1)));
            left.filter_map(|bits| first.get(bits.trailing_zeros() as usize))
        })
    }

    #[cfg(test)]
    fn len(self) -> usize {
        self.iter().count()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Guarded;
    use super::{ACTIONS, AccessLevel, ActionSet, BITS, WORDS};

    #[test]
    fn the_tables_hold_different_actions() {
        assert_eq!(super::names("ecr:").count(), 60);
        assert_eq!(ACTIONS.len(), 60 + 45 + 23);
        let mut names: Vec<_> = ACTIONS.iter().map(|action| &action.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ACTIONS.len());
        assert_eq!(ActionSet::all().effective(Guarded::Repository).len(), 35);
        assert_eq!(ActionSet::all().effective(Guarded::Key).len(), 45);
    }

    #[test]
    fn a_set_has_room_for_more_actions_than_there_are() {
        const { assert!(WORDS * BITS >= 60 + 45 + 23) };
        assert!(ACTIONS.len() <= WORDS * BITS);
        for action in ACTIONS.iter() {
            let only = ActionSet::matching(&action.name);
            let names: Vec<_> = only.iter().map(|one| &one.name).collect();
            assert_eq!(names, [&action.name]);
            assert!(ActionSet::all().without(only) != ActionSet::all());
        }
    }

    #[test]
    fn levels_have_the_sizes_of_the_reference() {
        let count = |level| {
            let of_ecr = |action: &&super::Action| action.name.starts_with(super::PREFIX);
            let actions = ACTIONS.iter().filter(of_ecr);
            actions.filter(|action| action.level == level).count()
        };
        assert_eq!(AccessLevel::ALL.map(count), [21, 4, 29, 2, 4]);
    }

    #[test]
    fn patterns_expand_to_what_the_reference_says() {
        for (pattern, size, writes, effective) in [
            ("ecr:Describe*", 8, 0, 5),
            ("ecr:Get*", 10, 0, 5),
            ("ecr:List*", 3, 0, 2),
            ("ecr:Batch*", 5, 2, 5),
            ("ecr:BatchGet*", 2, 0, 2),
            ("ECR:batchcheck*", 1, 0, 1),
            ("ecr:*", 60, 35, 35),
            ("ecr:Pu?Image", 1, 1, 1),
            ("s3:*", 0, 0, 0),
        ] {
            let set = ActionSet::matching(pattern);
            assert_eq!(set.len(), size, "{pattern}");
            assert_eq!(set.writes().len(), writes, "{pattern}");
            let effective_of = set.effective(Guarded::Repository).len();
            assert_eq!(effective_of, effective, "{pattern}");
        }
        assert_eq!(ActionSet::matching("*"), ActionSet::all());
    }
}
