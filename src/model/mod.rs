//! What ECR is, whatever file it came from: the repository document and the facts in it.
//! It does not know inputs, rules or reports.

mod assumption;
mod belongings;
mod document;
pub(crate) mod events;
pub mod facts;
mod fitting;
mod glob;
pub mod lifecycle;
mod likeness;
mod mistake;
mod organisation;
mod origin;
pub(crate) mod partition;
mod place;
pub mod policy;
mod repository;
mod unknown;

pub use assumption::{Assumption, Outcome};
pub use belongings::{EventRule, Holds, Identity, ImageUse, KmsKey, Near, Parameter, Vicinity};
pub use document::{Data, Document, Functions, JsonText, NodeId, Spelling, Value};
pub(crate) use fitting::fits;
pub use likeness::{CUT, IMPORT, Kinship, Likeness};
pub(crate) use mistake::Mistake;
pub use organisation::{
    Declared, DeclaredRepository, Environment, Organisation, Pattern, RequiredTag, Stated,
};
pub use origin::{Assignment, Language, Origin, SourceLine};
pub use place::{Landmark, Partitions, Regions, Whereabouts};
pub use repository::{
    AssumedHome, Home, Inventory, LOGICAL_ID_TAG, RegistryScanning, Repository, RepositoryKind,
    STACK_TAG, Subject, Written,
};
pub use unknown::{Piece, Reference, Shape, Unknown};
