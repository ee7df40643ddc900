//! The `ecrlint` program: parses the command line, runs a command, exits with its code.

use std::process::ExitCode;

use clap::Parser;
use ecrlint::{cli::Cli, commands};

/// Documents are many small allocations, made and dropped on every thread.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    commands::report_faults();
    let run = || match Cli::try_parse() {
        Ok(cli) => commands::run(&cli),
        Err(answer) => commands::answer(&answer, std::env::args_os()),
    };
    ExitCode::from(commands::guarded(run))
}
