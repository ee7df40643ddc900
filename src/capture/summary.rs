//! What a capture came to.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::identity::CallerIdentity;

/// What a capture came to.
#[derive(Clone, Debug, Default)]
pub struct CaptureSummary {
    /// The accounts that were asked.
    pub identities: Vec<CallerIdentity>,
    /// Repositories that were written in this run.
    pub repositories: usize,
    /// Repositories that an interrupted run had written before.
    pub kept: usize,
    /// Lines of registries, those included that an interrupted run had written.
    pub registries: usize,
    /// Repositories that were deleted while they were asked about.
    pub gone: usize,
    /// How often a member is missing, by member and name of the error.
    pub missing: BTreeMap<(String, String), usize>,
    /// Accounts and regions in which repositories could not be listed, and why.
    pub unlisted: Vec<(String, String)>,
}

impl CaptureSummary {
    /// Counts what a line is missing.
    pub(super) fn note(&mut self, line: &Value) {
        if let Some(errors) = line.get("errors").and_then(Value::as_object) {
            self.note_errors(errors);
        }
    }

    /// Takes back what lines are missing that are there no more.
    pub(super) fn forget(&mut self, others: &CaptureSummary) {
        for (key, times) in &others.missing {
            if let Some(all) = self.missing.get_mut(key) {
                *all = all.saturating_sub(*times);
            }
        }
        self.missing.retain(|_, times| *times > 0);
    }

    pub(super) fn note_errors(&mut self, errors: &Map<String, Value>) {
        for (member, error) in errors {
            let error = error.as_str().unwrap_or_default();
            let code = error.split(':').next().unwrap_or_default();
            let key = (member.clone(), code.to_owned());
            *self.missing.entry(key).or_default() += 1;
        }
    }
}
