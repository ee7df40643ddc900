//! From findings to lines of the user's own program, by what CDK noted about the constructs.
//! It does not judge anything, and reads nothing about stacks without findings.

mod acknowledged;
mod aims;
mod language;
mod newer;
mod place;
mod reading;
mod resource_lines;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::acknowledged::Acknowledged;
use self::aims::{Aim, Homes, ResourceKey, ResourceTraces};
pub(super) use self::language::Languages;
use self::place::{FindingOrigins, Placement, TracedLines};
use self::reading::TraceRequest;
use self::resource_lines::ResourceLines;
use super::deployment::Deployment;
use crate::door::{Door, is_plain};
use crate::input::assembly::{Checkout, MANIFEST, Sharing, Tracer, Traces, outdated};
use crate::model::{Inventory, Language, Organisation, Origin, SourceLine};
use crate::report::{Diagnostic, Report};
use crate::source::{Problem, SourceId, Sources, shown};

/// The file that says how a program is run.
const PROGRAM: &str = "cdk.json";
/// How to get stack traces from a program in Python.
const PYTHON: &str = "`JSII_HOST_STACK_TRACES=1 cdk synth` lets findings point at the lines of your \
    Python program, with aws-cdk-lib 2.260 or later";
/// How to get stack traces from any other program.
const DEBUG: &str = "`cdk synth --debug` lets findings point at the lines of your CDK program";
/// How to get longer stack traces from a program in TypeScript or JavaScript.
const LIMIT: &str = "`NODE_OPTIONS=--stack-trace-limit=100 cdk synth` lets findings point at the lines \
    of your CDK program";
/// What to do where the traces are of no use.
const LOST_TRACES: &str = "the stack traces name no file of this checkout: findings point at the lines \
    of your CDK program when ecrlint runs in the checkout that was synthesized";

/// Gives each repository of an assembly the path of its construct, where its template does not
/// tell it, and the language of its program.
pub(super) fn know_programs(
    inventory: &mut Inventory,
    deployment: &Deployment,
    sources: &Sources,
) -> Languages {
    let mut indexes = Vec::new();
    let mut asked = Vec::new();
    for (index, repository) in inventory.entities.iter().enumerate() {
        let subject = &repository.subject;
        if let (None, Some(id)) = (&subject.construct_path, &subject.logical_id) {
            indexes.push(index);
            asked.push(TraceRequest::new(
                repository.place.source,
                id,
                None,
                sources,
            ));
        }
    }
    let mut near = Vec::new();
    // Whether a source is part of an assembly: what belongs together mostly stands in one.
    let mut made: Option<(SourceId, bool)> = None;
    for (index, repository) in inventory.entities.iter().enumerate() {
        for (place, id) in repository.neighbours() {
            let mut known = repository.constructs.iter();
            let is_made = match made {
                Some((source, is_made)) if source == place.source => is_made,
                _ => {
                    let name = &sources.source(place.source).name;
                    deployment.assembly(name).is_some()
                }
            };
            made = Some((place.source, is_made));
            if is_made && known.all(|(at, _)| *at != place) {
                near.push((index, place));
                asked.push(TraceRequest::new(place.source, id, None, sources));
            }
        }
    }
    let mut found = reading::traces(&asked, deployment, sources);
    for ((index, place), traces) in near.into_iter().zip(found.split_off(indexes.len())) {
        let path = traces.map(|traces| (place, traces.construct_path));
        inventory.entities[index].constructs.extend(path);
    }
    let found = indexes.into_iter().zip(found);
    let found: BTreeMap<usize, Traces> = found
        .filter_map(|(index, traces)| Some((index, traces?)))
        .collect();
    for (index, traces) in &found {
        let path = traces.construct_path.clone();
        inventory.entities[*index].subject.construct_path = Some(path);
    }
    let working = std::env::current_dir().unwrap_or_default();
    Languages::tell(inventory, &found, deployment, &working, sources)
}

/// Adds to each finding the line of the program that it comes from, and to the report how to get
/// such lines where there are none, or, where `tells_times` asks for it, that the program was written to after the
/// synthesis. Files are named as seen from `working`. Gives what is to be said of assemblies that are
/// of another state of their program.
pub(super) fn attach(
    report: &mut Report,
    organisation: Option<&Organisation>,
    (deployment, languages): (&Deployment, &Languages),
    (working, tells_times): (&Path, bool),
    sources: &mut Sources,
) -> Vec<Problem> {
    let homes = Homes::of(report);
    let mut resources = ResourceLines::default();
    let aims = report
        .diagnostics
        .iter()
        .map(|finding| homes.aim(finding, &mut resources, (deployment, sources)));
    let aims: Vec<Option<Aim>> = aims.collect();
    let known = ResourceTraces::read(&aims, &mut resources, deployment, sources);
    let mut origins = Origins::new(deployment, working, &known);
    let mut placement = Placement::new(organisation);
    let mut acknowledged = Acknowledged::default();
    for (finding, aim) in report.diagnostics.iter_mut().zip(aims) {
        acknowledged.place(finding, &mut origins, &mut placement, sources);
        let Some(aim) = aim else { continue };
        if finding.verdict.counts() {
            origins.wish(&aim, sources);
        }
        let lines = origins.lines(finding, &aim, sources);
        let root = origins.root_of(aim.home.0, sources);
        let tracer = origins.tracer(root.as_deref());
        placement.place(finding, lines, tracer, sources);
    }
    let outdated = origins.outdated();
    let hint = origins.hint(languages).map(str::to_owned);
    let wants_times = tells_times && outdated.is_empty();
    report.hint = hint.or_else(|| wants_times.then(|| origins.newer()).flatten());
    outdated
}

/// The lines of every resource that findings lead to, worked out when they are asked for.
struct Origins<'a> {
    deployment: &'a Deployment,
    working: &'a Path,
    known: &'a ResourceTraces,
    sharing: BTreeMap<&'a str, Sharing<'a>>,
    /// Roots of the checkouts, by the folders of the assemblies.
    roots: BTreeMap<PathBuf, PathBuf>,
    /// By the roots of their checkouts.
    tracers: BTreeMap<PathBuf, Option<Tracer>>,
    found: BTreeMap<ResourceKey, Origin>,
    /// The folder of an assembly without traces, and whether they were too short.
    untraced: Option<(PathBuf, bool)>,
    /// Whether there are traces that lead nowhere.
    has_lost_traces: bool,
}

impl<'a> Origins<'a> {
    fn new(deployment: &'a Deployment, working: &'a Path, known: &'a ResourceTraces) -> Self {
        Self {
            deployment,
            working,
            known,
            sharing: known.sharing(),
            roots: BTreeMap::new(),
            tracers: BTreeMap::new(),
            found: BTreeMap::new(),
            untraced: None,
            has_lost_traces: false,
        }
    }

    /// The lines of a resource.
    fn of(&mut self, key: &ResourceKey, sources: &Sources) -> Origin {
        if let Some(origin) = self.found.get(key) {
            return origin.clone();
        }
        let origin = self.trace(key, sources).unwrap_or_default();
        self.found.insert(key.clone(), origin.clone());
        origin
    }

    fn trace(&mut self, key: &ResourceKey, sources: &Sources) -> Option<Origin> {
        let (kind, traces) = self.known.of(key)?;
        let root = self.root_of(key.0, sources)?;
        let tracer = opened(
            &mut self.tracers,
            &root,
            (self.working, &self.deployment.door),
        )?;
        Some(tracer.origin(traces, self.sharing.get(kind)?))
    }

    /// The lines that a finding comes from, the one to blame first.
    fn lines(&mut self, finding: &Diagnostic, aim: &Aim, sources: &Sources) -> TracedLines {
        let home = self.of(&aim.home, sources);
        let pointed = aim.pointed.as_ref().map(|key| self.of(key, sources));
        let subject = aim.subject.as_ref().map(|key| self.of(key, sources));
        let told = FindingOrigins {
            home: &home,
            subject: subject.as_ref(),
            pointed: pointed.as_ref(),
            property: aim.property.as_deref(),
            declared: aim.declared,
            tells_home: aim.tells_home,
        };
        place::lines(finding, told)
    }

    /// The root of the checkout that a text belongs to, if it is part of an assembly.
    fn root_of(&mut self, source: SourceId, sources: &Sources) -> Option<PathBuf> {
        let (folder, _) = self.deployment.assembly(&sources.source(source).name)?;
        if let Some(known) = self.roots.get(folder) {
            return Some(known.clone());
        }
        let root = Checkout::program(folder, self.working);
        self.roots.insert(folder.to_owned(), root.clone());
        Some(root)
    }

    /// The innermost line of the user in a trace that a text of an assembly has, and the root of the
    /// checkout.
    fn innermost(
        &mut self,
        source: SourceId,
        frames: &[String],
        sources: &Sources,
    ) -> Option<(SourceLine, PathBuf)> {
        let root = self.root_of(source, sources)?;
        let line = opened(
            &mut self.tracers,
            &root,
            (self.working, &self.deployment.door),
        )?
        .innermost(frames)?;
        Some((line, root))
    }

    fn tracer(&self, root: Option<&Path>) -> Option<&Tracer> {
        self.tracers.get(root?)?.as_ref()
    }

    /// Remarks about the assemblies whose traces are of another state of the program, one for each program.
    fn outdated(&self) -> Vec<Problem> {
        let stale = self.tracers.iter().filter_map(|(root, tracer)| {
            let stale = tracer.as_ref()?.stale()?;
            let mut folders = self.roots.iter().filter(|(_, of)| *of == root);
            let manifest = folders.find_map(|(folder, _)| self.deployment.manifest(folder))?;
            Some(outdated(manifest, stale))
        });
        stale.collect()
    }

    /// That a file of a program is newer than its assembly: one that traces name, or that says how it is run.
    fn newer(&self) -> Option<String> {
        let (working, door) = (self.working, &self.deployment.door);
        self.deployment.assemblies().find_map(|folder| {
            let here = working.join(folder);
            let root = Checkout::program(folder, working);
            let command = language::command(&here, door).unwrap_or_default();
            let words = command.split_whitespace().filter(|word| is_plain(word));
            let run = words.map(|word| root.join(word));
            let tracer = self.tracer(Some(&root));
            let traced = tracer.into_iter().flat_map(|tracer| tracer.checkout().found());
            let files = std::iter::once(root.join(PROGRAM)).chain(run).chain(traced);
            let file = newer::newer(&here.join(MANIFEST), files)?;
            let name = file.strip_prefix(&root).unwrap_or(&file);
            Some(format!(
                "`{}` was written to after `{}`: if that changed it, `cdk synth` brings the assembly up to date",
                shown(name),
                shown(folder)
            ))
        })
    }

    /// Remembers that a finding would be better off with a trace of what it is about.
    fn wish(&mut self, aim: &Aim, sources: &Sources) {
        let about = aim.subject.as_ref().unwrap_or(&aim.home);
        let Some((folder, _)) = self.deployment.assembly(&sources.source(about.0).name) else {
            return;
        };
        let traces = self.known.of(about).map(|(_, traces)| traces);
        if !traces.is_some_and(Traces::has_user_frames) {
            let is_cut = traces.is_some_and(Traces::is_cut);
            self.untraced
                .get_or_insert_with(|| (folder.to_owned(), is_cut));
            return;
        }
        let origin = self.of(about, sources);
        let root = self.root_of(about.0, sources);
        let tracer = self.tracer(root.as_deref());
        if tracer.is_some_and(|tracer| tracer.stale().is_some()) {
            return;
        }
        self.has_lost_traces |= origin.created.is_none() && origin.assignments.is_empty();
    }

    /// How to get lines of the program where there are none.
    fn hint(&self, languages: &Languages) -> Option<&'static str> {
        if self.has_lost_traces {
            return Some(LOST_TRACES);
        }
        let (folder, is_cut) = self.untraced.as_ref()?;
        Some(match languages.of(folder) {
            Some(Language::Python) => PYTHON,
            _ if *is_cut => LIMIT,
            _ => DEBUG,
        })
    }
}

/// The tracer for the checkout at a root, opened once.
fn opened<'t>(
    tracers: &'t mut BTreeMap<PathBuf, Option<Tracer>>,
    root: &Path,
    (working, door): (&Path, &Arc<Door>),
) -> Option<&'t mut Tracer> {
    let tracer = tracers
        .entry(root.to_owned())
        .or_insert_with(|| Checkout::open(root, working, door).map(Tracer::new));
    tracer.as_mut()
}
