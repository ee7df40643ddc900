//! What CloudFormation refuses in the resources that verdicts depend on.
//! It does not know what comes of it for any verdict.

use std::cell::RefCell;

use super::circles::{CircleFinding, CircleSearch, Circles};
use super::fixed::Fixed;
use super::registry_values;
use super::shapes::PropertyChecker;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::flaw::{Flaw, MOST};
use crate::input::cloudformation::template::sections::Resource;
use crate::input::cloudformation::template::{kind, schema};
use crate::input::cloudformation::transforms::macros;
use crate::input::cloudformation::transforms::macros::MacroReach;
use crate::model::{Document, NodeId, Unknown};
use crate::source::Kind;

/// What is refused in one template, as far as anybody asked for it.
#[derive(Debug, Default)]
pub(crate) struct Refusals<'t> {
    /// Whatever the conditions are.
    pub(crate) fixed: Fixed<'t>,
    circles: RefCell<Circles<'t>>,
}

impl<'t> Refusals<'t> {
    /// Writes what is refused about a resource, as far as its properties are known under these conditions.
    pub(crate) fn write(
        &self,
        evaluator: &Evaluator<'t, '_>,
        resource: &Resource<'t>,
        document: &mut Document,
    ) -> NodeId {
        let reach = macros::reach(evaluator.template);
        let mut flaws = self.fixed.of(evaluator.template, resource).flaws.clone();
        let own = shapes(evaluator, resource);
        // What is not there is no value of another type as well.
        let is_told = |flaw: &Flaw| flaws.iter().any(|known| flaw.span.contains(known.span));
        let own: Vec<Flaw> = own.into_iter().filter(|flaw| !is_told(flaw)).collect();
        flaws.extend(own);
        let search = CircleSearch {
            evaluator,
            fixed: &self.fixed,
            circles: &self.circles,
        };
        let circle = search.of(resource);
        let (circle, undecided) = match circle {
            Some(CircleFinding::Flaw(flaw)) => (Some(flaw), None),
            Some(CircleFinding::Open(span, reason)) => (None, Some((span, reason))),
            None => (None, None),
        };
        flaws.extend(circle);
        flaws.sort_by(|a, b| (a.span, &a.mistake).cmp(&(b.span, &b.mistake)));
        flaws.dedup();
        flaws.truncate(MOST);
        let open = flaws
            .iter()
            .find_map(|flaw| match (&reach, flaw.is_dangling) {
                (MacroReach::Everything(reason), _) | (MacroReach::Additions(reason), true) => {
                    Some((flaw.span, reason.clone()))
                }
                _ => None,
            });
        let open = open.or(undecided);
        let certain = |flaw: &&Flaw| match reach {
            MacroReach::Nothing => true,
            MacroReach::Additions(_) => !flaw.is_dangling,
            MacroReach::Everything(_) => false,
        };
        let found: Vec<NodeId> = flaws
            .iter()
            .filter(certain)
            .map(|flaw| flaw.mistake.write(document, flaw.span))
            .collect();
        match open {
            Some((span, reason)) if found.is_empty() => {
                document.unknown(Unknown::because(reason), span)
            }
            _ => document.array(&found, resource.place),
        }
    }
}

/// What is wrong with the type and the properties of a resource of ECR.
fn shapes<'t>(evaluator: &Evaluator<'t, '_>, resource: &Resource<'t>) -> Vec<Flaw> {
    let Some(kind) = resource.node.get("Type") else {
        return Vec::new();
    };
    let Some(name) = kind.as_str().filter(|name| kind::is_of_ecr(name)) else {
        return Vec::new();
    };
    let Some(properties) = schema::properties(name) else {
        let instead = schema::in_place_of(name).map_or_else(String::new, |it| format!(": {it}"));
        let text = format!("there is no type `{name}`{instead}");
        return vec![Flaw::new(kind.span(), text)];
    };
    let mut checker = PropertyChecker {
        evaluator,
        found: Vec::new(),
    };
    match evaluator.properties(resource).value {
        Resolved::Node(node) if node.kind() == Kind::Object => {
            checker.mapping(node, properties, &format!("`{name}`"));
        }
        Resolved::Node(node) => {
            let text = "`Properties` is something else than a mapping".to_owned();
            checker.found.push(Flaw::new(node.span(), text));
        }
        _ => {}
    }
    let values = registry_values::flaws(evaluator, resource);
    checker.found.extend(values);
    checker.found
}
