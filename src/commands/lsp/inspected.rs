//! What `ecrlint check` says of one document as it stands in the editor.

use std::ops::Range;
use std::path::PathBuf;

use clap::Parser as _;

use super::positions::Numbered;
use crate::cli::{CheckArgs, Cli, ColorChoice, Command};
use crate::commands::judging::judged;
use crate::commands::mending;
use crate::commands::selecting;
use crate::commands::setup::{Setup, Texts};
use crate::commands::terminal::Terminal;
use crate::engine::{self, Plan};
use crate::report::{Diagnostic, Report};
use crate::source::{Problem, Span};

/// A document that was judged.
pub(super) struct Inspected {
    /// What a run calls the file.
    pub(super) name: String,
    /// What was judged.
    pub(super) text: Numbered,
    /// Rules and texts of the run; `None` where it could not be done.
    pub(super) setup: Option<Setup>,
    /// What was found, in the document and elsewhere.
    pub(super) found: Vec<Diagnostic>,
    /// The run, for a document that is an input.
    judged: Option<(CheckArgs, Report)>,
    /// Whether the edits that rules propose were tried.
    is_tried: bool,
}

impl Inspected {
    /// Judges an input. What `ecrlint check` passes over, because it is none of its files, has no findings.
    pub(super) fn input(name: &str, texts: &Texts) -> Self {
        let mut inspected = Self::empty(name, texts);
        let arguments = [
            "ecrlint",
            "check",
            "--skip-foreign",
            "--fail-on",
            "never",
            "--",
            name,
        ];
        let Some(Command::Check(args)) = Cli::try_parse_from(arguments).ok().map(|cli| cli.command)
        else {
            return inspected;
        };
        // A file that is not on the disk yet, or a run that cannot be done: the editor has nobody to tell it to.
        let Ok((setup, report)) = judged(&args, texts, &mut quiet()) else {
            return inspected;
        };
        inspected.found.clone_from(&report.diagnostics);
        inspected.found.retain(|one| one.verdict.counts());
        inspected.setup = Some(setup);
        inspected.judged = Some((*args, report));
        inspected
    }

    /// Reads a configuration, and the rules that it names.
    pub(super) fn configuration(name: &str, texts: &Texts) -> Self {
        let mut inspected = Self::empty(name, texts);
        let arguments = ["ecrlint", "check", "--config", name];
        let Some(Command::Check(args)) = Cli::try_parse_from(arguments).ok().map(|cli| cli.command)
        else {
            return inspected;
        };
        let rules = &args.rule_args;
        let read = Setup::load_over(rules, &[PathBuf::from(name)], texts, &mut quiet());
        let Ok(mut setup) = read else {
            return inspected;
        };
        let mut problems: Vec<Problem> = std::mem::take(&mut setup.problems);
        // Names of rules are looked up when it is decided which of them are asked.
        if problems.is_empty()
            && let Ok(selection) = selecting::selection(&args, &setup)
            && let Err(mistakes) = Plan::new(&setup.rules, &setup.config, &selection)
        {
            problems = mistakes;
        }
        inspected.found = problems.into_iter().map(engine::unreadable).collect();
        inspected.setup = Some(setup);
        inspected
    }

    fn empty(name: &str, texts: &Texts) -> Self {
        Self {
            name: name.to_owned(),
            text: Numbered::new(texts.get(name).cloned().unwrap_or_default()),
            setup: None,
            found: Vec::new(),
            judged: None,
            is_tried: false,
        }
    }

    /// Tries the edits that rules propose, once: each is made in memory, and everything is judged again.
    pub(super) fn try_edits(&mut self, texts: &Texts) {
        if std::mem::replace(&mut self.is_tried, true) {
            return;
        }
        let (Some((args, report)), Some(setup)) = (&mut self.judged, &self.setup) else {
            return;
        };
        if mending::suggest_over(args, texts, report, setup).is_ok() {
            self.found.clone_from(&report.diagnostics);
            self.found.retain(|one| one.verdict.counts());
        }
    }

    /// Whether it was judged as an input, and not read as a configuration.
    pub(super) fn is_input(&self) -> bool {
        self.judged.is_some()
    }

    /// The page with more about a rule of the run.
    pub(super) fn url(&self, id: &str) -> Option<&str> {
        let (_, report) = self.judged.as_ref()?;
        report
            .rules
            .iter()
            .find(|rule| rule.id == id)?
            .url
            .as_deref()
    }

    /// Where in the document a place is; `None` for one in another file.
    pub(super) fn bytes(&self, span: Span) -> Option<Range<usize>> {
        let source = self.setup.as_ref()?.sources.source(span.source);
        (source.name == self.name).then_some(span.start as usize..span.end as usize)
    }
}

/// A terminal to which nothing is said.
fn quiet() -> Terminal {
    let mut terminal = Terminal::new(ColorChoice::Never);
    terminal.hush();
    terminal
}
