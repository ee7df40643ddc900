//! One account in one region, and what is asked of it.
//! It does not know what is captured.

use serde_json::{Map, Value};

use super::CaptureOptions;
use super::caller::RegionalClient;
use super::failure::Failure;
use super::keys::KmsKeys;
use super::parameters::SsmParameters;

/// One account in one region.
#[derive(Debug)]
pub(super) struct Region {
    pub(super) account: String,
    pub(super) name: String,
    pub(super) caller: RegionalClient,
    pub(super) options: CaptureOptions,
    pub(super) keys: KmsKeys,
    /// The parameters that may be about repositories; `None` where they are not asked for.
    pub(super) parameters: Option<Result<SsmParameters, Failure>>,
}

impl Region {
    /// How people call it.
    pub(super) fn place(&self) -> String {
        format!("{} {}", self.account, self.name)
    }

    /// What every line begins with.
    pub(super) fn head(&self) -> Map<String, Value> {
        let mut head = Map::new();
        head.insert("account".to_owned(), self.account.as_str().into());
        head.insert("region".to_owned(), self.name.as_str().into());
        head
    }
}
