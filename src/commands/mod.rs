//! The commands: each strings the floors below together and ends in an exit code.
//! Nothing below this floor prints to the terminal or knows an exit code.

mod access;
mod again;
mod attachments;
mod check;
mod examples;
mod explain;
mod given;
mod init;
mod live;
mod loading;
mod origins;
mod placing;
#[cfg(feature = "capture")]
mod progress;
mod rules;
mod schema;
mod setup;
mod snapshot;
mod streaming;
mod terminal;
mod test;

use std::path::PathBuf;

use clap::CommandFactory;

use crate::cli::{Cli, Command};
use crate::discover;
use terminal::Terminal;

/// Why a command could not be carried out, other than by a mistake inside a user's file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A file or folder could not be read.
    #[error("cannot read `{path}`: {source}", path = .path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("cannot write `{path}`: {source}", path = .path.display())]
    Write {
        path: PathBuf,
        source: std::io::Error,
    },
    /// Standard output could not be written.
    #[error("cannot write to standard output: {0}")]
    Stdout(std::io::Error),
    /// Paths that mean nothing.
    #[error("{}", lines(.0))]
    Discover(Vec<discover::Error>),
    /// Something that the user named is not there, with what to do.
    #[error("{0}")]
    Usage(String),
}

/// Runs the command and returns the exit code of the process.
///
/// 0: nothing found at or above the threshold. 1: findings. 2: the job could not be done.
#[must_use]
pub fn run(cli: &Cli) -> u8 {
    let mut terminal = Terminal::new(cli.color);
    let result = match &cli.command {
        Command::Check(args) => check::run(args, &mut terminal),
        Command::Access(args) => access::run(args, &mut terminal),
        Command::Snapshot(args) => snapshot::run(args, &mut terminal),
        Command::Explain(args) => explain::run(args, &mut terminal),
        Command::Rules(args) => rules::run(args, &mut terminal),
        Command::Test(args) => test::run(args, &mut terminal),
        Command::Init(args) => init::run(args, &mut terminal),
        Command::Schema(args) => schema::run(args, &mut terminal),
        Command::Completions(args) => terminal.print_with(|out| {
            clap_complete::generate(args.shell, &mut Cli::command(), "ecrlint", out);
            Ok(())
        }),
        Command::Man => {
            terminal.print_with(|out| clap_mangen::Man::new(Cli::command()).render(out))
        }
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            terminal.complain(&error.to_string());
            2
        }
    }
}

/// Every error with its causes, one line each.
fn lines(errors: &[discover::Error]) -> String {
    let lines: Vec<String> = errors
        .iter()
        .map(|error| {
            let mut line = error.to_string();
            let mut cause = std::error::Error::source(error);
            while let Some(error) = cause {
                line.push_str(&format!(": {error}"));
                cause = error.source();
            }
            line
        })
        .collect();
    lines.join("\n")
}
