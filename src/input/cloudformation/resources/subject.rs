//! What a human calls a resource, how it is written, and the stack that it belongs to.
//! It does not know what is judged.

use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::template::constructs::construct_path;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::{AssumedHome, Identifiers, Language, Notation, Value};
use crate::source::{Node, SourceId, Syntax};

/// What a human calls the resource.
pub(crate) fn subject(
    evaluator: &Evaluator<'_, '_>,
    resource: &Resource<'_>,
    name: Value<'_>,
) -> Identifiers {
    let (context, stack) = (evaluator.context, &evaluator.setting.context);
    Identifiers {
        name: name.as_str().map(str::to_owned),
        logical_id: Some(resource.id.to_owned()),
        stack: context.stack.clone(),
        construct_path: construct_path(resource).map(str::to_owned),
        arn: None,
        account: context.account().map(str::to_owned),
        region: context.region().map(str::to_owned),
        assumed: AssumedHome {
            account: context.account() != stack.account(),
            region: context.region() != stack.region(),
        },
    }
}

/// How the resource is written down.
pub(crate) fn notation(resource: &Resource<'_>) -> Notation {
    let properties = resource.node.get("Properties");
    Notation {
        // Which of its languages it is, only the program itself can tell.
        language: match construct_path(resource) {
            Some(_) => Language::Typescript,
            None => Language::Cloudformation,
        },
        syntax: match is_braced(properties.unwrap_or(resource.node)) {
            true => Syntax::Json,
            false => Syntax::Yaml,
        },
        is_bare: properties.is_none(),
    }
}

/// Whether a mapping is written in braces, as in JSON.
pub(crate) fn is_braced(node: Node<'_>) -> bool {
    node.span().slice(node.source_text()).starts_with('{')
}

/// The template of the outermost stack that deploys this one.
pub(crate) fn family(evaluator: &Evaluator<'_, '_>) -> SourceId {
    let own = evaluator.template.source();
    evaluator.context.family.unwrap_or(own)
}
