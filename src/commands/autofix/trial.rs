//! Several edits made at once in the texts of a run, in memory.
//! It does not know whether they do any good.

use std::collections::BTreeMap;
use std::path::Path;

use super::wording::{FindingText, told};
use crate::commands::editing;
use crate::commands::setup::{Setup, Texts};
use crate::report::Diagnostic;
use crate::source::edit::{Amendment, Edited, Replacement, edited, parsed};
use crate::source::{SourceId, Span, Tree};

/// Bytes of a template that is edited, at most.
const LARGEST: usize = 8_000_000;

/// Whether files may be edited, and why not, by their names.
pub(super) type Editable = BTreeMap<String, Option<String>>;

/// Edits that are tried together.
pub(super) struct Trial<'r> {
    setup: &'r Setup,
    editable: &'r mut Editable,
    /// The texts with the edits.
    pub(super) texts: Texts,
    /// The texts of edited files without the edits of this trial.
    pub(super) before: Texts,
    /// What was replaced in each text so far, in the order in which it was.
    replaced: BTreeMap<SourceId, Vec<Vec<Replacement>>>,
    /// The texts as they were read when they were last edited.
    trees: BTreeMap<SourceId, Tree>,
    pub(super) made: Vec<&'r Diagnostic>,
    /// Bytes of texts that were read.
    pub(super) effort: usize,
}

impl<'r> Trial<'r> {
    /// Begins with texts that were edited before.
    pub(super) fn new(setup: &'r Setup, texts: &Texts, editable: &'r mut Editable) -> Self {
        Self {
            setup,
            editable,
            texts: texts.clone(),
            before: Texts::new(),
            replaced: BTreeMap::new(),
            trees: BTreeMap::new(),
            made: Vec::new(),
            effort: 0,
        }
    }

    /// Makes the edit that a finding proposes, or says why not. One about the place of another waits.
    pub(super) fn make(&mut self, finding: &'r Diagnostic) -> Result<(), String> {
        let proposal = finding.proposal.as_deref().ok_or("no edit is known")?;
        let amendment = &proposal.amendment;
        let id = amendment.place.source;
        let source = self.setup.sources.source(id);
        self.may_be_edited(&source.name, source.text(), finding)?;
        let replaced = self.replaced.entry(id).or_default();
        let moved = replaced
            .iter()
            .try_fold(amendment.place, |place, step| moved(place, step));
        let Some(place) = moved else {
            return Ok(());
        };
        let text = match replaced.is_empty() {
            true => source.text(),
            false => (self.texts.get(&source.name)).map_or(source.text(), String::as_str),
        };
        self.effort += text.len();
        let amendment = Amendment {
            place,
            ..amendment.clone()
        };
        let tree = match self.trees.remove(&id) {
            Some(tree) => tree,
            None => parsed(text).ok_or("the text cannot be read")?,
        };
        let edited = edited(text, &tree, &amendment);
        let is_first = replaced.is_empty();
        let Ok(Edited {
            replacements,
            new: Some((text, next)),
        }) = edited
        else {
            self.trees.insert(id, tree);
            // Another edit has made it, or the text says it and something else decides.
            return match edited.map(|_| is_first) {
                Ok(true) => {
                    Err("the template says so already, and something else decides".to_owned())
                }
                Ok(false) => Ok(()),
                Err(why) => Err(why),
            };
        };
        self.trees.insert(id, next);
        let before = self.before.entry(source.name.clone());
        before.or_insert_with(|| source.text().to_owned());
        self.texts.insert(source.name.clone(), text);
        replaced.push(replacements);
        self.made.push(finding);
        Ok(())
    }

    /// All that were made, with why they are not kept.
    pub(super) fn told(&self, why: &str) -> Vec<(FindingText, String)> {
        let made = self.made.iter();
        made.map(|one| (told(one, &self.setup.sources), why.to_owned()))
            .collect()
    }

    fn may_be_edited(
        &mut self,
        name: &str,
        text: &str,
        finding: &Diagnostic,
    ) -> Result<(), String> {
        // What was edited before differs from its file by that.
        if self.setup.door.text_for(name).is_some() {
            return Ok(());
        }
        let judged = finding.judged.map(|place| place.source);
        let is_input = judged
            == finding
                .proposal
                .as_ref()
                .map(|one| one.amendment.place.source);
        if !is_input {
            return Err("it is not in the template that is judged".to_owned());
        }
        let door = &self.setup.door;
        let why = self.editable.entry(name.to_owned()).or_insert_with(|| {
            if text.len() > LARGEST {
                return Some(format!("cannot write `{name}`: it is larger than 8 MB"));
            }
            let checked = editing::check(Path::new(name), text, door);
            checked.err().map(|error| error.to_string())
        });
        why.clone().map_or(Ok(()), Err)
    }
}

/// Where a place is after replacements; `None` where one of them is about a part of it.
fn moved(place: Span, step: &[Replacement]) -> Option<Span> {
    let (mut start, mut end) = (i64::from(place.start), i64::from(place.end));
    for one in step {
        let grown = i64::try_from(one.text.len()).ok()? - i64::try_from(one.span.len()).ok()?;
        if one.span.end <= place.start {
            start += grown;
            end += grown;
        } else if one.span.start >= place.end {
            continue;
        } else if place.start <= one.span.start && one.span.end <= place.end {
            end += grown;
        } else {
            return None;
        }
    }
    let place = |at: i64| usize::try_from(at).ok();
    Some(Span::new(
        step.first()?.span.source,
        place(start)?,
        place(end)?,
    ))
}
