//! The `ecrlint` program: parses the command line, runs a command, exits with its code.

use std::process::ExitCode;

use clap::Parser;
use ecrlint::{cli::Cli, commands};

fn main() -> ExitCode {
    let cli = Cli::parse();
    ExitCode::from(commands::run(&cli))
}
