//! Combinations whose conditions and parameters have numbers, so that they are compared without reading names.
//! It does not know what holds under them.

use std::mem::discriminant;

use rustc_hash::FxHashMap;

use crate::model::{AssumedOutcome, Assumption};

/// The combinations that one repository is judged under.
pub(super) struct CombinationTable<'c> {
    combinations: &'c [Vec<Assumption>],
    /// Each combination as numbers, in its own order.
    rows: Vec<Vec<NumberedAssumption>>,
    /// Which outcome each combination has of each condition or parameter, by number.
    outcomes: Vec<Vec<Option<usize>>>,
}

/// What an assumption says, as numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
struct NumberedAssumption {
    about: usize,
    outcome: usize,
}

impl<'c> CombinationTable<'c> {
    pub(super) fn of(combinations: &'c [Vec<Assumption>]) -> Self {
        let mut abouts = FxHashMap::default();
        let mut known: FxHashMap<(usize, &AssumedOutcome), usize> = FxHashMap::default();
        let mut rows = Vec::with_capacity(combinations.len());
        for combination in combinations {
            let said = combination.iter().map(|one| {
                // A condition and a parameter may have the same name.
                let key = (one.about.as_str(), discriminant(&one.outcome));
                let next = abouts.len();
                let about = *abouts.entry(key).or_insert(next);
                let next = known.len();
                let outcome = *known.entry((about, &one.outcome)).or_insert(next);
                NumberedAssumption { about, outcome }
            });
            rows.push(said.collect::<Vec<_>>());
        }
        let outcomes = rows.iter().map(|row| {
            let mut outcomes = vec![None; abouts.len()];
            row.iter()
                .for_each(|said| outcomes[said.about] = Some(said.outcome));
            outcomes
        });
        Self {
            combinations,
            outcomes: outcomes.collect(),
            rows,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.combinations.len()
    }

    pub(super) fn all(&self) -> Vec<usize> {
        (0..self.len()).collect()
    }

    /// These combinations as they were given.
    pub(super) fn written(&self, numbers: &[usize]) -> Vec<&'c Vec<Assumption>> {
        let numbers = numbers.iter();
        numbers.map(|number| &self.combinations[*number]).collect()
    }

    /// The positions in the first of them of the assumptions that all share.
    pub(super) fn shared(&self, numbers: &[usize]) -> Shared {
        let Some((&first, others)) = numbers.split_first() else {
            return Shared::default();
        };
        let own = self.rows[first].iter().enumerate();
        let shared = own.filter(|(_, said)| {
            let mut others = others.iter();
            others.all(|other| self.outcomes[*other][said.about] == Some(said.outcome))
        });
        Shared {
            of: first,
            at: shared.map(|(at, _)| at).collect(),
        }
    }

    /// As few of the assumptions as keep the others out, besides those that hold in any case; `None` where not even all
    /// of them do.
    pub(super) fn weakest(
        &self,
        certain: Shared,
        always: &Shared,
        others: &[usize],
    ) -> Option<Vec<&'c Assumption>> {
        let row = |shared: &Shared, at: usize| self.rows[shared.of][at];
        let always: Vec<NumberedAssumption> = always.at.iter().map(|at| row(always, *at)).collect();
        // How many of the assumptions keep each of the others out.
        let contradicts = |said: NumberedAssumption, other: usize| {
            let outcome = self.outcomes[other][said.about];
            outcome.is_some_and(|outcome| outcome != said.outcome)
        };
        let said: Vec<NumberedAssumption> =
            certain.at.iter().map(|at| row(&certain, *at)).collect();
        let kept_out = |other: &usize| said.iter().filter(|it| contradicts(**it, *other)).count();
        let mut counts: Vec<usize> = others.iter().map(kept_out).collect();
        if counts.contains(&0) {
            return None;
        }
        let mut left = certain.at;
        for index in (0..left.len()).rev() {
            let dropped = said[index];
            let is_needed =
                |(other, count): (&usize, &usize)| *count == 1 && contradicts(dropped, *other);
            if always.contains(&dropped) || others.iter().zip(&counts).any(is_needed) {
                continue;
            }
            for (other, count) in others.iter().zip(&mut counts) {
                *count -= usize::from(contradicts(dropped, *other));
            }
            left.remove(index);
        }
        let own = &self.combinations[certain.of];
        Some(left.into_iter().map(|at| &own[at]).collect())
    }
}

/// Some of the assumptions of a combination, by position.
#[derive(Default)]
pub(super) struct Shared {
    /// The number of the combination.
    of: usize,
    at: Vec<usize>,
}
