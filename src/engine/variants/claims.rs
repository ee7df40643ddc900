//! Combinations of conditions and values, put into as few words as say the same.
//! It does not know what holds under them.

use std::fmt;

use crate::model::{AssumedOutcome, Assumption};

/// Some conditions and their outcomes, all of which hold together.
pub(super) type Combination = Vec<Assumption>;

/// What several combinations have in common: all of it holds in each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Alternative {
    claims: Vec<AssumptionClaim>,
}

/// What is said of one condition or parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AssumptionClaim {
    about: String,
    /// The ways it turns out, of one kind, in the order in which they are looked at.
    outcomes: Vec<AssumedOutcome>,
    /// The one other way that there is, where that is shorter to say.
    only_not: Option<AssumedOutcome>,
}

/// The combinations `inside` in as few alternatives as were found, none of which is met by one of `outside`.
pub(super) fn alternatives(inside: &[&Combination], outside: &[&Combination]) -> Vec<Alternative> {
    let mut all: Vec<_> = inside.iter().map(|one| Alternative::of(one)).collect();
    while let Some((one, other, joined)) = pair(&all) {
        all.remove(other);
        all[one] = joined;
    }
    for alternative in &mut all {
        alternative.drop_values(outside);
        for claim in &mut alternative.claims {
            claim.shorten(inside, outside);
        }
    }
    let mut distinct: Vec<Alternative> = Vec::new();
    for alternative in all {
        if !distinct.contains(&alternative) {
            distinct.push(alternative);
        }
    }
    distinct
}

/// Two alternatives that differ in one claim, and what both say together.
fn pair(all: &[Alternative]) -> Option<(usize, usize, Alternative)> {
    for (one, first) in all.iter().enumerate() {
        for (other, second) in all.iter().enumerate().skip(one + 1) {
            if let Some(joined) = first.joined(second) {
                return Some((one, other, joined));
            }
        }
    }
    None
}

impl Alternative {
    fn of(combination: &Combination) -> Self {
        let claims = combination.iter().map(|assumption| AssumptionClaim {
            about: assumption.about.clone(),
            outcomes: vec![assumption.outcome.clone()],
            only_not: None,
        });
        Self {
            claims: claims.collect(),
        }
    }

    /// The names that it speaks of.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.claims.iter().map(|claim| claim.about.as_str())
    }

    fn joined(&self, other: &Self) -> Option<Self> {
        if self.claims.len() != other.claims.len() {
            return None;
        }
        // Most stand at the same place in both.
        let is_there = |(at, claim): &(usize, &AssumptionClaim)| {
            other.claims[*at] == **claim || other.claims.contains(claim)
        };
        let differing = self.claims.iter().enumerate().filter(|it| !is_there(it));
        let mut differing = differing.map(|(_, claim)| claim);
        let (Some(claim), None) = (differing.next(), differing.next()) else {
            return None;
        };
        let against = other.claims.iter().find(|it| it.is_about_the_same(claim))?;
        let mut joined = self.clone();
        let at = joined.claims.iter().position(|it| it == claim)?;
        match claim.outcomes.first() {
            // A condition has no third way.
            Some(AssumedOutcome::Condition(_)) => {
                joined.claims.remove(at);
            }
            _ => joined.claims[at].outcomes.extend(against.outcomes.clone()),
        }
        Some(joined)
    }

    /// Drops what is said of parameters where the rest says enough.
    fn drop_values(&mut self, outside: &[&Combination]) {
        for index in (0..self.claims.len()).rev() {
            if let Some(AssumedOutcome::Condition(_)) = self.claims[index].outcomes.first() {
                continue;
            }
            let claim = self.claims.remove(index);
            let still_excludes = outside.iter().all(|one| self.excludes(one));
            if !still_excludes {
                self.claims.insert(index, claim);
            }
        }
    }

    fn excludes(&self, combination: &Combination) -> bool {
        let contradicts =
            |claim: &AssumptionClaim| combination.iter().any(|it| claim.contradicts(it));
        self.claims.iter().any(contradicts)
    }
}

impl AssumptionClaim {
    fn is_about_the_same(&self, other: &Self) -> bool {
        let kind = |claim: &Self| claim.outcomes.first().map(std::mem::discriminant);
        self.about == other.about && kind(self) == kind(other)
    }

    /// What is assumed of the condition or parameter, if anything.
    fn met_by<'a>(&self, assumption: &'a Assumption) -> Option<&'a AssumedOutcome> {
        let kind = |outcome: &AssumedOutcome| std::mem::discriminant(outcome);
        let own = self.outcomes.first().map(kind);
        let is_it = assumption.about == self.about && own == Some(kind(&assumption.outcome));
        is_it.then_some(&assumption.outcome)
    }

    fn contradicts(&self, assumption: &Assumption) -> bool {
        let met = self.met_by(assumption);
        met.is_some_and(|outcome| !self.outcomes.contains(outcome))
    }

    /// Finds the one value that is not among many.
    fn shorten(&mut self, inside: &[&Combination], outside: &[&Combination]) {
        if self.outcomes.len() < 3 {
            return;
        }
        let all = inside.iter().chain(outside).flat_map(|one| one.iter());
        let mut others: Vec<&AssumedOutcome> = Vec::new();
        for outcome in all.filter_map(|one| self.met_by(one)) {
            if !self.outcomes.contains(outcome) && !others.contains(&outcome) {
                others.push(outcome);
            }
        }
        if let [only] = others.as_slice() {
            self.only_not = Some((*only).clone());
        }
    }
}

impl fmt::Display for Alternative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claims: Vec<_> = self.claims.iter().map(AssumptionClaim::to_string).collect();
        f.write_str(&claims.join(" and "))
    }
}

impl fmt::Display for AssumptionClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is ", self.about)?;
        if let Some(only) = &self.only_not {
            return write!(f, "not {only}");
        }
        let told: Vec<_> = self
            .outcomes
            .iter()
            .map(AssumedOutcome::to_string)
            .collect();
        match told.split_last() {
            Some((last, [])) => f.write_str(last),
            Some((last, others)) => write!(f, "{} or {last}", others.join(", ")),
            None => Ok(()),
        }
    }
}
