//! Every fact that rules can ask about, declared once, a list for each topic.
//! They do not know how rules ask.

mod belongings;
mod images;
mod live;
mod names;
mod policies;
mod roots;
mod settings;
mod shared;
mod whereabouts;

use super::fact::FactName;
use super::row::FactRow;
use super::shape::SharedRow;
use crate::model::MemberKey;
pub use roots::ROOTS;

/// The lists; their order is of no importance.
const TOPICS: [&[FactRow]; 7] = [
    whereabouts::ROWS,
    names::ROWS,
    settings::ROWS,
    images::ROWS,
    belongings::ROWS,
    policies::ROWS,
    live::ROWS,
];

/// Every fact, in the order of [`FactName`]. The program is not built where one has no row, or two.
pub static FACTS: [&FactRow; FactName::COUNT] = ordered();

/// What several facts have in common, by name.
pub const SHARED: [&SharedRow; 7] = [
    &shared::ACCESS,
    &shared::ACTION,
    &shared::CAUSE,
    &shared::DENIAL,
    &shared::ELEMENT,
    &shared::PROBLEM,
    &shared::SHARING,
];

impl FactName {
    /// The name that rules use, below `$.repository`.
    #[must_use]
    pub fn name(self) -> &'static str {
        FACTS[self as usize].name
    }
}

impl From<FactName> for MemberKey {
    fn from(fact: FactName) -> Self {
        MemberKey::new(fact.name())
    }
}

const fn ordered() -> [&'static FactRow; FactName::COUNT] {
    let mut rows: [Option<&FactRow>; FactName::COUNT] = [None; FactName::COUNT];
    let mut topic = 0;
    while topic < TOPICS.len() {
        let mut at = 0;
        while at < TOPICS[topic].len() {
            let row = &TOPICS[topic][at];
            assert!(rows[row.fact as usize].is_none(), "a fact has two rows");
            rows[row.fact as usize] = Some(row);
            at += 1;
        }
        topic += 1;
    }
    let mut all = [&TOPICS[0][0]; FactName::COUNT];
    let mut at = 0;
    while at < all.len() {
        all[at] = rows[at].expect("each fact has a row");
        at += 1;
    }
    all
}
