//! How a registry scans its repositories. It does not know which kind of input said so.

use super::{Document, EventRule, NodeId};
use crate::source::SourceId;

/// The scanning configuration of a registry, from an input or asserted by the configuration.
#[derive(Clone, Debug)]
pub struct RegistryScanning {
    /// Holds the nodes.
    pub document: Document,
    /// Account that the registry belongs to, where known.
    pub account: Option<String>,
    /// Region that the registry belongs to, where known.
    pub region: Option<String>,
    /// The template of the stack that deploys it together with all stacks nested in it, for one of a template.
    pub family: Option<SourceId>,
    /// Name of the file that it was read from.
    pub file: Option<String>,
    /// Whether it is what a live account has now.
    pub is_live: bool,
    /// String: `BASIC` or `ENHANCED`.
    pub scan_type: NodeId,
    /// List of `{frequency, filters: [{filter, type}]}`.
    pub rules: NodeId,
    /// Its policy, where a live account has one.
    pub policy: Option<NodeId>,
    /// Rules of EventBridge in the account and region, where it is live.
    pub event_rules: Vec<EventRule>,
}
