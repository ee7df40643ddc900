//! Which ARNs are claimed by more than one repository of a live account, without keeping every ARN.
//! It does not know what else is known of the repositories.

use std::hash::{Hash, Hasher};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::duplicate_names::MOST_DUPLICATES;
use crate::model::facts::DuplicateName;
use crate::source::Span;

/// ARNs of repositories of live accounts.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// Until it is known which of them are equal.
    pub(super) hashes: Vec<u64>,
    /// Places of the ARNs with a number that several have.
    pub(super) contested: FxHashMap<u64, Vec<(String, Span)>>,
}

impl Claims {
    pub(super) fn seal(&mut self) {
        let mut hashes = std::mem::take(&mut self.hashes);
        hashes.par_sort_unstable();
        for pair in hashes.windows(2) {
            if pair[0] == pair[1] {
                self.contested.entry(pair[0]).or_default();
            }
        }
    }

    pub(super) fn duplicates(&self, arn: &str, own: Span) -> Vec<DuplicateName<'_>> {
        let Some(claims) = self.contested.get(&hash(arn)) else {
            return Vec::new();
        };
        let equal = claims
            .iter()
            .filter(|(other, place)| other == arn && *place != own);
        let mut duplicates = equal
            .take(MOST_DUPLICATES + 1)
            .map(|(_, place)| DuplicateName {
                span: *place,
                ..DuplicateName::default()
            });
        let first = duplicates.next();
        let more = duplicates.count();
        first
            .map(|duplicate| DuplicateName { more, ..duplicate })
            .into_iter()
            .collect()
    }
}

pub(super) fn hash(arn: &str) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    arn.hash(&mut hasher);
    hasher.finish()
}
