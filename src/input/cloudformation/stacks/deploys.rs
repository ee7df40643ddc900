//! The templates that a template deploys besides itself, and what stands for resources that are not in it: repositories
//! may be in any of them. It does not know which files there are.

use std::borrow::Cow;

use crate::input::cloudformation::conditions::compile::Conditions;
use crate::input::cloudformation::conditions::valuation::Valuation;
use crate::input::cloudformation::expression::evaluate::Evaluator;
use crate::input::cloudformation::expression::setting::TemplateSetting;
use crate::input::cloudformation::expression::value::{Text, TextPart};
use crate::input::cloudformation::template::look::is_worth_reading;
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
    /// It is uploaded, and an assembly may say which of its templates goes there.
    Uploaded {
        /// The end of its URL.
        name: String,
        /// Why nobody can see it, if no assembly does.
        why: String,
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

/// What a template deploys besides itself, but for what its conditions exclude; each as it is where its own condition
/// holds.
pub(crate) fn deployed<'t>(
    setting: &TemplateSetting<'t>,
    conditions: &Conditions<'t>,
) -> Vec<Deployed> {
    let resources = setting.template.root.get("Resources").into_iter();
    let resources = resources.flat_map(Node::members);
    let mut deployed = Vec::new();
    for resource in resources {
        let Some(kind) = resource.value.get("Type").and_then(Node::as_str) else {
            continue;
        };
        let is_nested = NESTED.contains(&kind);
        if !(is_nested || kind == STACK_SET || kind.ends_with(MODULE)) {
            continue;
        }
        let valuation = Valuation::undecided(conditions);
        let evaluator = &Evaluator::new(setting, &valuation);
        let condition = resource.value.get("Condition").and_then(Node::as_str);
        if condition.is_some_and(|name| !evaluator.assume(name)) {
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
    let resolved = evaluator.resolve(body);
    let why = match resolved.known_text() {
        Some(text) => {
            if !is_worth_reading(text.as_bytes()) {
                return None;
            }
            format!("{who} deploys a template of its own, which is not judged")
        }
        None => later(&who, resolved.into_text().as_ref()),
    };
    Some((body.span(), Which::Unseen(why)))
}

/// Where a property says that a template is.
fn at<'t>(who: &str, url: Node<'t>, evaluator: &Evaluator<'t, '_>) -> Which {
    let resolved = evaluator.resolve(url);
    let literal = url.as_str().map(Cow::Borrowed);
    let elsewhere = |end: &str| {
        let why = format!("{who} deploys a template that lies elsewhere");
        match end.rsplit_once('/') {
            Some((_, name)) if !name.is_empty() => Which::Uploaded {
                name: name.to_owned(),
                why,
            },
            _ => Which::Unseen(why),
        }
    };
    match literal.or_else(|| resolved.known_text()) {
        None => match resolved.into_text() {
            Some(text) if begins_elsewhere(&text) => match text.parts.last() {
                Some(TextPart::Known { text: end, .. }) => elsewhere(end),
                _ => elsewhere(""),
            },
            text => Which::Unseen(later(who, text.as_ref())),
        },
        Some(url) if url.contains("{{") => Which::Unseen(later(who, None)),
        Some(url) if lies_elsewhere(&url) => elsewhere(&url),
        Some(path) => Which::Path {
            path: path.into_owned(),
            is_noted: false,
        },
    }
}

fn lies_elsewhere(url: &str) -> bool {
    url.contains("://") || url.starts_with('/')
}

/// Whether that much is known of a text.
fn begins_elsewhere(text: &Text<'_>) -> bool {
    matches!(text.parts.first(), Some(TextPart::Known { text, .. }) if lies_elsewhere(text))
}

/// Why a template that is not known is not, as far as a parameter hides it.
fn later(who: &str, text: Option<&Text<'_>>) -> String {
    let mut parts = text.into_iter().flat_map(|text| &text.parts);
    let why = parts.find_map(|part| match part {
        TextPart::Hole { reason, .. } if reason.contains("parameter `") => Some(reason),
        _ => None,
    });
    let why = why.map_or_else(String::new, |why| format!(": {why}"));
    format!("{who} deploys a template that is known only at deployment{why}")
}
