//! Records of CloudTrail as events: calls of the API, and what a service does by itself.
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>. What
//! somebody asks for and is answered stays open. It does not know patterns.

use super::kind::{ECR, EventKind, GALLERY, Sent, kind};
use super::names::RepositorySamples;
use super::sample::{EnumValues, RECORDS, Sample, TextForm};

/// The operations of ECR's API, and what ECR writes down besides.
/// <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html>
const OPERATIONS: &[&str] = &[
    "BatchCheckLayerAvailability",
    "BatchDeleteImage",
    "BatchGetImage",
    "BatchGetRepositoryScanningConfiguration",
    "BatchImportUpstreamImage",
    "CompleteLayerUpload",
    "CreatePullThroughCacheRule",
    "CreateRepository",
    "CreateRepositoryCreationTemplate",
    "DeleteLifecyclePolicy",
    "DeletePullThroughCacheRule",
    "DeleteRegistryPolicy",
    "DeleteRepository",
    "DeleteRepositoryCreationTemplate",
    "DeleteRepositoryPolicy",
    "DeleteSigningConfiguration",
    "DeregisterPullTimeUpdateExclusion",
    "DescribeImageReplicationStatus",
    "DescribeImageScanFindings",
    "DescribeImageSigningStatus",
    "DescribeImages",
    "DescribePullThroughCacheRules",
    "DescribeRegistry",
    "DescribeRepositories",
    "DescribeRepositoryCreationTemplates",
    "GetAccountSetting",
    "GetAuthorizationToken",
    "GetDownloadUrlForLayer",
    "GetLifecyclePolicy",
    "GetLifecyclePolicyPreview",
    "GetRegistryPolicy",
    "GetRegistryScanningConfiguration",
    "GetRepositoryPolicy",
    "GetSigningConfiguration",
    "InitiateLayerUpload",
    "ListImageReferrers",
    "ListImages",
    "ListPullTimeUpdateExclusions",
    "ListTagsForResource",
    "PutAccountSetting",
    "PutImage",
    "PutImageScanningConfiguration",
    "PutImageTagMutability",
    "PutLifecyclePolicy",
    "PutRegistryPolicy",
    "PutRegistryScanningConfiguration",
    "PutReplicationConfiguration",
    "PutSigningConfiguration",
    "RegisterPullTimeUpdateExclusion",
    "ReplicateImage",
    "SetRepositoryPolicy",
    "StartImageScan",
    "StartLifecyclePolicyPreview",
    "TagResource",
    "UntagResource",
    "UpdateImageStorageClass",
    "UpdatePullThroughCacheRule",
    "UpdateRepositoryCreationTemplate",
    "UploadLayerPart",
    "ValidatePullThroughCacheRule",
];

/// Records about private registries.
pub(super) fn ecr(names: &RepositorySamples) -> [EventKind; 2] {
    let [call, by_itself] = RECORDS;
    let service = || Sample::text("ecr.amazonaws.com");
    let operations = Sample::Word(EnumValues {
        known: OPERATIONS,
        never: &[],
        are_alike: true,
    });
    let service_events = Sample::Word(EnumValues {
        known: &["PolicyExecutionEvent"],
        never: &[],
        are_alike: true,
    });
    [
        kind(
            names,
            [ECR, call],
            Sample::Any,
            record(service(), operations),
        ),
        kind(
            names,
            [ECR, by_itself],
            Sample::Any,
            record(service(), service_events),
        ),
    ]
}

/// Records about the public gallery.
pub(super) fn gallery(names: &RepositorySamples) -> [EventKind; 2] {
    let detail = || {
        let service = Sample::text("ecr-public.amazonaws.com");
        record(service, Sample::Free(TextForm::Text))
    };
    RECORDS.map(|name| kind(names, [GALLERY, name], Sample::Any, detail()))
}

/// Records of Inspector.
pub(super) fn inspector(names: &RepositorySamples, source: &'static str) -> [EventKind; 2] {
    let detail = || {
        let service = Sample::text("inspector2.amazonaws.com");
        record(service, Sample::Free(TextForm::Text))
    };
    RECORDS.map(|name| EventKind {
        sent: Sent::CrossStack,
        ..kind(names, [source, name], Sample::Any, detail())
    })
}

/// What other services send: records of CloudTrail, and anything else.
pub(super) fn foreign() -> [EventKind; 2] {
    let other = |name: Sample, detail: Sample| EventKind {
        source: "",
        name: "",
        sent: Sent::Foreign,
        is_vague: false,
        event: Sample::closed(vec![
            ("version", Sample::text("0")),
            ("id", Sample::Any),
            ("time", Sample::Any),
            ("source", Sample::Free(TextForm::OtherSource)),
            ("detail-type", name),
            ("account", Sample::Any),
            ("region", Sample::Any),
            ("resources", Sample::Any),
            ("detail", detail),
        ]),
    };
    let service = Sample::Free(TextForm::OtherService);
    [
        other(
            Sample::Free(TextForm::RecordType),
            Sample::open(vec![("eventSource", service)]),
        ),
        other(Sample::Free(TextForm::OtherType), Sample::Any),
    ]
}

fn record(service: Sample, operation: Sample) -> Sample {
    const TEXTS: [&str; 15] = [
        "eventVersion",
        "eventTime",
        "awsRegion",
        "sourceIPAddress",
        "userAgent",
        "errorCode",
        "errorMessage",
        "requestID",
        "eventID",
        "eventType",
        "apiVersion",
        "recipientAccountId",
        "sharedEventID",
        "vpcEndpointId",
        "eventCategory",
    ];
    const OPEN: [&str; 14] = [
        "userIdentity",
        "requestParameters",
        "responseElements",
        "additionalEventData",
        "resources",
        "managementEvent",
        "readOnly",
        "serviceEventDetails",
        "vpcEndpointAccountId",
        "addendum",
        "sessionCredentialFromConsole",
        "edgeDeviceDetails",
        "tlsDetails",
        "eventContext",
    ];
    let mut members = vec![("eventSource", service), ("eventName", operation)];
    members.extend(TEXTS.map(|name| (name, Sample::Free(TextForm::Text))));
    members.extend(OPEN.map(|name| (name, Sample::Any)));
    Sample::closed(members)
}
