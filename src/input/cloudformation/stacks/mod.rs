//! The stacks of a run: which templates they deploy, and what one asks another.
//! It does not know who asks.

mod deploys;
pub(super) mod index;
mod outputs;
pub(super) mod session;
