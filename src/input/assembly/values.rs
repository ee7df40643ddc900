//! The environment and the tags of a stack, as a manifest or metadata write them.
//! It does not know what else there is in either.

use super::super::{DeployTarget, StackTag};
use crate::source::Node;

/// Account and region of `aws://111111111111/eu-west-1`; `unknown-…` stands for what is not known.
pub(super) fn target(environment: Node<'_>) -> DeployTarget {
    let text = environment.as_str().unwrap_or_default();
    let Some((account, region)) = text
        .strip_prefix("aws://")
        .and_then(|rest| rest.split_once('/'))
    else {
        return DeployTarget::default();
    };
    let known = |part: &str| {
        let is_known = !part.is_empty() && !part.starts_with("unknown-");
        is_known.then(|| part.to_owned())
    };
    DeployTarget {
        account: known(account),
        region: known(region),
    }
}

/// Tags of a stack: a mapping of the manifest, or a list of the metadata, whose members are written
/// `key` and `value` or, in older versions, `Key` and `Value`.
pub(super) fn tags(tags: Node<'_>) -> Vec<StackTag> {
    let tag = |key: &str, value: Node<'_>| {
        Some(StackTag {
            key: key.to_owned(),
            value: value.as_str()?.to_owned(),
            span: value.span(),
        })
    };
    let listed = tags.items().filter_map(|item| {
        let member = |new: &str, old: &str| item.get(new).or_else(|| item.get(old));
        tag(member("key", "Key")?.as_str()?, member("value", "Value")?)
    });
    let mapped = tags.members();
    listed
        .chain(mapped.filter_map(|member| tag(member.key, member.value)))
        .collect()
}

/// The tags that metadata note for a stack, which very old manifests do not repeat.
pub(super) fn stack_tags(metadata: Node<'_>) -> Option<Node<'_>> {
    let is_tags =
        |entry: &Node<'_>| entry.get("type").and_then(Node::as_str) == Some("aws:cdk:stack-tags");
    let mut constructs = metadata.members();
    constructs.find_map(|construct| construct.value.items().find(is_tags)?.get("data"))
}
