//! `Fn::FindInMap`: a value of a mapping, and each that it can be where a key is not known.
//! It does not know what the values are used for.

use std::borrow::Cow;

use super::choices::{Way, facts};
use super::conditions::CONTRADICTION;
use super::evaluate::{Evaluator, call};
use super::intrinsics::malformed;
use super::property;
use super::pseudo::PSEUDO;
use super::solver::{Fact, Formula};
use super::value::{Part, Resolved, Text};
use crate::model::Outcome;
use crate::source::{Node, Span};

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

impl<'t> Evaluator<'t, '_> {
    /// `Fn::FindInMap`
    pub(super) fn find_in_map(&self, argument: Node<'t>, span: Span) -> Resolved<'t> {
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
                return Resolved::unknown(span, NAME, property::twice(&key));
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
        let is_made = |key: &str| key.starts_with("Fn::");
        let mut entries = level.section.members();
        if self.is_inside_condition || entries.any(|entry| is_made(entry.key)) {
            return None;
        }
        let text = self.text_of(self.resolve(level.key))?;
        let shape = text.shape();
        let leads_on = |value: Node<'t>| match level.next {
            Some(next) if !level.has_default => value.get(next).is_some(),
            _ => true,
        };
        let entries = level.section.members();
        let fitting = entries.filter(|one| shape.admits(one.key) && leads_on(one.value));
        let keys: Vec<&'t str> = fitting.map(|entry| entry.key).collect();
        if keys.is_empty() {
            return Some(match level.has_default {
                true => Ok(None),
                false => Err(format!("`{NAME}` finds no key that fits in `Mappings`")),
            });
        }
        let chooser = self.chooser(level.key, &text)?;
        let (before, behind) = &chooser.around;
        let decided = self
            .decided_value(chooser.name)
            .map(|value| value.map(|it| it.map(|it| format!("{before}{it}{behind}"))));
        if decided.is_some() {
            return decided;
        }
        let values: Vec<&str> = keys
            .iter()
            .filter_map(|key| {
                key.strip_prefix(before.as_str())?
                    .strip_suffix(behind.as_str())
            })
            .collect();
        let mut ways = self.key_ways(&chooser, &values, level.has_default);
        let chosen = match ways.as_slice() {
            [] => Err(CONTRADICTION.to_owned()),
            [_] => match ways.pop().map(|way| way.outcome) {
                Some(Outcome::Value(value)) => Ok(value),
                _ => Err(CONTRADICTION.to_owned()),
            },
            _ => self.open_value(chooser.name, ways),
        };
        Some(chosen.map(|value| value.map(|value| format!("{before}{value}{behind}"))))
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
        let given = call(key).and_then(|call| call.argument);
        let name = given.unwrap_or(key).as_str()?;
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
            conditions.solver.is_reachable(&together) != Some(false)
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
            let solver = &mut compiler.state.solver;
            all.map(|formula| Some((solver.formula(formula), true)))
                .collect()
        })
    }
}
