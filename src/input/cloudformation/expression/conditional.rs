//! What conditions decide about values and resources: `Fn::If`, and the `Condition` of a resource.
//! It does not know how conditions turn out.

use super::decision::DecisionQuestion;
use super::evaluate::Evaluator;
use super::intrinsics::malformed;
use super::value::Resolved;
use crate::input::cloudformation::template::function::items;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::Truth;
use crate::source::{Node, Span};

impl<'t> Evaluator<'t, '_> {
    /// Whether the condition `name` holds, or why that is not decided.
    pub(crate) fn decide(&self, name: &'t str) -> Truth {
        self.recorded(
            DecisionQuestion::Condition(name),
            self.decisions.condition(self, name),
        )
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
        match self.condition_of(resource) {
            Some(Ok(name)) => self.assume(name),
            // Nothing to name in the assumption.
            Some(Err(_)) | None => true,
        }
    }

    /// Whether a condition holds. One that may hold does from now on.
    pub(crate) fn assume(&self, name: &'t str) -> bool {
        self.recorded(
            DecisionQuestion::Existence(name),
            self.decisions.assume(self, name),
        )
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

    /// What `evaluate` gives without deciding anything that is not decided yet.
    pub(crate) fn quietly<T>(&self, evaluate: impl FnOnce() -> T) -> T {
        let was_quiet = self.is_quiet.replace(true);
        let texts = self.texts.take();
        let value = evaluate();
        self.texts.replace(texts);
        self.is_quiet.set(was_quiet);
        value
    }

    /// What `evaluate` gives where every value that was chosen for a parameter is a hole; `None` where none was.
    pub(crate) fn without_values<T>(&self, evaluate: impl FnOnce() -> T) -> Option<T> {
        if !self.recorded(DecisionQuestion::HasValues, self.decisions.has_values()) {
            return None;
        }
        self.hides_values.set(true);
        let value = self.quietly(evaluate);
        self.hides_values.set(false);
        Some(value)
    }
}

/// Why a condition that is asked for has no outcome.
pub(crate) fn undeclared(name: &str) -> String {
    format!("the template declares no condition `{name}`")
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
