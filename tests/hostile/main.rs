//! Inputs that somebody wrote to do harm: names, links and files, templates that grow without end.

mod door;
mod explosion;
mod growth;
mod names;
#[path = "../program/mod.rs"]
mod program;
