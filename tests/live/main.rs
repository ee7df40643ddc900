//! Accounts are captured from a server that speaks AWS's API, undisturbed and disturbed, and judged.

mod capture;
mod disturbed;
mod interrupted;
#[path = "../program/mod.rs"]
mod program;
mod server;
mod verdicts;
