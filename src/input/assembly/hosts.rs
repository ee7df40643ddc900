//! What is known of which templates belong together.
//! It does not know how that is found out.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Which templates belong together, found out when somebody asks.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    /// Templates of stacks by those of the nested stacks that their asset manifests name.
    pub(super) by_assets: OnceLock<BTreeMap<String, String>>,
    /// The same by what their metadata and templates name.
    pub(super) by_texts: OnceLock<BTreeMap<String, String>>,
    /// Templates of nested stacks by the names under which asset manifests have them uploaded.
    pub(super) uploads: OnceLock<BTreeMap<String, String>>,
    /// Templates of nested stacks by those that they name.
    pub(super) parents: OnceLock<BTreeMap<String, String>>,
}
