//! The resources that ECR is judged by, as entities and what belongs to them.
//! It does not know what the settings mean to ECR.

mod attached;
mod boundary;
mod concerned;
mod events;
mod iam;
pub(super) mod images;
pub(super) mod keys;
mod landmarks;
mod policy;
pub(super) mod principals;
mod references;
pub(super) mod refused;
pub(super) mod registry;
pub(super) mod related;
mod repository;
mod scanning_call;
mod subject;
mod surroundings;
pub(super) mod variants;
mod writer;
