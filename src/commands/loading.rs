//! From paths to an inventory: reads the inputs in parallel and keeps what they say.
//! It does not know rules or reports, only what could not be read.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};

use rayon::prelude::*;

use super::again;
use super::origins::{self, Languages};
use super::placing::Placing;
use crate::discover::{Found, STDIN};
use crate::input::{self, Context, Inline, Loaded, Note, Scratch, Sniff};
use crate::model::{Home, Inventory};
use crate::source::{self, Problem, SourceId, Sources, Span, shown};

/// Files beyond this size are refused: offsets are 32 bits wide.
const MAX_BYTES: u64 = u32::MAX as u64;

/// What was found at the paths of a run.
#[derive(Default)]
pub(super) struct Loading {
    pub(super) inventory: Inventory,
    /// Inputs that could not be read or understood.
    pub(super) unreadable: Vec<Problem>,
    /// Remarks about inputs that were read.
    pub(super) remarks: Vec<Note>,
    /// What the inputs themselves ignore.
    pub(super) inline: Inline,
    /// What the programs are written in that made the inputs.
    pub(super) languages: Languages,
}

/// What became of one file.
#[derive(Default)]
pub(super) struct Outcome {
    /// Kept where findings may have to show it.
    pub(super) text: String,
    pub(super) loaded: Loaded,
    /// An input of a known kind, with or without repositories.
    pub(super) input: bool,
    /// Whether it may deploy other templates of the run.
    pub(super) nests: bool,
    /// Where it is deployed.
    home: Home,
}

thread_local! {
    /// Reading the next file uses the memory of the last one.
    pub(super) static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Reads every file, in parallel; the result is in the order of `found`.
pub(super) fn load(found: &[Found], placing: &mut Placing, sources: &mut Sources) -> Loading {
    let first = sources.next_id();
    for file in found {
        sources.add(name(file), "");
    }
    let known = &*placing;
    let mut outcomes: Vec<Outcome> = found
        .par_iter()
        .enumerate()
        .map(|(index, file)| {
            let id = first.after(index);
            let context = known.context(file);
            let home = Home {
                account: context.account().map(str::to_owned),
                region: context.region().map(str::to_owned),
            };
            let outcome = SCRATCH.with_borrow_mut(|scratch| read(file, id, &context, scratch));
            Outcome { home, ..outcome }
        })
        .collect();
    let notes = again::look(found, first, placing, &mut outcomes);
    let mut loading = Loading {
        unreadable: std::mem::take(&mut placing.problems),
        remarks: std::mem::take(&mut placing.remarks),
        ..Loading::default()
    };
    loading.remarks.extend(notes);
    for (index, outcome) in outcomes.into_iter().enumerate() {
        sources.fill(first.after(index), outcome.text);
        let Loaded {
            repositories,
            registries,
            problems,
            notes,
            inline,
            ..
        } = outcome.loaded;
        if outcome.input {
            loading.inventory.inputs += 1;
            // What describes live accounts says of each repository where it is.
            if repositories.iter().all(|one| one.subject.arn.is_none()) {
                loading.inventory.homes.insert(outcome.home);
            }
        }
        loading.inventory.repositories.extend(repositories);
        loading.inventory.registries.extend(registries);
        loading.unreadable.extend(problems);
        loading.remarks.extend(notes);
        loading.inline.append(inline);
    }
    loading.languages = origins::know_programs(&mut loading.inventory, placing, sources);
    loading
}

fn name(file: &Found) -> String {
    if file.path.as_os_str() == STDIN {
        "<stdin>".to_owned()
    } else {
        shown(&file.path)
    }
}

/// Reads one file. What was only come across is passed over unless it looks like an input.
fn read(file: &Found, id: SourceId, context: &Context, scratch: &mut Scratch) -> Outcome {
    let problem = |title: String| Outcome {
        loaded: Loaded {
            problems: vec![Problem::new(Span::new(id, 0, 0), title)],
            ..Loaded::default()
        },
        ..Outcome::default()
    };
    let bytes = match bytes(file) {
        Ok(bytes) => bytes,
        Err(error) => return problem(format!("cannot read `{}`: {error}", name(file))),
    };
    let sniff = input::sniff(&bytes);
    let nests = sniff > Sniff::Foreign && input::nests(&bytes);
    if !file.named && sniff <= Sniff::TemplateWithoutEcr {
        return Outcome {
            input: sniff == Sniff::TemplateWithoutEcr,
            nests,
            ..Outcome::default()
        };
    }
    let text = match source::decode(bytes) {
        Ok(text) => text,
        Err(not_text) => {
            let problems = vec![not_text.problem(id)];
            return Outcome {
                text: not_text.text,
                loaded: Loaded {
                    problems,
                    ..Loaded::default()
                },
                ..Outcome::default()
            };
        }
    };
    let loaded = input::load(&text, id, context, scratch);
    let input = loaded.kind.is_some();
    if !input && file.named && loaded.problems.is_empty() {
        let title = format!("`{}` is no CloudFormation template", name(file));
        let help = "a template is a mapping with `Resources`, each with a `Type`";
        let Outcome { mut loaded, .. } = problem(title);
        loaded.problems[0].help = Some(help.to_owned());
        return Outcome {
            text,
            loaded,
            ..Outcome::default()
        };
    }
    Outcome {
        text,
        loaded,
        input,
        nests,
        ..Outcome::default()
    }
}

/// The bytes of a file, if it is not larger than any input may be.
pub(super) fn bytes(file: &Found) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file.path.as_os_str() == STDIN {
        io::stdin()
            .lock()
            .take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)?;
    } else {
        let mut open = File::open(&file.path)?;
        let size = open.metadata().map_or(0, |metadata| metadata.len());
        bytes.reserve_exact(usize::try_from(size.min(MAX_BYTES)).unwrap_or(0) + 1);
        open.by_ref().take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > MAX_BYTES {
        return Err(io::Error::other("it is larger than 4 GiB"));
    }
    Ok(bytes)
}
