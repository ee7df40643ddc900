//! What every evaluation of one template has in common.
//! It does not know what is evaluated.

use std::cell::{Cell, RefCell};

use super::super::Context;
use super::conditions::Conditions;
use super::cross_stack::CrossStack;
use super::mapped;
use super::refused::Known;
use super::registry;
use super::template::Template;

/// Steps that any template may take, besides one for each of its bytes: a bound for values that are
/// made of each other again and again.
const MIN_STEPS: usize = 500_000;

/// One template, with what is known about it from outside.
pub(super) struct Setting<'t> {
    /// The template.
    pub(super) template: &'t Template<'t>,
    /// What is known about the stack from outside.
    pub(super) context: Context,
    /// The template's conditions.
    pub(super) conditions: Conditions<'t>,
    /// What CloudFormation refuses, as far as anybody asked for it.
    pub(super) refused: RefCell<Known<'t>>,
    /// Keys of mappings that were looked for.
    pub(super) keys: mapped::Known<'t>,
    /// What is the same for all repositories of the registry that they are in.
    pub(super) registries: registry::Known,
    /// The other stacks of the run, where they are to be asked.
    pub(super) others: Option<&'t dyn CrossStack>,
    /// Whether a value of another stack was wanted.
    pub(super) seeks: Cell<bool>,
    /// Steps that are left.
    pub(super) steps: Cell<usize>,
    /// Steps that there were at first.
    all_steps: usize,
}

impl<'t> Setting<'t> {
    /// A template of which nothing is evaluated yet.
    pub(super) fn new(
        template: &'t Template<'t>,
        context: &Context,
        others: Option<&'t dyn CrossStack>,
    ) -> Self {
        let steps = template.length.saturating_add(MIN_STEPS);
        Self {
            template,
            context: context.clone(),
            conditions: Conditions::new(),
            refused: RefCell::default(),
            keys: mapped::Known::default(),
            registries: registry::Known::default(),
            others,
            seeks: Cell::new(false),
            steps: Cell::new(steps),
            all_steps: steps,
        }
    }

    /// Steps that were taken.
    pub(super) fn spent(&self) -> usize {
        self.all_steps - self.steps.get()
    }
}
