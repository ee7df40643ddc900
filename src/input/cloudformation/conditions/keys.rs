//! The keys of a mapping that one can be which is not known: each is tried, one after the other.
//! It does not know what the values are used for.

use std::rc::Rc;

use super::choices::{Way, facts};
use super::compile::CONTRADICTION;
use super::known_keys::{Chooser, MOST_HELD, MappedKeyQuestion, MatchingKeys};
use super::solver::{Fact, Formula};
use super::valuation::Valuation;
use crate::input::cloudformation::expression::evaluate::{Decisions, Evaluator};
use crate::input::cloudformation::expression::setting::TemplateSetting;
use crate::input::cloudformation::expression::value::{Text, TextPart};
use crate::input::cloudformation::template::function::call;
use crate::input::cloudformation::template::mapping::{FIND_IN_MAP, MappingLevel};
use crate::input::cloudformation::template::parameters::PSEUDO;
use crate::model::{AssumedOutcome, Shape};
use crate::source::Node;

/// Bytes that the name of what decides may have.
const LONGEST_NAME: usize = 80;

/// The text that a function is given, or that a value is.
fn given<'t>(key: Node<'t>) -> Option<&'t str> {
    let given = call(key).and_then(|call| call.argument);
    given.unwrap_or(key).as_str()
}

impl<'t> Valuation<'t, '_> {
    /// The key that is tried for one that is not known; no key stands for any that the mapping does not have.
    ///
    /// `None`: what decides is not known.
    pub(crate) fn chosen_key(
        &self,
        asker: &Evaluator<'t, '_>,
        level: &MappingLevel<'t>,
    ) -> Option<Result<Option<String>, String>> {
        let text = asker.text_of(asker.resolve(level.key))?;
        let keys = self.keys(asker, level, &text);
        if keys.values.is_empty() && !keys.is_made {
            return Some(match level.has_default {
                true => Ok(None),
                false => Err(format!(
                    "`{FIND_IN_MAP}` finds no key that fits in `Mappings`"
                )),
            });
        }
        let chooser = keys.chooser.as_ref()?;
        let (before, behind) = &chooser.around;
        let whole = |value: String| format!("{before}{value}{behind}");
        if let Some(decided) = self.decided_value(asker, chooser.name) {
            return Some(decided.map(|value| value.map(whole)));
        }
        let ways = keys
            .ways
            .get_or_init(|| self.key_ways(asker.setting, chooser, &keys.values, level.has_default));
        let chosen = match ways.as_slice() {
            [] => Err(CONTRADICTION.to_owned()),
            [only] => match &only.outcome {
                AssumedOutcome::Value(value) => Ok(value.clone()),
                AssumedOutcome::Condition(_) => Err(CONTRADICTION.to_owned()),
            },
            ways => self.open_value(asker, chooser.name, ways),
        };
        Some(chosen.map(|value| value.map(whole)))
    }

    /// The keys that one which is not known may be. The same is asked for each resource and each combination.
    fn keys(
        &self,
        asker: &Evaluator<'t, '_>,
        level: &MappingLevel<'t>,
        text: &Text<'t>,
    ) -> Rc<MatchingKeys<'t>> {
        let shape = text.shape();
        let asked = MappedKeyQuestion {
            section: level.section.id(),
            next: level.next,
            has_default: level.has_default,
            shape: shape.to_string(),
            given: given(level.key),
            facts: facts(&self.path.borrow()),
        };
        let known = &self.conditions.keys;
        if let Some(keys) = known.keys.borrow().get(&asked) {
            return Rc::clone(keys);
        }
        let keys = Rc::new(fitting_keys(asker, level, text, &shape));
        let held = known.held.get() + level.section.members().len();
        if held > MOST_HELD {
            known.keys.borrow_mut().clear();
        }
        known.held.set(if held > MOST_HELD { 0 } else { held });
        known.keys.borrow_mut().insert(asked, Rc::clone(&keys));
        keys
    }

    fn key_ways(
        &self,
        setting: &TemplateSetting<'t>,
        chooser: &Chooser<'t>,
        values: &[&str],
        has_default: bool,
    ) -> Vec<Way> {
        let known = facts(&self.path.borrow());
        let outcomes = values.iter().map(|value| Some((*value).to_owned()));
        let outcomes = outcomes.chain(has_default.then_some(None));
        let found: Vec<Option<Fact>> = match chooser.is_parameter {
            true => self.key_facts(setting, chooser.name, values, has_default),
            false => Vec::new(),
        };
        let conditions = self.conditions.state.borrow();
        let facts = found.into_iter().chain(std::iter::repeat(None));
        let ways = outcomes.zip(facts).filter(|(_, fact)| {
            let Some(fact) = fact else { return true };
            let together: Vec<Fact> = known.iter().copied().chain([*fact]).collect();
            !conditions.solver.is_reachable(&together).is_false()
        });
        let way = |(value, fact)| Way {
            outcome: AssumedOutcome::Value(value),
            fact,
        };
        ways.map(way).collect()
    }

    /// What it means that a parameter has each of these values, or none of them.
    fn key_facts(
        &self,
        setting: &TemplateSetting<'t>,
        name: &'t str,
        values: &[&str],
        has_default: bool,
    ) -> Vec<Option<Fact>> {
        self.conditions.compile(setting, |compiler| {
            let Some(variable) = compiler.variable(name) else {
                return Vec::new();
            };
            let each: Vec<Formula> = values
                .iter()
                .map(|value| compiler.is(variable, value))
                .collect();
            let none = Formula::Not(Box::new(Formula::Any(each.clone())));
            let all = each.into_iter().chain(has_default.then_some(none));
            let state = &mut *compiler.state;
            let numbered = all.map(|formula| match formula {
                Formula::Is(variable, value) => state.value(variable, value),
                formula => state.solver.formula(formula),
            });
            numbered.map(|formula| Some((formula, true))).collect()
        })
    }
}

fn fitting_keys<'t>(
    asker: &Evaluator<'t, '_>,
    level: &MappingLevel<'t>,
    text: &Text<'t>,
    shape: &Shape,
) -> MatchingKeys<'t> {
    let mut keys = MatchingKeys::default();
    if (level.section.members()).any(|entry| entry.key.starts_with("Fn::")) {
        keys.is_made = true;
        return keys;
    }
    let leads_on = |value: Node<'t>| match level.next {
        Some(next) if !level.has_default => value.get(next).is_some(),
        _ => true,
    };
    let entries = level.section.members();
    let fitting = entries.filter(|one| shape.admits(one.key) && leads_on(one.value));
    keys.values = fitting.map(|entry| entry.key).collect();
    keys.chooser = chooser(asker, level.key, text);
    if let Some(chooser) = &keys.chooser {
        let (before, behind) = &chooser.around;
        let value = |key: &&'t str| {
            key.strip_prefix(before.as_str())?
                .strip_suffix(behind.as_str())
        };
        keys.values = keys.values.iter().filter_map(value).collect();
    }
    keys
}

/// What decides which key it is: the one thing in it that is not known.
fn chooser<'t>(asker: &Evaluator<'t, '_>, key: Node<'t>, text: &Text<'t>) -> Option<Chooser<'t>> {
    let (mut before, mut behind, mut hole) = (String::new(), String::new(), None);
    for part in &text.parts {
        match (part, hole) {
            (TextPart::Known { text, .. }, None) => before.push_str(text),
            (TextPart::Known { text, .. }, Some(_)) => behind.push_str(text),
            (TextPart::Hole { name, .. }, None) => hole = Some(name.as_str()),
            (TextPart::Hole { .. }, Some(_)) => return written(asker, key),
        }
    }
    let hole = hole?;
    let parameters = asker.template.parameters;
    let parameter = parameters.and_then(|all| Some(all.member(hole)?.key));
    let pseudo = || PSEUDO.into_iter().find(|pseudo| *pseudo == hole);
    match parameter.or_else(pseudo) {
        Some(name) => Some(Chooser {
            name,
            is_parameter: true,
            around: (before, behind),
        }),
        None => written(asker, key),
    }
}

/// The key by what its function is given, such as the name of an export: the same in every spelling.
fn written<'t>(asker: &Evaluator<'t, '_>, key: Node<'t>) -> Option<Chooser<'t>> {
    let name = given(key)?;
    let parameters = asker.template.parameters;
    let is_parameter = parameters.is_some_and(|all| all.get(name).is_some());
    let fits = !is_parameter && !PSEUDO.contains(&name) && name.len() <= LONGEST_NAME;
    (fits && !name.contains(['\n', '`'])).then(|| Chooser {
        name,
        is_parameter: false,
        around: (String::new(), String::new()),
    })
}
