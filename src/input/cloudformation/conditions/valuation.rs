//! One combination of conditions and values of parameters, found while it is evaluated.
//! It does not know what is loaded under it.

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashMap;

use super::choices::{Asking, Choice, MOST, MOST_IN_ALL, Way, facts, open_conditions};
use super::compile::{Conditions, Ways};
use crate::input::cloudformation::expression::decision::Binding;
use crate::input::cloudformation::expression::evaluate::{Decisions, Evaluator, Reads};
use crate::input::cloudformation::expression::reads::is_one_place;
use crate::input::cloudformation::expression::setting::TemplateSetting;
use crate::input::cloudformation::template::mapping::MappingLevel;
use crate::model::{AssumedOutcome, Assumption, Truth};
use crate::source::Node;

/// One combination of conditions and values of parameters.
pub(crate) struct Valuation<'t, 'c> {
    /// The conditions of the template.
    pub(crate) conditions: &'c Conditions<'t>,
    asking: Asking,
    /// Parameters that stay undecided, because with them there are too many combinations.
    pub(crate) left_out: Vec<&'t str>,
    /// What was chosen, in the order in which it was asked for.
    pub(crate) path: RefCell<Vec<Choice<'t>>>,
    /// What follows from the path, or can never be decided.
    certain: RefCell<FxHashMap<&'t str, Truth>>,
    /// What is known about parameters, by name; `None` says that it is nothing.
    bindings: RefCell<FxHashMap<String, Option<Binding>>>,
    /// Whether it has told something that may be decided otherwise once more is chosen.
    pub(crate) is_provisional: Cell<bool>,
}

/// What `evaluate` makes of a template whose conditions and parameters are left open.
pub(crate) fn undecided<'t, R>(
    setting: &TemplateSetting<'t>,
    evaluate: impl FnOnce(&Evaluator<'t, '_>) -> R,
) -> R {
    let conditions = Conditions::new();
    let valuation = Valuation::undecided(&conditions);
    evaluate(&Evaluator::new(setting, &valuation))
}

impl<'t, 'c> Valuation<'t, 'c> {
    /// A combination that starts with `path`.
    pub(crate) fn new(
        conditions: &'c Conditions<'t>,
        asking: Asking,
        left_out: &[&'t str],
        path: Vec<Choice<'t>>,
    ) -> Self {
        Self {
            conditions,
            asking,
            left_out: left_out.to_vec(),
            path: RefCell::new(path),
            certain: RefCell::default(),
            bindings: RefCell::default(),
            is_provisional: Cell::default(),
        }
    }

    /// One that decides no condition that is open.
    pub(crate) fn undecided(conditions: &'c Conditions<'t>) -> Self {
        Self::new(conditions, Asking::Never, &[], Vec::new())
    }

    /// How much was chosen.
    pub(crate) fn len(&self) -> usize {
        self.path.borrow().len()
    }

    /// What was decided.
    pub(crate) fn into_path(self) -> Vec<Choice<'t>> {
        self.path.into_inner()
    }

    /// What is taken for granted.
    pub(crate) fn assumptions(&self) -> Vec<Assumption> {
        self.path.borrow().iter().map(Choice::assumption).collect()
    }

    /// Whether what was chosen leaves as it is whatever was told before: the same evaluation would tell it again if
    /// it began with all of it.
    pub(crate) fn is_settled(&self, evaluator: &Evaluator<'t, '_>) -> bool {
        if self.is_provisional.get() {
            return false;
        }
        let facts = facts(&self.path.borrow());
        let conditions = self.conditions;
        let context = conditions.pinned(&evaluator.setting.context, &facts);
        is_one_place(&context, evaluator.context)
            && self.bindings.borrow().iter().all(|(name, known)| {
                let default = evaluator.default_of(name);
                *known == conditions.binding(name, default, &facts)
            })
    }

    /// What becomes of what nothing has decided yet.
    pub(crate) fn asking(&self, asker: &Evaluator<'t, '_>) -> Asking {
        match asker.is_quiet.get() {
            true => Asking::Never,
            false => self.asking,
        }
    }

    fn open_choice(&self, asker: &Evaluator<'t, '_>, name: &'t str, formula: usize) -> Truth {
        match self.asking(asker) {
            // Whatever more there is to choose, it will not be looked at.
            Asking::Each if open_conditions(&self.path.borrow()) >= MOST => {
                Truth::Unknown(self.refuse(asker, Asking::NoLonger, String::new))
            }
            Asking::Each => {
                self.path.borrow_mut().push(Choice {
                    name,
                    way: Way::condition(Some(formula), true),
                    others: vec![Way::condition(Some(formula), false)],
                });
                Truth::True
            }
            asking => Truth::Unknown(self.refuse(asker, asking, || {
                format!("`Fn::If` decides it by the condition `{name}`")
            })),
        }
    }

    /// Why something stays undecided; `plainly` says it where nobody asks for the ways it can turn out.
    pub(crate) fn refuse(
        &self,
        asker: &Evaluator<'t, '_>,
        asking: Asking,
        plainly: impl FnOnce() -> String,
    ) -> String {
        self.is_provisional.set(true);
        match asking {
            Asking::NoLonger => {
                format!("it depends on more than {MOST} combinations of conditions")
            }
            Asking::NoLongerAtAll => format!(
                "the repositories of the template depend on more than {MOST_IN_ALL} combinations of conditions"
            ),
            Asking::Never | Asking::Each => {
                asker.note(Reads {
                    undecided: true,
                    ..Reads::default()
                });
                plainly()
            }
        }
    }
}

impl<'t> Decisions<'t> for Valuation<'t, '_> {
    fn condition(&self, asker: &Evaluator<'t, '_>, name: &'t str) -> Truth {
        let path = self.path.borrow();
        if let Some(holds) = path.iter().find_map(|choice| choice.decides(name)) {
            return Truth::from(holds);
        }
        if let Some(certain) = self.certain.borrow().get(name) {
            return certain.clone();
        }
        let facts = facts(&path);
        drop(path);
        let conditions = self.conditions;
        let ways = conditions
            .formula(asker.setting, name)
            .and_then(|formula| Ok((formula, conditions.ways(formula, &facts)?)));
        let certain = match ways {
            Ok((formula, Ways::Both)) => return self.open_choice(asker, name, formula),
            Ok((_, Ways::One(holds))) => Truth::from(holds),
            Err(reason) => {
                self.is_provisional.set(true);
                Truth::Unknown(reason)
            }
        };
        let mut known = self.certain.borrow_mut();
        known.insert(name, certain.clone());
        certain
    }

    fn assume(&self, asker: &Evaluator<'t, '_>, name: &'t str) -> bool {
        let holds = self.condition(asker, name);
        if holds.is_unknown() {
            let formula = self.conditions.formula(asker.setting, name).ok();
            self.path.borrow_mut().push(Choice {
                name,
                way: Way::condition(formula, true),
                others: Vec::new(),
            });
        }
        !holds.is_false()
    }

    fn binding(
        &self,
        asker: &Evaluator<'t, '_>,
        name: &str,
        default: Option<&str>,
    ) -> Option<Binding> {
        if let Some(known) = self.bindings.borrow().get(name) {
            return known.clone();
        }
        if asker.template.rules.is_some() {
            self.conditions.heed_rules(asker.setting, name);
        }
        let facts = facts(&self.path.borrow());
        let found = self.conditions.binding(name, default, &facts);
        let mut known = self.bindings.borrow_mut();
        known.insert(name.to_owned(), found.clone());
        found
    }

    fn is_narrowed(&self, asker: &Evaluator<'t, '_>, name: &str, default: Option<&str>) -> bool {
        let before = self.conditions.binding(name, default, &[]);
        self.binding(asker, name, default) != before
    }

    fn decided_value(
        &self,
        asker: &Evaluator<'t, '_>,
        name: &str,
    ) -> Option<Result<Option<String>, String>> {
        let path = self.path.borrow();
        let decided = path.iter().find_map(|choice| match &choice.way.outcome {
            AssumedOutcome::Value(value) if choice.name == name => Some(value.clone()),
            _ => None,
        })?;
        Some(match asker.hides_values.get() {
            true => Err(format!("parameter `{name}` can have several values")),
            false => Ok(decided),
        })
    }

    fn listed_value(
        &self,
        asker: &Evaluator<'t, '_>,
        name: &'t str,
        declaration: Node<'t>,
    ) -> Option<Result<String, String>> {
        self.chosen_value(asker, name, declaration)
    }

    fn key(
        &self,
        asker: &Evaluator<'t, '_>,
        level: &MappingLevel<'t>,
    ) -> Option<Result<Option<String>, String>> {
        self.chosen_key(asker, level)
    }

    fn has_values(&self) -> bool {
        let is_value = |choice: &Choice<'_>| matches!(choice.way.outcome, AssumedOutcome::Value(_));
        self.path.borrow().iter().any(is_value)
    }

    fn has_chosen_nothing(&self) -> bool {
        let is_empty = self.path.borrow().is_empty();
        if is_empty {
            self.is_provisional.set(true);
        }
        is_empty
    }

    fn undecided(&self) -> Box<dyn Decisions<'t> + '_> {
        Box::new(Valuation::undecided(self.conditions))
    }
}
