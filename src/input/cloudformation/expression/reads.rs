//! What an evaluation depended on, and whether it says the same once more is chosen.
//! It does not know what is evaluated.

use super::evaluate::{Evaluator, Reads};
use crate::input::Context;
use crate::input::cloudformation::conditions::choices::facts;
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

    /// Whether nothing has been chosen yet. Who asks may tell something else once more is chosen.
    pub(crate) fn has_chosen_nothing(&self) -> bool {
        let is_empty = self.choices.is_empty();
        if is_empty {
            self.is_provisional.set(true);
        }
        is_empty
    }

    /// Whether what was chosen leaves as it is whatever was told before: the same evaluation would tell it again if
    /// it began with all of it.
    pub(crate) fn is_settled(&self) -> bool {
        if self.is_provisional.get() {
            return false;
        }
        let facts = facts(&self.choices.path.borrow());
        let context = self
            .setting
            .conditions
            .pinned(&self.setting.context, &facts);
        is_one_place(&context, self.context)
            && self.bindings.borrow().iter().all(|(name, known)| {
                let default = self.default_of(name);
                *known == self.setting.conditions.binding(name, default, &facts)
            })
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
            let before = self.setting.conditions.binding(member.key, default, &[]);
            self.binding(member.key, default) != before
        })
    }

    /// The default of a parameter, unless it is only the name of what is looked up at deployment.
    fn default_of(&self, name: &str) -> Option<&'t str> {
        let declaration = self.template.parameters?.member(name)?.value;
        let default = declaration.get("Default");
        let default = default.filter(|_| !parameters::is_looked_up(declaration));
        default.and_then(Node::as_text)
    }
}

/// Whether two contexts say the same of where the stack is.
fn is_one_place(one: &Context, other: &Context) -> bool {
    one.environment == other.environment && one.assumed == other.assumed
}
