//! What ECR is, whatever file it came from: the repository document and the facts in it.
//! It does not know inputs, rules or reports.

mod assumption;
mod attachment;
mod belongings;
mod common_text;
mod document;
mod entity;
pub(crate) mod events;
pub mod facts;
mod fitting;
mod glob;
mod identifiers;
mod inventory;
pub mod lifecycle;
mod likeness;
mod limits;
pub(crate) mod members;
mod mistake;
mod notation;
mod organisation;
mod origin;
pub(crate) mod partition;
mod place;
pub mod policy;
mod registry;
mod repository;
mod truth;
mod unknown;

pub use assumption::{AssumedOutcome, Assumption};
pub use attachment::{Attachment, AttachmentTarget, PrincipalNaming};
pub use belongings::{
    EventRule, Holds, Identity, IdentityRepository, ImageUse, InlineForm, KmsKey, Parameter,
    Vicinity,
};
pub(crate) use document::DocumentExtension;
pub use document::{Data, Document, Functions, JsonText, MemberKey, NodeId, Spelling, Value};
pub use entity::{Entity, EntityKind, LOGICAL_ID_TAG, Of, Particulars, STACK_TAG};
pub(crate) use fitting::fits;
pub use identifiers::{AssumedHome, Identifiers};
pub use inventory::{AccountRegion, Inventory};
pub use likeness::{CUT, IMPORT, Kinship};
pub use limits::{CharacterSet, LimitedRun, TextLimits};
pub(crate) use mistake::Mistake;
pub use notation::Notation;
pub use organisation::{
    Declared, DeclaredRepository, Environment, FullMatchPattern, Organisation, RequiredTag, Stated,
};
pub use origin::{Assignment, Language, Origin, SourceLine};
pub use place::{Landmark, Partitions, Regions, Whereabouts};
pub use registry::RegistryScanning;
pub use repository::{CreationTemplate, Repository, RepositorySettings, Written};
pub use truth::Truth;
pub use unknown::{Piece, Reference, Shape, Unknown};
