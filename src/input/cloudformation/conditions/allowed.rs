//! Parameters whose declaration lists their values: each value is tried, one after the other.
//! It does not know what the values are used for.

use super::choices::{Asking, Choice, MOST, Way, facts};
use super::compile::{CONTRADICTION, Conditions};
use super::solver::Fact;
use super::valuation::Valuation;
use crate::input::cloudformation::expression::evaluate::{Decisions, Evaluator};
use crate::input::cloudformation::expression::setting::TemplateSetting;
use crate::model::AssumedOutcome;
use crate::source::Node;

/// Values that a reason spells out.
const MOST_TOLD: usize = 4;

impl<'t> Conditions<'t> {
    /// The ways that a parameter can turn out where `facts` hold; `None` unless its declaration lists all of
    /// its values.
    fn values(
        &self,
        setting: &TemplateSetting<'t>,
        name: &'t str,
        facts: &[Fact],
    ) -> Option<Vec<Way>> {
        self.compile(setting, |compiler| compiler.variable(name));
        let mut state = self.state.borrow_mut();
        let variable = *state.variables.get(name)?;
        let domain = state.domains[variable].clone();
        let domain: Vec<String> = domain.into_iter().collect::<Option<_>>()?;
        let is_free = !state.solver.concerns(facts, variable);
        let mut ways = Vec::with_capacity(domain.len());
        for (value, text) in domain.into_iter().enumerate() {
            let is_possible = || !state.solver.is_possible(facts, variable, value).is_false();
            if is_free || is_possible() {
                ways.push(Way {
                    outcome: AssumedOutcome::Value(Some(text)),
                    fact: Some((state.value(variable, value), true)),
                });
            }
        }
        Some(ways)
    }
}

impl<'t> Valuation<'t, '_> {
    /// The value of a parameter that has one of those which its declaration lists, or why that is not decided;
    /// `None` for a parameter that can have other values.
    pub(crate) fn chosen_value(
        &self,
        asker: &Evaluator<'t, '_>,
        name: &'t str,
        declaration: Node<'t>,
    ) -> Option<Result<String, String>> {
        let other = || format!("parameter `{name}` can have any other value");
        if let Some(decided) = self.decided_value(asker, name) {
            return Some(decided.and_then(|value| value.ok_or_else(other)));
        }
        let mut lists = ["AllowedValues", "AllowedPattern"].into_iter();
        if !lists.any(|list| declaration.get(list).is_some()) {
            return None;
        }
        let facts = facts(&self.path.borrow());
        let mut ways = self.conditions.values(asker.setting, name, &facts)?;
        if ways.len() < 2 {
            let only = ways.pop().map(|way| way.outcome);
            return Some(match only {
                Some(AssumedOutcome::Value(Some(value))) => Ok(value),
                _ => Err(CONTRADICTION.to_owned()),
            });
        }
        let chosen = self.open_value(asker, name, &ways);
        Some(chosen.and_then(|value| value.ok_or_else(other)))
    }

    /// Looks at each of several values, one after the other, or says why not.
    pub(crate) fn open_value(
        &self,
        asker: &Evaluator<'t, '_>,
        name: &'t str,
        ways: &[Way],
    ) -> Result<Option<String>, String> {
        let several = || several(name, ways);
        if ways.len() > MOST || self.left_out.contains(&name) {
            self.is_provisional.set(true);
            let told = several();
            return Err(format!(
                "{told}, and there are more than {MOST} combinations"
            ));
        }
        match self.asking(asker) {
            Asking::Each => {
                let mut ways: Vec<Way> = ways.iter().rev().cloned().collect();
                let way = ways.pop().ok_or_else(|| CONTRADICTION.to_owned())?;
                let value = match &way.outcome {
                    AssumedOutcome::Value(value) => value.clone(),
                    AssumedOutcome::Condition(holds) => Some(holds.to_string()),
                };
                self.path.borrow_mut().push(Choice {
                    name,
                    way,
                    others: ways,
                });
                Ok(value)
            }
            asking => Err(self.refuse(asker, asking, several)),
        }
    }
}

/// Says which values a parameter can have.
fn several(name: &str, ways: &[Way]) -> String {
    if ways.len() > MOST_TOLD {
        return format!("parameter `{name}` can have any of {} values", ways.len());
    }
    let values = ways.iter().filter_map(|way| match &way.outcome {
        AssumedOutcome::Value(Some(value)) if value.is_empty() => Some("nothing".to_owned()),
        AssumedOutcome::Value(Some(value)) => Some(format!("`{value}`")),
        AssumedOutcome::Value(None) => Some("anything else".to_owned()),
        AssumedOutcome::Condition(_) => None,
    });
    let values: Vec<String> = values.collect();
    match values.split_last() {
        Some((last, others)) => {
            format!("parameter `{name}` can be {} or {last}", others.join(", "))
        }
        None => format!("parameter `{name}` has no value"),
    }
}
