//! Findings of Inspector, and what else it sends but for scans of images.
//!
//! <https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html>; the fields of a finding are those of
//! <https://docs.aws.amazon.com/inspector/v2/APIReference/API_Finding.html>. It does not know patterns.

use super::cloudtrail;
use super::kind::{EventKind, INSPECTOR, Sent, kind};
use super::names::RepositorySamples;
use super::sample::{Sample, TextForm};

/// What a finding about an image is about.
const IMAGES: &[&str] = &["AWS_ECR_CONTAINER_IMAGE"];
/// What other findings of the same account are about.
/// <https://docs.aws.amazon.com/inspector/v2/APIReference/API_Resource.html>
const OTHERS: &[&str] = &[
    "AWS_EC2_INSTANCE",
    "AWS_LAMBDA_FUNCTION",
    "CODE_REPOSITORY",
    "MACHINE_IMAGE",
];

/// A finding about an image in a repository.
pub(super) fn of_images(names: &RepositorySamples) -> EventKind {
    let text = || Sample::Free(TextForm::Text);
    let image = Sample::open(vec![
        ("repositoryName", names.name.clone()),
        (
            "imageTags",
            Sample::List(vec![Sample::Free(TextForm::Digest)]),
        ),
        ("imageHash", Sample::Free(TextForm::Digest)),
        ("registry", text()),
        ("architecture", text()),
        ("author", text()),
        ("platform", text()),
        ("pushedAt", text()),
        ("lastInUseAt", text()),
        ("inUseCount", Sample::Number),
    ]);
    let resource = resource(
        Sample::words_but(IMAGES, OTHERS),
        names.image.clone(),
        Sample::closed(vec![("awsEcrContainerImage", image)]),
    );
    let resources = Sample::List(vec![names.image.clone()]);
    EventKind {
        sent: Sent::Enhanced,
        ..finding(names, resources, resource)
    }
}

/// A finding about an instance, a function or a repository of code.
pub(super) fn of_other_resources(names: &RepositorySamples) -> EventKind {
    let other = || Sample::Free(TextForm::OtherResource);
    let details = Sample::open_but(
        vec![
            ("awsEc2Instance", Sample::Any),
            ("awsLambdaFunction", Sample::Any),
            ("codeRepository", Sample::Any),
            ("serverlessFunction", Sample::Any),
            ("virtualMachine", Sample::Any),
        ],
        &["awsEcrContainerImage"],
    );
    let types = Sample::words_but(OTHERS, IMAGES);
    let resource = resource(types, other(), details);
    EventKind {
        sent: Sent::CrossStack,
        ..finding(names, Sample::List(vec![other()]), resource)
    }
}

/// That the coverage of a resource has changed. No example is about an image.
pub(super) fn coverage(names: &RepositorySamples, sent: Sent) -> EventKind {
    let text = || Sample::Free(TextForm::Text);
    let status = Sample::open(vec![
        ("reason", text()),
        ("statusCodeValue", Sample::words(&["ACTIVE", "INACTIVE"])),
    ]);
    let detail = Sample::closed(vec![
        ("scanStatus", status),
        ("scanType", Sample::words(&["NETWORK", "PACKAGE", "CODE"])),
        ("provider", text()),
        ("providerAccountId", text()),
        ("providerRegion", text()),
        ("providerOrgId", text()),
        ("eventTimestamp", text()),
        ("version", text()),
    ]);
    let resources = match sent {
        Sent::CrossStack => Sample::List(vec![Sample::Free(TextForm::OtherResource)]),
        _ => Sample::List(vec![names.image.clone()]),
    };
    EventKind {
        sent,
        ..kind(names, [INSPECTOR, "Inspector2 Coverage"], resources, detail)
    }
}

/// What is never about an image.
pub(super) fn rest(names: &RepositorySamples) -> Vec<EventKind> {
    const NAMES: [&str; 4] = [
        "Inspector2 AutoEnable",
        "Inspector2 OnDemand Scan Complete",
        "Inspector Finding",
        "Inspector Scan",
    ];
    let resources = || Sample::List(vec![Sample::Free(TextForm::OtherResource)]);
    let kinds = NAMES.map(|name| EventKind {
        sent: Sent::CrossStack,
        ..kind(names, [INSPECTOR, name], resources(), Sample::Any)
    });
    let mut kinds = Vec::from(kinds);
    kinds.extend(cloudtrail::inspector(names, INSPECTOR));
    kinds
}

/// What a finding says of a resource.
fn resource(kind: Sample, id: Sample, details: Sample) -> Sample {
    Sample::open(vec![
        ("type", kind),
        ("id", id),
        ("details", details),
        ("partition", Sample::Free(TextForm::Text)),
        ("region", Sample::Free(TextForm::Text)),
        ("tags", Sample::Any),
        ("provider", Sample::Free(TextForm::Text)),
        ("providerAccountId", Sample::Free(TextForm::Text)),
        ("providerOrgId", Sample::Free(TextForm::Text)),
    ])
}

fn finding(names: &RepositorySamples, resources: Sample, resource: Sample) -> EventKind {
    let text = || Sample::Free(TextForm::Text);
    let detail = Sample::closed(vec![
        ("awsAccountId", text()),
        ("description", text()),
        ("findingArn", text()),
        ("firstObservedAt", text()),
        ("lastObservedAt", text()),
        ("updatedAt", text()),
        ("title", text()),
        (
            "severity",
            Sample::words(&[
                "INFORMATIONAL",
                "LOW",
                "MEDIUM",
                "HIGH",
                "CRITICAL",
                "UNTRIAGED",
            ]),
        ),
        ("status", Sample::words(&["ACTIVE", "SUPPRESSED", "CLOSED"])),
        (
            "type",
            Sample::words(&[
                "NETWORK_REACHABILITY",
                "PACKAGE_VULNERABILITY",
                "CODE_VULNERABILITY",
            ]),
        ),
        ("fixAvailable", Sample::words(&["YES", "NO", "PARTIAL"])),
        ("exploitAvailable", Sample::words(&["YES", "NO"])),
        ("inspectorScore", Sample::Number),
        ("inspectorScoreDetails", Sample::Any),
        ("exploitabilityDetails", Sample::Any),
        ("packageVulnerabilityDetails", Sample::Any),
        ("networkReachabilityDetails", Sample::Any),
        ("codeVulnerabilityDetails", Sample::Any),
        ("epss", Sample::Any),
        ("remediation", Sample::Any),
        ("resources", Sample::List(vec![resource])),
    ]);
    kind(names, [INSPECTOR, "Inspector2 Finding"], resources, detail)
}
