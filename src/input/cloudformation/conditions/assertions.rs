//! The section `Rules`: what it asserts about parameters, and the functions that it compares with.
//! It does not know conditions by name.

use super::compare::ComparisonSide;
use super::compile::Compiler;
use super::solver::Formula;
use crate::input::cloudformation::template::function::{all_of, items};
use crate::source::{Kind, Node};

impl<'t> Compiler<'_, 't, '_> {
    /// A rule restricts the parameters as far as its functions are understood.
    pub(crate) fn rule(&mut self, rule: Node<'t>) {
        let applies = match rule.get("RuleCondition") {
            Some(condition) => match self.formula(condition, 0) {
                Ok(formula) => formula,
                Err(_) => return,
            },
            None => Formula::Known(true),
        };
        let assertions = rule.get("Assertions");
        for assertion in assertions.into_iter().flat_map(|list| list.items()) {
            let Some(assert) = assertion.get("Assert") else {
                continue;
            };
            if let Ok(holds) = self.formula(assert, 0) {
                let exempt = Formula::Not(Box::new(applies.clone()));
                self.state.solver.law(Formula::Any(vec![exempt, holds]));
            }
        }
    }

    /// A function that compares two texts, or texts with each other.
    pub(crate) fn comparison(&mut self, name: &str, argument: Node<'t>) -> Result<Formula, String> {
        let Some([left, right]) = items(argument) else {
            return Err(format!("`{name}` is not given two values"));
        };
        if name == "Fn::Equals" {
            let (left, right) = (self.operand(left), self.operand(right));
            return Ok(self.equals(&left, &right));
        }
        let (members, values) = match name {
            "Fn::EachMemberIn" => (right, self.operands(left)?),
            "Fn::Contains" => (left, vec![self.operand(right)]),
            _ => (right, self.operands(left)?),
        };
        let members = match name {
            "Fn::EachMemberEquals" => vec![self.operand(members)],
            _ => self.operands(members)?,
        };
        let mut each = Vec::with_capacity(values.len());
        for value in &values {
            let one = members.iter().map(|member| self.equals(member, value));
            each.push(Formula::Any(one.collect()));
        }
        Ok(Formula::All(each))
    }

    fn operands(&mut self, list: Node<'t>) -> Result<Vec<ComparisonSide<'t>>, String> {
        if let Some(kind) = all_of(list) {
            let names: Vec<_> = self.setting.template.parameters_of(kind).collect();
            let mut operands = Vec::with_capacity(names.len());
            for parameter in names {
                let Some(operand) = self.parameter(parameter) else {
                    return Err("a parameter of `Fn::RefAll` is not a single text".to_owned());
                };
                operands.push(operand);
            }
            return Ok(operands);
        }
        if list.kind() != Kind::Array {
            return Err("the list of a rule is not known".to_owned());
        }
        Ok(list.items().map(|item| self.operand(item)).collect())
    }
}
