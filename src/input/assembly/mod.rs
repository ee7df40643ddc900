//! CDK cloud assemblies: the stacks of a folder, and the lines of the program that wrote them.
//! It does not know what a template says.

mod checkout;
mod frame;
mod host;
mod hosts;
mod manifest;
mod metadata;
mod mistakes;
mod names;
mod nested;
mod source_map;
mod stale;
mod trace;
mod values;
mod vlq;

pub use checkout::Checkout;
pub use manifest::{Assembly, MetadataPlace, Stack, is_assembly, open};
pub use metadata::{Host, ResourceLookup, Traces, stack_traces};
pub use mistakes::{outdated, unfinished};
pub use names::MANIFEST;
pub use trace::{Sharing, Stale, Tracer};
