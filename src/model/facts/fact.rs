//! Facts by name, and sets of them.
//! It does not know what any of them means.

/// Facts by name, in the order in which the document has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the row of each says what it means")]
pub enum FactName {
    Kind,
    Account,
    Region,
    Partition,
    Environment,
    Stack,
    LogicalId,
    ConstructPath,
    ToolOwned,
    Name,
    NameGenerated,
    NameComputed,
    NameProblems,
    NameExpected,
    NameSuggested,
    NameAdvice,
    BaseSuggested,
    NameConforms,
    TakenAs,
    SameName,
    Scanning,
    TagMutability,
    ExclusionFilters,
    Mutability,
    Encryption,
    Key,
    CustomRole,
    Lifecycle,
    Deployed,
    MissingImages,
    Parameters,
    Tags,
    MissingTags,
    Deletion,
    Causes,
    Identities,
    EventRules,
    Policy,
    Access,
    Sharing,
    Grants,
    Built,
    DeclarationProblems,
    ResourceId,
    TemplateProblems,
    Live,
}

impl FactName {
    /// How many there are.
    pub const COUNT: usize = Self::Live as usize + 1;
}

/// A set of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactSet(u64);

/// Each fact is one bit.
const _: () = assert!(FactName::COUNT < u64::BITS as usize);

impl FactSet {
    /// No fact.
    pub const NONE: Self = Self(0);
    /// Every fact.
    pub const ALL: Self = Self((1 << FactName::COUNT) - 1);

    /// Whether the fact is one of them.
    #[must_use]
    pub fn has(self, fact: FactName) -> bool {
        self.0 & (1 << fact as u32) != 0
    }

    /// The same with one more.
    #[must_use]
    pub fn with(self, fact: FactName) -> Self {
        Self(self.0 | 1 << fact as u32)
    }

    /// Whether all of these are among the others.
    #[must_use]
    pub fn is_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// Those that are in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
