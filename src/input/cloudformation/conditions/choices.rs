//! Decides conditions: one combination after the other, each of which can really be deployed.
//! It does not know how conditions are written, nor what is loaded under a combination.

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashMap;

use super::compile::{Ways, undeclared};
use super::solver::Fact;
use crate::input::cloudformation::expression::evaluate::{Binding, Evaluator, Reads};
use crate::input::cloudformation::expression::intrinsics::malformed;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::function::items;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{Assumption, Outcome, Truth};
use crate::source::{Node, Span};

/// A condition or parameter that can turn out in several ways, and the way that is looked at.
#[derive(Clone, Debug)]
pub(crate) struct Choice<'t> {
    /// Name of the condition or parameter.
    pub(crate) name: &'t str,
    /// The way that is looked at.
    pub(crate) way: Way,
    /// The ways that are still to be looked at, the next one last.
    pub(crate) others: Vec<Way>,
}

/// One way that a condition or parameter can turn out.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    /// What it says.
    pub(crate) outcome: Outcome,
    /// The fact that it is; `None` for a condition without a formula.
    pub(crate) fact: Option<Fact>,
}

/// What becomes of a condition or parameter that nothing has decided yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Asking {
    /// It stays undecided.
    #[default]
    Never,
    /// It stays undecided, because the repository has too many combinations already.
    NoLonger,
    /// The same, because all repositories of the template together have.
    NoLongerAtAll,
    /// It is looked at in every way, one after the other.
    Each,
}

/// One combination of conditions and values of parameters.
#[derive(Debug, Default)]
pub(crate) struct Choices<'t> {
    pub(crate) asking: Cell<Asking>,
    /// Parameters that stay undecided, because with them there are too many combinations.
    pub(crate) left_out: Vec<&'t str>,
    pub(crate) path: RefCell<Vec<Choice<'t>>>,
    /// Whether values of parameters count as not decided.
    pub(crate) hides_values: Cell<bool>,
    /// What follows from the path, or can never be decided.
    certain: RefCell<FxHashMap<&'t str, Truth>>,
}

/// Combinations that one repository is judged under.
pub(crate) const MOST: usize = 64;
/// Combinations that all repositories of a template are judged under, besides one for each.
pub(crate) const MOST_IN_ALL: usize = 4_000;

impl<'t> Choices<'t> {
    /// A combination that starts with `path`.
    pub(crate) fn new(asking: Asking, left_out: &[&'t str], path: Vec<Choice<'t>>) -> Self {
        Self {
            asking: Cell::new(asking),
            left_out: left_out.to_vec(),
            path: RefCell::new(path),
            hides_values: Cell::new(false),
            certain: RefCell::default(),
        }
    }

    /// Whether nothing is taken for granted.
    pub(crate) fn is_empty(&self) -> bool {
        self.path.borrow().is_empty()
    }

    /// What was decided.
    pub(crate) fn into_path(self) -> Vec<Choice<'t>> {
        self.path.into_inner()
    }

    /// What is taken for granted.
    pub(crate) fn assumptions(&self) -> Vec<Assumption> {
        self.path.borrow().iter().map(Choice::assumption).collect()
    }
}

impl Choice<'_> {
    /// What is taken for granted by it.
    fn assumption(&self) -> Assumption {
        Assumption {
            about: self.name.to_owned(),
            outcome: self.way.outcome.clone(),
        }
    }

    /// Whether the condition `name` was found to hold.
    pub(crate) fn decides(&self, name: &str) -> Option<bool> {
        match self.way.outcome {
            Outcome::Condition(holds) if self.name == name => Some(holds),
            _ => None,
        }
    }
}

impl Way {
    fn condition(formula: Option<usize>, holds: bool) -> Self {
        Self {
            outcome: Outcome::Condition(holds),
            fact: formula.map(|formula| (formula, holds)),
        }
    }
}

/// The facts that a path consists of.
pub(crate) fn facts(path: &[Choice<'_>]) -> Vec<Fact> {
    path.iter().filter_map(|choice| choice.way.fact).collect()
}

/// The number of conditions on a path that are still to be looked at the other way.
pub(crate) fn open_conditions(path: &[Choice<'_>]) -> usize {
    let conditions = path.iter();
    let open = conditions.filter(|choice| {
        matches!(choice.way.outcome, Outcome::Condition(_)) && !choice.others.is_empty()
    });
    open.count()
}

/// Goes on to the next combination; false when all were looked at.
pub(crate) fn turn(path: &mut Vec<Choice<'_>>) -> bool {
    while let Some(last) = path.last_mut() {
        if let Some(next) = last.others.pop() {
            last.way = next;
            return true;
        }
        path.pop();
    }
    false
}

impl<'t> Evaluator<'t, '_> {
    /// Whether the condition `name` holds, or why that is not decided.
    pub(crate) fn decide(&self, name: &'t str) -> Truth {
        if self.is_inside_condition {
            return Truth::unknown("`Fn::If` is not evaluated in conditions");
        }
        let path = self.choices.path.borrow();
        if let Some(holds) = path.iter().find_map(|choice| choice.decides(name)) {
            return Truth::from(holds);
        }
        if let Some(certain) = self.choices.certain.borrow().get(name) {
            return certain.clone();
        }
        let facts = facts(&path);
        drop(path);
        let conditions = &self.setting.conditions;
        let ways = conditions
            .formula(self, name)
            .and_then(|formula| Ok((formula, conditions.ways(formula, &facts)?)));
        let certain = match ways {
            Ok((formula, Ways::Both)) => return self.open_choice(name, formula),
            Ok((_, Ways::One(holds))) => Truth::from(holds),
            Err(reason) => {
                self.is_provisional.set(true);
                Truth::Unknown(reason)
            }
        };
        let mut known = self.choices.certain.borrow_mut();
        known.insert(name, certain.clone());
        certain
    }

    fn open_choice(&self, name: &'t str, formula: usize) -> Truth {
        match self.choices.asking.get() {
            // Whatever more there is to choose, it will not be looked at.
            Asking::Each if open_conditions(&self.choices.path.borrow()) >= MOST => {
                Truth::Unknown(self.undecided(Asking::NoLonger, String::new))
            }
            Asking::Each => {
                self.choices.path.borrow_mut().push(Choice {
                    name,
                    way: Way::condition(Some(formula), true),
                    others: vec![Way::condition(Some(formula), false)],
                });
                Truth::True
            }
            asking => Truth::Unknown(self.undecided(asking, || {
                format!("`Fn::If` decides it by the condition `{name}`")
            })),
        }
    }

    /// Why something stays undecided; `plainly` says it where nobody asks for the ways it can turn out.
    pub(crate) fn undecided(&self, asking: Asking, plainly: impl FnOnce() -> String) -> String {
        self.is_provisional.set(true);
        match asking {
            Asking::NoLonger => {
                format!("it depends on more than {MOST} combinations of conditions")
            }
            Asking::NoLongerAtAll => format!(
                "the repositories of the template depend on more than {MOST_IN_ALL} combinations of conditions"
            ),
            Asking::Never | Asking::Each => {
                self.note(Reads {
                    undecided: true,
                    ..Reads::default()
                });
                plainly()
            }
        }
    }

    /// Whether the condition of a resource lets it exist, or why that is not decided.
    pub(crate) fn existence(&self, resource: &Resource<'t>) -> Truth {
        match self.condition_of(resource) {
            Some(Ok(name)) => self.decide(name),
            Some(Err(reason)) => Truth::Unknown(reason),
            None => Truth::True,
        }
    }

    /// The condition of a resource, or why its name is not known.
    fn condition_of(&self, resource: &Resource<'t>) -> Option<Result<&'t str, String>> {
        let node = resource.node.get("Condition")?;
        if let Some(name) = node.as_str() {
            return Some(Ok(name));
        }
        // The language extensions allow functions there.
        let value = self.resolve(node);
        if matches!(value, Resolved::Nothing) {
            return None;
        }
        let conditions = self.template.conditions;
        let named = |name: &str| Some(conditions?.member(name)?.key);
        let name = match value.known_text() {
            Some(name) => named(&name).ok_or_else(|| undeclared(&name)),
            None => Err(format!(
                "the name of the condition of `{}` is not known",
                resource.id
            )),
        };
        Some(name)
    }

    /// Whether a resource exists. One that may exist does, and that is an assumption.
    pub(crate) fn exists(&self, resource: &Resource<'t>) -> bool {
        let name = match self.condition_of(resource) {
            Some(Ok(name)) => name,
            // Nothing to name in the assumption.
            Some(Err(_)) | None => return true,
        };
        let holds = self.decide(name);
        if holds.is_unknown() {
            let formula = self.setting.conditions.formula(self, name).ok();
            self.choices.path.borrow_mut().push(Choice {
                name,
                way: Way::condition(formula, true),
                others: Vec::new(),
            });
        }
        !holds.is_false()
    }

    /// `Fn::If`: one of two values, or none where the one is `AWS::NoValue`.
    pub(crate) fn choice(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        let Some([condition, yes, no]) = items(argument) else {
            return malformed("Fn::If", "a condition and two values", span);
        };
        let Some(name) = condition.as_str() else {
            return malformed("Fn::If", "the name of a condition", span);
        };
        match self.decide(name) {
            Truth::True => self.resolve(yes),
            Truth::False => self.resolve(no),
            Truth::Unknown(reason) => {
                let mut value = Resolved::unknown(span, "Fn::If", reason);
                if let Resolved::Unknown(hidden) = &mut value {
                    hidden.unknown.maybe_absent = [yes, no].into_iter().any(may_be_nothing);
                }
                value
            }
        }
    }

    /// What is known about a parameter besides its declaration.
    pub(crate) fn binding(&self, name: &str, default: Option<&str>) -> Option<Binding> {
        if let Some(known) = self.bindings.borrow().get(name) {
            return known.clone();
        }
        if self.is_inside_condition {
            // A default decides no condition.
            let is_given = self.context.parameters.contains_key(name);
            return (!is_given).then(any_other_value);
        }
        if self.template.rules.is_some() {
            self.setting.conditions.heed_rules(self, name);
        }
        let facts = facts(&self.choices.path.borrow());
        let found = self.setting.conditions.binding(name, default, &facts);
        let mut known = self.bindings.borrow_mut();
        known.insert(name.to_owned(), found.clone());
        found
    }

    /// An evaluator for what is the same in every combination.
    pub(crate) fn plain(&self) -> Evaluator<'t, '_> {
        Evaluator::new(self.setting)
    }
}

/// What is known about a parameter of which only some values matter.
pub(crate) fn any_other_value() -> Binding {
    Binding::Hidden("it can have any other value".to_owned())
}

/// Whether the value may be `AWS::NoValue`, now or after a choice inside it.
fn may_be_nothing(node: Node<'_>) -> bool {
    let mut members = node.members();
    match (members.next(), members.next()) {
        (Some(only), None) if only.key == "Ref" => only.value.as_str() == Some("AWS::NoValue"),
        (Some(only), None) => only.key == "Fn::If",
        _ => false,
    }
}
