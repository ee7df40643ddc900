//! The types of resources that ECR repositories are judged by, and those of ECR.
//! It does not know what the resources hold.

/// The types of resources that ECR repositories are judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResourceKind {
    /// `AWS::ECR::Repository`
    Repository,
    /// `AWS::ECR::PublicRepository`
    PublicRepository,
    /// `AWS::ECR::RegistryScanningConfiguration`
    RegistryScanning,
    /// `AWS::ECR::RegistryPolicy`
    RegistryPolicy,
    /// `AWS::ECR::RepositoryCreationTemplate`
    CreationTemplate,
    /// `AWS::KMS::Key` or `AWS::KMS::ReplicaKey`
    Key,
    /// `AWS::KMS::Alias`
    Alias,
    /// `AWS::SSM::Parameter`
    Parameter,
    /// A role, user or group of IAM.
    IamPrincipal,
    /// A policy of IAM that is attached to principals.
    IamPolicy,
    /// `AWS::IAM::UserToGroupAddition`
    IamMembership,
    /// `AWS::Events::Rule`
    EventRule,
    /// A function or state machine of SAM, beside which roles and event rules are made
    Serverless,
    /// `AWS::SSO::PermissionSet`
    PermissionSet,
    /// `Custom::ECRAutoDeleteImages`
    AutoDelete,
    /// A type of ECR, or one that was meant to be, by which no repository is judged.
    OtherEcr,
    /// `AWS::CloudFormation::Stack`
    NestedStack,
    /// `Custom::CrossRegionExportReader`, by which the CDK reads values of another region
    ExportReader,
    /// `Custom::CrossRegionExportWriter`, by which the CDK hands values to another region
    ExportWriter,
    /// `Custom::ECRImageScanOnPush`, by which version 1 of the CDK switches scanning on
    ScanOnPush,
    /// Any other.
    Other,
}

impl ResourceKind {
    /// The kind of the type with this name.
    pub(crate) fn of(name: &str) -> Self {
        match name {
            "AWS::ECR::Repository" => Self::Repository,
            "AWS::ECR::PublicRepository" => Self::PublicRepository,
            "AWS::ECR::RegistryScanningConfiguration" => Self::RegistryScanning,
            "AWS::ECR::RegistryPolicy" => Self::RegistryPolicy,
            "AWS::ECR::RepositoryCreationTemplate" => Self::CreationTemplate,
            "AWS::KMS::Key" | "AWS::KMS::ReplicaKey" => Self::Key,
            "AWS::KMS::Alias" => Self::Alias,
            "AWS::SSM::Parameter" => Self::Parameter,
            "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group" => Self::IamPrincipal,
            "AWS::IAM::Policy"
            | "AWS::IAM::ManagedPolicy"
            | "AWS::IAM::RolePolicy"
            | "AWS::IAM::UserPolicy"
            | "AWS::IAM::GroupPolicy" => Self::IamPolicy,
            "AWS::IAM::UserToGroupAddition" => Self::IamMembership,
            "AWS::Events::Rule" => Self::EventRule,
            "AWS::Serverless::Function" | "AWS::Serverless::StateMachine" => Self::Serverless,
            "AWS::SSO::PermissionSet" => Self::PermissionSet,
            "Custom::ECRAutoDeleteImages" => Self::AutoDelete,
            "AWS::CloudFormation::Stack" => Self::NestedStack,
            "Custom::CrossRegionExportReader" => Self::ExportReader,
            "Custom::CrossRegionExportWriter" => Self::ExportWriter,
            "Custom::ECRImageScanOnPush" => Self::ScanOnPush,
            name if is_of_ecr(name) => Self::OtherEcr,
            _ => Self::Other,
        }
    }

    /// Whether the properties of such resources are read for verdicts.
    pub(crate) fn is_read(self) -> bool {
        self.is_of_ecr()
            || matches!(
                self,
                Self::Key
                    | Self::Alias
                    | Self::Parameter
                    | Self::IamPrincipal
                    | Self::IamPolicy
                    | Self::PermissionSet
                    | Self::EventRule
            )
    }

    /// Whether a resource is one of ECR.
    pub(crate) fn is_of_ecr(self) -> bool {
        matches!(
            self,
            Self::Repository
                | Self::PublicRepository
                | Self::RegistryScanning
                | Self::RegistryPolicy
                | Self::CreationTemplate
                | Self::OtherEcr
        )
    }
}

/// The namespace of the types.
pub(crate) const NAMESPACE: &str = "AWS::ECR::";

/// Whether a type is one of ECR, or was meant to be. Modules, whose names end like this, are somebody's own.
pub(crate) fn is_of_ecr(name: &str) -> bool {
    let start = name.get(..NAMESPACE.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(NAMESPACE)) && !name.ends_with("::MODULE")
}
