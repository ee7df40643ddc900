//! What parameters and pseudo parameters can be, as variables of the solver.
//! It does not know what they are compared for.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::compile::Compiler;
use super::constraint::{Constraints, distinct};
use super::solver::Formula;
use crate::input::cloudformation::expression::limits::allowed_values;
use crate::input::cloudformation::expression::pseudo;
use crate::input::cloudformation::expression::value::{TextPart, literal};
use crate::input::cloudformation::template::parameters::{is_list, is_looked_up};
use crate::model::partition;
use crate::source::Node;

impl<'t> Compiler<'_, 't, '_> {
    /// Whether the variable has this value.
    pub(crate) fn is(&mut self, variable: usize, text: &str) -> Formula {
        let domain = &self.state.domains[variable];
        match self.state.numbers[variable].get(text) {
            Some(value) => Formula::Is(variable, *value),
            None if !self.can_be(variable, text) => Formula::Known(false),
            None if domain.contains(&None) => self.is_one_of_the_others(variable, text),
            None => Formula::Known(false),
        }
    }

    /// Whether the declaration of a parameter allows a value.
    fn can_be(&self, variable: usize, text: &str) -> bool {
        let constraints = self.state.constraints.get(&variable);
        constraints.is_none_or(|constraints| constraints.admit(text))
    }

    /// Whether the variable has a value that has no number of its own. It has one of them at most.
    fn is_one_of_the_others(&mut self, variable: usize, text: &str) -> Formula {
        let prefix = format!("={variable}=");
        let key = format!("{prefix}{text}");
        if let Some(known) = self.state.variables.get(&key) {
            return Formula::Is(*known, 0);
        }
        let rivals = self.state.variables.iter();
        let rivals: Vec<_> = rivals
            .filter(|(name, _)| name.starts_with(&prefix))
            .map(|(_, rival)| Formula::Is(*rival, 0))
            .collect();
        let this = Formula::Is(self.add(key, vec![Some(text.to_owned()), None]), 0);
        let other = Formula::Is(variable, domain_other(&self.state.domains[variable]));
        let no_rival = Formula::Not(Box::new(Formula::Any(rivals)));
        self.state.solver.law(Formula::Any(vec![
            Formula::Not(Box::new(this.clone())),
            Formula::All(vec![other, no_rival]),
        ]));
        this
    }

    /// The value that a parameter was given from outside.
    pub(crate) fn given(&self, name: &str) -> Option<String> {
        let declaration = self.setting.template.text_parameter(name)?;
        let given = self.setting.context.parameters.get(name)?;
        (!is_looked_up(declaration)).then(|| given.value.clone())
    }

    /// Something that may be true or false; equal keys are the same thing.
    pub(crate) fn free(&mut self, key: String) -> Formula {
        // A name of a parameter has no such character in it.
        let variable = self.add(format!("={key}"), vec![Some("true".to_owned()), None]);
        Formula::Is(variable, 0)
    }

    fn add(&mut self, name: String, domain: Vec<Option<String>>) -> usize {
        if let Some(known) = self.state.variables.get(&name) {
            return *known;
        }
        let variable = self.state.solver.variable(domain.len());
        let mut numbers = FxHashMap::default();
        for (number, value) in domain.iter().enumerate() {
            if let Some(value) = value {
                numbers.entry(value.clone()).or_insert(number);
            }
        }
        self.state.numbers.push(numbers);
        self.state.domains.push(domain);
        self.state.variables.insert(name, variable);
        variable
    }

    /// The variable of a parameter or pseudo parameter whose value is chosen at deployment.
    pub(crate) fn variable(&mut self, name: &'t str) -> Option<usize> {
        if let Some(known) = self.state.variables.get(name) {
            return Some(*known);
        }
        let literals = self.state.literals.get(name).cloned().unwrap_or_default();
        let mut domain = Vec::new();
        let mut constraints = None;
        if name.starts_with("AWS::") {
            let Some(TextPart::Hole { .. }) = pseudo::part(
                name,
                &self.setting.context,
                self.setting.template.root.span(),
            ) else {
                return None;
            };
            domain.extend(literals.into_iter().map(Some));
            domain.push(None);
        } else {
            let declaration = self.setting.template.tried_parameter(name)?;
            domain = values(declaration, literals);
            if !is_looked_up(declaration) && !is_list(declaration) {
                constraints = Some(Constraints::of(declaration));
            }
        }
        let variable = self.add(name.to_owned(), domain);
        if let Some(constraints) = constraints {
            self.state.constraints.insert(variable, constraints);
        }
        self.regions();
        Some(variable)
    }

    /// Partition and host suffix follow from a known region, and the suffix from a known partition.
    fn regions(&mut self) {
        for (name, of) in [
            ("AWS::Partition", "AWS::Region"),
            ("AWS::URLSuffix", "AWS::Region"),
            ("AWS::URLSuffix", "AWS::Partition"),
        ] {
            let known = |name: &str| self.state.variables.get(name).copied();
            let (Some(follower), Some(leader)) = (known(name), known(of)) else {
                continue;
            };
            let link = format!("={name} of {of}");
            if self.state.variables.contains_key(&link) {
                continue;
            }
            self.add(link, vec![None]);
            self.follow(name, follower, of, leader);
        }
    }

    /// One pseudo parameter is what another one makes of it.
    fn follow(&mut self, name: &str, follower: usize, of: &str, leader: usize) {
        let domain = self.state.domains[follower].clone();
        let position = |text: &str| {
            let known = domain.iter().position(|it| it.as_deref() == Some(text));
            known.unwrap_or_else(|| domain_other(&domain))
        };
        // What a value that nobody compares with makes of it is among these.
        let mut others = Vec::new();
        let leaders = self.state.domains[leader].clone();
        let is_named = |text: &str| leaders.iter().any(|it| it.as_deref() == Some(text));
        for (partition, suffix) in partition::all() {
            if of == "AWS::Partition" && !is_named(partition) {
                others.push(Formula::Is(follower, position(suffix)));
            }
        }
        // A partition that is not in the table may share the suffix of the greatest, or have one of its own.
        others.push(Formula::Is(follower, domain_other(&domain)));
        others.push(Formula::Is(follower, position("amazonaws.com")));
        for (value, text) in leaders.iter().enumerate() {
            let follows = match text {
                Some(text) => match pseudo::follows(name, of, text) {
                    Some(expected) => Formula::Is(follower, position(expected)),
                    None => continue,
                },
                None if of == "AWS::Partition" => Formula::Any(others.clone()),
                None => continue,
            };
            let elsewhere = Formula::Not(Box::new(Formula::Is(leader, value)));
            self.state
                .solver
                .law(Formula::Any(vec![elsewhere, follows]));
        }
    }
}

/// The values that a parameter can have; `None` is any other.
fn values(declaration: Node<'_>, literals: BTreeSet<String>) -> Vec<Option<String>> {
    // What is said about names of Systems Manager parameters says nothing about what they hold.
    if is_looked_up(declaration) {
        return literals.into_iter().map(Some).chain([None]).collect();
    }
    let constraints = Constraints::of(declaration);
    if let Some(allowed) = allowed_values(declaration).map(distinct) {
        let mut possible = allowed.clone();
        possible.retain(|text| constraints.admit(text));
        if possible.is_empty() {
            possible = allowed;
        }
        if is_list(declaration) {
            possible = lists(possible, declaration);
        }
        return possible.into_iter().map(Some).collect();
    }
    if let Some(words) = constraints.words() {
        return words.into_iter().map(Some).collect();
    }
    let default = declaration.get("Default").and_then(literal);
    let mut known: BTreeSet<String> = literals;
    known.extend(default);
    known.retain(|text| constraints.admit(text));
    known.into_iter().map(Some).chain([None]).collect()
}

/// The lists of allowed items that are tried: the default, each item alone, and all of them.
///
/// There are as many others as one likes; what goes wrong in them goes wrong in one of these in all that ECR's
/// properties and policies are made of.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>
fn lists(items: Vec<String>, declaration: Node<'_>) -> Vec<String> {
    let default = declaration.get("Default").and_then(literal);
    let whole = items.join(",");
    distinct(default.into_iter().chain(items).chain([whole]))
}

fn domain_other(domain: &[Option<String>]) -> usize {
    let other = domain.iter().position(Option::is_none);
    other.unwrap_or(domain.len())
}
