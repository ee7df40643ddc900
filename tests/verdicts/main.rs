//! Verdicts through the program: tables of inputs, the organisation's standard, spellings, and what nobody can hide.

mod asked;
mod declarations;
mod deployed;
#[path = "../examples/mod.rs"]
mod examples;
#[path = "../golden/mod.rs"]
mod golden;
mod hidden;
mod indexes;
mod metamorphic;
mod misnamed;
#[path = "../program/mod.rs"]
mod program;
mod record;
#[path = "../records/mod.rs"]
mod records;
mod scanning;
mod spellings;
mod stacks;
mod standard;
mod tables;
mod undetermined;
