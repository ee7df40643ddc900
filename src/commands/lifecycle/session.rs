//! What a run of `ecrlint lifecycle` works with, from its configuration to what it complains of.

use crate::cli::InputArgs;
use crate::commands::setup::Setup;
use crate::commands::{CommandError, gathering, terminal::Terminal};
use crate::engine;
use crate::engine::lifecycle::{self, Tried};
use crate::input::Scratch;
use crate::model::Entity;
use crate::source::Problem;

/// What a run works with.
pub(super) struct LifecycleRun<'s> {
    pub(super) setup: Setup,
    pub(super) input: &'s InputArgs,
    pub(super) scratch: Scratch,
    /// What could not be read, or not be tried.
    pub(super) problems: Vec<Problem>,
    /// Mistakes in the description of a history, which is not a file that could not be read.
    pub(super) mistakes: Vec<Problem>,
}

impl<'s> LifecycleRun<'s> {
    /// A run by a configuration without mistakes.
    pub(super) fn new(setup: Setup, input: &'s InputArgs) -> Self {
        Self {
            setup,
            input,
            scratch: Scratch::default(),
            problems: Vec::new(),
            mistakes: Vec::new(),
        }
    }

    /// The policies of repositories, without those that cannot be tried.
    pub(super) fn tried<'r>(&mut self, repositories: &'r [Entity]) -> Vec<(&'r Entity, Tried)> {
        let mut all = Vec::new();
        for one in repositories {
            match lifecycle::tried(one) {
                Ok(tried) => all.push((one, tried)),
                Err(problems) => self.problems.extend(problems),
            }
        }
        all
    }

    /// Tells what was wrong; the exit code.
    pub(super) fn close(mut self, terminal: &mut Terminal) -> Result<u8, CommandError> {
        if self.problems.is_empty() && !self.mistakes.is_empty() {
            let mistakes = self.mistakes.into_iter().map(engine::unreadable);
            let draft = engine::failed(mistakes.collect());
            let sentence =
                "could not finish: nothing was tried, because of the mistake in `--history`";
            return self.setup.show_and_say(draft, sentence, terminal);
        }
        self.problems.append(&mut self.mistakes);
        gathering::complain(self.problems, &self.setup, terminal)
    }
}
