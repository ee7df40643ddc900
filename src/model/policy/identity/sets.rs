//! Which actions of ECR belong together: what pulling and pushing need, and what services are documented to need
//! that act by a role. It does not know who has which.

use super::super::statement::Statement;
use super::super::text::{member, one_or_many};
use super::super::{Owner, statement};
use crate::model::Value;
use crate::model::policy::keys;

/// What pulling needs.
///
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html>
pub(crate) const PULL: [&str; 2] = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
/// What pushing needs.
pub(crate) const PUSH: [&str; 5] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:PutImage",
];
/// What only somebody needs who pushes. `PutImage` alone gives an image another tag.
pub(crate) const UPLOAD: [&str; 3] = [
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
];
/// What pushing to the public gallery needs.
///
/// <https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policy-examples.html>
pub(crate) const GALLERY_PUSH: [&str; 5] = [
    "ecr-public:BatchCheckLayerAvailability",
    "ecr-public:InitiateLayerUpload",
    "ecr-public:UploadLayerPart",
    "ecr-public:CompleteLayerUpload",
    "ecr-public:PutImage",
];
/// What only somebody needs who pushes to the gallery.
pub(crate) const GALLERY_UPLOAD: [&str; 3] = [
    "ecr-public:InitiateLayerUpload",
    "ecr-public:UploadLayerPart",
    "ecr-public:CompleteLayerUpload",
];
/// What somebody does who reads manifests, or links of layers, for another reason than to pull: who pushes, who
/// moves tags, who deletes.
///
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-retag.html>
pub(crate) const NO_PULL: [&str; 6] = [
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:PutImage",
    "ecr:BatchDeleteImage",
    "ecr:DeleteRepository",
];

/// What pulling and pushing need of one identity; empty where it does neither.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needs {
    pub(crate) pull: &'static [&'static str],
    pub(crate) push: &'static [&'static str],
}

/// Services that act by a role with a set of their own.
///
/// - pull through cache: <https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html>
/// - creation templates: <https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-custom.html>
/// - replication: <https://docs.aws.amazon.com/AmazonECR/latest/userguide/using-service-linked-roles.html>
/// - image lifecycles: <https://docs.aws.amazon.com/imagebuilder/latest/userguide/image-lifecycle-prerequisites.html>
const SERVICES: [(&str, Needs); 4] = [
    (
        "pullthroughcache.ecr.amazonaws.com",
        Needs {
            pull: &PULL,
            push: &[
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
                "ecr:BatchImportUpstreamImage",
                "ecr:GetImageCopyStatus",
                "ecr:InitiateLayerUpload",
                "ecr:UploadLayerPart",
                "ecr:CompleteLayerUpload",
                "ecr:PutImage",
            ],
        },
    ),
    ("ecr.amazonaws.com", NEITHER),
    ("replication.ecr.amazonaws.com", NEITHER),
    ("imagebuilder.amazonaws.com", NEITHER),
];

const NEITHER: Needs = Needs {
    pull: &[],
    push: &[],
};

/// What pulling and pushing need of whoever `trust` lets assume a role; of users and groups, and where nobody
/// special is trusted, what they need in general.
pub(crate) fn needs(trust: Option<Value<'_>>, owner: &Owner<'_>) -> Needs {
    let list = trust.and_then(|trust| member(trust, keys::STATEMENT));
    let statements = list.map_or_else(Vec::new, |list| statement::read_all(list, owner));
    let services = statements.iter().flat_map(services);
    let known = services.filter_map(|service| {
        let service = service.to_ascii_lowercase();
        let service = service.strip_suffix(".cn").unwrap_or(&service).to_owned();
        SERVICES.iter().find(|(name, _)| *name == service)
    });
    known.map(|(_, needs)| *needs).next().unwrap_or(Needs {
        pull: &PULL,
        push: &PUSH,
    })
}

fn services<'d>(statement: &Statement<'d>) -> Vec<&'d str> {
    let principal = member(statement.value, keys::PRINCIPAL);
    let services = principal.and_then(|principal| member(principal, keys::SERVICE));
    let values = services.map(one_or_many).unwrap_or_default().into_iter();
    values.filter_map(Value::as_str).collect()
}
