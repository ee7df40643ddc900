//! The attributes of resources, and keys that were meant to be one of them.
//! It does not know what they hold.

use crate::source::{Member, Node, nearest};

/// What a resource can have.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-product-attribute-reference.html>
pub(crate) const ATTRIBUTES: [&str; 9] = [
    "Type",
    PROPERTIES,
    "DependsOn",
    "Condition",
    "Metadata",
    "CreationPolicy",
    "UpdatePolicy",
    "DeletionPolicy",
    "UpdateReplacePolicy",
];

/// The attribute that holds what makes the resource.
pub(crate) const PROPERTIES: &str = "Properties";

/// The key of a resource that was meant to be this attribute.
pub(crate) fn misspelt<'t>(resource: Node<'t>, attribute: &str) -> Option<Member<'t>> {
    let mut keys = resource.members();
    keys.find(|member| {
        !ATTRIBUTES.contains(&member.key) && nearest(member.key, ATTRIBUTES) == Some(attribute)
    })
}

/// Why the value of a key is not known that stands twice with different values.
pub(crate) fn twice(key: &str) -> String {
    format!("`{key}` stands twice, with different values")
}
