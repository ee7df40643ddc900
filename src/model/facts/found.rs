//! Facts that others are made from, as the nodes that they consist of.
//! It does not know how they are worked out.

use super::leaf::{self, Leaf};
use crate::model::{Document, NodeId};

/// The registry's rules decide whether images are scanned.
pub(super) const BY_REGISTRY: &str = "registry";

/// Whether images are scanned, as nodes and as what they say.
#[derive(Clone, Copy, Debug)]
pub(super) struct ScanningNodes {
    /// `{on_push, effective, decided_by}`
    pub(super) node: NodeId,
    pub(super) on_push: NodeId,
    pub(super) effective: NodeId,
    /// Whose setting decides.
    pub(super) by: &'static str,
}

impl ScanningNodes {
    /// Whether the registry certainly leaves the repository out; `document` has the nodes.
    pub(super) fn is_left_out(self, document: &Document) -> bool {
        let effective = leaf::flag(document.value(self.effective));
        matches!(effective, Leaf::Known(false)) && self.by == BY_REGISTRY
    }

    /// Whether the same setting decides for both.
    pub(super) fn is_decided_like(self, other: Self) -> bool {
        self.by == other.by
    }
}

/// What encrypts the images, as nodes.
#[derive(Clone, Copy, Debug)]
pub(super) struct EncryptionNodes {
    /// `{type, key, key_manager, key_described, problems}`
    pub(super) node: NodeId,
    /// The type, which is `AES256` where none is written.
    pub(super) kind: NodeId,
    pub(super) key: NodeId,
    /// Who manages the key: `none`, `aws` or `customer`.
    pub(super) manager: NodeId,
}

/// What the policy means that says who may use something.
#[derive(Clone, Copy, Debug)]
pub(super) struct PolicyNodes {
    /// `{document, statements, problems}`
    pub(super) policy: NodeId,
    /// The policy as it is written, where ECR takes it.
    pub(super) document: NodeId,
    pub(super) access: NodeId,
    pub(super) sharing: NodeId,
    pub(super) grants: NodeId,
}

/// Nodes of facts that are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comparable {
    pub(super) scanning: ScanningNodes,
    pub(super) encryption: EncryptionNodes,
    /// The mode of its tags.
    pub(super) mode: NodeId,
    /// The repository policy as it is written.
    pub(super) policy: NodeId,
    /// Who may do what by it.
    pub(super) access: NodeId,
}
