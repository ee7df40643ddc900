//! What reports say and where they point, in every format.

mod causes;
#[path = "../golden/mod.rs"]
mod golden;
mod html;
mod markers;
mod outputs;
mod places;
#[path = "../program/mod.rs"]
mod program;
mod sample;
#[path = "../sarif/mod.rs"]
mod sarif;
mod stale;
mod trace;
mod words;
