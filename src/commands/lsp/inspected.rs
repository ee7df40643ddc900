//! What `ecrlint check` says of one document as it stands in the editor.

use std::ops::Range;
use std::path::PathBuf;

use clap::Parser as _;

use super::positions::LineIndex;
use crate::cli::{CheckArgs, Cli, Command};
use crate::commands::autofix;
use crate::commands::judging::judged;
use crate::commands::rule_selection;
use crate::commands::setup::{Setup, Texts};
use crate::commands::terminal::Terminal;
use crate::engine::{self, Plan};
use crate::report::{Diagnostic, DraftReport};
use crate::source::{Problem, Span};

/// A document that was judged.
pub(super) struct Inspected {
    /// What a run calls the file.
    pub(super) name: String,
    /// What was judged.
    pub(super) text: LineIndex,
    /// Rules and texts of the run; `None` where it could not be done.
    pub(super) setup: Option<Setup>,
    /// What was found, in the document and elsewhere.
    draft: Option<DraftReport>,
    /// How it was judged, for a document that is an input.
    args: Option<CheckArgs>,
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
        if let Ok((setup, draft)) = judged(&args, texts, &mut Terminal::silent()) {
            inspected.setup = Some(setup);
            inspected.draft = Some(draft);
            inspected.args = Some(*args);
        }
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
        let read = Setup::load_over(
            rules,
            &[PathBuf::from(name)],
            texts,
            &mut Terminal::silent(),
        );
        let Ok(mut setup) = read else {
            return inspected;
        };
        let mut problems: Vec<Problem> = std::mem::take(&mut setup.problems);
        // Names of rules are looked up when it is decided which of them are asked.
        if problems.is_empty()
            && let Ok(selection) = rule_selection::selection(&args, &setup)
            && let Err(mistakes) = Plan::new(&setup.rules, &setup.config, &selection)
        {
            problems = mistakes;
        }
        let found = problems.into_iter().map(engine::unreadable).collect();
        inspected.draft = Some(engine::failed(found));
        inspected.setup = Some(setup);
        inspected
    }

    fn empty(name: &str, texts: &Texts) -> Self {
        Self {
            name: name.to_owned(),
            text: LineIndex::new(texts.get(name).cloned().unwrap_or_default()),
            setup: None,
            draft: None,
            args: None,
            is_tried: false,
        }
    }

    /// What was found and counts.
    pub(super) fn found(&self) -> impl Iterator<Item = &Diagnostic> {
        let all = self.draft.iter().flat_map(|draft| &draft.diagnostics);
        all.filter(|one| one.verdict.counts())
    }

    /// Tries the edits that rules propose, once: each is made in memory, and everything is judged again.
    pub(super) fn try_edits(&mut self) {
        let is_tried = std::mem::replace(&mut self.is_tried, true);
        if let (false, Some(args), Some(draft), Some(setup)) =
            (is_tried, &self.args, &mut self.draft, &self.setup)
        {
            // A run that fails adds nothing.
            let _without = autofix::suggest(args, draft, setup);
        }
    }

    /// Whether it was judged as an input, and not read as a configuration.
    pub(super) fn is_input(&self) -> bool {
        self.args.is_some()
    }

    /// The page with more about a rule of the run.
    pub(super) fn url(&self, id: &str) -> Option<&str> {
        let mut rules = self.draft.iter().flat_map(|draft| &draft.rules);
        rules.find(|rule| rule.id == id)?.url.as_deref()
    }

    /// Where in the document a place is; `None` for one in another file.
    pub(super) fn bytes(&self, span: Span) -> Option<Range<usize>> {
        let source = self.setup.as_ref()?.sources.source(span.source);
        (source.name == self.name).then_some(span.start as usize..span.end as usize)
    }
}
