//! What a kind of event is, and what all events have.
//! It does not know which kinds there are.

use super::names::RepositorySamples;
use super::sample::{Sample, TextForm};

/// A kind of event.
pub(super) struct EventKind {
    /// Its source.
    pub(super) source: &'static str,
    /// Its type.
    pub(super) name: &'static str,
    /// When it is sent.
    pub(super) sent: Sent,
    /// Whether it has fields that nobody has documented. Only what names its type can ask for them.
    pub(super) is_vague: bool,
    /// The event.
    pub(super) event: Sample,
}

/// When a kind of event is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// In any case.
    Always,
    /// By registries with basic scanning.
    Basic,
    /// By registries with enhanced scanning.
    Enhanced,
    /// By Inspector, about something else than ECR.
    CrossStack,
    /// By another service.
    Foreign,
}

/// The source of ECR's own events.
pub(super) const ECR: &str = "aws.ecr";
/// The source of the records about the public gallery.
pub(super) const GALLERY: &str = "aws.ecr-public";
/// The source of Inspector's events.
pub(super) const INSPECTOR: &str = "aws.inspector2";
/// No resources.
pub(super) fn none() -> Sample {
    Sample::List(Vec::new())
}

/// An event with the members that all have.
pub(super) fn kind(
    names: &RepositorySamples,
    [source, name]: [&'static str; 2],
    resources: Sample,
    detail: Sample,
) -> EventKind {
    let event = Sample::closed(vec![
        ("version", Sample::text("0")),
        ("id", Sample::Free(TextForm::Mark)),
        ("time", Sample::Free(TextForm::Mark)),
        ("source", Sample::text(source)),
        ("detail-type", Sample::text(name)),
        ("account", names.account.clone()),
        ("region", names.region.clone()),
        ("resources", resources),
        ("detail", detail),
    ]);
    EventKind {
        source,
        name,
        sent: Sent::Always,
        is_vague: false,
        event,
    }
}
