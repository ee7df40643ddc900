//! The events of ECR, and those of Inspector, by kind: which fields they have, and what stands there.
//!
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html>,
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html>,
//! <https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ecr.html>; the fields of events are those of the
//! schemas that EventBridge publishes, too. It does not know patterns.

use std::sync::LazyLock;

use super::kind::{ECR, EventKind, INSPECTOR, Sent, kind, none};
use super::names::RepositorySamples;
use super::sample::{Sample, SampleMember, TextForm};
use super::{cloudtrail, findings};

/// The type of events about finished basic scans.
pub(super) const IMAGE_SCAN: &str = "ECR Image Scan";
/// The type of events of which nothing but the name is documented.
const ARTIFACT: &str = "ECR Artifact Action";
/// The type of events about replication.
const REPLICATION: &str = "ECR Replication Action";
/// The type of events about how resources of the registry are scanned.
const SCAN_CHANGE: &str = "ECR Scan Resource Change";

/// What is done to images.
const IMAGE_ACTIONS: &[&str] = &["PUSH", "DELETE", "UPDATE_STORAGE_CLASS"];
/// What replication does.
const REPLICATED: &[&str] = &["REPLICATE"];
/// What becomes of basic scans.
const BASIC: &[&str] = &["COMPLETE", "FAILED"];
/// What becomes of Inspector's.
const ENHANCED: &[&str] = &["INITIAL_SCAN_COMPLETE"];

/// Every kind, about any repository; then what else there may be.
pub(super) static KINDS: LazyLock<Vec<EventKind>> = LazyLock::new(|| {
    let names = RepositorySamples::any();
    let mut kinds = ecr(&names);
    kinds.extend([
        basic_scan(&names, Sample::words_but(BASIC, ENHANCED)),
        scan_change(&names),
        enhanced_scan(&names, Sample::words_but(ENHANCED, BASIC)),
        findings::of_images(&names),
        findings::coverage(&names, Sent::Enhanced),
        findings::coverage(&names, Sent::CrossStack),
        findings::of_other_resources(&names),
        other_scan(&names),
    ]);
    kinds.extend(cloudtrail::gallery(&names));
    kinds.extend(findings::rest(&names));
    kinds.extend(cloudtrail::foreign());
    let vague: Vec<EventKind> = kinds
        .iter()
        .filter_map(EventKind::with_undocumented_fields)
        .collect();
    kinds.extend(vague);
    kinds
});

impl EventKind {
    /// The same kind with the fields that nobody has documented, where there are any.
    fn with_undocumented_fields(&self) -> Option<Self> {
        let detail = match self.name {
            ARTIFACT => Sample::Any,
            // Of a failure, there "may be additional error information"; what Inspector says grows.
            REPLICATION | "Inspector2 Finding" | "Inspector2 Coverage" => {
                match self.event.member("detail") {
                    SampleMember::There(Sample::Map(map)) => Sample::open(map.members.clone()),
                    _ => return None,
                }
            }
            _ => return None,
        };
        let mut event = self.event.clone();
        if let Sample::Map(map) = &mut event {
            for (name, value) in &mut map.members {
                match *name {
                    "detail" => *value = detail.clone(),
                    "resources" if self.name == ARTIFACT => *value = Sample::Any,
                    _ => {}
                }
            }
        }
        Some(Self {
            is_vague: true,
            event,
            ..*self
        })
    }
}

/// What ECR sends about its repositories, but for scans.
pub(super) fn ecr(names: &RepositorySamples) -> Vec<EventKind> {
    let mut kinds = vec![
        kind(
            names,
            [ECR, "ECR Image Action"],
            none(),
            image_action(names),
        ),
        kind(
            names,
            [ECR, "ECR Referrer Action"],
            none(),
            image_action(names),
        ),
        kind(
            names,
            [ECR, "ECR Pull Through Cache Action"],
            own(names),
            Sample::closed(vec![
                ("rule-version", Sample::Free(TextForm::Text)),
                ("sync-status", Sample::words(&["SUCCESS", "FAILED"])),
                ("ecr-repository-prefix", Sample::Free(TextForm::Text)),
                ("repository-name", names.name.clone()),
                ("upstream-registry-url", Sample::Free(TextForm::Text)),
                ("image-tag", Sample::Free(TextForm::Digest)),
                ("image-digest", Sample::Free(TextForm::Digest)),
                ("failure-code", Sample::Free(TextForm::Text)),
                ("failure-reason", Sample::Free(TextForm::Text)),
            ]),
        ),
        kind(
            names,
            [ECR, REPLICATION],
            own(names),
            Sample::closed(vec![
                ("result", Sample::words(&["SUCCESS", "FAILED"])),
                ("repository-name", names.name.clone()),
                ("image-digest", Sample::Free(TextForm::Digest)),
                ("image-tag", Sample::Free(TextForm::Digest)),
                ("action-type", Sample::words_but(REPLICATED, IMAGE_ACTIONS)),
                ("source-account", Sample::Free(TextForm::Text)),
                ("source-region", Sample::Free(TextForm::Text)),
            ]),
        ),
        kind(names, [ECR, ARTIFACT], none(), image_action(names)),
    ];
    kinds.extend(cloudtrail::ecr(names));
    kinds
}

fn image_action(names: &RepositorySamples) -> Sample {
    Sample::closed(vec![
        ("result", Sample::words(&["SUCCESS"])),
        ("repository-name", names.name.clone()),
        ("image-digest", Sample::Free(TextForm::Digest)),
        ("image-tag", Sample::Free(TextForm::Tag)),
        ("action-type", Sample::words_but(IMAGE_ACTIONS, REPLICATED)),
        ("manifest-media-type", Sample::Free(TextForm::Text)),
        ("artifact-media-type", Sample::Free(TextForm::Text)),
        (
            "target-storage-class",
            Sample::words(&["STANDARD", "ARCHIVE"]),
        ),
        ("last-activated-at", Sample::Free(TextForm::Text)),
    ])
}

/// A basic scan, with what its status can be.
pub(super) fn basic_scan(names: &RepositorySamples, status: Sample) -> EventKind {
    let detail = scan(names.name.clone(), status, false);
    EventKind {
        sent: Sent::Basic,
        ..kind(names, [ECR, IMAGE_SCAN], own(names), detail)
    }
}

/// An initial scan of Inspector, with what its status can be.
pub(super) fn enhanced_scan(names: &RepositorySamples, status: Sample) -> EventKind {
    let detail = scan(names.arn.clone(), status, true);
    EventKind {
        sent: Sent::Enhanced,
        ..kind(names, [INSPECTOR, "Inspector2 Scan"], own(names), detail)
    }
}

fn scan(name: Sample, status: Sample, has_version: bool) -> Sample {
    let mut members = vec![
        ("scan-status", status),
        ("repository-name", name),
        ("finding-severity-counts", severities()),
        ("image-digest", Sample::Free(TextForm::Digest)),
        (
            "image-tags",
            Sample::List(vec![Sample::Free(TextForm::Tag)]),
        ),
    ];
    if has_version {
        members.push(("version", Sample::Free(TextForm::Text)));
    }
    Sample::closed(members)
}

/// How many findings there are of each severity.
fn severities() -> Sample {
    const SEVERITIES: [&str; 8] = [
        "CRITICAL",
        "HIGH",
        "MEDIUM",
        "LOW",
        "INFORMATIONAL",
        "UNDEFINED",
        "UNTRIAGED",
        "TOTAL",
    ];
    Sample::open(SEVERITIES.map(|name| (name, Sample::Count)).to_vec())
}

fn scan_change(names: &RepositorySamples) -> EventKind {
    const FREQUENCIES: &[&str] = &["SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL"];
    let repository = Sample::closed(vec![
        ("repository-name", names.name.clone()),
        ("repository-arn", names.arn.clone()),
        ("scan-frequency", Sample::words(FREQUENCIES)),
        ("previous-scan-frequency", Sample::words(FREQUENCIES)),
    ]);
    let detail = Sample::closed(vec![
        (
            "action-type",
            Sample::words_but(&["SCAN_FREQUENCY_CHANGE"], IMAGE_ACTIONS),
        ),
        ("repositories", Sample::List(vec![repository])),
        ("resource-type", Sample::words(&["REPOSITORY"])),
        ("scan-type", Sample::words(&["ENHANCED"])),
    ]);
    EventKind {
        sent: Sent::Enhanced,
        ..kind(names, [ECR, SCAN_CHANGE], none(), detail)
    }
}

/// An initial scan of an instance, a function or a machine image.
fn other_scan(names: &RepositorySamples) -> EventKind {
    let detail = Sample::closed(vec![
        ("scan-status", Sample::words_but(ENHANCED, BASIC)),
        ("finding-severity-counts", severities()),
        ("instance-id", Sample::Free(TextForm::Text)),
        ("machine-image-id", Sample::Free(TextForm::Text)),
        ("version", Sample::Free(TextForm::Text)),
    ]);
    let resources = Sample::List(vec![Sample::Free(TextForm::OtherResource)]);
    EventKind {
        sent: Sent::CrossStack,
        ..kind(names, [INSPECTOR, "Inspector2 Scan"], resources, detail)
    }
}

/// The repository.
fn own(names: &RepositorySamples) -> Sample {
    Sample::List(vec![names.arn.clone()])
}
