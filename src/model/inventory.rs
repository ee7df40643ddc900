//! Everything that the inputs of one run say. It does not know what kinds of inputs there are.

use std::collections::BTreeSet;

use super::{Entity, RegistryScanning};

/// Everything that the inputs of one run say.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Number of inputs that were read, those without any repository included.
    pub inputs: usize,
    /// Those of them that describe live accounts, not templates.
    pub snapshots: usize,
    /// Repositories, and what is judged besides and is none, in the order of the inputs.
    pub entities: Vec<Entity>,
    /// Registry scanning configurations in the order of the inputs.
    pub registries: Vec<RegistryScanning>,
    /// Where the inputs are deployed, those without any repository included.
    pub homes: BTreeSet<AccountRegion>,
}

/// An account and a region, as far as they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountRegion {
    /// Account id of twelve digits.
    pub account: Option<String>,
    /// Region, such as `eu-west-1`.
    pub region: Option<String>,
}
