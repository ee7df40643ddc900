//! Which facts a rule needs when it judges.
//! It does not know what they say.

use super::Rule;
use super::format::{LookedUp, PolicyProperty};
use crate::model::facts::{FACTS, FactName, FactSet};
use crate::model::{Value, members};

/// What is looked up for any finding, whatever the rule asks: names, places of what decides elsewhere, pseudo parameters
/// of fixes. All of it stands in the input, but for `taken_as`, which somebody else finds out.
const LOOKED_UP: [FactName; 9] = [
    FactName::Kind,
    FactName::Account,
    FactName::Region,
    FactName::LogicalId,
    FactName::Name,
    FactName::TakenAs,
    FactName::TemplateProblems,
    // Others have values of these two, and paths lead to the first place of a value.
    FactName::ExclusionFilters,
    FactName::Tags,
];

impl LookedUp {
    fn fact(self) -> FactName {
        match self {
            Self::Causes => FactName::Causes,
            Self::Live => FactName::Live,
            Self::Policy(PolicyProperty::Repository) => FactName::Policy,
            Self::Policy(PolicyProperty::Key) => FactName::Key,
        }
    }
}

impl PolicyProperty {
    /// The policy as it is written, which is absent where there is none.
    pub(super) fn of(self, repository: Value<'_>) -> Option<Value<'_>> {
        let written = match self {
            Self::Repository => members::DOCUMENT,
            Self::Key => members::KEY_POLICY,
        };
        repository.get(LookedUp::Policy(self).fact())?.get(written)
    }
}

/// What is found out from policies, as one; paths lead to the policy first.
const OF_POLICIES: [FactName; 3] = [FactName::Access, FactName::Sharing, FactName::Grants];

impl Rule {
    /// The facts on which the verdict depends, besides what is declared, the registry, the organisation and the settings;
    /// `None` where it may depend on more.
    #[must_use]
    pub fn deciding_facts(&self) -> Option<FactSet> {
        let members = self.reads()?;
        let read = FACTS.iter().filter(|row| members.contains(row.name));
        Some(read.fold(FactSet::NONE, |facts, row| facts.with(row.fact)))
    }

    /// The facts that judging by the rule, and telling what it finds, can look at.
    #[must_use]
    pub fn facts(&self) -> FactSet {
        let Some(asks) = &self.logic.asks else {
            return FactSet::ALL;
        };
        let asked = FACTS.iter().filter(|row| asks.named.contains(row.name));
        let looked_up = asks.looked_up.iter().map(|it| it.fact());
        let asked = asked.map(|row| row.fact).chain(looked_up).chain(LOOKED_UP);
        let facts = asked.fold(FactSet::NONE, FactSet::with);
        match OF_POLICIES.iter().any(|fact| facts.has(*fact)) {
            true => facts.with(FactName::Policy),
            false => facts,
        }
    }
}
