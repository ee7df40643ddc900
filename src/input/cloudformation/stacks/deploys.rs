//! The templates that a template deploys besides itself, and what stands for resources that are not in it: repositories
//! may be in any of them. It does not know which files there are.

use std::borrow::Cow;

use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::template::look::is_worth_reading;
use crate::input::cloudformation::template::sections::Template;
use crate::source::{Node, Span};

/// A template that another one deploys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deployed {
    /// The resource that deploys it.
    pub(crate) id: String,
    /// Where that stands.
    pub(crate) resource: Span,
    /// Where it says so.
    pub(crate) place: Span,
    /// Whether it is a nested stack, which gets its parameters from the resource.
    pub(crate) is_nested: bool,
    /// Which one.
    pub(crate) which: Which,
}

/// What is known about a template that is deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// It lies at this path, seen from the template that deploys it.
    Path {
        /// The path.
        path: String,
        /// Whether the CDK noted it, so that it is a part of the assembly.
        is_noted: bool,
    },
    /// Nobody can see it; a clause says why.
    Unseen(String),
}

/// What ends the names of modules, which bring resources of their own.
const MODULE: &str = "::MODULE";
/// A template that several accounts and regions get.
const STACK_SET: &str = "AWS::CloudFormation::StackSet";
/// A nested stack, as CloudFormation has it and as SAM does.
const NESTED: [&str; 2] = ["AWS::CloudFormation::Stack", "AWS::Serverless::Application"];

/// What a template deploys besides itself, but for what its conditions exclude.
pub(crate) fn deployed<'t>(
    template: &Template<'t>,
    evaluator: &Evaluator<'t, '_>,
) -> Vec<Deployed> {
    let resources = template.root.get("Resources").into_iter();
    let resources = resources.flat_map(Node::members);
    let mut deployed = Vec::new();
    for resource in resources {
        let Some(kind) = resource.value.get("Type").and_then(Node::as_str) else {
            continue;
        };
        let is_nested = NESTED.contains(&kind);
        if !(is_nested || kind == STACK_SET || kind.ends_with(MODULE))
            || !super::outputs::exists(evaluator, resource.value)
        {
            continue;
        }
        let (id, node) = (resource.key, resource.value);
        let found = match kind {
            _ if kind.ends_with(MODULE) => {
                let why = format!("module `{kind}` of `{id}` brings resources of its own");
                Some((resource.key_span, Which::Unseen(why)))
            }
            STACK_SET => of_stack_set(id, node, evaluator),
            _ => of_nested(id, node, evaluator),
        };
        deployed.extend(found.map(|(place, which)| Deployed {
            id: id.to_owned(),
            resource: resource.key_span,
            place,
            is_nested: kind == NESTED[0],
            which,
        }));
    }
    deployed
}

/// Where the template of a nested stack is: as the CDK notes it, or as `aws cloudformation package` takes it.
fn of_nested<'t>(id: &str, node: Node<'t>, evaluator: &Evaluator<'t, '_>) -> Option<(Span, Which)> {
    let noted = node.get("Metadata");
    let noted = noted.and_then(|metadata| metadata.get("aws:asset:path"));
    if let Some((path, place)) = noted.and_then(|path| Some((path.as_str()?, path.span()))) {
        let path = path.to_owned();
        let is_noted = true;
        return Some((place, Which::Path { path, is_noted }));
    }
    let properties = node.get("Properties")?;
    let url = properties
        .get("TemplateURL")
        .or(properties.get("Location"))?;
    let which = at(&format!("nested stack `{id}`"), url, evaluator);
    Some((url.span(), which))
}

fn of_stack_set<'t>(
    id: &str,
    node: Node<'t>,
    evaluator: &Evaluator<'t, '_>,
) -> Option<(Span, Which)> {
    let properties = node.get("Properties")?;
    let who = format!("stack set `{id}`");
    if let Some(url) = properties.get("TemplateURL") {
        return Some((url.span(), at(&who, url, evaluator)));
    }
    let body = properties.get("TemplateBody")?;
    let why = match evaluator.resolve(body).known_text() {
        Some(text) => {
            if !is_worth_reading(text.as_bytes()) {
                return None;
            }
            format!("{who} deploys a template of its own, which is not judged")
        }
        None => later(&who),
    };
    Some((body.span(), Which::Unseen(why)))
}

/// Where a property says that a template is.
fn at<'t>(who: &str, url: Node<'t>, evaluator: &Evaluator<'t, '_>) -> Which {
    let literal = url.as_str().map(Cow::Borrowed);
    let known = literal.or_else(|| evaluator.resolve(url).known_text());
    match known {
        None => Which::Unseen(later(who)),
        Some(url) if url.contains("{{") => Which::Unseen(later(who)),
        Some(url) if url.contains("://") || url.starts_with('/') => {
            Which::Unseen(format!("{who} deploys a template that lies elsewhere"))
        }
        Some(path) => Which::Path {
            path: path.into_owned(),
            is_noted: false,
        },
    }
}

fn later(who: &str) -> String {
    format!("{who} deploys a template that is known only at deployment")
}
