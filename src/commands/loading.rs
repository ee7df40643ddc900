//! From paths to an inventory: reads the inputs in parallel and keeps what they say.
//! It does not know rules or reports, only what could not be read.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use memchr::memmem;
use rayon::prelude::*;

use super::body::{self, Body};
use super::deployment::Deployment;
use super::origins::{self, Languages};
use super::outcome::FileOutcome;
use super::progress::Bar;
use super::scratch::with_scratch;
use super::streaming::{SnapshotStream, Spool};
use super::terminal::Terminal;
use super::{attachments, second_pass};
use crate::discover::FoundFile;
use crate::door::{Door, FileKind, Namer, Refusal, refusal};
use crate::input::snapshot::gaps::Gaps;
use crate::input::{self, Context, Inline, Loaded, Note, Scratch, Sniff, SniffedBytes};
use crate::model::{AccountRegion, Inventory};
use crate::source::{self, Problem, SourceId, Sources, Span, shown};

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
    /// Snapshots that are read line by line.
    pub(super) streams: Vec<SnapshotStream>,
    /// What of other snapshots is not there.
    pub(super) gaps: Vec<Gaps>,
    /// Files that are not inputs about ECR, with the reason.
    pub(super) passed_over: Vec<(PathBuf, &'static str)>,
}

impl Loading {
    /// Adds what a file holds. One that is an input has a `home`, where it is deployed.
    fn add(&mut self, loaded: Loaded, home: Option<AccountRegion>) {
        if let Some(home) = home {
            self.inventory.inputs += 1;
            self.inventory.snapshots += usize::from(loaded.kind.is_some_and(input::is_live));
            // What describes live accounts says of each repository where it is.
            let mut repositories = loaded.entities.iter();
            if repositories.all(|one| one.subject.arn.is_none()) {
                self.inventory.homes.insert(home);
            }
        }
        self.inventory.entities.extend(loaded.entities);
        self.inventory.registries.extend(loaded.registries);
        self.unreadable.extend(loaded.problems);
        self.remarks.extend(loaded.notes);
        self.inline.append(loaded.inline);
        self.gaps.push(loaded.gaps);
    }

    fn add_stream(&mut self, stream: SnapshotStream) {
        self.inventory.inputs += 1;
        self.inventory.snapshots += 1;
        self.streams.push(stream);
    }
}

/// Reads every file, in parallel, and shows how far it is; the result is in the order of `found`.
pub(super) fn load(
    found: &[FoundFile],
    deployment: &mut Deployment,
    sources: &mut Sources,
    terminal: &Terminal,
) -> Loading {
    let bar = Bar::over_files(found.len(), terminal);
    let first = sources.next_id();
    for file in found {
        sources.add(deployment.name(file), "");
    }
    let known = &*deployment;
    let mut outcomes: Vec<FileOutcome> = found
        .par_iter()
        .enumerate()
        .map(|(index, file)| {
            let id = first.after(index);
            let context = known.context(file);
            let home = AccountRegion {
                account: context.account().map(str::to_owned),
                region: context.region().map(str::to_owned),
            };
            let outcome = with_scratch(|scratch| read(file, id, &context, known, scratch));
            let is_left_over = outcome.is_read() && known.is_left_over(file);
            let left = is_left_over.then(|| left_over(&known.name(file), id));
            let outcome = left.unwrap_or(outcome);
            bar.read_one();
            FileOutcome { home, ..outcome }
        })
        .collect();
    drop(bar);
    let told = second_pass::look(found, first, deployment, &mut outcomes);
    attachments::doubt(&mut outcomes);
    let unclaimed = unclaimed(found, deployment, &outcomes);
    let mut loading = Loading {
        unreadable: std::mem::take(&mut deployment.problems),
        remarks: std::mem::take(&mut deployment.remarks),
        ..Loading::default()
    };
    loading.unreadable.extend(told.problems);
    loading
        .remarks
        .extend(told.notes.into_iter().chain(unclaimed));
    let passed_over = found.iter().zip(&outcomes);
    let passed_over =
        passed_over.filter_map(|(file, outcome)| Some((file.path.clone(), outcome.passed_over?)));
    loading.passed_over = passed_over.collect();
    // Thousands of repositories are not to be moved each time that there is no room for more.
    let repositories = outcomes.iter().map(|one| one.loaded.entities.len());
    loading.inventory.entities.reserve(repositories.sum());
    for (index, outcome) in outcomes.into_iter().enumerate() {
        let id = first.after(index);
        sources.fill(id, outcome.text);
        if let Some((file, spool)) = outcome.stream {
            loading.add_stream(SnapshotStream::new(file, id, spool));
            continue;
        }
        let mut loaded = outcome.loaded;
        for registry in &mut loaded.registries {
            registry.file = Some(sources.source(id).name.clone());
        }
        loading.add(loaded, outcome.input.then_some(outcome.home));
    }
    loading.languages = origins::know_programs(&mut loading.inventory, deployment, sources);
    loading
}

/// Names of given parameters that a text without ECR has in it: it is not read, but may declare them.
fn mentioned(context: &Context, bytes: &[u8]) -> Vec<String> {
    let names = context.parameters.keys();
    let names = names.filter(|name| memmem::find(bytes, name.as_bytes()).is_some());
    names.cloned().collect()
}

/// Remarks about values that were given for parameters that no template has.
fn unclaimed(found: &[FoundFile], deployment: &Deployment, outcomes: &[FileOutcome]) -> Vec<Note> {
    if deployment.parameters.is_empty() {
        return Vec::new();
    }
    let declared = found.iter().zip(outcomes).map(|(file, outcome)| {
        let stack = deployment.context(file).stack;
        (stack, outcome.loaded.parameters.as_slice())
    });
    let declared: Vec<_> = declared.collect();
    deployment.parameters.unclaimed(&declared)
}

/// Reads one file. What a search found is passed over unless it looks like an input.
fn read(
    file: &FoundFile,
    id: SourceId,
    context: &Context,
    deployment: &Deployment,
    scratch: &mut Scratch,
) -> FileOutcome {
    let door = &*deployment.door;
    let problem = |title: String| refused(id, title);
    let lines = |file: File, spool: Option<Spool>| FileOutcome {
        stream: Some((file, spool)),
        ..FileOutcome::default()
    };
    let bytes = match body::read(file, door, body::memory()) {
        Ok(Body::Whole(bytes)) => bytes,
        Ok(Body::Lines(..)) if is_unfinished(&file.path) && !deployment.allows_partial => {
            let mut outcome = FileOutcome::default();
            outcome.loaded.problems.push(unfinished(&file.path, id));
            return outcome;
        }
        Ok(Body::Lines(file, spool)) => return lines(file, spool),
        Err(error) => return unread(file, id, deployment, &error),
    };
    if deployment.is_wanted(file) && is_program(&file.path) {
        return program(&deployment.name(file), id);
    }
    let look = input::look(&bytes);
    let nests = look.nests;
    if !deployment.is_wanted(file) && look.sniff <= Sniff::TemplateWithoutEcr {
        let outcome = passed_over(look, context, &bytes);
        body::recycle(bytes);
        return outcome;
    }
    let own = bytes.clone();
    body::recycle(bytes);
    let text = match source::decode(own) {
        Ok(text) => text,
        Err(no_text) => {
            let mut outcome = FileOutcome::default();
            outcome.loaded.problems.push(no_text.problem(id));
            return FileOutcome {
                text: no_text.text,
                ..outcome
            };
        }
    };
    // In UTF-16, lines are seen once the text is decoded.
    if let Some(copied) = body::decoded_lines(&text) {
        return match copied {
            Ok((spool, file)) => lines(file, Some(spool)),
            Err(error) => problem(format!("cannot copy `{}`: {error}", deployment.name(file))),
        };
    }
    let loaded = input::load(&text, id, context, scratch);
    let input = loaded.kind.is_some();
    if !input && deployment.is_wanted(file) && loaded.problems.is_empty() {
        let no_input = no_input(&deployment.name(file), id, text.trim().is_empty());
        return FileOutcome { text, ..no_input };
    }
    FileOutcome {
        text,
        loaded,
        input,
        nests,
        ..FileOutcome::default()
    }
}

/// A file that a search found: what others may want of it is seen without reading it.
fn passed_over(look: SniffedBytes, context: &Context, bytes: &[u8]) -> FileOutcome {
    let input = look.sniff == Sniff::TemplateWithoutEcr;
    let parameters = match input {
        true => mentioned(context, bytes),
        false => Vec::new(),
    };
    FileOutcome {
        loaded: Loaded {
            parameters,
            ..Loaded::default()
        },
        input,
        nests: look.nests,
        publishes: input && look.publishes,
        runs: input && look.runs,
        passed_over: Some(match input {
            true => "a template without ECR",
            false => "neither a template nor a snapshot",
        }),
        ..FileOutcome::default()
    }
}

/// A file that cannot be used.
fn refused(id: SourceId, title: String) -> FileOutcome {
    FileOutcome {
        loaded: Loaded {
            problems: vec![Problem::new(Span::new(id, 0, 0), title)],
            ..Loaded::default()
        },
        ..FileOutcome::default()
    }
}

/// A file that cannot be read. One that nobody named, and that does not look like an input, is told all the same.
fn unread(
    file: &FoundFile,
    id: SourceId,
    deployment: &Deployment,
    error: &io::Error,
) -> FileOutcome {
    let (name, door) = (deployment.name(file), &*deployment.door);
    let mut outcome = refused(id, format!("cannot read `{name}`: {error}"));
    let (help, is_ecr_template) = match refusal(error) {
        None => return outcome,
        Some(Refusal::TooLarge(_)) => (
            "`--max-size 200MB` reads larger ones; CloudFormation takes no template above 1 MB",
            looks_like_ecr_template(&file.path, door),
        ),
        // The folder of an assembly, and not one of many files.
        Some(Refusal::Outside) => (
            "name it on the command line, or permit its folder with `--allow-outside`",
            file.path.extension().is_none_or(|end| end == "out"),
        ),
        Some(_) => ("put a file in its place", false),
    };
    let problems = std::mem::take(&mut outcome.loaded.problems).into_iter();
    let problems = problems.map(|problem| problem.help(help));
    match deployment.is_wanted(file) || is_ecr_template {
        true => outcome.loaded.problems = problems.collect(),
        false => outcome.loaded.notes = problems.map(Note::Mistake).collect(),
    }
    outcome
}

/// Whether a file that is too large begins like a template with repositories.
fn looks_like_ecr_template(path: &Path, door: &Door) -> bool {
    let Ok(opened) = door.open(path, Namer::Search) else {
        return false;
    };
    let mut bytes = Vec::new();
    let limit = door.limit(FileKind::Template).bytes();
    let read = opened.file.take(limit).read_to_end(&mut bytes);
    read.is_ok() && input::look(&bytes).sniff > Sniff::TemplateWithoutEcr
}

/// Whether a file is called like a snapshot that is being written, or was when the capture ended.
pub(super) fn is_unfinished(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "part")
}

/// A snapshot that is not whole.
pub(super) fn unfinished(path: &Path, id: SourceId) -> Problem {
    let title = format!(
        "`{}` is not a snapshot, but what a capture has left",
        shown(path)
    );
    let help =
        "go on with `ecrlint snapshot --resume`, or judge what is there with `--allow-partial`";
    Problem::new(Span::new(id, 0, 0), title).help(help)
}

/// A file that was named and is of no known kind.
fn no_input(name: &str, id: SourceId, is_empty: bool) -> FileOutcome {
    let title = match is_empty {
        true => format!("`{name}` is empty: neither a CloudFormation template nor a snapshot"),
        false => format!("`{name}` is neither a CloudFormation template nor a snapshot"),
    };
    let help = "a template is a mapping with `Resources`, each with a `Type`; `ecrlint schema snapshot` describes a \
                snapshot";
    let mut outcome = refused(id, title);
    for problem in &mut outcome.loaded.problems {
        problem.help = Some(help.to_owned());
    }
    outcome
}

/// How the names of files end that programs are written in with the CDK.
const PROGRAMS: [&str; 12] = [
    "ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "py", "java", "cs", "go",
];

fn is_program(path: &Path) -> bool {
    let end = path.extension().unwrap_or_default().to_string_lossy();
    PROGRAMS.iter().any(|own| end.eq_ignore_ascii_case(own))
}

/// A program that was named in place of what it synthesizes.
fn program(name: &str, id: SourceId) -> FileOutcome {
    let title = format!("`{name}` is a program, and what it deploys is only known once it ran");
    let mut outcome = refused(id, title);
    for problem in &mut outcome.loaded.problems {
        let help =
            "run `cdk synth`, then `ecrlint check cdk.out`: findings name the lines of the program";
        problem.help = Some(help.to_owned());
    }
    outcome
}

/// A template that an earlier synthesis wrote: to judge it would find again what has been renamed.
fn left_over(name: &str, id: SourceId) -> FileOutcome {
    let title = format!("`{name}` belongs to no stack of its assembly, and is not judged");
    let help = "an earlier synthesis left it: remove the folder, and run `cdk synth` again";
    let problem = Problem::new(Span::new(id, 0, 0), title).help(help);
    FileOutcome {
        loaded: Loaded {
            notes: vec![Note::Mistake(problem)],
            ..Loaded::default()
        },
        ..FileOutcome::default()
    }
}
