//! What ECR is, whatever file it came from: the repository document and the facts in it.
//! It does not know inputs, rules or reports.

mod document;
pub(crate) mod events;
pub mod facts;
mod organisation;
mod origin;
pub(crate) mod partition;
pub mod policy;
mod repository;
mod unknown;

pub(crate) use document::Said;
pub use document::{Data, Document, NodeId, Value};
pub use organisation::{
    Declared, DeclaredRepository, Environment, Organisation, Pattern, RequiredTag, Stated,
};
pub use origin::{Language, Origin, SourceLine};
pub use repository::{
    Assumption, EventRule, Holds, Home, Identity, Inventory, KmsKey, Near, Parameter,
    RegistryScanning, Repository, RepositoryKind, Subject, Written,
};
pub use unknown::{Piece, Reference, Shape, Unknown};
