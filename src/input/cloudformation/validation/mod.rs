//! What CloudFormation refuses in a template: functions, references, types and properties, circles of resources.
//! It does not know what comes of it for any verdict.

pub(super) mod circles;
pub(super) mod concerned;
pub(super) mod dangling;
pub(super) mod functions;
pub(super) mod refused;
mod removal;
pub(super) mod shapes;
