//! The commands: each strings the floors below together and ends in an exit code.
//! Nothing below this floor prints to the terminal or knows an exit code.

mod access;
mod adopting;
mod attachments;
mod body;
mod check;
mod configuration;
mod deployment;
mod destination;
mod documents;
mod editing;
mod examples;
mod explain;
mod files;
mod fix;
mod gathering;
mod init;
mod judging;
mod lifecycle;
mod live;
mod loading;
mod looks;
mod lsp;
mod mending;
mod new_rule;
mod origins;
mod outcome;
mod parameter_values;
mod progress;
mod remedy;
mod reports;
mod rules;
mod schema;
mod second_pass;
mod selecting;
mod setup;
mod signals;
mod snapshot;
mod streaming;
mod terminal;
mod test;
mod watching;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use clap::{CommandFactory, Parser};

use crate::cli::{Cli, ColorChoice, Command};
use crate::{discover, render};
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
    #[error("{}", .0.iter().map(with_causes).collect::<Vec<_>>().join("; "))]
    Discover(Vec<discover::Error>),
    /// Some of several things could not be done; the others were.
    #[error("{}", .0.iter().map(Error::to_string).collect::<Vec<_>>().join("; "))]
    Several(Vec<Error>),
    /// An editor that does not speak the protocol, or has gone away in the middle of it.
    #[error("the editor ended the connection: {0}")]
    Editor(String),
    /// Something that the user named is not there, with what to do.
    #[error("{0}")]
    Usage(String),
}

impl Error {
    /// What to say, line by line: a line break in the name of a file is none.
    fn lines(&self) -> Vec<String> {
        match self {
            Error::Discover(errors) => errors.iter().map(with_causes).collect(),
            Error::Several(errors) => errors.iter().flat_map(Error::lines).collect(),
            error => vec![error.to_string()],
        }
    }
}

/// Runs the command and returns the exit code of the process.
///
/// 0: nothing found at or above the threshold. 1: findings. 2: the job could not be done.
#[must_use]
pub fn run(cli: &Cli) -> u8 {
    let mut terminal = Terminal::new(cli.color);
    let result = match &cli.command {
        Command::Check(args) => check::run(args, &mut terminal),
        Command::Fix(args) => fix::run(args, &mut terminal),
        Command::Access(args) => access::run(args, &mut terminal),
        Command::Lifecycle(args) => lifecycle::run(args, &mut terminal),
        Command::Snapshot(args) => snapshot::run(args, &mut terminal),
        Command::Explain(args) => explain::run(args, &mut terminal),
        Command::Rules(args) => rules::run(args, &mut terminal),
        Command::Query(args) => documents::query(args, &mut terminal),
        Command::Show(args) => documents::show(args, &mut terminal),
        Command::Test(args) => test::run(args, &mut terminal),
        Command::Init(args) => init::run(args, &mut terminal),
        Command::Lsp => lsp::run(&mut terminal),
        Command::Schema(args) => schema::run(args, &mut terminal),
        Command::Completions(args) => terminal.print_with(|out| {
            // The generator panics where it cannot write, and memory can always be written.
            let mut script = Vec::new();
            clap_complete::generate(args.shell, &mut Cli::command(), "ecrlint", &mut script);
            out.write_all(&script)
        }),
        Command::Man => {
            terminal.print_with(|out| clap_mangen::Man::new(Cli::command()).render(out))
        }
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            terminal.complain_of(&error);
            2
        }
    }
}

/// Prints what the command line itself has to say: help, the version, or what is wrong with `arguments`.
#[must_use]
pub fn answer(answer: &clap::Error, arguments: impl Iterator<Item = OsString>) -> u8 {
    let mut terminal = Terminal::new(ColorChoice::Auto);
    if answer.use_stderr() && !is_plain(&answer.render().to_string()) {
        // The same mistake, told of arguments that hold nothing but text.
        let clean =
            arguments.map(|argument| render::clean(&argument.to_string_lossy()).into_owned());
        let told = Cli::try_parse_from(clean).err();
        let told = told.as_ref().unwrap_or(answer).render().to_string();
        let lines: Vec<_> = told.lines().map(render::clean).collect();
        terminal.show(lines.join("\n").trim_end());
        return 2;
    }
    let code = u8::from(answer.use_stderr()) * 2;
    match answer.print() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            terminal.complain_of(&Error::Stdout(error));
            2
        }
        _ => code,
    }
}

/// Whether a text over several lines commands neither a terminal nor a runner.
fn is_plain(text: &str) -> bool {
    let is_clean = |line| render::clean(line) == line;
    text.lines().all(is_clean) && render::harmless(text) == text
}

/// Tells of a fault of the program in words that help to mend it.
pub fn report_faults() {
    std::panic::set_hook(Box::new(|fault| {
        let place = fault.location().map(ToString::to_string);
        let text = fault.payload_as_str().unwrap_or("no reason given");
        let mut terminal = Terminal::new(ColorChoice::Auto);
        terminal.complain(&format!(
            "this is a fault of ecrlint, not of the input: {text} ({version}, {place})",
            version = env!("CARGO_PKG_VERSION"),
            place = place.as_deref().unwrap_or("no place"),
        ));
        let issues = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");
        terminal.say(&format!(
            "report it at {issues}, with the input if it can be shown"
        ));
    }));
}

/// Runs, and makes of a fault of the program the exit code for a job that could not be done.
#[must_use]
pub fn guarded(run: impl FnOnce() -> u8) -> u8 {
    // Nothing that a fault leaves half done is looked at again.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).unwrap_or(2)
}

/// An error with its causes.
fn with_causes(error: &discover::Error) -> String {
    let mut line = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        line.push_str(&format!(": {error}"));
        cause = error.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_fault_of_the_program_is_a_job_that_could_not_be_done() {
        assert_eq!(guarded(|| 1), 1);
        assert_eq!(guarded(|| panic!("a fault of the test")), 2);
        let threads = || {
            rayon::join(|| 0, || -> u8 { panic!("a fault of the test") });
            0
        };
        assert_eq!(guarded(threads), 2);
    }
}
