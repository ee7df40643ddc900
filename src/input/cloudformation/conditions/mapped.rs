//! `Fn::FindInMap`: a value of a mapping, and each that it can be where a key is not known.
//! It does not know what the values are used for.

use crate::input::cloudformation::template::attributes;
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::choices::{Way, facts};
use super::compile::CONTRADICTION;
use super::solver::{Fact, Formula};
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::intrinsics::malformed;
use crate::input::cloudformation::template::function::call;

use crate::input::cloudformation::expression::value::{Part, Resolved, Text};
use crate::input::cloudformation::template::parameters::PSEUDO;
use crate::model::{Outcome, Shape};
use crate::source::{ArenaNodeId, Node, Span};

const NAME: &str = "Fn::FindInMap";
/// Bytes that the name of what decides may have.
const LONGEST_NAME: usize = 80;

/// What decides which key it is.
struct Chooser<'t> {
    /// Name of the parameter, or what the function is given that makes the key.
    name: &'t str,
    /// Whether it is a parameter or pseudo parameter.
    is_parameter: bool,
    /// What stands before and behind its value in the key.
    around: (String, String),
}

/// A level of a mapping, and what is asked for there.
struct Level<'t> {
    section: Node<'t>,
    key: Node<'t>,
    /// The key that is asked for in what is found, where that is known.
    next: Option<&'t str>,
    has_default: bool,
}

/// The keys that were looked for in a template.
#[derive(Default)]
pub(crate) struct Known<'t> {
    keys: RefCell<FxHashMap<Asked<'t>, Rc<Keys<'t>>>>,
    /// How many keys they are about.
    held: Cell<usize>,
}

/// Keys that are remembered at once; beyond it all are forgotten.
const MOST_HELD: usize = 200_000;

/// A question for keys that fit.
#[derive(PartialEq, Eq, Hash)]
struct Asked<'t> {
    section: ArenaNodeId,
    next: Option<&'t str>,
    has_default: bool,
    /// What is known of the key.
    shape: String,
    /// What the function is given that makes the key.
    given: Option<&'t str>,
    /// What is taken for granted.
    facts: Vec<Fact>,
}

/// The keys that fit where the key is not known.
#[derive(Default)]
struct Keys<'t> {
    /// Whether some keys of the mapping are made by functions, so that it cannot be told which fit.
    is_made: bool,
    /// What decides which it is, where that can be told.
    chooser: Option<Chooser<'t>>,
    /// What decides, for each of them.
    values: Vec<&'t str>,
    /// The ways that it can turn out.
    ways: OnceCell<Vec<Way>>,
}

/// The text that a function is given, or that a value is.
fn given<'t>(key: Node<'t>) -> Option<&'t str> {
    let given = call(key).and_then(|call| call.argument);
    given.unwrap_or(key).as_str()
}

impl<'t> Evaluator<'t, '_> {
    /// `Fn::FindInMap`
    pub(crate) fn find_in_map(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
        let arguments: Vec<_> = argument.items().take(5).collect();
        let (&[map, top, second], default) = match arguments.split_first_chunk::<3>() {
            Some((keys, [])) => (keys, None),
            Some((keys, [options])) => (keys, options.get("DefaultValue")),
            _ => return malformed(NAME, "a mapping and two keys", span),
        };
        let mut found = self.template.mappings;
        for (key, next) in [(map, top), (top, second), (second, second)] {
            let level = found.map(|section| Level {
                section,
                key,
                next: next.as_str().filter(|_| next.span() != key.span()),
                has_default: default.is_some(),
            });
            if let Some(same) = level.as_ref().and_then(|level| self.same_for_all(level)) {
                return self.moved(same, span);
            }
            let key = match (self.known(key), level) {
                (Ok(key), _) => Ok(Some(key)),
                (Err(Some(reason)), Some(level)) => match self.chosen_key(&level) {
                    Some(chosen) => chosen.map(|key| key.map(Cow::Owned)),
                    None => Err(reason),
                },
                (Err(Some(reason)), None) => Err(reason),
                (Err(None), _) => return malformed(NAME, "a mapping and two keys", span),
            };
            let key = match (key, default) {
                (Ok(Some(key)), _) => key,
                (Ok(None), Some(default)) => return self.resolve(default),
                (Ok(None), None) => Cow::Borrowed(""),
                (Err(reason), _) => return Resolved::unknown(span, NAME, reason),
            };
            if found.is_some_and(|section| section.contradicts(&key)) {
                return Resolved::unknown(span, NAME, attributes::twice(&key));
            }
            let next = found.and_then(|section| section.get(&key));
            match (next, default) {
                (Some(next), _) => found = Some(next),
                (None, Some(default)) => return self.resolve(default),
                (None, None) => {
                    let reason = format!("`{NAME}` finds no `{key}` in `Mappings`");
                    return Resolved::unknown(span, NAME, reason);
                }
            }
        }
        match found {
            Some(value) => self.moved(value, span),
            None => malformed(NAME, "a mapping and two keys", span),
        }
    }

    /// The value that all keys of a mapping lead to, where the key is not known.
    fn same_for_all(&self, level: &Level<'t>) -> Option<Node<'t>> {
        let next = level.next.filter(|_| !level.has_default)?;
        if level.key.as_str().is_some() || self.known(level.key).is_ok() {
            return None;
        }
        let entries = level.section.members();
        let mut values = entries.map(|entry| entry.value.get(next));
        let first = values.next()??;
        let text = first.as_text()?;
        let is_same = |value: Option<Node<'t>>| value.and_then(Node::as_text) == Some(text);
        (!level.section.has_doubles() && values.all(is_same)).then_some(first)
    }

    /// The key that is tried for one that is not known; no key stands for any that the mapping does not have.
    ///
    /// `None`: it cannot be told what decides.
    fn chosen_key(&self, level: &Level<'t>) -> Option<Result<Option<String>, String>> {
        if self.is_inside_condition {
            return None;
        }
        let text = self.text_of(self.resolve(level.key))?;
        let keys = self.keys(level, &text);
        if keys.values.is_empty() && !keys.is_made {
            return Some(match level.has_default {
                true => Ok(None),
                false => Err(format!("`{NAME}` finds no key that fits in `Mappings`")),
            });
        }
        let chooser = keys.chooser.as_ref()?;
        let (before, behind) = &chooser.around;
        let whole = |value: String| format!("{before}{value}{behind}");
        if let Some(decided) = self.decided_value(chooser.name) {
            return Some(decided.map(|value| value.map(whole)));
        }
        let ways = keys
            .ways
            .get_or_init(|| self.key_ways(chooser, &keys.values, level.has_default));
        let chosen = match ways.as_slice() {
            [] => Err(CONTRADICTION.to_owned()),
            [only] => match &only.outcome {
                Outcome::Value(value) => Ok(value.clone()),
                Outcome::Condition(_) => Err(CONTRADICTION.to_owned()),
            },
            ways => self.open_value(chooser.name, ways),
        };
        Some(chosen.map(|value| value.map(whole)))
    }

    /// The keys that one which is not known may be. The same is asked for each resource and each combination.
    fn keys(&self, level: &Level<'t>, text: &Text<'t>) -> Rc<Keys<'t>> {
        let shape = text.shape();
        let asked = Asked {
            section: level.section.id(),
            next: level.next,
            has_default: level.has_default,
            shape: shape.to_string(),
            given: given(level.key),
            facts: facts(&self.choices.path.borrow()),
        };
        let known = &self.setting.keys;
        if let Some(keys) = known.keys.borrow().get(&asked) {
            return Rc::clone(keys);
        }
        let keys = Rc::new(self.fitting_keys(level, text, &shape));
        let held = known.held.get() + level.section.members().len();
        if held > MOST_HELD {
            known.keys.borrow_mut().clear();
        }
        known.held.set(if held > MOST_HELD { 0 } else { held });
        known.keys.borrow_mut().insert(asked, Rc::clone(&keys));
        keys
    }

    fn fitting_keys(&self, level: &Level<'t>, text: &Text<'t>, shape: &Shape) -> Keys<'t> {
        let mut keys = Keys::default();
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
        keys.chooser = self.chooser(level.key, text);
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
    fn chooser(&self, key: Node<'t>, text: &Text<'t>) -> Option<Chooser<'t>> {
        let (mut before, mut behind, mut hole) = (String::new(), String::new(), None);
        for part in &text.parts {
            match (part, hole) {
                (Part::Known { text, .. }, None) => before.push_str(text),
                (Part::Known { text, .. }, Some(_)) => behind.push_str(text),
                (Part::Hole { name, .. }, None) => hole = Some(name.as_str()),
                (Part::Hole { .. }, Some(_)) => return self.written(key),
            }
        }
        let hole = hole?;
        let parameters = self.template.parameters;
        let parameter = parameters.and_then(|all| Some(all.member(hole)?.key));
        let pseudo = || PSEUDO.into_iter().find(|pseudo| *pseudo == hole);
        match parameter.or_else(pseudo) {
            Some(name) => Some(Chooser {
                name,
                is_parameter: true,
                around: (before, behind),
            }),
            None => self.written(key),
        }
    }

    /// The key by what its function is given, such as the name of an export: the same in every spelling.
    fn written(&self, key: Node<'t>) -> Option<Chooser<'t>> {
        let name = given(key)?;
        let parameters = self.template.parameters;
        let is_parameter = parameters.is_some_and(|all| all.get(name).is_some());
        let fits = !is_parameter && !PSEUDO.contains(&name) && name.len() <= LONGEST_NAME;
        (fits && !name.contains(['\n', '`'])).then(|| Chooser {
            name,
            is_parameter: false,
            around: (String::new(), String::new()),
        })
    }

    fn key_ways(&self, chooser: &Chooser<'t>, values: &[&str], has_default: bool) -> Vec<Way> {
        let known = facts(&self.choices.path.borrow());
        let outcomes = values.iter().map(|value| Some((*value).to_owned()));
        let outcomes = outcomes.chain(has_default.then_some(None));
        let found: Vec<Option<Fact>> = match chooser.is_parameter {
            true => self.key_facts(chooser.name, values, has_default),
            false => Vec::new(),
        };
        let conditions = self.setting.conditions.state.borrow();
        let facts = found.into_iter().chain(std::iter::repeat(None));
        let ways = outcomes.zip(facts).filter(|(_, fact)| {
            let Some(fact) = fact else { return true };
            let together: Vec<Fact> = known.iter().copied().chain([*fact]).collect();
            !conditions.solver.is_reachable(&together).is_false()
        });
        let way = |(value, fact)| Way {
            outcome: Outcome::Value(value),
            fact,
        };
        ways.map(way).collect()
    }

    /// What it means that a parameter has each of these values, or none of them.
    fn key_facts(&self, name: &'t str, values: &[&str], has_default: bool) -> Vec<Option<Fact>> {
        self.setting.conditions.compile(self, |compiler| {
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
