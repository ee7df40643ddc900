//! What every evaluation of one template has in common.
//! It does not know what is evaluated.

use std::cell::Cell;

use super::cross_stack::CrossStack;
use crate::input::Context;
use crate::input::cloudformation::template::sections::Template;

/// Steps that any template may take, besides one for each of its bytes: a bound for values that are
/// made of each other again and again.
const MIN_STEPS: usize = 500_000;

/// One template, with what is known about it from outside.
pub(crate) struct TemplateSetting<'t> {
    /// The template.
    pub(crate) template: &'t Template<'t>,
    /// What is known about the stack from outside.
    pub(crate) context: Context,
    /// The other stacks of the run, where they are to be asked.
    pub(crate) others: Option<&'t dyn CrossStack>,
    /// Whether a value of another stack was wanted.
    pub(crate) seeks: Cell<bool>,
    /// Steps that are left.
    pub(crate) steps: Cell<usize>,
    /// Steps that there were at first.
    all_steps: usize,
}

impl<'t> TemplateSetting<'t> {
    /// A template of which nothing is evaluated yet.
    pub(crate) fn new(
        template: &'t Template<'t>,
        context: &Context,
        others: Option<&'t dyn CrossStack>,
    ) -> Self {
        let steps = template.length.saturating_add(MIN_STEPS);
        Self {
            template,
            context: context.clone(),
            others,
            seeks: Cell::new(false),
            steps: Cell::new(steps),
            all_steps: steps,
        }
    }

    /// Steps that were taken.
    pub(crate) fn spent(&self) -> usize {
        self.all_steps - self.steps.get()
    }
}
