//! Pseudo parameters and what they are in each partition.
//! It does not know templates, only where a stack is deployed.

use super::value::{Resolved, Text, TextPart};
use crate::input::Context;
use crate::model::partition;
use crate::source::Span;

/// What the pseudo parameter `name` is where `of` has this value, if it follows from that alone.
pub(crate) fn follows(name: &str, of: &str, value: &str) -> Option<&'static str> {
    match (name, of) {
        ("AWS::Partition", "AWS::Region") => Some(partition::name(value)),
        ("AWS::URLSuffix", "AWS::Region") => Some(partition::url_suffix(value)),
        ("AWS::URLSuffix", "AWS::Partition") => {
            let known = partition::all().find(|(name, _)| *name == value);
            known.map(|(_, suffix)| suffix)
        }
        _ => None,
    }
}

/// The value of the pseudo parameter `name`, used at `span`; `None` when there is no such parameter.
pub(crate) fn resolve<'t>(name: &str, context: &Context, span: Span) -> Option<Resolved<'t>> {
    if name == "AWS::NoValue" {
        return Some(Resolved::Nothing);
    }
    if name == "AWS::NotificationARNs" {
        let reason = "the notification topics are chosen when the stack is deployed";
        return Some(Resolved::unknown(span, name, reason));
    }
    if name == "AWS::StackId" {
        return Some(Resolved::Text(Text::new(span, stack_id(context, span))));
    }
    part(name, context, span).map(|part| Resolved::Text(Text::new(span, vec![part])))
}

/// The pseudo parameter `name` as one part of a text; `None` when it is not a simple text.
pub(crate) fn part<'t>(name: &str, context: &Context, span: Span) -> Option<TextPart<'t>> {
    let (region, assumed) = (context.region(), &context.assumed);
    let (value, reason) = match name {
        "AWS::AccountId" => (context.account(), "the account of the stack is not known"),
        "AWS::Region" => (region, "the region of the stack is not known"),
        "AWS::Partition" => (
            region.map(partition::name).or(assumed.partition.as_deref()),
            "the partition of the stack is not known without its region",
        ),
        "AWS::URLSuffix" => (
            region
                .map(partition::url_suffix)
                .or(assumed.url_suffix.as_deref()),
            "the host suffix of the stack is not known without its region",
        ),
        "AWS::StackName" => (
            context.stack.as_deref(),
            "the name of the stack is not known",
        ),
        _ => return None,
    };
    Some(match value {
        Some(value) => TextPart::known(value.to_owned(), span),
        None => TextPart::hole(name, reason, span),
    })
}

/// An ARN of `service` in the account and region of the stack, up to the resource.
pub(crate) fn arn<'t>(service: &str, context: &Context, span: Span) -> Vec<TextPart<'t>> {
    arn_in(service, part("AWS::Region", context, span), context, span)
}

/// An ARN of a `service` without regions in the account of the stack, up to the resource.
pub(crate) fn global_arn<'t>(service: &str, context: &Context, span: Span) -> Vec<TextPart<'t>> {
    arn_in(service, None, context, span)
}

fn arn_in<'t>(
    service: &str,
    region: Option<TextPart<'t>>,
    context: &Context,
    span: Span,
) -> Vec<TextPart<'t>> {
    let mut parts = vec![TextPart::known("arn:", span)];
    parts.extend(part("AWS::Partition", context, span));
    parts.push(TextPart::known(format!(":{service}:"), span));
    parts.extend(region);
    parts.push(TextPart::known(":", span));
    parts.extend(part("AWS::AccountId", context, span));
    parts.push(TextPart::known(":", span));
    parts
}

fn stack_id<'t>(context: &Context, span: Span) -> Vec<TextPart<'t>> {
    let mut parts = arn("cloudformation", context, span);
    parts.push(TextPart::known("stack/", span));
    parts.extend(part("AWS::StackName", context, span));
    parts.push(TextPart::known("/", span));
    let reason = "the id of the stack is made up when it is deployed";
    parts.push(TextPart::hole("AWS::StackId", reason, span));
    parts
}
