//! The lines of a program that resources come from, each worked out once, and what keeps others from having any.
//! It does not know which findings ask for them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::language::{self, Languages};
use super::place::{self, FindingOrigins, TracedLines};
use super::staleness;
use super::traced_resources::{ResourceKey, ResourceTraces, TracedResources};
use crate::commands::deployment::Deployment;
use crate::door::{Door, is_plain};
use crate::input::assembly::{Checkout, MANIFEST, Sharing, Tracer, Traces, outdated};
use crate::model::{Language, Origin, SourceLine};
use crate::report::Diagnostic;
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

/// The lines of every resource that findings lead to, worked out when they are asked for.
pub(super) struct Origins<'a> {
    pub(super) deployment: &'a Deployment,
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
    pub(super) fn new(
        deployment: &'a Deployment,
        working: &'a Path,
        known: &'a ResourceTraces,
    ) -> Self {
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
    pub(super) fn of(&mut self, key: &ResourceKey, sources: &Sources) -> Origin {
        if let Some(origin) = self.found.get(key) {
            return origin.clone();
        }
        let origin = self.trace(key, sources).unwrap_or_default();
        self.found.insert(key.clone(), origin.clone());
        origin
    }

    pub(super) fn trace(&mut self, key: &ResourceKey, sources: &Sources) -> Option<Origin> {
        let (kind, traces) = self.known.of(key)?;
        let root = self.root_of(key.0, sources)?;
        let tracer = opened(
            &mut self.tracers,
            &root,
            self.working,
            &self.deployment.door,
        )?;
        Some(tracer.origin(traces, self.sharing.get(kind)?))
    }

    /// The lines that a finding comes from, the one to blame first.
    pub(super) fn lines(
        &mut self,
        finding: &Diagnostic,
        one: &TracedResources,
        sources: &Sources,
    ) -> TracedLines {
        let home = self.of(&one.home, sources);
        let pointed = one.pointed.as_ref().map(|key| self.of(key, sources));
        let subject = one.subject.as_ref().map(|key| self.of(key, sources));
        let told = FindingOrigins {
            home: &home,
            subject: subject.as_ref(),
            pointed: pointed.as_ref(),
            property: one.property.as_deref(),
            declared: one.declared,
            tells_home: one.tells_home,
        };
        place::lines(finding, told)
    }

    /// The root of the checkout that a text belongs to, if it is part of an assembly.
    pub(super) fn root_of(&mut self, source: SourceId, sources: &Sources) -> Option<PathBuf> {
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
    pub(super) fn innermost(
        &mut self,
        source: SourceId,
        frames: &[String],
        sources: &Sources,
    ) -> Option<(SourceLine, PathBuf)> {
        let root = self.root_of(source, sources)?;
        let line = opened(
            &mut self.tracers,
            &root,
            self.working,
            &self.deployment.door,
        )?
        .innermost(frames)?;
        Some((line, root))
    }

    pub(super) fn tracer(&self, root: Option<&Path>) -> Option<&Tracer> {
        self.tracers.get(root?)?.as_ref()
    }

    /// Remarks about the assemblies whose traces are of another state of the program, one for each program.
    pub(super) fn outdated(&self) -> Vec<Problem> {
        let stale = self.tracers.iter().filter_map(|(root, tracer)| {
            let stale = tracer.as_ref()?.stale()?;
            let mut folders = self.roots.iter().filter(|(_, of)| *of == root);
            let manifest = folders.find_map(|(folder, _)| self.deployment.manifest(folder))?;
            Some(outdated(manifest, stale))
        });
        stale.collect()
    }

    /// That a file of a program is newer than its assembly: one that traces name, or that says how it is run.
    pub(super) fn newer(&self) -> Option<String> {
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
            let file = staleness::newer(&here.join(MANIFEST), files)?;
            let name = file.strip_prefix(&root).unwrap_or(&file);
            Some(format!(
                "`{}` was written to after `{}`: if that changed it, `cdk synth` brings the assembly up to date",
                shown(name),
                shown(folder)
            ))
        })
    }

    /// Remembers that a finding would be better off with a trace of what it is about.
    pub(super) fn wish(&mut self, one: &TracedResources, sources: &Sources) {
        let about = one.subject.as_ref().unwrap_or(&one.home);
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
    pub(super) fn hint(&self, languages: &Languages) -> Option<&'static str> {
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
    working: &Path,
    door: &Arc<Door>,
) -> Option<&'t mut Tracer> {
    let tracer = tracers
        .entry(root.to_owned())
        .or_insert_with(|| Checkout::open(root, working, door).map(Tracer::new));
    tracer.as_mut()
}
