//! The policies of a principal that stand in the template. It does not know how a principal comes by them.

use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::property::Slot;
use crate::input::cloudformation::expression::value::Resolved;
use crate::input::cloudformation::resources::attached::items;
use crate::input::cloudformation::template::function::call;
use crate::input::cloudformation::template::look::may_concern;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::Truth;
use crate::source::{Kind, Node};

/// What an identity has under one combination of conditions.
#[derive(Default)]
pub(super) struct IdentityDocuments<'t> {
    pub(super) documents: Vec<Slot<'t>>,
    pub(super) doubt: Option<String>,
}

impl<'t> IdentityDocuments<'t> {
    /// Adds what a policy of its own says.
    pub(super) fn add(&mut self, evaluator: &Evaluator<'t, '_>, policy: &Resource<'t>) {
        if let Truth::Unknown(reason) = evaluator.existence(policy) {
            self.doubt = Some(reason);
        }
        let properties = evaluator.properties(policy);
        self.documents
            .push(evaluator.inside(&properties, "PolicyDocument"));
    }

    /// Adds the policies that stand in a principal. Conditions around those that say nothing of ECR are left alone.
    pub(super) fn inline(
        &mut self,
        evaluator: &Evaluator<'t, '_>,
        principal: &Resource<'t>,
        list: Slot<'t>,
    ) {
        let (inline, rest) = match list.value {
            Resolved::Node(node) if node.kind() == Kind::Array => {
                let items = node
                    .items()
                    .filter(|item| may_concern(*item) || is_call(*item));
                (items.map(|item| evaluator.resolve(item)).collect(), None)
            }
            _ => items(evaluator, list),
        };
        self.doubt = rest;
        for inline in inline {
            if matches!(inline, Resolved::Nothing) {
                continue;
            }
            let place = inline.span().unwrap_or(principal.place);
            let inline = Slot::new(inline, place);
            self.documents
                .push(evaluator.inside(&inline, "PolicyDocument"));
        }
    }
}

/// Whether a function other than a choice stands for the item of a list: it may be anything.
fn is_call(node: Node<'_>) -> bool {
    call(node).is_some_and(|call| call.argument.is_some() && call.name != "Fn::If")
}
