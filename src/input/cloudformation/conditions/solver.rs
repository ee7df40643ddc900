//! Which choices can be made together: formulas over variables with finitely many values.
//! It does not know templates, nor what a variable stands for.

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashMap;

use crate::model::Truth;

/// Work that one question may cost, counted in parts of formulas.
const MOST_FOR_ONE: usize = 100_000;
/// Work that all questions together may cost.
const MOST_FOR_ALL: usize = 1_000_000;

/// Answers that are kept.
const MOST_ANSWERS: usize = 10_000;

/// Something that is true or false.
#[derive(Clone, Debug)]
pub(crate) enum Formula {
    /// Always the same.
    Known(bool),
    /// The variable has the value of this number.
    Is(usize, usize),
    /// What an earlier formula says.
    Of(usize),
    /// The opposite.
    Not(Box<Formula>),
    /// Everything holds.
    All(Vec<Formula>),
    /// At least one holds.
    Any(Vec<Formula>),
}

/// A formula of a [`Solver`], and what is taken for granted about it.
pub(crate) type Fact = (usize, bool);

/// Variables, formulas over them, and laws that always hold.
#[derive(Debug)]
pub(crate) struct Solver {
    /// How many values each variable has, at least one.
    sizes: Vec<usize>,
    /// Each mentions only earlier ones.
    formulas: Vec<Formula>,
    laws: Vec<usize>,
    /// Whether a law depends on the formula of this number.
    is_lawful: Vec<bool>,
    /// Whether a law depends on the variable of this number.
    is_bound: Vec<bool>,
    work: Cell<usize>,
    /// What was found out before: repositories of one template depend on the same choices.
    answers: RefCell<FxHashMap<SolverQuestion, Truth<()>>>,
}

/// Which facts are to hold, and the value that a variable is to have.
type SolverQuestion = (Vec<Fact>, Option<(usize, usize)>);

impl Default for Solver {
    fn default() -> Self {
        Self {
            sizes: Vec::new(),
            formulas: Vec::new(),
            laws: Vec::new(),
            is_lawful: Vec::new(),
            is_bound: Vec::new(),
            work: Cell::new(MOST_FOR_ALL),
            answers: RefCell::default(),
        }
    }
}

/// What values that are chosen so far make of the facts.
enum Consistency {
    Kept,
    Broken,
    /// It depends on this variable.
    Open(usize),
}

/// One search for values that keep every fact.
struct SolverSearch<'s> {
    solver: &'s Solver,
    facts: Vec<Fact>,
    /// The formulas that the facts depend on, earlier ones first.
    needed: Vec<usize>,
    chosen: Vec<Option<usize>>,
    truths: Vec<Truth<()>>,
    work: usize,
}

impl Solver {
    /// Adds a variable of `size` values.
    pub(crate) fn variable(&mut self, size: usize) -> usize {
        self.sizes.push(size.max(1));
        self.is_bound.push(false);
        self.sizes.len() - 1
    }

    /// Adds a formula over variables and formulas that were added before.
    pub(crate) fn formula(&mut self, formula: Formula) -> usize {
        self.formulas.push(formula);
        self.is_lawful.push(false);
        self.formulas.len() - 1
    }

    /// Adds a formula that always holds.
    pub(crate) fn law(&mut self, formula: Formula) {
        let law = self.formula(formula);
        self.laws.push(law);
        self.answers.get_mut().clear();
        // Each formula is looked at for the first law that depends on it alone, not for every question.
        let mut open = vec![law];
        while let Some(next) = open.pop() {
            if !std::mem::replace(&mut self.is_lawful[next], true) {
                bind(&self.formulas[next], &mut self.is_bound, &mut open);
            }
        }
    }

    /// Whether anything always holds.
    pub(crate) fn has_laws(&self) -> bool {
        !self.laws.is_empty()
    }

    /// Whether anything that is known says something about the variable.
    pub(crate) fn concerns(&self, facts: &[Fact], variable: usize) -> bool {
        let is_mentioned = || {
            let needed = self.needed(facts);
            let mut needed = needed.iter().map(|index| &self.formulas[*index]);
            needed.any(|formula| mentions(formula, variable))
        };
        self.is_bound[variable] || !facts.is_empty() && is_mentioned()
    }

    /// Whether some values keep all facts and laws; unknown when that takes too long to find out.
    pub(crate) fn is_reachable(&self, facts: &[Fact]) -> Truth<()> {
        self.search(facts, None)
    }

    /// The same, where the variable has the value of this number.
    pub(crate) fn is_possible(&self, facts: &[Fact], variable: usize, value: usize) -> Truth<()> {
        self.search(facts, Some((variable, value)))
    }

    fn search(&self, facts: &[Fact], fixed: Option<(usize, usize)>) -> Truth<()> {
        let question = (facts.to_vec(), fixed);
        if let Some(known) = self.answers.borrow().get(&question) {
            return *known;
        }
        let answer = self.search_anew(facts, fixed);
        let mut answers = self.answers.borrow_mut();
        if answers.len() < MOST_ANSWERS {
            answers.insert(question, answer);
        }
        answer
    }

    fn search_anew(&self, facts: &[Fact], fixed: Option<(usize, usize)>) -> Truth<()> {
        let laws = self.laws.iter().map(|law| (*law, true));
        let facts: Vec<Fact> = facts.iter().copied().chain(laws).collect();
        // Where nothing can be found out any more, not even what it would take is.
        if self.work.get() == 0 && !facts.is_empty() {
            return Truth::Unknown(());
        }
        let mut search = SolverSearch {
            solver: self,
            needed: self.needed(&facts),
            facts,
            chosen: vec![None; self.sizes.len()],
            truths: vec![Truth::Unknown(()); self.formulas.len()],
            work: MOST_FOR_ONE.min(self.work.get()),
        };
        if let Some((variable, value)) = fixed {
            search.chosen[variable] = Some(value);
        }
        let before = search.work;
        let answer = search.run();
        // One formula may be more than what is left.
        if answer.is_unknown() {
            search.work = 0;
        }
        self.work.set(self.work.get() - (before - search.work));
        answer
    }

    /// The formulas that facts depend on, earlier ones first.
    fn needed(&self, facts: &[Fact]) -> Vec<usize> {
        let mut is_needed = vec![false; self.formulas.len()];
        let mut open: Vec<usize> = facts.iter().map(|(formula, _)| *formula).collect();
        let mut needed = Vec::new();
        while let Some(next) = open.pop() {
            if !std::mem::replace(&mut is_needed[next], true) {
                needed.push(next);
                refer(&self.formulas[next], &mut open);
            }
        }
        needed.sort_unstable();
        needed
    }
}

/// Whether a formula itself, without those that it refers to, says something about the variable.
fn mentions(formula: &Formula, variable: usize) -> bool {
    match formula {
        Formula::Known(_) | Formula::Of(_) => false,
        Formula::Is(other, _) => *other == variable,
        Formula::Not(inner) => mentions(inner, variable),
        Formula::All(inner) | Formula::Any(inner) => {
            inner.iter().any(|inner| mentions(inner, variable))
        }
    }
}

/// Marks the variables of a formula itself, and lists the formulas that it refers to.
fn bind(formula: &Formula, is_bound: &mut [bool], open: &mut Vec<usize>) {
    match formula {
        Formula::Known(_) => {}
        Formula::Is(variable, _) => is_bound[*variable] = true,
        Formula::Of(index) => open.push(*index),
        Formula::Not(inner) => bind(inner, is_bound, open),
        Formula::All(inner) | Formula::Any(inner) => {
            inner.iter().for_each(|inner| bind(inner, is_bound, open));
        }
    }
}

/// Lists the formulas that a formula itself refers to.
fn refer(formula: &Formula, open: &mut Vec<usize>) {
    match formula {
        Formula::Known(_) | Formula::Is(..) => {}
        Formula::Of(index) => open.push(*index),
        Formula::Not(inner) => refer(inner, open),
        Formula::All(inner) | Formula::Any(inner) => {
            inner.iter().for_each(|inner| refer(inner, open));
        }
    }
}

impl SolverSearch<'_> {
    fn run(&mut self) -> Truth<()> {
        let mut path: Vec<usize> = Vec::new();
        loop {
            match self.state() {
                None => return Truth::Unknown(()),
                Some(Consistency::Kept) => return Truth::True,
                Some(Consistency::Open(variable)) => {
                    self.chosen[variable] = Some(0);
                    path.push(variable);
                }
                Some(Consistency::Broken) => {
                    if !self.next(&mut path) {
                        return Truth::False;
                    }
                }
            }
        }
    }

    /// Takes the next value of the last variable that has one; false when there is none.
    fn next(&mut self, path: &mut Vec<usize>) -> bool {
        while let Some(variable) = path.pop() {
            let next = self.chosen[variable].map_or(0, |value| value + 1);
            if next < self.solver.sizes[variable] {
                self.chosen[variable] = Some(next);
                path.push(variable);
                return true;
            }
            self.chosen[variable] = None;
        }
        false
    }

    /// `None` when there is no work left to find out.
    fn state(&mut self) -> Option<Consistency> {
        for index in 0..self.needed.len() {
            let index = self.needed[index];
            self.truths[index] = self.truth(&self.solver.formulas[index]);
            let parts = size(&self.solver.formulas[index]);
            self.work = self.work.checked_sub(parts)?;
        }
        let mut open = None;
        for (formula, wanted) in &self.facts {
            match self.truths[*formula] {
                Truth::Unknown(()) => open = open.or(Some(*formula)),
                truth if truth.is_true() != *wanted => return Some(Consistency::Broken),
                _ => {}
            }
        }
        let variable = open.and_then(|formula| self.open_variable(formula));
        Some(variable.map_or(Consistency::Kept, Consistency::Open))
    }

    fn truth(&self, formula: &Formula) -> Truth<()> {
        match formula {
            Formula::Known(truth) => Truth::from(*truth),
            Formula::Is(variable, value) => Truth::equal(self.chosen[*variable], Some(*value)),
            Formula::Of(index) => self.truths[*index],
            Formula::Not(inner) => !self.truth(inner),
            Formula::All(inner) => Truth::all(inner.iter().map(|part| self.truth(part))),
            Formula::Any(inner) => Truth::any(inner.iter().map(|part| self.truth(part))),
        }
    }

    /// A variable without a value that an open formula depends on.
    fn open_variable(&self, formula: usize) -> Option<usize> {
        let mut at = &self.solver.formulas[formula];
        loop {
            at = match at {
                Formula::Known(_) => return None,
                Formula::Is(variable, _) => return Some(*variable),
                Formula::Of(index) => &self.solver.formulas[*index],
                Formula::Not(inner) => inner,
                Formula::All(parts) | Formula::Any(parts) => {
                    parts.iter().find(|part| self.truth(part).is_unknown())?
                }
            }
        }
    }
}

fn size(formula: &Formula) -> usize {
    match formula {
        Formula::Known(_) | Formula::Is(..) | Formula::Of(_) => 1,
        Formula::Not(inner) => 1 + size(inner),
        Formula::All(parts) | Formula::Any(parts) => 1 + parts.iter().map(size).sum::<usize>(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Formula, Solver, Truth};
    use proptest::prelude::*;

    /// Sizes of the variables that random formulas speak about.
    const SIZES: [usize; 3] = [2, 3, 2];

    fn formula() -> impl Strategy<Value = Formula> {
        let leaf = prop_oneof![
            1 => any::<bool>().prop_map(Formula::Known),
            6 => (0..SIZES.len(), 0..3_usize).prop_map(|(var, value)| Formula::Is(var, value)),
            2 => (0..4_usize).prop_map(Formula::Of),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            let parts = prop::collection::vec(inner.clone(), 0..3);
            prop_oneof![
                inner.prop_map(|inner| Formula::Not(Box::new(inner))),
                parts.clone().prop_map(Formula::All),
                parts.prop_map(Formula::Any),
            ]
        })
    }

    /// A formula that mentions only formulas below `limit`.
    fn bounded(formula: Formula, limit: usize) -> Formula {
        let all = |parts: Vec<Formula>| parts.into_iter().map(|it| bounded(it, limit)).collect();
        match formula {
            Formula::Of(index) if index >= limit => Formula::Known(index % 2 == 0),
            Formula::Not(inner) => Formula::Not(Box::new(bounded(*inner, limit))),
            Formula::All(parts) => Formula::All(all(parts)),
            Formula::Any(parts) => Formula::Any(all(parts)),
            other => other,
        }
    }

    fn holds(formula: &Formula, formulas: &[Formula], values: [usize; 3]) -> bool {
        match formula {
            Formula::Known(truth) => *truth,
            Formula::Is(variable, value) => values[*variable] == *value,
            Formula::Of(index) => holds(&formulas[*index], formulas, values),
            Formula::Not(inner) => !holds(inner, formulas, values),
            Formula::All(parts) => parts.iter().all(|part| holds(part, formulas, values)),
            Formula::Any(parts) => parts.iter().any(|part| holds(part, formulas, values)),
        }
    }

    fn every_choice() -> impl Iterator<Item = [usize; 3]> {
        (0..SIZES.iter().product()).map(|number: usize| {
            let [first, second, _] = SIZES;
            [
                number % first,
                number / first % second,
                number / first / second,
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_reachable_is_what_trying_everything_finds(
            formulas in prop::collection::vec(formula(), 4),
            law in formula(),
            facts in prop::collection::vec((0..4_usize, any::<bool>()), 0..4),
        ) {
            let mut solver = Solver::default();
            for size in SIZES {
                solver.variable(size);
            }
            let formulas: Vec<_> = formulas
                .into_iter()
                .enumerate()
                .map(|(index, formula)| bounded(formula, index))
                .collect();
            for formula in &formulas {
                solver.formula(formula.clone());
            }
            solver.law(law.clone());
            let found = every_choice().any(|values| {
                holds(&law, &formulas, values)
                    && facts.iter().all(|(index, wanted)| {
                        holds(&formulas[*index], &formulas, values) == *wanted
                    })
            });
            prop_assert_eq!(solver.is_reachable(&facts), Truth::from(found));
        }
    }

    #[test]
    fn laws_concern_what_they_depend_on_and_facts_as_well() {
        let mut solver = Solver::default();
        let [lawful, asked, free] = [2; 3].map(|size| solver.variable(size));
        let of_law = solver.formula(Formula::Is(lawful, 0));
        let of_fact = solver.formula(Formula::Not(Box::new(Formula::Is(asked, 1))));
        solver.law(Formula::Any(vec![
            Formula::Of(of_law),
            Formula::Known(false),
        ]));
        assert!(solver.concerns(&[], lawful));
        assert!(!solver.concerns(&[], asked));
        assert!(solver.concerns(&[(of_fact, true)], asked));
        assert!(!solver.concerns(&[(of_fact, true)], free));
    }

    #[test]
    fn questions_about_more_than_can_be_looked_at_are_few() {
        let mut solver = Solver::default();
        let variable = solver.variable(2);
        let large = vec![Formula::Is(variable, 0); super::MOST_FOR_ONE];
        solver.law(Formula::Any(large));
        let most = super::MOST_FOR_ALL / super::MOST_FOR_ONE;
        for _ in 0..most {
            assert!(solver.work.get() > 0);
            let other = solver.formula(Formula::Known(true));
            assert_eq!(solver.is_reachable(&[(other, true)]), Truth::Unknown(()));
        }
        assert_eq!(solver.work.get(), 0);
    }

    #[test]
    fn a_question_is_answered_once_until_there_is_another_law() {
        let mut solver = Solver::default();
        let variable = solver.variable(2);
        let one = solver.formula(Formula::Is(variable, 0));
        let ask = |solver: &Solver| solver.is_reachable(&[(one, true)]);
        assert_eq!(ask(&solver), Truth::True);
        let left = solver.work.get();
        assert_eq!(ask(&solver), Truth::True);
        assert_eq!(solver.work.get(), left);
        solver.law(Formula::Is(variable, 1));
        assert_eq!(ask(&solver), Truth::False);
    }

    #[test]
    fn a_hard_question_is_given_up() {
        let mut solver = Solver::default();
        // More pigeons than holes, which no search without insight can settle.
        let (pigeons, holes) = (12, 11);
        for _ in 0..pigeons {
            solver.variable(holes);
        }
        for hole in 0..holes {
            for one in 0..pigeons {
                for other in 0..one {
                    let both = vec![Formula::Is(one, hole), Formula::Is(other, hole)];
                    solver.law(Formula::Not(Box::new(Formula::All(both))));
                }
            }
        }
        assert_eq!(solver.is_reachable(&[]), Truth::Unknown(()));
    }
}
