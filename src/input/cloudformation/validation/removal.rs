//! Values of `DeletionPolicy` and `UpdateReplacePolicy` that CloudFormation refuses for a resource of ECR.
//! It does not know what becomes of images.

use crate::input::cloudformation::template::extensions;
use crate::input::cloudformation::template::flaw::Flaw;
use crate::input::cloudformation::template::function::call;
use crate::input::cloudformation::template::kind::is_of_ecr;
use crate::input::cloudformation::template::sections::Resource;
use crate::model::Mistake;
use crate::source::{Node, nearest};

/// Each attribute with the values that it takes for resources that have no snapshots.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>,
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html>
const VALUES: [(&str, &[&str]); 2] = [
    (
        "DeletionPolicy",
        &["Delete", "Retain", "RetainExceptOnCreate"],
    ),
    ("UpdateReplacePolicy", &["Delete", "Retain"]),
];

/// What is refused in these attributes of a resource of the template with this root.
pub(crate) fn flaws<'t>(root: Node<'t>, resource: &Resource<'t>) -> Vec<Flaw> {
    let kind = resource.node.get("Type").and_then(Node::as_str);
    if !kind.is_some_and(is_of_ecr) {
        return Vec::new();
    }
    let found = VALUES.iter().filter_map(|(attribute, values)| {
        let value = resource.node.get(attribute)?;
        flaw(root, attribute, values, value)
    });
    found.collect()
}

fn flaw(root: Node<'_>, attribute: &str, values: &[&str], value: Node<'_>) -> Option<Flaw> {
    if call(value).is_some() {
        let told = format!(
            "`{attribute}` is a function, which takes the transform `{}`",
            extensions::EXTENSIONS
        );
        return (!extensions::are_declared(root)).then(|| Flaw::new(value.span(), told));
    }
    let Some(text) = value.as_str() else {
        let told = format!("`{attribute}` is not a text");
        return Some(Flaw::new(value.span(), told));
    };
    if values.contains(&text) {
        return None;
    }
    let told = match text {
        "Snapshot" => format!("resources of ECR have no snapshots, so that `{attribute}` is none"),
        _ => format!("`{attribute}` is never `{text}`"),
    };
    let told = format!("{told}: it is `{}`", values.join("`, `"));
    // To write a word that deletes is for whoever means it.
    let keeping = values.iter().copied().filter(|value| *value != "Delete");
    let near = nearest(text, keeping);
    Some(Flaw::new(
        value.span(),
        Mistake::new(told).instead(text, near),
    ))
}
