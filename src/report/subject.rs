//! What a finding is about, as a human calls it.
//! It does not know what was found.

/// What kind of thing a finding is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectKind {
    /// A repository.
    #[default]
    Repository,
    /// The registry of an account and region.
    Registry,
    /// A template for repositories that ECR creates.
    CreationTemplate,
    /// A role, user or group, or a policy of others.
    Principals,
    /// A resource of a template that CloudFormation refuses, or the template itself.
    Resource,
    /// A rule of EventBridge.
    EventRule,
    /// A KMS key.
    Key,
    /// An SSM parameter.
    Parameter,
    /// What an organisation has declared.
    Declaration,
    /// A live repository that its stack no longer has.
    Removed,
}

impl SubjectKind {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            SubjectKind::Repository => "repository",
            SubjectKind::Registry => "registry",
            SubjectKind::CreationTemplate => "creation-template",
            SubjectKind::Principals => "principals",
            SubjectKind::Resource => "resource",
            SubjectKind::EventRule => "event-rule",
            SubjectKind::Key => "key",
            SubjectKind::Parameter => "parameter",
            SubjectKind::Declaration => "declaration",
            SubjectKind::Removed => "removed",
        }
    }
}

/// What a human calls the thing that a finding is about, as it holds under all conditions. `None` means not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// What kind of thing it is.
    pub kind: SubjectKind,
    /// Repository name.
    pub name: Option<String>,
    /// Logical id in the template.
    pub logical_id: Option<String>,
    /// Stack name.
    pub stack: Option<String>,
    /// CDK construct path.
    pub construct_path: Option<String>,
    /// ARN in a live account.
    pub arn: Option<String>,
    /// Account id.
    pub account: Option<String>,
    /// Region.
    pub region: Option<String>,
}
