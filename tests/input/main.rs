//! What is read: texts, templates, functions, parameters, configuration and ignores, as the library takes them in.

mod config;
mod functions;
#[path = "../golden/mod.rs"]
mod golden;
mod ignores;
mod inputs;
#[path = "../program/mod.rs"]
mod program;
mod source;
