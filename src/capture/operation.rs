//! The services that are asked and every call that is made of them: one row each.
//! The calls themselves, the permissions that they need and the dry run are all read from these rows.
//! It does not know credentials or the network.

/// What of an account a snapshot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SnapshotPart {
    /// Repositories and the settings of the registry.
    Ecr,
    /// The keys that encrypt repositories.
    Kms,
    /// Parameters that publish repositories.
    Ssm,
    /// Rules of EventBridge that may see events of ECR.
    Events,
    /// Every image of every repository.
    Images,
}

impl SnapshotPart {
    /// Every part, in the order in which a snapshot names them.
    pub const ALL: [SnapshotPart; 5] = [
        SnapshotPart::Ecr,
        SnapshotPart::Kms,
        SnapshotPart::Ssm,
        SnapshotPart::Events,
        SnapshotPart::Images,
    ];

    /// Its word, as in `included` of a snapshot.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            SnapshotPart::Ecr => "ecr",
            SnapshotPart::Kms => "kms",
            SnapshotPart::Ssm => "ssm",
            SnapshotPart::Events => "events",
            SnapshotPart::Images => "images",
        }
    }
}

/// A service of AWS that speaks JSON 1.1.
#[derive(Debug)]
pub(super) struct AwsService {
    /// Prefix of its IAM actions, and the name in signatures.
    pub(super) name: &'static str,
    /// First label of its hosts.
    pub(super) host: &'static str,
    /// What `X-Amz-Target` begins with. `None`: the calls are paths.
    pub(super) target: Option<&'static str>,
    /// The name in `AWS_ENDPOINT_URL_…` and in the `services` of a profile.
    pub(super) id: &'static str,
    /// Most calls at the same time.
    pub(super) at_once: usize,
}

/// Source of hosts, targets and names: botocore 1.44.5, `service-2.json` and `endpoints.json`.
pub(super) const ECR: AwsService = AwsService {
    name: "ecr",
    host: "api.ecr",
    target: Some("AmazonEC2ContainerRegistry_V20150921"),
    id: "ecr",
    at_once: 10,
};
pub(super) const KMS: AwsService = AwsService {
    name: "kms",
    host: "kms",
    target: Some("TrentService"),
    id: "kms",
    at_once: 5,
};
pub(super) const SSM: AwsService = AwsService {
    name: "ssm",
    host: "ssm",
    target: Some("AmazonSSM"),
    id: "ssm",
    at_once: 3,
};
pub(super) const EVENTS: AwsService = AwsService {
    name: "events",
    host: "events",
    target: Some("AWSEvents"),
    id: "eventbridge",
    at_once: 5,
};
pub(super) const ACCOUNT: AwsService = AwsService {
    name: "account",
    host: "account",
    target: None,
    id: "account",
    at_once: 1,
};

/// The services, each with a pace of its own.
pub(super) const SERVICES: [&AwsService; 5] = [&ECR, &KMS, &SSM, &EVENTS, &ACCOUNT];

/// What an IAM statement about a call names as its resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PermissionResource {
    /// Everything: the call knows no smaller resource.
    Any,
    /// Repositories.
    Repository,
    /// Keys.
    Key,
    /// Rules of EventBridge.
    EventRule,
    /// Parameters of Systems Manager.
    Parameter,
}

/// A call.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) service: &'static AwsService,
    /// Its name in the API, and in IAM.
    pub(super) name: &'static str,
    pub(super) resource: PermissionResource,
    /// The part of a snapshot that it is for. `None`: for `--region all` only.
    pub(super) part: Option<SnapshotPart>,
    /// How often it is made.
    pub(super) times: &'static str,
}

macro_rules! operations {
    ($($id:ident = $service:ident $name:literal $resource:ident $part:expr, $times:literal;)*) => {
        $(pub(super) const $id: Operation = Operation {
            service: &$service,
            name: $name,
            resource: PermissionResource::$resource,
            part: $part,
            times: $times,
        };)*
        /// Every call that is ever made, in the order in which they are.
        pub(super) const OPERATIONS: &[&Operation] = &[$(&$id),*];
    };
}

operations! {
    LIST_REGIONS = ACCOUNT "ListRegions" Any None, "once an account";
    DESCRIBE_REPOSITORIES = ECR "DescribeRepositories" Repository Some(SnapshotPart::Ecr), "once per 1,000 repositories";
    GET_REGISTRY_SCANNING = ECR "GetRegistryScanningConfiguration" Any Some(SnapshotPart::Ecr), "once a region";
    GET_REGISTRY_POLICY = ECR "GetRegistryPolicy" Any Some(SnapshotPart::Ecr), "once a region";
    DESCRIBE_REGISTRY = ECR "DescribeRegistry" Any Some(SnapshotPart::Ecr), "once a region";
    DESCRIBE_CREATION_TEMPLATES = ECR "DescribeRepositoryCreationTemplates" Any Some(SnapshotPart::Ecr), "once a region";
    DESCRIBE_CACHE_RULES = ECR "DescribePullThroughCacheRules" Any Some(SnapshotPart::Ecr), "once a region";
    LIST_RULES = EVENTS "ListRules" Any Some(SnapshotPart::Events), "once per 100 rules";
    LIST_TARGETS = EVENTS "ListTargetsByRule" EventRule Some(SnapshotPart::Events), "once per rule about ECR";
    DESCRIBE_PARAMETERS = SSM "DescribeParameters" Any Some(SnapshotPart::Ssm), "once per 50 parameters";
    GET_PARAMETERS = SSM "GetParameters" Parameter Some(SnapshotPart::Ssm), "once per 10 parameters";
    BATCH_GET_SCANNING = ECR "BatchGetRepositoryScanningConfiguration" Repository Some(SnapshotPart::Ecr), "once per 25 repositories";
    GET_LIFECYCLE_POLICY = ECR "GetLifecyclePolicy" Repository Some(SnapshotPart::Ecr), "once a repository";
    GET_REPOSITORY_POLICY = ECR "GetRepositoryPolicy" Repository Some(SnapshotPart::Ecr), "once a repository";
    LIST_TAGS = ECR "ListTagsForResource" Repository Some(SnapshotPart::Ecr), "once a repository";
    DESCRIBE_IMAGES = ECR "DescribeImages" Repository Some(SnapshotPart::Images), "once per 1,000 images";
    DESCRIBE_KEY = KMS "DescribeKey" Key Some(SnapshotPart::Kms), "once a key";
    GET_KEY_ROTATION = KMS "GetKeyRotationStatus" Key Some(SnapshotPart::Kms), "once a key";
    GET_KEY_POLICY = KMS "GetKeyPolicy" Key Some(SnapshotPart::Kms), "once a key";
}

#[cfg(test)]
mod tests {
    use super::OPERATIONS;

    #[test]
    fn every_call_only_reads() {
        for operation in OPERATIONS {
            let reads = ["Describe", "Get", "List", "BatchGet"]
                .iter()
                .any(|start| operation.name.starts_with(start));
            assert!(reads, "{}", operation.name);
        }
    }
}
