//! What an input says about one ECR repository and what belongs to it, or about a template for repositories.
//! It does not know which kind of input said so.

use std::sync::Arc;

use super::lifecycle::LiveImages;
use super::{EventRule, ImageUse, KmsKey, NodeId, Parameter, RegistryScanning, Truth};
use crate::source::Span;

/// What one repository is and has besides what every [`Entity`](super::Entity) has.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Whether it lives in the public gallery, not in the private registry of an account and region.
    pub is_public: bool,
    /// What a template for repositories says, too.
    pub settings: RepositorySettings,
    /// The name with a hole for each value of a parameter that is taken for granted, where any is.
    pub pattern: Option<String>,
    /// Scanning configurations of its registry in the same template.
    pub registries: Vec<Arc<RegistryScanning>>,
    /// Boolean: the repository's own flag, before any registry configuration.
    pub scan_on_push: NodeId,
    /// String: `SCAN_ON_PUSH`, `CONTINUOUS_SCAN` or `MANUAL`, as AWS itself sums up every scanning
    /// configuration for a repository of a live account. Absent: no input says.
    pub scan_frequency: NodeId,
    /// Boolean.
    pub empty_on_delete: NodeId,
    /// String: `Delete`, `Retain`, `RetainExceptOnCreate`.
    pub deletion_policy: NodeId,
    /// String: `Delete`, `Retain`.
    pub update_replace_policy: NodeId,
    /// The custom resource of CDK that deletes the images before the repository, where there is one: its logical id and
    /// its place.
    pub auto_delete: Option<(String, Span)>,
    /// Whether it holds images, where the input shows a live repository with what is in it.
    pub holds_images: Truth<()>,
    /// What images it holds, where it is a live one and the input lists them.
    pub images: Option<Arc<LiveImages>>,
    /// SSM parameters that hold a value of this repository, by reference or by text. Variants share them where they are the
    /// same.
    pub parameters: Arc<[Parameter]>,
    /// Rules of EventBridge whose patterns may be about this repository.
    pub event_rules: Vec<EventRule>,
    /// Images of it that resources of the inputs run.
    pub image_uses: Vec<ImageUse>,
}

impl Repository {
    /// A private one of which nothing is known: `absent` stands for each property.
    #[must_use]
    pub fn absent(absent: NodeId) -> Self {
        Self {
            is_public: false,
            settings: RepositorySettings::absent(absent),
            pattern: None,
            registries: Vec::new(),
            scan_on_push: absent,
            scan_frequency: absent,
            empty_on_delete: absent,
            deletion_policy: absent,
            update_replace_policy: absent,
            auto_delete: None,
            holds_images: Truth::Unknown(()),
            images: None,
            parameters: Arc::default(),
            event_rules: Vec::new(),
            image_uses: Vec::new(),
        }
    }
}

/// A template for repositories that ECR itself creates: `AWS::ECR::RepositoryCreationTemplate`.
#[derive(Clone, Debug)]
pub struct CreationTemplate {
    /// What it gives to the repositories. Its name is the prefix of theirs.
    pub settings: RepositorySettings,
    /// String: ARN of the role by which ECR creates them. Absent: by a role of its own, which neither tags them nor
    /// encrypts them by KMS.
    ///
    /// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-create.html>
    pub custom_role: NodeId,
}

/// What a repository is set to by itself, or by the template that ECR creates it from.
#[derive(Clone, Debug)]
pub struct RepositorySettings {
    /// String. Absent: CloudFormation makes up a name.
    pub name: NodeId,
    /// String: `MUTABLE`, `IMMUTABLE`, or one of the two with `_WITH_EXCLUSION`.
    pub tag_mutability: NodeId,
    /// List of `{type, filter}`.
    pub exclusion_filters: NodeId,
    /// String: `AES256`, `KMS` or `KMS_DSSE`.
    pub encryption_type: NodeId,
    /// String: alias, key id or ARN; unknown with a reference for a key of the same stack.
    pub kms_key: NodeId,
    /// The key that `kms_key` stands for, where the inputs describe it.
    pub key: Option<KmsKey>,
    /// The lifecycle policy: a mapping once it was read as JSON, a string when it is not JSON.
    pub lifecycle_policy: NodeId,
    /// How the lifecycle policy is written down.
    pub lifecycle_written: Written,
    /// The repository policy: a mapping once it was read as JSON, a string when it is not JSON.
    pub repository_policy: NodeId,
    /// Policies of its registry in the same template, as far as they may deny something.
    pub registry_policies: Vec<NodeId>,
    /// List of `{key, value}`, stack tags included.
    pub tags: NodeId,
}

impl RepositorySettings {
    /// Nothing is set: `absent` stands for each property.
    #[must_use]
    pub fn absent(absent: NodeId) -> Self {
        Self {
            name: absent,
            tag_mutability: absent,
            exclusion_filters: absent,
            encryption_type: absent,
            kms_key: absent,
            key: None,
            lifecycle_policy: absent,
            lifecycle_written: Written::Unmeasured,
            repository_policy: absent,
            registry_policies: Vec::new(),
            tags: absent,
        }
    }
}

/// How a policy for which ECR takes a JSON text is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Written {
    /// As a text whose length is not known, or not at all.
    #[default]
    Unmeasured,
    /// As a text of so many characters.
    Text(usize),
    /// As a mapping of the template, where a text belongs.
    Mapping,
}
