//! Where output goes: data to standard output, talk to standard error, colours and width as the
//! terminal and the user want them.
//! It does not know what is printed.

mod capabilities;

use std::io::{self, BufWriter, IsTerminal, Write};

use super::CommandError;
use crate::cli::ColorChoice;
use crate::render::{self, RenderOptions, clean, harmless};
use crate::source::shown;

/// Columns when the width of the terminal is not known, as in a pipe.
const DEFAULT_WIDTH: usize = 100;

/// The terminal of a run.
pub(super) struct Terminal {
    choice: ColorChoice,
    is_quiet: bool,
    is_left: bool,
}

impl Terminal {
    pub(super) fn new(choice: ColorChoice) -> Self {
        Self {
            choice,
            is_quiet: false,
            is_left: false,
        }
    }

    /// One for a run of which nobody is told.
    pub(super) fn silent() -> Self {
        Self {
            is_quiet: true,
            ..Self::new(ColorChoice::Never)
        }
    }

    /// Keeps everything from the person at the terminal but why the job could not be done.
    pub(super) fn hush(&mut self) {
        self.is_quiet = true;
    }

    /// How to render for standard output.
    pub(super) fn options(&self) -> RenderOptions {
        let stdout = io::stdout().is_terminal();
        let seen = terminal_size::terminal_size()
            .filter(|_| stdout)
            .map(|(width, _)| usize::from(width.0));
        RenderOptions {
            color: self.color(stdout),
            unicode: capabilities::unicode(&variable),
            links: self.color(stdout) && capabilities::links(stdout, &variable),
            width: seen.or_else(columns).unwrap_or(DEFAULT_WIDTH),
            root: root(),
            ..RenderOptions::default()
        }
    }

    /// Writes data to standard output. A reader that has gone away is not an error: it has seen enough.
    pub(super) fn print_with(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<u8, CommandError> {
        let mut out = BufWriter::new(io::stdout().lock());
        match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.is_left = true,
            written => written.map_err(CommandError::Stdout)?,
        }
        Ok(0)
    }

    /// Whether the reader of standard output has gone away.
    pub(super) fn is_left(&self) -> bool {
        self.is_left
    }

    /// Writes text for people to standard output; what names in it command stays without effect.
    pub(super) fn print_text(&mut self, text: &str) -> Result<u8, CommandError> {
        let lines: Vec<_> = text.lines().map(clean).collect();
        let text = lines.join("\n");
        self.print_with(|out| writeln!(out, "{}", harmless(&text)))
    }

    /// Writes a diff to standard output: byte for byte where a program reads it, and without what commands a terminal
    /// where somebody sees it.
    pub(super) fn print_diff(&mut self, diff: &str) -> Result<u8, CommandError> {
        if !self.is_watched() {
            return self.print_with(|out| out.write_all(harmless(diff).as_bytes()));
        }
        let is_painted = self.options().color;
        let lines = diff.lines().map(|line| {
            let text = clean(line);
            let color = match line.as_bytes() {
                [b'+', ..] => "32",
                [b'-', ..] => "31",
                [b'@', ..] => "36",
                _ => "",
            };
            match is_painted && !color.is_empty() {
                true => format!("\u{1b}[{color}m{text}\u{1b}[0m\n"),
                false => format!("{text}\n"),
            }
        });
        let text: String = lines.collect();
        self.print_with(|out| out.write_all(harmless(&text).as_bytes()))
    }

    /// Whether somebody sees standard output as it is written.
    pub(super) fn is_watched(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Whether somebody sees standard error as it is written, and what is drawn over goes away there.
    pub(super) fn shows_bars(&self) -> bool {
        let is_dumb = variable("TERM").is_some_and(|term| term == "dumb");
        !self.is_quiet && io::stderr().is_terminal() && !is_dumb && variable("CI").is_none()
    }

    /// How to show a page of Markdown, where people read it; `None` where it goes on to a file or a program, which
    /// gets it as it is.
    pub(super) fn reader(&self) -> Option<RenderOptions> {
        let is_read = io::stdout().is_terminal() || self.color(false);
        is_read.then(|| self.options())
    }

    /// Writes a page of Markdown to standard output.
    pub(super) fn print_page(&mut self, markdown: &str) -> Result<u8, CommandError> {
        match self.reader() {
            Some(options) => {
                let page = render::page(markdown, &options);
                self.print_with(|out| out.write_all(page.as_bytes()))
            }
            None => self.print_text(markdown),
        }
    }

    /// Says something to the person at the terminal, in one line, whatever names it holds.
    pub(super) fn say(&mut self, text: &str) {
        if !self.is_quiet {
            self.show(&clean(text));
        }
    }

    /// Shows lines whose texts are made for a terminal.
    pub(super) fn show(&mut self, text: &str) {
        // Nobody is left to be told when standard error is gone.
        let _ = writeln!(io::stderr(), "{}", harmless(text));
    }

    /// Says why the job could not be done, in one line.
    pub(super) fn complain(&mut self, text: &str) {
        let text = clean(text);
        if self.color(io::stderr().is_terminal()) {
            self.show(&format!("\u{1b}[1;31merror\u{1b}[0m: {text}"));
        } else {
            self.show(&format!("error: {text}"));
        }
    }

    /// Says why the job could not be done: the first line, then what belongs to it.
    pub(super) fn complain_of(&mut self, error: &CommandError) {
        let mut lines = error.lines().into_iter();
        self.complain(&lines.next().unwrap_or_default());
        lines.for_each(|line| self.show(&clean(&line)));
    }

    fn color(&self, terminal: bool) -> bool {
        capabilities::color(self.choice, terminal, &variable)
    }
}

/// A variable of the environment that says something.
fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?.to_string_lossy().into_owned();
    (!value.is_empty()).then_some(value)
}

/// The width that the environment says, for a pager or a log that is read in a window.
fn columns() -> Option<usize> {
    let columns: u16 = std::env::var("COLUMNS").ok()?.parse().ok()?;
    (columns > 0).then_some(usize::from(columns))
}

/// The working directory with forward slashes: what reports call relative is relative to it.
fn root() -> Option<String> {
    std::env::current_dir().ok().map(|folder| shown(&folder))
}
