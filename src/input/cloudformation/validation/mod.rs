//! What CloudFormation refuses in a template: functions, references, types and properties, circles of resources.
//! It does not know what comes of it for any verdict.

mod circles;
mod condition_circles;
mod dangling;
mod edge;
mod fixed;
mod functions;
pub(super) mod refusals;
mod registry_values;
mod removal;
mod shapes;
