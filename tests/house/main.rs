//! The checkout itself: the rooms of the source, what the documents show, and the action.

mod action;
mod circles;
mod facts;
mod folders;
#[path = "../golden/mod.rs"]
mod golden;
mod keys;
mod lock;
mod names;
mod parameters;
#[path = "../program/mod.rs"]
mod program;
mod readme;
mod rooms;
mod screens;
mod site;
