//! The name of a member in a query.
//! It does not know what the member means.

use std::ops::Deref;
use std::sync::atomic::AtomicU32;

use serde::{Deserialize, Serialize};

/// The name of a member that a query asks for.
///
/// Documents of one kind have their members in one order, so that a member is most often found where it was found last.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct MemberName {
    name: String,
    /// The number of the member in the mapping where it was found last. It saves time and decides nothing.
    #[serde(skip)]
    pub(crate) near: AtomicU32,
}

impl From<&str> for MemberName {
    fn from(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            near: AtomicU32::default(),
        }
    }
}

impl Clone for MemberName {
    fn clone(&self) -> Self {
        Self::from(self.name.as_str())
    }
}

impl PartialEq for MemberName {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Deref for MemberName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.name
    }
}
