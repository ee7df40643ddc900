//! Judges Amazon ECR repositories by policy: what a template or a CDK assembly says about them,
//! checked by rules that are data.
//!
//! One street, no way back. Each line uses lines below it, never above; siblings never use each other:
//!
//! ```text
//! main
//! commands
//! engine · cli
//! input · rules · config · render · capture
//! model · report · discover · ignore
//! source · door
//! ```

#[cfg(feature = "capture")]
pub mod capture;
pub mod cli;
pub mod commands;
pub mod config;
pub mod discover;
pub mod door;
pub mod engine;
pub mod ignore;
pub mod input;
pub mod model;
pub mod render;
pub mod report;
pub mod rules;
pub mod source;
