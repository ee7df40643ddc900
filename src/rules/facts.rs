//! Which facts a rule needs when it judges.
//! It does not know what they say.

use super::Rule;
use crate::model::facts::{FACTS, FactName, FactSet};

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

/// What is found out from policies, as one; paths lead to the policy first.
const OF_POLICIES: [FactName; 3] = [FactName::Access, FactName::Sharing, FactName::Grants];

impl Rule {
    /// The facts that judging by the rule, and telling what it finds, can look at.
    #[must_use]
    pub fn facts(&self) -> FactSet {
        let Some(asks) = &self.logic.asks else {
            return FactSet::ALL;
        };
        let asked = FACTS
            .iter()
            .filter(|row| asks.iter().any(|it| it == row.name));
        let asked = asked.map(|row| row.fact).chain(LOOKED_UP);
        let facts = asked.fold(FactSet::NONE, FactSet::with);
        match OF_POLICIES.iter().any(|fact| facts.has(*fact)) {
            true => facts.with(FactName::Policy),
            false => facts,
        }
    }
}
