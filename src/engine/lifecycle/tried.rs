//! A policy that is tried, and the images that it is tried on.
//! It does not know what comes of it.

use crate::model::lifecycle::history::History;
use crate::model::lifecycle::{Image, LifecyclePolicy, Time};
use crate::report::lifecycle::DescribedPolicy;

/// A policy that can be tried.
#[derive(Clone, Debug)]
pub struct Tried {
    /// Where it is from.
    pub about: DescribedPolicy,
    /// The policy.
    pub policy: LifecyclePolicy,
}

/// The images that a policy is tried on.
#[derive(Clone, Copy, Debug)]
pub enum BorrowedImages<'i> {
    /// Those of a repository at a moment.
    Captured {
        /// The images.
        images: &'i [Image],
        /// The moment.
        now: Time,
        /// Whether the moment is that of the capture.
        is_captured: bool,
        /// What was taken for granted when they were read.
        taken: &'i [String],
    },
    /// Those of a described history.
    History {
        /// What is pushed.
        history: &'i History,
        /// As it was described.
        text: &'i str,
        /// How long.
        days: u64,
        /// What decides the times of the day.
        seed: u64,
    },
}
