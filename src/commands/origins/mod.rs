//! From findings to lines of the user's own program, by what CDK noted about the constructs.
//! It does not judge anything, and reads nothing about stacks without findings.

mod acknowledged;
mod language;
mod origin_lines;
mod place;
mod reading;
mod resource_lines;
mod staleness;
mod traced_resources;

use std::collections::BTreeMap;
use std::path::PathBuf;

use self::acknowledged::Acknowledged;
pub(super) use self::language::Languages;
use self::origin_lines::Origins;
use self::place::Placement;
use self::reading::TraceRequest;
use self::resource_lines::ResourceLines;
use self::traced_resources::{Homes, ResourceTraces, TracedResources};
use super::deployment::Deployment;
use crate::input::assembly::Traces;
use crate::model::{Inventory, Organisation};
use crate::report::DraftReport;
use crate::source::{Problem, SourceId, Sources};

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

/// How findings are traced to the lines of programs.
pub(super) struct Tracing<'a> {
    deployment: &'a Deployment,
    languages: &'a Languages,
    /// The folder from which files are named.
    working: PathBuf,
    /// Whether it is said that a program was written to after its synthesis.
    tells_times: bool,
}

impl<'a> Tracing<'a> {
    /// Files are named as seen from the working directory.
    pub(super) fn new(
        deployment: &'a Deployment,
        languages: &'a Languages,
        tells_times: bool,
    ) -> Self {
        Self {
            deployment,
            languages,
            working: std::env::current_dir().unwrap_or_default(),
            tells_times,
        }
    }

    /// Adds to each finding, in the order of the report, the line of the program that it comes from, and to the report
    /// how to get such lines where there are none, or that the program was written to after the synthesis. Gives what is
    /// to be said of assemblies that are of another state of their program.
    pub(super) fn attach(
        &self,
        draft: &mut DraftReport,
        organisation: Option<&Organisation>,
        sources: &mut Sources,
    ) -> Vec<Problem> {
        let homes = Homes::of(draft);
        let mut resources = ResourceLines::default();
        let traced = draft
            .diagnostics
            .iter()
            .map(|finding| homes.traced(finding, &mut resources, self.deployment, sources));
        let traced: Vec<Option<TracedResources>> = traced.collect();
        let known = ResourceTraces::read(&traced, &mut resources, self.deployment, sources);
        let mut origins = Origins::new(self.deployment, &self.working, &known);
        let mut placement = Placement::new(organisation);
        let mut acknowledged = Acknowledged::default();
        for (finding, one) in draft.diagnostics.iter_mut().zip(traced) {
            acknowledged.place(finding, &mut origins, &mut placement, sources);
            let Some(one) = one else { continue };
            if finding.verdict.counts() {
                origins.wish(&one, sources);
            }
            let lines = origins.lines(finding, &one, sources);
            let root = origins.root_of(one.home.0, sources);
            let tracer = origins.tracer(root.as_deref());
            placement.place(finding, lines, tracer, sources);
        }
        let outdated = origins.outdated();
        let hint = origins.hint(self.languages).map(str::to_owned);
        let wants_times = self.tells_times && outdated.is_empty();
        draft.hint = hint.or_else(|| wants_times.then(|| origins.newer()).flatten());
        outdated
    }
}
