//! Accounts are captured from a server that speaks AWS's API, undisturbed and disturbed, and judged.

mod capture;
mod disturbed;
mod interrupted;
#[path = "../outside/mod.rs"]
mod outside;
#[path = "../packages/mod.rs"]
mod packages;
mod policies;
mod profiles;
#[path = "../program/mod.rs"]
mod program;
mod server;
mod verdicts;
#[path = "../watched/mod.rs"]
mod watched;
