//! The stacks of a run: which templates they deploy, and what one asks another.
//! It does not know who asks.

pub(super) mod deploys;
pub(super) mod index;
pub(super) mod session;
