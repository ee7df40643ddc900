//! The commands: each strings the floors below together and ends in an exit code.
//! Nothing below this floor prints to the terminal or knows an exit code.

mod access;
mod adoption;
mod attachments;
mod autofix;
mod body;
mod check;
mod configuration;
mod deployment;
mod destination;
mod documents;
mod editing;
mod error;
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
mod lsp;
mod new_rule;
mod origins;
mod outcome;
mod parameter_values;
mod progress;
mod remediation;
mod reports;
mod rule_selection;
mod rules;
mod schema;
mod scratch;
mod second_pass;
mod setup;
mod signals;
mod snapshot;
mod streaming;
mod terminal;
mod test;
mod watch;

use std::ffi::OsString;
use std::io;

use clap::{CommandFactory, Parser};

use crate::cli::{Cli, ColorChoice, Command};
use crate::render;
pub(crate) use error::CommandError;
use terminal::Terminal;

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
        // The same mistake, said about arguments that hold nothing but text.
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
            terminal.complain_of(&CommandError::Stdout(error));
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
