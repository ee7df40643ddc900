//! Values that are empty because a parameter is: an empty default says "not given". Where other parameters cannot have
//! their defaults, nobody knows whether this one has. It does not know what an empty value means.

use super::decision::{Binding, DecisionQuestion};
use super::evaluate::{Evaluator, Reads};
use super::value::{Resolved, Text, TextPart};
use crate::input::cloudformation::template::function::{call, items};
use crate::input::cloudformation::template::parameters;
use crate::source::Node;

impl<'t> Evaluator<'t, '_> {
    /// What the node turns out to be as a whole value, its children left as they are: not known where it is but the
    /// empty default of a parameter, and another parameter certainly has another value than its default.
    ///
    /// A part of a text may well be empty, such as a suffix that nobody needs.
    pub(crate) fn resolve_whole(&self, node: Node<'t>) -> Resolved<'t> {
        let resolved = self.resolve(node);
        let is_empty = matches!(&resolved, Resolved::Text(text) if text.known().is_some_and(|it| it.is_empty()));
        let unset = is_empty.then(|| self.unset(node)).flatten();
        match unset.filter(|_| !self.may_have_defaults()) {
            Some(name) => {
                let span = node.span();
                let reason = format!("parameter `{name}` is empty unless it is given");
                let hole = TextPart::hole(name.to_owned(), reason, span);
                Resolved::Text(Text::new(span, vec![hole]))
            }
            None => resolved,
        }
    }

    /// The parameter with an empty default that stands here, in one branch of a choice at least.
    fn unset(&self, node: Node<'t>) -> Option<&'t str> {
        let call = call(node)?;
        match (call.name, call.argument?) {
            ("Ref", name) => name.as_str().filter(|name| self.has_empty_default(name)),
            ("Fn::If", argument) => {
                let [_, yes, no] = items(argument)?;
                self.unset(yes).or_else(|| self.unset(no))
            }
            _ => None,
        }
    }

    /// Whether a parameter is empty where nobody gives it.
    fn has_empty_default(&self, name: &str) -> bool {
        let declaration = self.template.parameters.and_then(|all| all.get(name));
        let is_listed = declaration.is_some_and(|it| it.get("AllowedValues").is_some());
        let is_list = declaration.is_some_and(parameters::is_list);
        !is_listed && !is_list && self.default_of(name) == Some("") && !self.is_given(name)
    }

    /// Whether nobody has to give a parameter for what was decided.
    fn may_have_defaults(&self) -> bool {
        let parameters = self.template.parameters.into_iter();
        let mut names = parameters.flat_map(Node::members).map(|it| it.key);
        !names.any(|name| {
            let Some(default) = self.default_of(name).filter(|_| !self.is_given(name)) else {
                return false;
            };
            self.note(Reads::parameter(name));
            let binding = self.decisions.binding(self, name, Some(default));
            let question = DecisionQuestion::Binding(name, Some(default));
            match self.recorded(question, binding) {
                Some(Binding::Value(value)) => value != default,
                Some(Binding::Hidden(_)) => true,
                None => false,
            }
        })
    }

    fn is_given(&self, name: &str) -> bool {
        self.context.parameters.contains_key(name) || self.passed(name).is_some()
    }
}
