//! The repositories to which the values of a resource refer, as they are written.
//! It does not know what the values turn out to be.

use crate::input::cloudformation::template::kind::ResourceKind;
use crate::input::cloudformation::template::sections::Template;
use crate::source::{Member, Node};

pub(crate) fn is_function(member: &Member<'_>) -> bool {
    member.key.starts_with("Fn::")
}

/// Collects the repositories to which a value refers. Depth is bounded by the parser's limit.
pub(crate) fn references<'t>(template: &Template<'t>, node: Node<'t>, named: &mut Vec<&'t str>) {
    for member in node.members() {
        let id = match member.key {
            "Ref" => member.value.as_str(),
            "Fn::GetAtt" => {
                let listed = member.value.items().next().and_then(Node::as_str);
                listed.or_else(|| member.value.as_str()?.split('.').next())
            }
            _ => None,
        };
        let resource = id.and_then(|id| template.resources.get(id));
        if let Some(resource) = resource
            && resource.kind == ResourceKind::Repository
        {
            named.push(resource.id);
        }
        references(template, member.value, named);
    }
    for item in node.items() {
        references(template, item, named);
    }
}
