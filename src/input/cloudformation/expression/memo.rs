//! Evaluates once what is the same under several combinations of conditions and values of parameters.
//! It does not know what is evaluated, nor who decides.

use std::cell::RefCell;

use super::decision::{DecisionAnswer, DecisionQuestion, DecisionRecord};
use super::evaluate::{Evaluator, Traced};
use super::reads::is_one_place;
use crate::input::Context;

/// Questions that are kept beside one value: properties of resources that name each other would keep ever more.
const MOST_RECORDED: usize = 64;

impl<'t> Evaluator<'t, '_> {
    /// Remembers that a question was asked.
    pub(crate) fn recorded<A: Clone + Into<DecisionAnswer>>(
        &self,
        question: DecisionQuestion<'t>,
        answer: A,
    ) -> A {
        self.trace.borrow_mut().push(DecisionRecord {
            question,
            is_quiet: self.is_quiet.get(),
            hides_values: self.hides_values.get(),
            answer: answer.clone().into(),
        });
        answer
    }

    /// Whether everything that was asked is answered in the same way now.
    ///
    /// Whoever evaluates asks the same questions as long as the answers are the same, so that asking them here, too,
    /// decides nothing that evaluating would not have decided.
    fn is_answered_alike(&self, trace: &[DecisionRecord<'t>]) -> bool {
        let quiet = (self.is_quiet.get(), self.hides_values.get());
        let is_alike = trace.iter().all(|one| {
            self.is_quiet.set(one.is_quiet);
            self.hides_values.set(one.hides_values);
            !one.is_lost() && self.answer(one.question) == one.answer
        });
        self.is_quiet.set(quiet.0);
        self.hides_values.set(quiet.1);
        is_alike
    }

    /// What is known about the stack, where decisions say more of its place than is known without them.
    fn decided_place(&self) -> Option<&Context> {
        let known = &self.setting.context;
        (!is_one_place(known, self.context)).then_some(self.context)
    }

    /// What `evaluate` gives, with what it depended on and asked.
    pub(crate) fn traced<T>(&self, evaluate: impl FnOnce() -> T) -> Traced<'t, T> {
        let start = self.trace.borrow().len();
        let (value, reads) = self.reading(evaluate);
        let trace = match &self.trace.borrow()[start..] {
            long if long.len() > MOST_RECORDED => vec![DecisionRecord::LOST],
            trace => trace.to_vec(),
        };
        Traced {
            value,
            reads,
            trace,
        }
    }

    /// A value that was evaluated before, and counts as evaluated again.
    pub(crate) fn again<'k, T>(&self, known: &'k Traced<'t, T>) -> &'k T {
        self.note(known.reads);
        self.trace.borrow_mut().extend_from_slice(&known.trace);
        &known.value
    }

    fn answer(&self, question: DecisionQuestion<'t>) -> DecisionAnswer {
        let decisions = self.decisions;
        match question {
            DecisionQuestion::Condition(name) => decisions.condition(self, name).into(),
            DecisionQuestion::Existence(name) => decisions.assume(self, name).into(),
            DecisionQuestion::Binding(name, default) => {
                decisions.binding(self, name, default).into()
            }
            DecisionQuestion::Narrowed(name, default) => {
                decisions.is_narrowed(self, name, default).into()
            }
            DecisionQuestion::DecidedValue(name) => decisions.decided_value(self, name).into(),
            DecisionQuestion::ListedValue(name, declaration) => {
                decisions.listed_value(self, name, declaration).into()
            }
            DecisionQuestion::Key(level) => decisions.key(self, &level).into(),
            DecisionQuestion::HasValues => decisions.has_values().into(),
            DecisionQuestion::HasChosenNothing => decisions.has_chosen_nothing().into(),
            DecisionQuestion::Lost => DecisionAnswer::None,
        }
    }
}

/// Values that were evaluated before, under other combinations of conditions and values of parameters.
pub(crate) struct Memo<'t, T>(RefCell<Vec<MemoEntry<'t, T>>>);

/// One evaluation.
struct MemoEntry<'t, T> {
    /// Where the stack was taken to be, unless it was what is known without decisions.
    place: Option<Context>,
    traced: Traced<'t, T>,
}

impl<T> Default for Memo<'_, T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<'t, T: Clone> Memo<'t, T> {
    /// What `evaluate` gives, unless it gave it before to the same answers at the same place.
    pub(crate) fn or(&self, evaluator: &Evaluator<'t, '_>, evaluate: impl FnOnce() -> T) -> T {
        if let Some(known) = self.known(evaluator) {
            return known;
        }
        let traced = evaluator.traced(evaluate);
        let value = traced.value.clone();
        // What is not known to be the same is never taken again.
        if traced.trace.iter().any(DecisionRecord::is_lost) {
            return value;
        }
        self.0.borrow_mut().push(MemoEntry {
            place: evaluator.decided_place().cloned(),
            traced,
        });
        value
    }

    fn known(&self, evaluator: &Evaluator<'t, '_>) -> Option<T> {
        let before = self.0.borrow();
        let mut before = before.iter();
        let place = evaluator.decided_place();
        let same = before.find(|one| {
            let is_there = match (&one.place, place) {
                (Some(one), Some(place)) => is_one_place(one, place),
                (one, place) => one.is_none() && place.is_none(),
            };
            is_there && evaluator.is_answered_alike(&one.traced.trace)
        })?;
        Some(evaluator.again(&same.traced).clone())
    }
}
