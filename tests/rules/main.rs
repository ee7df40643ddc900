//! The rules and their language: queries, examples, pages, and fixes that are typed.

mod advice;
mod catalogue;
#[path = "../examples/mod.rs"]
mod examples;
mod fixes;
mod fixing;
mod jsonpath;
#[path = "../outside/mod.rs"]
mod outside;
#[path = "../program/mod.rs"]
mod program;
#[path = "../typed/mod.rs"]
mod typed;
