//! The resources that ECR is judged by, as entities and what belongs to them.
//! It does not know what the settings mean to ECR.

pub(super) mod attached;
pub(super) mod boundary;
pub(super) mod events;
pub(super) mod iam;
pub(super) mod images;
pub(super) mod keys;
pub(super) mod landmarks;
pub(super) mod policy;
pub(super) mod principals;
pub(super) mod registry;
pub(super) mod related;
pub(super) mod repository;
pub(super) mod scanning_call;
pub(super) mod surroundings;
pub(super) mod variants;
