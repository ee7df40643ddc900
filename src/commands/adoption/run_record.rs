//! What a run was asked for and has looked at, for whoever compares it with an earlier one.
//! It does not know what was found.

use std::collections::BTreeSet;

use crate::cli::CheckArgs;
use crate::commands::setup::Setup;
use crate::engine::{Plan, RuleSelection};
use crate::render::of_checkout;
use crate::source::shown;

/// What a run has looked at, and by what it judged.
pub(in crate::commands) struct RunRecord<'a> {
    pub(in crate::commands) args: &'a CheckArgs,
    pub(in crate::commands) setup: &'a Setup,
    pub(in crate::commands) plan: &'a Plan<'a>,
    pub(in crate::commands) selection: &'a RuleSelection,
    /// The files that were looked at, by their names in reports.
    pub(in crate::commands) inputs: BTreeSet<String>,
}

impl<'a> RunRecord<'a> {
    pub(in crate::commands) fn new(
        args: &'a CheckArgs,
        setup: &'a Setup,
        plan: &'a Plan<'a>,
        selection: &'a RuleSelection,
        inputs: BTreeSet<String>,
    ) -> Self {
        Self {
            args,
            setup,
            plan,
            selection,
            inputs,
        }
    }

    /// The name of a file as seen from the top of the checkout.
    pub(super) fn of_checkout(&self, name: &str) -> String {
        let working = std::env::current_dir().unwrap_or_default();
        let top = shown(self.setup.door.root());
        of_checkout(name, Some(&shown(&working)), Some(&top))
    }
}
