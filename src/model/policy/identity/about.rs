//! Whether a statement of an identity is about ECR at all. What ECR means is read off its actions, letter case
//! ignored, never off letters somewhere in its text. It does not know what the statement gives.

use super::super::statement::Statement;
use super::super::text::{member, one_or_many};
use super::super::{Owner, actions, wildcard};
use super::arn::Arn;
use crate::model::policy::keys;
use crate::model::{Data, Value};

/// The service prefixes of the private registry and of the public gallery.
const SERVICES: [&str; 2] = ["ecr", "ecr-public"];

/// Actions of the public gallery that change images, tags, settings or permissions.
///
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistrypublic.html>
pub(super) const GALLERY_WRITES: [&str; 13] = [
    "ecr-public:BatchDeleteImage",
    "ecr-public:CompleteLayerUpload",
    "ecr-public:CreateRepository",
    "ecr-public:DeleteRepository",
    "ecr-public:DeleteRepositoryPolicy",
    "ecr-public:InitiateLayerUpload",
    "ecr-public:PutImage",
    "ecr-public:PutRegistryCatalogData",
    "ecr-public:PutRepositoryCatalogData",
    "ecr-public:SetRepositoryPolicy",
    "ecr-public:TagResource",
    "ecr-public:UntagResource",
    "ecr-public:UploadLayerPart",
];

/// Whether a statement names actions of ECR, or everything on resources of ECR.
pub(super) fn is_about_ecr(statement: &Statement<'_>, owner: &Owner<'_>) -> bool {
    let lists = [keys::ACTION, keys::NOT_ACTION].map(|key| member(statement.value, key));
    let values = || lists.into_iter().flatten().flat_map(one_or_many);
    if values().any(names_ecr) {
        return true;
    }
    let is_wide =
        lists[1].is_some() || values().any(|value| value.as_str().is_some_and(is_everything));
    is_wide && is_on_ecr(statement.value, owner)
}

/// Whether a value of `Action` names actions of ECR.
fn names_ecr(value: Value<'_>) -> bool {
    match value.data() {
        Data::String(text) => is_of_ecr(text),
        // Whatever is not known of the text, its service is.
        Data::Unknown(unknown) => {
            let start = unknown.shape.as_ref().map(|shape| shape.prefix());
            let service = start.and_then(|start| start.split_once(':'));
            service.is_some_and(|(service, _)| is_service(service))
        }
        _ => false,
    }
}

/// Whether a pattern of actions names some of ECR, and not simply everything that there is.
pub(super) fn is_of_ecr(pattern: &str) -> bool {
    if is_everything(pattern) {
        return false;
    }
    let pattern = pattern.to_ascii_lowercase();
    let service = pattern.split_once(':').map(|(service, _)| service);
    match service {
        Some(service) if !wildcard::is_pattern(service) => is_service(service),
        _ => is_of_private(&pattern) || is_of_gallery(&pattern),
    }
}

fn is_service(text: &str) -> bool {
    let mut services = SERVICES.into_iter();
    services.any(|service| service.eq_ignore_ascii_case(text))
}

fn is_of_private(pattern: &str) -> bool {
    actions::names("ecr:").any(|name| wildcard::matches(pattern, &name.to_ascii_lowercase()))
}

fn is_of_gallery(pattern: &str) -> bool {
    let mut names = GALLERY_WRITES.iter();
    names.any(|name| wildcard::matches(pattern, &name.to_ascii_lowercase()))
}

/// Whether a pattern stands for every action of every service.
pub(super) fn is_everything(pattern: &str) -> bool {
    match pattern.split_once(':') {
        Some((service, action)) => [service, action].into_iter().all(wildcard::is_anything),
        None => wildcard::is_anything(pattern),
    }
}

/// Whether a resource of the statement is one of ECR by its ARN.
pub(super) fn is_on_ecr(statement: Value<'_>, owner: &Owner<'_>) -> bool {
    let resources = member(statement, keys::RESOURCE).map(one_or_many);
    let mut resources = resources.unwrap_or_default().into_iter();
    resources.any(|value| {
        let text = Arn::read(value, owner).map(|arn| arn.open());
        let text = text.unwrap_or_default();
        let service = text
            .strip_prefix("arn:")
            .and_then(|rest| rest.split(':').nth(1));
        service.is_some_and(is_service)
    })
}

#[cfg(test)]
mod tests {
    use super::{is_everything, is_of_ecr};

    #[test]
    fn actions_are_of_ecr_by_their_service() {
        for pattern in [
            "ecr:PutImage",
            "ECR:PutImage",
            "Ecr:*",
            "ecr-public:GetAuthorizationToken",
            "ECR-Public:*",
            "ec?:*",
            "e*:PutImage",
            "*:PutImage",
            "ecr:NoSuchAction",
            "ecr*",
            "e?r-public:put*",
        ] {
            assert!(is_of_ecr(pattern), "{pattern}");
        }
        for pattern in [
            "secretsmanager:GetSecretValue",
            "kms:Decrypt",
            "*",
            "*:*",
            "s3:*",
            "ec2:*",
            "ecs:*",
            "e*:RunTask*",
            "ecrx:PutImage",
            "PutImage",
            "",
        ] {
            assert!(!is_of_ecr(pattern), "{pattern}");
        }
        assert!(is_everything("**") && is_everything("*:*") && !is_everything("*:Get*"));
    }
}
