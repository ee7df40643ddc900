//! The ARNs and addresses of resources, put together from what is known of them.
//! It does not know where they are used.

use super::evaluate::Evaluator;
use super::pseudo;
use super::value::{Resolved, Text, TextPart};
use crate::input::cloudformation::template::sections::Resource;
use crate::source::{Node, Span};

impl<'t> Evaluator<'t, '_> {
    pub(crate) fn repository_arn(
        &self,
        mut parts: Vec<TextPart<'t>>,
        resource: &Resource<'t>,
        span: Span,
    ) -> Resolved<'t> {
        parts.push(TextPart::known("repository/", span));
        self.with_name(parts, resource, span)
    }

    pub(crate) fn repository_uri(&self, resource: &Resource<'t>, span: Span) -> Resolved<'t> {
        let mut parts = Vec::new();
        parts.extend(pseudo::part("AWS::AccountId", self.context, span));
        parts.push(TextPart::known(".dkr.ecr.", span));
        parts.extend(pseudo::part("AWS::Region", self.context, span));
        parts.push(TextPart::known(".", span));
        parts.extend(pseudo::part("AWS::URLSuffix", self.context, span));
        parts.push(TextPart::known("/", span));
        self.with_name(parts, resource, span)
    }

    pub(crate) fn with_name(
        &self,
        mut parts: Vec<TextPart<'t>>,
        resource: &Resource<'t>,
        span: Span,
    ) -> Resolved<'t> {
        let name = self.property_text(resource, "RepositoryName", span);
        parts.extend(name.into_text().into_iter().flat_map(|name| name.parts));
        self.text(Text::new(span, parts))
    }

    pub(crate) fn key_arn(&self, resource: &Resource<'t>, span: Span) -> Resolved<'t> {
        let mut parts = pseudo::arn("kms", self.context, span);
        parts.push(TextPart::known("key/", span));
        let reason = format!("the id of key `{}` is made up by KMS", resource.id);
        parts.push(TextPart::hole(resource.id, reason, span));
        self.text(Text::new(span, parts))
    }

    /// The ARN of a role, user or group: never a wildcard, whatever its name is.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns>
    pub(crate) fn principal_arn(&self, resource: &Resource<'t>, span: Span) -> Resolved<'t> {
        let (word, property) = principal_name(resource);
        let mut parts = pseudo::global_arn("iam", self.context, span);
        parts.push(TextPart::known(word, span));
        let properties = self.properties(resource);
        match self.inside(&properties, "Path").value {
            Resolved::Nothing => parts.push(TextPart::known("/", span)),
            path => match self.text_of(path) {
                Some(path) => parts.extend(path.parts),
                None => parts.push(TextPart::known("/", span)),
            },
        }
        let name = self.property_text(resource, property, span);
        parts.extend(name.into_text().into_iter().flat_map(|name| name.parts));
        self.text(Text::new(span, parts))
    }

    /// The ARN of the role `id`, which SAM makes beside a function or state machine.
    pub(crate) fn role_arn(&self, id: &'t str, span: Span) -> Resolved<'t> {
        let mut parts = pseudo::global_arn("iam", self.context, span);
        parts.push(TextPart::known("role/", span));
        let reason = format!("CloudFormation makes up the name of `{id}`");
        parts.push(TextPart::hole(id, reason, span));
        self.text(Text::new(span, parts))
    }
}

/// What the ARN of a role, user or group calls it, and the property with its name.
pub(crate) fn principal_name(resource: &Resource<'_>) -> (&'static str, &'static str) {
    match resource.node.get("Type").and_then(Node::as_str) {
        Some("AWS::IAM::User") => ("user", "UserName"),
        Some("AWS::IAM::Group") => ("group", "GroupName"),
        _ => ("role", "RoleName"),
    }
}
