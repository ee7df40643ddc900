//! Values that were given for the parameters of templates, on the command line or in files.
//! It does not know what templates do with them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::setup::Setup;
use crate::config::parameters::{self, ParameterValue};
use crate::input::{Note, Override};
use crate::source::{Problem, Span, nearest};

/// Values of template parameters.
#[derive(Default)]
pub(super) struct ParameterValues {
    /// Those for every stack, by name.
    everywhere: Arc<BTreeMap<String, Override>>,
    /// Those that were given as `Stack:Name`, by stack, with those for every stack.
    by_stack: BTreeMap<String, Arc<BTreeMap<String, Override>>>,
    /// Where each of those stands that were given for one stack, by stack and name.
    of_one: BTreeMap<(String, String), Option<Span>>,
}

impl ParameterValues {
    /// The values that `--parameters` gives, later ones over earlier ones. Mistakes in them are
    /// added to the problems of the set-up.
    pub(super) fn read(arguments: &[String], setup: &mut Setup) -> Self {
        let mut everywhere = BTreeMap::new();
        let mut by_stack: BTreeMap<String, BTreeMap<String, Override>> = BTreeMap::new();
        for parameter in arguments
            .iter()
            .flat_map(|argument| parameter_values(argument, setup))
        {
            // The previous value of a deployed stack is as unknown as no value.
            let Some(value) = parameter.value.value else {
                continue;
            };
            let value = Override {
                value,
                span: Some(parameter.name.span),
            };
            match parameter.name.value.split_once(':') {
                Some((stack, name)) => {
                    let values = by_stack.entry(stack.to_owned()).or_default();
                    values.insert(name.to_owned(), value);
                }
                None => {
                    everywhere.insert(parameter.name.value, value);
                }
            }
        }
        let of_one = by_stack.iter().flat_map(|(stack, values)| {
            let key = |name: &String| (stack.clone(), name.clone());
            values
                .iter()
                .map(move |(name, value)| (key(name), value.span))
        });
        let of_one = of_one.collect();
        let by_stack = by_stack.into_iter().map(|(stack, values)| {
            let mut all = everywhere.clone();
            all.extend(values);
            (stack, Arc::new(all))
        });
        Self {
            by_stack: by_stack.collect(),
            everywhere: Arc::new(everywhere),
            of_one,
        }
    }

    /// Those for the templates of a stack.
    pub(super) fn of(&self, stack: Option<&str>) -> Arc<BTreeMap<String, Override>> {
        stack
            .and_then(|stack| self.by_stack.get(stack))
            .unwrap_or(&self.everywhere)
            .clone()
    }

    /// Whether none was given.
    pub(super) fn is_empty(&self) -> bool {
        self.everywhere.is_empty() && self.of_one.is_empty()
    }

    /// Remarks about values for parameters that no template has: `declared` has the stack and the
    /// parameters of each template.
    pub(super) fn unclaimed(&self, declared: &[(Option<String>, &[String])]) -> Vec<Note> {
        let all: BTreeSet<&str> = declared
            .iter()
            .flat_map(|(_, names)| names.iter().map(String::as_str))
            .collect();
        let everywhere = self.everywhere.iter();
        let everywhere = everywhere.filter(|(name, _)| !all.contains(name.as_str()));
        let everywhere = everywhere.map(|(name, value)| {
            let title = format!("no template of the run has a parameter `{name}`");
            remark(value.span, title, nearest(name, all.iter().copied()))
        });
        let of_one = self.of_one.iter().filter_map(|((stack, name), span)| {
            let own = declared
                .iter()
                .filter(|(of, _)| of.as_deref() == Some(stack));
            let own: Vec<&str> = own
                .flat_map(|(_, names)| names.iter().map(String::as_str))
                .collect();
            let title = format!("no template of the stack `{stack}` has a parameter `{name}`");
            let is_missing = !own.contains(&name.as_str());
            is_missing.then(|| remark(*span, title, nearest(name, own)))
        });
        everywhere.chain(of_one).collect()
    }
}

fn remark(span: Option<Span>, title: String, near: Option<&str>) -> Note {
    let problem = Problem::new(span.unwrap_or_default(), title).label("its value is not used");
    Note::Mistake(match near {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("remove it, or name the template that has it"),
    })
}

/// The values of one `--parameters`: `NAME=VALUE`, or the name of a file.
fn parameter_values(argument: &str, setup: &mut Setup) -> Vec<ParameterValue> {
    let is_file = !argument.contains('=') || Path::new(argument).is_file();
    let read = if is_file {
        parameters::load(Path::new(argument), &setup.door, &mut setup.sources)
    } else {
        parameters::parse("--parameters", argument.to_owned(), &mut setup.sources)
    };
    read.unwrap_or_else(|problems| {
        setup.problems.extend(problems);
        Vec::new()
    })
}
