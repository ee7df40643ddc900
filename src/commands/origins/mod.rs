//! From findings to lines of the user's own program, by what CDK noted about the constructs.
//! It does not judge anything, and reads nothing about stacks without findings.

mod acknowledged;
mod language;
mod others;
mod place;
mod reading;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use self::acknowledged::Acknowledged;
pub(super) use self::language::Languages;
use self::others::Resources;
use self::place::Placement;
use self::reading::Asked;
use super::placing::Placing;
use crate::input::assembly::{Checkout, Sharing, Tracer, Traces};
use crate::model::{Inventory, Language, Organisation, Origin, SourceLine};
use crate::report::{Diagnostic, Evidence, Report, Subject, Verdict};
use crate::source::{SourceId, Sources};

/// How to get stack traces from a program in Python.
const PYTHON: &str = "`JSII_HOST_STACK_TRACES=1 cdk synth` lets findings point at the lines of your \
    Python program, with aws-cdk-lib 2.260 or later";
/// How to get stack traces from any other program.
const DEBUG: &str = "`cdk synth --debug` lets findings point at the lines of your CDK program";
/// How to get longer stack traces from a program in TypeScript or JavaScript.
const LIMIT: &str = "`NODE_OPTIONS=--stack-trace-limit=100 cdk synth` lets findings point at the lines \
    of your CDK program";
/// What to do where the traces are of no use.
const ELSEWHERE: &str = "the stack traces name no file of this checkout: findings point at the lines \
    of your CDK program when ecrlint runs in the checkout that was synthesized";

/// Gives each repository of an assembly the path of its construct, where its template does not
/// tell it, and the language of its program.
pub(super) fn know_programs(
    inventory: &mut Inventory,
    placing: &Placing,
    sources: &Sources,
) -> Languages {
    let mut indexes = Vec::new();
    let mut asked = Vec::new();
    for (index, repository) in inventory.repositories.iter().enumerate() {
        let subject = &repository.subject;
        if let (None, Some(id)) = (&subject.construct_path, &subject.logical_id) {
            indexes.push(index);
            asked.push(Asked::new(repository.place.source, id, None, sources));
        }
    }
    let found = reading::traces(&asked, placing, sources);
    let found = indexes.into_iter().zip(found);
    let found: BTreeMap<usize, Traces> = found
        .filter_map(|(index, traces)| Some((index, traces?)))
        .collect();
    for (index, traces) in &found {
        let path = traces.construct_path.clone();
        inventory.repositories[*index].subject.construct_path = Some(path);
    }
    let working = std::env::current_dir().unwrap_or_default();
    Languages::tell(inventory, &found, placing, &working, sources)
}

/// Adds to each finding the line of the program that it comes from, and to the report how to get
/// such lines where there are none. Files are named as seen from `working`.
pub(super) fn attach(
    report: &mut Report,
    organisation: Option<&Organisation>,
    (placing, languages): (&Placing, &Languages),
    working: &Path,
    sources: &mut Sources,
) {
    let repositories = report.repositories.iter().chain(&report.others);
    let homes = Homes::of(repositories);
    let homes_of: Vec<Option<usize>> = report
        .diagnostics
        .iter()
        .map(|finding| homes.find(finding))
        .collect();
    let found_in: BTreeSet<SourceId> = homes_of
        .iter()
        .flatten()
        .map(|home| homes.all[*home].place.source)
        .collect();
    // Findings alone would not tell which lines make several repositories.
    let asked = homes.all.iter().map(|home| {
        let (subject, source) = (&home.subject, home.place.source);
        let id = subject.logical_id.as_deref();
        let id = id.filter(|_| found_in.contains(&source))?;
        let path = subject.construct_path.as_deref();
        Some(Asked::new(source, id, path, sources))
    });
    let asked: Vec<Option<Asked>> = asked.collect();
    let known: Vec<Asked> = asked.iter().flatten().cloned().collect();
    let mut traces = reading::traces(&known, placing, sources).into_iter();
    let traces: Vec<Option<Traces>> = asked
        .iter()
        .map(|one| one.as_ref().and_then(|_| traces.next().flatten()))
        .collect();
    let elsewhere = elsewhere(&report.diagnostics, &homes, &homes_of, placing, sources);
    let mut origins = Origins::new(placing, working, &asked, &traces);
    let mut placement = Placement::new(organisation);
    let mut acknowledged = Acknowledged::default();
    let findings = report.diagnostics.iter_mut().zip(homes_of).zip(elsewhere);
    for ((finding, home), elsewhere) in findings {
        acknowledged.place(finding, &mut origins, &mut placement, sources);
        let Some(home) = home else { continue };
        let (origin, tracer) = origins.of(home, sources);
        if finding.verdict != Verdict::Ignored {
            origins.wish(home, &origin, sources);
        }
        let declared = homes.all[home].declared.filter(|_| tracer.is_some());
        let other = elsewhere.and_then(|traces| origins.traced(tracer.as_deref()?, &traces));
        let tracer = origins.tracer(tracer.as_deref());
        placement.place(
            finding,
            (&origin, other.as_ref(), declared),
            tracer,
            sources,
        );
    }
    report.hint = origins.hint(languages).map(str::to_owned);
}

/// The traces of the resources that findings point into, where these are not the repositories that they
/// are about.
fn elsewhere(
    findings: &[Diagnostic],
    homes: &Homes<'_>,
    homes_of: &[Option<usize>],
    placing: &Placing,
    sources: &Sources,
) -> Vec<Option<Traces>> {
    let mut resources = Resources::default();
    let (mut asked, mut indexes) = (Vec::new(), Vec::new());
    for (index, (finding, home)) in findings.iter().zip(homes_of).enumerate() {
        let Some(home) = home.map(|home| homes.all[home]) else {
            continue;
        };
        let (place, at) = (home.place, finding.primary.span);
        let is_made = placing
            .assembly(&sources.source(place.source).name)
            .is_some();
        if !is_made || at.source != place.source {
            continue;
        }
        let id = resources.at(at, sources);
        let other = id.filter(|id| home.subject.logical_id.as_deref() != Some(*id));
        if let Some(id) = other {
            asked.push(Asked::new(at.source, id, None, sources));
            indexes.push(index);
        }
    }
    let mut traces = vec![None; findings.len()];
    let read = reading::traces(&asked, placing, sources);
    for (index, one) in indexes.into_iter().zip(read) {
        traces[index] = one;
    }
    traces
}

/// Where the repositories of a report are declared.
struct Homes<'r> {
    all: Vec<&'r Evidence>,
    by_subject: BTreeMap<&'r Subject, Vec<usize>>,
}

impl<'r> Homes<'r> {
    fn of(repositories: impl Iterator<Item = &'r Evidence>) -> Self {
        let all: Vec<_> = repositories.collect();
        let mut by_subject: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (index, home) in all.iter().enumerate() {
            by_subject.entry(&home.subject).or_default().push(index);
        }
        Self { all, by_subject }
    }

    /// The repository that a finding is about; of equal ones, the one in the same text.
    fn find(&self, finding: &Diagnostic) -> Option<usize> {
        let equal = self.by_subject.get(finding.subject.as_ref()?)?;
        let source = finding.primary.span.source;
        let is_here = |index: &&usize| self.all[**index].place.source == source;
        let here = equal.iter().find(is_here);
        let only = (equal.len() == 1).then(|| &equal[0]);
        here.or(only).copied()
    }
}

/// The lines of every repository with findings, worked out when they are asked for.
struct Origins<'a> {
    placing: &'a Placing,
    working: &'a Path,
    traces: &'a [Option<Traces>],
    sharing: Sharing<'a>,
    /// Roots of the checkouts, by the folders of the assemblies.
    roots: BTreeMap<PathBuf, PathBuf>,
    /// By the roots of their checkouts.
    tracers: BTreeMap<PathBuf, Option<Tracer>>,
    known: BTreeMap<usize, Origin>,
    /// The folder of an assembly without traces, and whether they were too short.
    untraced: Option<(PathBuf, bool)>,
    /// Whether there are traces that lead nowhere.
    elsewhere: bool,
    asked: &'a [Option<Asked>],
}

impl<'a> Origins<'a> {
    fn new(
        placing: &'a Placing,
        working: &'a Path,
        asked: &'a [Option<Asked>],
        traces: &'a [Option<Traces>],
    ) -> Self {
        let mut sharing = Sharing::default();
        for (asked, traces) in asked.iter().zip(traces) {
            if let (Some(asked), Some(traces)) = (asked, traces) {
                sharing.add(&asked.wanted.logical_id, traces);
            }
        }
        Self {
            placing,
            working,
            traces,
            sharing,
            roots: BTreeMap::new(),
            tracers: BTreeMap::new(),
            known: BTreeMap::new(),
            untraced: None,
            elsewhere: false,
            asked,
        }
    }

    /// The lines of a repository, and the root of the checkout that they are in.
    fn of(&mut self, index: usize, sources: &Sources) -> (Origin, Option<PathBuf>) {
        let Some(root) = self.root(index, sources) else {
            return (Origin::default(), None);
        };
        let Some(traces) = &self.traces[index] else {
            return (Origin::default(), Some(root));
        };
        if let Some(origin) = self.known.get(&index) {
            return (origin.clone(), Some(root));
        }
        let tracer = opened(&mut self.tracers, &root, self.working);
        let origin = tracer.map_or_else(Origin::default, |tracer| {
            tracer.origin(traces, &self.sharing)
        });
        self.known.insert(index, origin.clone());
        (origin, Some(root))
    }

    /// The lines of another resource, in the checkout at a root.
    fn traced(&mut self, root: &Path, traces: &Traces) -> Option<Origin> {
        let tracer = opened(&mut self.tracers, root, self.working)?;
        let origin = tracer.origin(traces, &self.sharing);
        origin.created.is_some().then_some(origin)
    }

    /// The root of the checkout that a repository belongs to, if it is part of an assembly.
    fn root(&mut self, index: usize, sources: &Sources) -> Option<PathBuf> {
        self.root_of(self.asked[index].as_ref()?.source, sources)
    }

    /// The root of the checkout that a text belongs to, if it is part of an assembly.
    fn root_of(&mut self, source: SourceId, sources: &Sources) -> Option<PathBuf> {
        let (folder, _) = self.placing.assembly(&sources.source(source).name)?;
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
        let line = opened(&mut self.tracers, &root, self.working)?.innermost(frames)?;
        Some((line, root))
    }

    fn tracer(&self, root: Option<&Path>) -> Option<&Tracer> {
        self.tracers.get(root?)?.as_ref()
    }

    /// Remembers that a finding about this repository, which comes from `origin`, would be better off
    /// with a trace.
    fn wish(&mut self, index: usize, origin: &Origin, sources: &Sources) {
        let Some(asked) = &self.asked[index] else {
            return;
        };
        let Some((folder, _)) = self.placing.assembly(&sources.source(asked.source).name) else {
            return;
        };
        let traces = self.traces[index].as_ref();
        if !traces.is_some_and(Traces::has_user_frames) {
            let is_cut = traces.is_some_and(Traces::is_cut);
            self.untraced
                .get_or_insert_with(|| (folder.to_owned(), is_cut));
        } else if origin.created.is_none() && origin.assignments.is_empty() {
            self.elsewhere = true;
        }
    }

    /// How to get lines of the program where there are none.
    fn hint(&self, languages: &Languages) -> Option<&'static str> {
        if self.elsewhere {
            return Some(ELSEWHERE);
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
) -> Option<&'t mut Tracer> {
    let tracer = tracers
        .entry(root.to_owned())
        .or_insert_with(|| Checkout::open(root, working).map(Tracer::new));
    tracer.as_mut()
}
