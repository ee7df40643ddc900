//! Which actions of ECR belong together: what pulling and pushing need, and what services are documented to need
//! that act by a role. It does not know who has which.

use super::super::statement::Statement;
use super::super::text::{member, one_or_many};
use super::super::{Owner, statement};
use crate::model::policy::keys;
use crate::model::{Piece, Value};

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

/// What somebody has, besides both actions of a pull, who makes functions of Lambda from images: Lambda pulls by
/// the policy of the repository, which it adds to in their name, and they need no token.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/images-create.html>
pub(super) const MAKING_FUNCTIONS: [&str; 2] =
    ["ecr:GetRepositoryPolicy", "ecr:SetRepositoryPolicy"];
/// What programs that pull ask for as a habit, and nobody else.
pub(super) const LAYERS: &str = "ecr:BatchCheckLayerAvailability";

/// What pulling and pushing need of one identity; empty where it does neither.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needs {
    pub(crate) pull: &'static [&'static str],
    pub(crate) push: &'static [&'static str],
    /// Whether functions of Lambda alone run by it. Lambda pulls their images without it.
    pub(crate) is_of_function: bool,
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
            is_of_function: false,
        },
    ),
    ("ecr.amazonaws.com", NEITHER),
    ("replication.ecr.amazonaws.com", NEITHER),
    ("imagebuilder.amazonaws.com", NEITHER),
];

const NEITHER: Needs = Needs {
    pull: &[],
    push: &[],
    is_of_function: false,
};

/// What stands behind the names of services in the partition `aws`, and how templates spell it for any.
const DOMAIN: &str = "amazonaws.com";
const SUFFIX: &str = "AWS::URLSuffix";

/// Who runs functions.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html>
const FUNCTIONS: [&str; 2] = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"];

/// What pulling and pushing need of whoever `trust` lets assume a role; of users and groups, and where nobody
/// special is trusted, what they need in general.
pub(crate) fn needs(trust: Option<Value<'_>>, owner: &Owner<'_>) -> Needs {
    let list = trust.and_then(|trust| member(trust, keys::STATEMENT));
    let statements = list.map_or_else(Vec::new, |list| statement::read_all(list, owner));
    let trusted: Vec<Trusted> = statements.iter().flat_map(trusted).collect();
    let is_function = |one: &Trusted| FUNCTIONS.iter().any(|name| one.is(name));
    let known = trusted.iter().find_map(|one| {
        let service = SERVICES.iter().find(|(name, _)| one.is(name));
        service.map(|(_, needs)| *needs)
    });
    known.unwrap_or(Needs {
        pull: &PULL,
        push: &PUSH,
        is_of_function: !trusted.is_empty() && trusted.iter().all(is_function),
    })
}

/// Somebody who may assume a role.
enum Trusted {
    /// A service by its name, in lower case.
    Service(String),
    /// What stands in front of the suffix of a partition that is not known.
    ServiceAnywhere(String),
    Other,
}

impl Trusted {
    fn read(value: Value<'_>) -> Self {
        let pieces =
            (value.as_unknown()).and_then(|unknown| Some(unknown.shape.as_ref()?.0.as_slice()));
        match (value.as_str(), pieces) {
            (Some(name), _) => {
                let name = name.to_ascii_lowercase();
                Self::Service(name.strip_suffix(".cn").unwrap_or(&name).to_owned())
            }
            (None, Some([Piece::Text(name), Piece::Hole(suffix, _)])) if suffix == SUFFIX => {
                Self::ServiceAnywhere(name.to_ascii_lowercase())
            }
            _ => Self::Other,
        }
    }

    /// Whether it is the service of this name, by which it goes in the partition `aws`.
    fn is(&self, name: &str) -> bool {
        match self {
            Self::Service(own) => own == name,
            Self::ServiceAnywhere(own) => name.strip_suffix(DOMAIN) == Some(own),
            Self::Other => false,
        }
    }
}

/// Everybody whom a statement lets assume a role.
fn trusted(statement: &Statement<'_>) -> Vec<Trusted> {
    let Some(principal) = member(statement.value, keys::PRINCIPAL) else {
        return vec![Trusted::Other];
    };
    let mut all = Vec::new();
    for (key, value) in principal.members() {
        match key == keys::SERVICE.name() {
            true => all.extend(one_or_many(value).into_iter().map(Trusted::read)),
            false => all.push(Trusted::Other),
        }
    }
    if all.is_empty() {
        all.push(Trusted::Other);
    }
    all
}
