//! What an evaluation depended on, and whether it says the same once more is chosen.
//! It does not know what is evaluated.

use super::decision::DecisionQuestion;
use super::evaluate::{Evaluator, Reads};
use crate::input::Context;
use crate::input::cloudformation::template::parameters;
use crate::source::Node;

impl<'t> Evaluator<'t, '_> {
    /// Notes that a value depends on something that combinations differ in.
    pub(crate) fn note(&self, more: Reads) {
        self.reads.set(self.reads.get().and(more));
    }

    /// Notes that a value depends on the place of the stack, unless that is known anyway.
    pub(crate) fn note_place(&self) {
        let context = &self.setting.context;
        let is_known = context.account().is_some() && context.region().is_some();
        self.note(Reads {
            place: !is_known,
            ..Reads::default()
        });
    }

    /// What `evaluate` gives, and what it depended on.
    pub(crate) fn reading<T>(&self, evaluate: impl FnOnce() -> T) -> (T, Reads) {
        let before = self.reads.take();
        let value = evaluate();
        let reads = self.reads.replace(before);
        self.note(reads);
        (value, reads)
    }

    /// Whether what was chosen may say something of what a value depended on that is the same in all combinations.
    pub(crate) fn decides_any(&self, reads: Reads) -> bool {
        let is_elsewhere = || !is_one_place(&self.setting.context, self.context);
        if reads.undecided || (reads.place && is_elsewhere()) {
            return true;
        }
        if reads.parameters == 0 {
            return false;
        }
        let declared = self.template.parameters.into_iter().flat_map(Node::members);
        let mut read = declared.filter(|member| reads.may_have(member.key));
        read.any(|member| {
            let default = self.default_of(member.key);
            self.recorded(
                DecisionQuestion::Narrowed(member.key, default),
                self.decisions.is_narrowed(self, member.key, default),
            )
        })
    }

    /// The default of a parameter, unless it is only the name of what is looked up at deployment.
    pub(crate) fn default_of(&self, name: &str) -> Option<&'t str> {
        let declaration = self.template.parameters?.member(name)?.value;
        let default = declaration.get("Default");
        let default = default.filter(|_| !parameters::is_looked_up(declaration));
        default.and_then(Node::as_text)
    }
}

/// Whether two contexts say the same of where the stack is.
pub(crate) fn is_one_place(one: &Context, other: &Context) -> bool {
    one.environment == other.environment && one.assumed == other.assumed
}
