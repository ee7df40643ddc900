//! The parameters of a template: their types, and those that every template has.
//! It does not know their values.

use crate::source::Node;

/// Every pseudo parameter.
pub(crate) const PSEUDO: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::NoValue",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// Whether a parameter holds a list, written with commas.
pub(crate) fn is_list(declaration: Node<'_>) -> bool {
    let kind = declaration.get("Type").and_then(Node::as_str);
    kind.is_some_and(|kind| kind == "CommaDelimitedList" || kind.starts_with("List<"))
}

/// Whether the value of a parameter is the name of what is read at deployment.
pub(crate) fn is_looked_up(declaration: Node<'_>) -> bool {
    let kind = declaration.get("Type").and_then(Node::as_str);
    kind.is_some_and(|kind| kind.starts_with("AWS::SSM::Parameter::Value<"))
}
