//! CDK cloud assemblies: the stacks of a folder, and the lines of the program that wrote them.
//! It does not know what a template says.

mod checkout;
mod frame;
mod host;
mod manifest;
mod metadata;
mod nested;
mod source_map;
mod trace;
mod values;
mod vlq;

pub use checkout::{Checkout, read_inside};
pub use manifest::{Assembly, MANIFEST, MetadataPlace, Stack, is_assembly, open, unfinished};
pub use metadata::{Host, Traces, Wanted, stack_traces};
pub use trace::{Sharing, Tracer};
