//! `ecrlint schema`: prints a published JSON Schema.

use super::{CommandError, terminal::Terminal};
use crate::cli::{SchemaArgs, SchemaName};
use crate::rules;

pub(super) fn run(args: &SchemaArgs, terminal: &mut Terminal) -> Result<u8, CommandError> {
    let schema = match args.name {
        SchemaName::Report => include_str!("../../schemas/report.json"),
        SchemaName::Repository => &rules::schema(),
        SchemaName::Rule => include_str!("../../schemas/rule.json"),
        SchemaName::Snapshot => include_str!("../../schemas/snapshot.json"),
        SchemaName::Baseline => include_str!("../../schemas/baseline.json"),
        SchemaName::Lifecycle => include_str!("../../schemas/lifecycle.json"),
        SchemaName::Config => include_str!("../../schemas/config.json"),
    };
    terminal.print_with(|out| out.write_all(schema.as_bytes()))
}
