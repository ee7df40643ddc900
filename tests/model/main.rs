//! What the model makes of repositories, policies and event rules.

mod ends;
mod events;
mod facts;
mod histories;
mod lasting;
mod lifecycles;
#[path = "../outside/mod.rs"]
mod outside;
mod policies;
mod policy_oracle;
#[path = "../program/mod.rs"]
mod program;
mod proofs;
mod simulator;
mod subjects;
mod variants;
