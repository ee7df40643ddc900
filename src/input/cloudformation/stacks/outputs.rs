//! The outputs of a template that exist, and those that are exported.
//! It does not know who asks for them.

use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::source::Node;

/// The outputs that are exported, each with its name as far as that is known.
pub(crate) fn exports<'t>(evaluator: &Evaluator<'t, '_>) -> Vec<(String, Result<String, ()>)> {
    let outputs = evaluator.template.root.get("Outputs");
    let outputs = outputs.into_iter().flat_map(Node::members);
    outputs
        .filter(|output| exists(evaluator, output.value))
        .filter_map(|output| {
            let name = output.value.get("Export")?.get("Name")?;
            let name = evaluator.resolve(name).known_text();
            Some((output.key.to_owned(), name.map(Into::into).ok_or(())))
        })
        .collect()
}

/// Whether the condition of an output lets it exist, or may.
pub(crate) fn exists<'t>(evaluator: &Evaluator<'t, '_>, output: Node<'t>) -> bool {
    let condition = output.get("Condition").and_then(Node::as_str);
    condition.is_none_or(|name| !evaluator.decide(name).is_false())
}
