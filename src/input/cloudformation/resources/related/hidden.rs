//! SSM parameters that cannot be seen, because a loop that makes them is not expanded.
//! It does not know which repository they may belong to.

use super::candidate::ParameterCandidate;
use crate::input::cloudformation::expression::evaluate::Reads;
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::{Resource, Template};
use crate::source::Member;

/// Stands for the parameters of a loop that is not expanded: each can be any parameter.
pub(super) fn candidate<'t>(
    template: &Template<'t>,
    entry: &Member<'t>,
) -> Option<ParameterCandidate<'t>> {
    let (node, place) = (entry.value, entry.key_span);
    let text = node.span().slice(node.source_text());
    if !text.contains("AWS::SSM::Parameter") {
        return None;
    }
    let unknown = || {
        Slot::new(
            Resolved::unknown(place, "", template.unexpanded(entry.key)),
            place,
        )
    };
    Some(ParameterCandidate {
        resource: Resource {
            id: entry.key,
            place,
            kind: ResourceKind::Parameter,
            node,
            is_contradicted: false,
        },
        name: unknown(),
        kind: unknown(),
        value: unknown(),
        shape: None,
        hidden: None,
        is_named_alike: true,
        condition: None,
        is_conditional: false,
        reads: Reads::default(),
        written: None,
    })
}
