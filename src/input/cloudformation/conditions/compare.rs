//! What `Fn::Equals` compares, as formulas over the values that parameters can have.
//! It does not know conditions by name.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::compile::Compiler;
use super::solver::Formula;
use super::tried::TriedValues;
use crate::input::cloudformation::expression::decision::Binding;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::pseudo;
use crate::input::cloudformation::expression::setting::TemplateSetting;
use crate::input::cloudformation::expression::value::{Resolved, TextPart, literal};
use crate::input::cloudformation::template::function::{SubPart, items, segments};
use crate::model::{Piece, Shape};
use crate::source::{Kind, Member, Node};

/// Combinations of values that one comparison is tried with; with more, it may go either way.
const MAX_ROWS: usize = 256;
/// Parameters whose values are looked for in one comparison.
const MAX_NAMES: usize = 8;

/// One side of a comparison.
pub(crate) enum ComparisonSide<'t> {
    /// The same text in every deployment.
    Literal(String),
    /// Nothing but the value of a variable.
    Variable(usize, Node<'t>),
    /// Made of texts and variables.
    Computed(Node<'t>, BTreeSet<usize>),
}

/// One side of a comparison once every variable has a value.
enum ComparedValue<'t> {
    Known(String),
    /// None of the values that the variable has a number for.
    Other(usize, Node<'t>),
    Partly(Shape),
    Opaque(Node<'t>),
}

impl<'t> Compiler<'_, 't, '_> {
    /// What stands at one side of a comparison.
    pub(crate) fn operand(&mut self, node: Node<'t>) -> ComparisonSide<'t> {
        if let Some(text) = literal(node) {
            return ComparisonSide::Literal(text);
        }
        let name = node.get("Ref").and_then(Node::as_str);
        if let Some(name) = name.filter(|_| node.members().len() == 1) {
            if let Some(TextPart::Known { text, .. }) =
                pseudo::part(name, &self.setting.context, node.span())
            {
                return ComparisonSide::Literal(text.into_owned());
            }
            if let Some(given) = self.given(name) {
                return ComparisonSide::Literal(given);
            }
            if let Some(variable) = self.variable(name) {
                return ComparisonSide::Variable(variable, node);
            }
        }
        let mut names = BTreeSet::new();
        names_in(node, &mut names);
        names.retain(|name| self.given(name).is_none());
        let variables = names
            .into_iter()
            .filter_map(|name| self.variable(name))
            .take(MAX_NAMES)
            .collect();
        ComparisonSide::Computed(node, variables)
    }

    /// The value of a parameter, as one side of a comparison; `None` when it is not a single text.
    pub(crate) fn parameter(&mut self, parameter: Member<'t>) -> Option<ComparisonSide<'t>> {
        if let Some(given) = self.given(parameter.key) {
            return Some(ComparisonSide::Literal(given));
        }
        let variable = self.variable(parameter.key)?;
        Some(ComparisonSide::Variable(variable, parameter.value))
    }

    /// The formula for two sides being the same text.
    pub(crate) fn equals(
        &mut self,
        left: &ComparisonSide<'t>,
        right: &ComparisonSide<'t>,
    ) -> Formula {
        match (left, right) {
            (ComparisonSide::Literal(left), ComparisonSide::Literal(right)) => {
                Formula::Known(left == right)
            }
            (ComparisonSide::Literal(text), ComparisonSide::Variable(variable, _))
            | (ComparisonSide::Variable(variable, _), ComparisonSide::Literal(text)) => {
                self.is(*variable, text)
            }
            _ => self.table(left, right),
        }
    }

    /// Tries every combination of values.
    fn table(&mut self, left: &ComparisonSide<'t>, right: &ComparisonSide<'t>) -> Formula {
        let variables: BTreeSet<usize> = [left, right]
            .into_iter()
            .flat_map(ComparisonSide::variables)
            .collect();
        let sizes = variables.iter().map(|it| self.state.domains[*it].len());
        let rows = sizes.fold(1_usize, usize::saturating_mul);
        if rows > MAX_ROWS {
            return self.free(pair(left.source(), right.source()));
        }
        let mut any = Vec::new();
        for row in 0..rows {
            let values = self.row(&variables, row);
            let truth = self.same(&self.side(left, &values), &self.side(right, &values));
            if !matches!(truth, Formula::Known(false)) {
                let choices = values.iter().map(|(it, value)| Formula::Is(*it, *value));
                any.push(Formula::All(choices.chain([truth]).collect()));
            }
        }
        Formula::Any(any)
    }

    /// The combination of this number.
    fn row(&self, variables: &BTreeSet<usize>, mut row: usize) -> Vec<(usize, usize)> {
        let mut values = Vec::with_capacity(variables.len());
        for variable in variables {
            let size = self.state.domains[*variable].len();
            values.push((*variable, row % size));
            row /= size;
        }
        values
    }

    fn side(&self, operand: &ComparisonSide<'t>, values: &[(usize, usize)]) -> ComparedValue<'t> {
        let chosen = |variable: usize| {
            let (_, value) = values.iter().find(|(it, _)| *it == variable)?;
            self.state.domains[variable][*value].clone()
        };
        match operand {
            ComparisonSide::Literal(text) => ComparedValue::Known(text.clone()),
            ComparisonSide::Variable(variable, node) => match chosen(*variable) {
                Some(text) => ComparedValue::Known(text),
                None => ComparedValue::Other(*variable, *node),
            },
            ComparisonSide::Computed(node, variables) => {
                let bound = self.state.variables.iter();
                let bound = bound.filter(|(_, it)| variables.contains(it));
                let bound = bound.map(|(name, it)| (name.clone(), binding(chosen(*it))));
                compute(self.setting, *node, bound.collect())
            }
        }
    }

    /// Whether both sides are the same text.
    fn same(&mut self, left: &ComparedValue<'t>, right: &ComparedValue<'t>) -> Formula {
        match (left, right) {
            (ComparedValue::Known(left), ComparedValue::Known(right)) => {
                Formula::Known(left == right)
            }
            (ComparedValue::Other(left, _), ComparedValue::Other(right, _)) if left == right => {
                Formula::Known(true)
            }
            (ComparedValue::Other(variable, _), ComparedValue::Known(text))
            | (ComparedValue::Known(text), ComparedValue::Other(variable, _)) => {
                self.is_other(*variable, text)
            }
            (ComparedValue::Partly(shape), ComparedValue::Known(text))
            | (ComparedValue::Known(text), ComparedValue::Partly(shape)) => self.fits(shape, text),
            (left, right) => self.free(pair(left.key(), right.key())),
        }
    }

    /// Whether a variable that has none of its numbered values has this one.
    fn is_other(&mut self, variable: usize, text: &str) -> Formula {
        match self.is(variable, text) {
            Formula::Is(found, _) if found == variable => Formula::Known(false),
            other => other,
        }
    }

    /// Whether a text with holes is this text.
    fn fits(&mut self, shape: &Shape, text: &str) -> Formula {
        if !shape.admits(text) {
            return Formula::Known(false);
        }
        let (start, name, end) = match shape.0.as_slice() {
            [Piece::Hole(name, _)] => ("", name, ""),
            [Piece::Text(start), Piece::Hole(name, _)] => (start.as_str(), name, ""),
            [Piece::Hole(name, _), Piece::Text(end)] => ("", name, end.as_str()),
            [Piece::Text(start), Piece::Hole(name, _), Piece::Text(end)] => {
                (start.as_str(), name, end.as_str())
            }
            _ => return self.free(pair(shape.to_string(), text.to_owned())),
        };
        let filling = text.get(start.len()..text.len() - end.len());
        match (self.state.variables.get(name), filling) {
            (Some(variable), Some(filling)) => self.is_other(*variable, filling),
            _ => self.free(pair(shape.to_string(), text.to_owned())),
        }
    }
}

impl<'t> ComparisonSide<'t> {
    fn variables(&self) -> impl Iterator<Item = usize> + '_ {
        let (one, many) = match self {
            ComparisonSide::Literal(_) => (None, None),
            ComparisonSide::Variable(variable, _) => (Some(*variable), None),
            ComparisonSide::Computed(_, variables) => (None, Some(variables)),
        };
        one.into_iter().chain(many.into_iter().flatten().copied())
    }

    fn source(&self) -> String {
        match self {
            ComparisonSide::Literal(text) => text.clone(),
            ComparisonSide::Variable(_, node) | ComparisonSide::Computed(node, _) => source(*node),
        }
    }
}

impl ComparedValue<'_> {
    fn key(&self) -> String {
        match self {
            ComparedValue::Known(text) => text.clone(),
            ComparedValue::Other(_, node) | ComparedValue::Opaque(node) => source(*node),
            ComparedValue::Partly(shape) => shape.to_string(),
        }
    }
}

/// The names that a value may refer to, also those in texts of `Fn::Sub`. The parser bounds the depth.
fn names_in<'t>(node: Node<'t>, names: &mut BTreeSet<&'t str>) {
    node.items().for_each(|item| names_in(item, names));
    for member in node.members() {
        match member.key {
            "Ref" => names.extend(member.value.as_str()),
            "Fn::Sub" => {
                let text = match items(member.value) {
                    Some([text, _]) => text,
                    None => member.value,
                };
                let found = segments(text.as_str().unwrap_or_default());
                names.extend(found.iter().filter_map(|segment| match segment {
                    SubPart::Variable(name, _) => Some(*name),
                    SubPart::Text(..) => None,
                }));
            }
            _ => {}
        }
        names_in(member.value, names);
    }
}

fn binding(value: Option<String>) -> Binding {
    match value {
        Some(value) => Binding::Value(value),
        None => Binding::any_other_value(),
    }
}

/// A computed side, with values for the parameters in it.
fn compute<'t>(
    setting: &TemplateSetting<'t>,
    node: Node<'t>,
    bound: FxHashMap<String, Binding>,
) -> ComparedValue<'t> {
    let mut context = setting.context.clone();
    let value = |name: &str| match bound.get(name) {
        Some(Binding::Value(value)) => Some(value.clone()),
        _ => None,
    };
    context.environment.account = value("AWS::AccountId").or(context.environment.account);
    context.environment.region = value("AWS::Region").or(context.environment.region);
    context.stack = value("AWS::StackName").or(context.stack);
    let assumed = &mut context.assumed;
    assumed.partition = value("AWS::Partition").or_else(|| assumed.partition.take());
    assumed.url_suffix = value("AWS::URLSuffix").or_else(|| assumed.url_suffix.take());
    let tried = TriedValues(bound);
    let resolved = Evaluator::under(setting, &context, &tried).resolve(node);
    if let Some(text) = resolved.known_text() {
        return ComparedValue::Known(text.into_owned());
    }
    match resolved {
        Resolved::Text(text) => ComparedValue::Partly(text.shape()),
        _ => ComparedValue::Opaque(node),
    }
}

fn source(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Array | Kind::Object => node.span().slice(node.source_text()).to_owned(),
        _ => node.as_text().unwrap_or_default().to_owned(),
    }
}

/// The same key for both orders.
fn pair(left: String, right: String) -> String {
    match left <= right {
        true => format!("{left}={right}"),
        false => format!("{right}={left}"),
    }
}
