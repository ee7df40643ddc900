//! `--changed-since`: sets findings aside that are in nothing that changed.
//! It does not know how git tells what changed.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::changed_blocks::{self, SourceBlocks};
use super::git::WorkingTreeDiff;
use super::run_record::RunRecord;
use crate::commands::{CommandError, terminal::Terminal};
use crate::report::{Diagnostic, DraftReport, Verdict};
use crate::source::{SourceId, Span};

/// Sets aside what did not change since the revision that was named.
pub(super) fn compare(
    ran: &RunRecord<'_>,
    draft: &mut DraftReport,
    terminal: &mut Terminal,
) -> Result<(), CommandError> {
    let Some(revision) = ran.args.adopt.changed_since.as_deref() else {
        return Ok(());
    };
    let mut said = Vec::new();
    let changes = WorkingTreeDiff::since(revision, ran.setup.door.root(), &mut said)?;
    said.iter().for_each(|line| terminal.say(line));
    let judged = draft.repositories.iter().chain(&draft.others);
    let declared = judged.filter_map(|one| Some((one.place, one.declared?)));
    let mut comparing = Comparing {
        ran,
        changes,
        declared: declared.collect(),
        names: HashMap::new(),
        blocks: HashMap::new(),
        programs: program(ran),
        origins: HashMap::new(),
    };
    let reason = format!("in lines that did not change since `{revision}`");
    draft.set_aside(|_, finding| {
        (!comparing.is_changed(finding)).then(|| (Verdict::Unchanged, reason.clone()))
    });
    Ok(())
}

/// The texts of the run by their names.
fn program(ran: &RunRecord<'_>) -> HashMap<String, SourceId> {
    let names = ran.setup.sources.names().zip(0..);
    names
        .map(|(name, id)| (name.to_owned(), SourceId(id)))
        .collect()
}

struct Comparing<'a> {
    ran: &'a RunRecord<'a>,
    changes: WorkingTreeDiff,
    /// Where what was judged is declared, by its place.
    declared: HashMap<Span, Span>,
    /// Names of files as seen from the top of the checkout.
    names: HashMap<String, String>,
    blocks: HashMap<SourceId, SourceBlocks>,
    programs: HashMap<String, SourceId>,
    /// What is known of places in the program.
    origins: HashMap<(String, u32, Option<u32>), Option<bool>>,
}

impl Comparing<'_> {
    /// Whether anything changed that a finding is about. What git cannot tell may have changed.
    fn is_changed(&mut self, finding: &Diagnostic) -> bool {
        let input = self.is_block_changed(finding.primary.span);
        let source = self.is_source_changed(finding);
        if input.or(source).is_none() {
            return true;
        }
        let declared = finding
            .judged
            .and_then(|place| self.declared.get(&place).copied());
        let related = finding.related.iter().map(|label| label.span);
        let others: Vec<Span> = related.chain(declared).collect();
        let mut others = others.into_iter();
        input == Some(true)
            || source == Some(true)
            || others.any(|place| self.is_block_changed(place) == Some(true))
    }

    /// Whether something changed of the program that makes the input.
    fn is_source_changed(&mut self, finding: &Diagnostic) -> Option<bool> {
        let origin = finding.source_location.as_deref()?;
        self.is_call_changed(&origin.path, origin.line, origin.column)
    }

    /// Whether something changed of what a program makes at a place.
    fn is_call_changed(&mut self, path: &str, line: u32, column: Option<u32>) -> Option<bool> {
        let key = (path.to_owned(), line, column);
        if let Some(known) = self.origins.get(&key) {
            return *known;
        }
        let lines = match self.programs.get(path) {
            Some(id) => changed_blocks::calls(self.ran.setup.sources.source(*id), line, column),
            None => vec![line..=line],
        };
        let touched = lines.into_iter().map(|lines| self.touch(path, lines));
        let touched = touched.max().flatten();
        self.origins.insert(key, touched);
        touched
    }

    /// Whether something changed of what stands at a place: all of its resource counts.
    fn is_block_changed(&mut self, place: Span) -> Option<bool> {
        let sources = &self.ran.setup.sources;
        let source = sources.source(place.source);
        if source.is_line() || source.text().is_empty() {
            let lines = self.lines(place);
            return self.touch(&source.name, lines);
        }
        let blocks = self.blocks.entry(place.source);
        let blocks = blocks.or_insert_with(|| SourceBlocks::of(source.text(), place.source));
        if blocks.is_empty() {
            let start = sources.locate(place).start;
            return self.is_call_changed(&source.name, start.line, Some(start.column));
        }
        let parts: Vec<Span> = blocks
            .shared
            .iter()
            .copied()
            .chain([blocks.enclosing(place)])
            .collect();
        let touched = parts.into_iter().map(|part| {
            let lines = self.lines(part);
            self.touch(&source.name, lines)
        });
        touched.max().flatten()
    }

    fn lines(&self, span: Span) -> RangeInclusive<u32> {
        let place = self.ran.setup.sources.locate(span);
        // What ends in front of the first column of a line does not reach into it.
        let is_before = place.end.column == 1 && place.end.line > place.start.line;
        place.start.line..=place.end.line - u32::from(is_before)
    }

    fn touch(&mut self, name: &str, lines: RangeInclusive<u32>) -> Option<bool> {
        if !self.names.contains_key(name) {
            let own = self.ran.of_checkout(name);
            self.names.insert(name.to_owned(), own);
        }
        self.changes.touch(&self.names[name], &lines)
    }
}
