//! The language extensions of CloudFormation: how a template asks for them, and how their loops begin.
//! It does not know how loops are written out.

use std::collections::BTreeMap;

use crate::source::Node;

/// How the key of a loop starts.
pub(crate) const LOOP: &str = "Fn::ForEach::";

/// The transform that brings loops.
pub(crate) const EXTENSIONS: &str = "AWS::LanguageExtensions";

/// Why loops were not expanded, by their keys.
pub(crate) type Reasons = BTreeMap<String, String>;

/// Whether the template asks for the language extensions.
pub(crate) fn are_declared(root: Node<'_>) -> bool {
    let Some(transform) = root.get("Transform") else {
        return false;
    };
    let mut names = transform.items().filter_map(Node::as_str);
    transform.as_str() == Some(EXTENSIONS) || names.any(|name| name == EXTENSIONS)
}
