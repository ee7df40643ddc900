//! SSM parameters as the document of a repository has them. Parameters that may belong to any repository
//! of the template are written once and copied from then on.
//! It does not know which parameters belong to which repository.

use super::candidate::ParameterCandidate;
use crate::input::cloudformation::expression::evaluate::{Evaluator, write_text};
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::value::{Resolved, Text};
use crate::model::{Document, Holds, NodeId, Parameter};

/// Writes the parameters that every repository gets, as far as they are the same for all.
pub(super) fn once<'t>(
    evaluator: &Evaluator<'t, '_>,
    parameters: &mut [ParameterCandidate<'t>],
) -> Document {
    let mut document = Document::default();
    for parameter in parameters {
        if parameter.is_named_alike && parameter.is_flat() {
            parameter.written = Some(parameter.write(evaluator, &mut document));
        }
    }
    document
}

impl<'t> ParameterCandidate<'t> {
    /// Whether nothing in it is still to be evaluated.
    fn is_flat(&self) -> bool {
        let slots = [&self.name, &self.kind, &self.value];
        slots.iter().all(|slot| match &slot.value {
            Resolved::Node(node) => Text::of(*node).is_some(),
            Resolved::Text(_) | Resolved::Nothing => true,
            _ => false,
        })
    }

    /// Writes name, type and value.
    pub(super) fn write(
        &self,
        evaluator: &Evaluator<'t, '_>,
        document: &mut Document,
    ) -> [NodeId; 3] {
        let value = match (&self.hidden, &self.value.value) {
            (Some(hidden), Resolved::Text(text)) => document.unknown(hidden.clone(), text.span),
            _ => write_slot(evaluator, document, &self.value),
        };
        [
            write_slot(evaluator, document, &self.name),
            write_slot(evaluator, document, &self.kind),
            value,
        ]
    }

    /// The parameter with what was written.
    pub(super) fn described(
        &self,
        [name, kind, value]: [NodeId; 3],
        holds: Option<Holds>,
    ) -> Parameter {
        Parameter {
            logical_id: Some(self.resource.id.to_owned()),
            place: self.resource.place,
            name,
            kind,
            value,
            condition: self.condition.map(str::to_owned),
            holds,
            is_unseen: false,
        }
    }
}

/// Writes a text property, without cloning a computed text first.
fn write_slot<'t>(
    evaluator: &Evaluator<'t, '_>,
    document: &mut Document,
    slot: &Slot<'t>,
) -> NodeId {
    match &slot.value {
        Resolved::Text(text) => write_text(document, text),
        _ => evaluator.write_string(document, slot.clone()),
    }
}
