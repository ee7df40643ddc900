//! The events of ECR, and those of Inspector, by kind: which fields they have, and what stands there.
//!
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html>,
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html>,
//! <https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ecr.html>; the fields of events are those of the
//! schemas that EventBridge publishes, too. It does not know patterns.

use std::sync::LazyLock;

use super::kind::{ECR, INSPECTOR, Kind, Sent, kind, none};
use super::names::Names;
use super::sample::{Form, Member, Sample};
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
pub(super) static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let names = Names::any();
    let mut kinds = ecr(&names);
    kinds.extend([
        basic_scan(&names, Sample::words_but(BASIC, ENHANCED)),
        scan_change(&names),
        enhanced_scan(&names, Sample::words_but(ENHANCED, BASIC)),
        findings::of_images(&names),
        findings::coverage(&names, Sent::Enhanced),
        findings::coverage(&names, Sent::CrossStack),
        findings::of_others(&names),
        other_scan(&names),
    ]);
    kinds.extend(cloudtrail::gallery(&names));
    kinds.extend(findings::rest(&names));
    kinds.extend(cloudtrail::foreign());
    let vague: Vec<Kind> = kinds.iter().filter_map(Kind::with_others).collect();
    kinds.extend(vague);
    kinds
});

impl Kind {
    /// The same kind with the fields that nobody has documented, where there are any.
    fn with_others(&self) -> Option<Self> {
        let detail = match self.name {
            ARTIFACT => Sample::Any,
            // Of a failure, there "may be additional error information"; what Inspector says grows.
            REPLICATION | "Inspector2 Finding" | "Inspector2 Coverage" => {
                match self.event.member("detail") {
                    Member::There(Sample::Map(map)) => Sample::open(map.members.clone()),
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
pub(super) fn ecr(names: &Names) -> Vec<Kind> {
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
                ("rule-version", Sample::Free(Form::Text)),
                ("sync-status", Sample::words(&["SUCCESS", "FAILED"])),
                ("ecr-repository-prefix", Sample::Free(Form::Text)),
                ("repository-name", names.name.clone()),
                ("upstream-registry-url", Sample::Free(Form::Text)),
                ("image-tag", Sample::Free(Form::Tag)),
                ("image-digest", Sample::Free(Form::Tag)),
                ("failure-code", Sample::Free(Form::Text)),
                ("failure-reason", Sample::Free(Form::Text)),
            ]),
        ),
        kind(
            names,
            [ECR, REPLICATION],
            own(names),
            Sample::closed(vec![
                ("result", Sample::words(&["SUCCESS", "FAILED"])),
                ("repository-name", names.name.clone()),
                ("image-digest", Sample::Free(Form::Tag)),
                ("image-tag", Sample::Free(Form::Tag)),
                ("action-type", Sample::words_but(REPLICATED, IMAGE_ACTIONS)),
                ("source-account", Sample::Free(Form::Text)),
                ("source-region", Sample::Free(Form::Text)),
            ]),
        ),
        kind(names, [ECR, ARTIFACT], none(), image_action(names)),
    ];
    kinds.extend(cloudtrail::ecr(names));
    kinds
}

fn image_action(names: &Names) -> Sample {
    Sample::closed(vec![
        ("result", Sample::words(&["SUCCESS"])),
        ("repository-name", names.name.clone()),
        ("image-digest", Sample::Free(Form::Tag)),
        ("image-tag", Sample::Free(Form::Tag)),
        ("action-type", Sample::words_but(IMAGE_ACTIONS, REPLICATED)),
        ("manifest-media-type", Sample::Free(Form::Text)),
        ("artifact-media-type", Sample::Free(Form::Text)),
        (
            "target-storage-class",
            Sample::words(&["STANDARD", "ARCHIVE"]),
        ),
        ("last-activated-at", Sample::Free(Form::Text)),
    ])
}

/// A basic scan, with what its status can be.
pub(super) fn basic_scan(names: &Names, status: Sample) -> Kind {
    let detail = scan(names.name.clone(), status, false);
    Kind {
        sent: Sent::Basic,
        ..kind(names, [ECR, IMAGE_SCAN], own(names), detail)
    }
}

/// An initial scan of Inspector, with what its status can be.
pub(super) fn enhanced_scan(names: &Names, status: Sample) -> Kind {
    let detail = scan(names.arn.clone(), status, true);
    Kind {
        sent: Sent::Enhanced,
        ..kind(names, [INSPECTOR, "Inspector2 Scan"], own(names), detail)
    }
}

fn scan(name: Sample, status: Sample, has_version: bool) -> Sample {
    let mut members = vec![
        ("scan-status", status),
        ("repository-name", name),
        ("finding-severity-counts", severities()),
        ("image-digest", Sample::Free(Form::Tag)),
        ("image-tags", Sample::List(vec![Sample::Free(Form::Tag)])),
    ];
    if has_version {
        members.push(("version", Sample::Free(Form::Text)));
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
    Sample::open(SEVERITIES.map(|name| (name, Sample::Number)).to_vec())
}

fn scan_change(names: &Names) -> Kind {
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
    Kind {
        sent: Sent::Enhanced,
        ..kind(names, [ECR, SCAN_CHANGE], none(), detail)
    }
}

/// An initial scan of an instance, a function or a machine image.
fn other_scan(names: &Names) -> Kind {
    let detail = Sample::closed(vec![
        ("scan-status", Sample::words_but(ENHANCED, BASIC)),
        ("finding-severity-counts", severities()),
        ("instance-id", Sample::Free(Form::Text)),
        ("machine-image-id", Sample::Free(Form::Text)),
        ("version", Sample::Free(Form::Text)),
    ]);
    let resources = Sample::List(vec![Sample::Free(Form::OtherResource)]);
    Kind {
        sent: Sent::CrossStack,
        ..kind(names, [INSPECTOR, "Inspector2 Scan"], resources, detail)
    }
}

/// The repository.
fn own(names: &Names) -> Sample {
    Sample::List(vec![names.arn.clone()])
}
